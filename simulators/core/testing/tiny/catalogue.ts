import type { CatalogueSize } from '../../partner.ts'

export interface TinyCatalogue {
  /** Opening quantity by SKU. */
  stock: ReadonlyMap<string, number>
}

/** Speaking names first, then as many more as asked for. The same under every seed. */
export function createCatalogue({ skus = 2 }: CatalogueSize): TinyCatalogue {
  const stock = new Map([
    ['BAG', 5],
    ['HAT', 3],
  ])
  for (let more = 1; stock.size < skus; more += 1) stock.set(`BOX-${more}`, 1)
  return { stock }
}
