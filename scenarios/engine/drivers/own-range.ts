import type { Catalogue } from '../../../reference-client/index.ts'
import type { OwnCatalogue } from '../../../simulators/core/own-catalogue.ts'

/**
 * What the reference client sells when the user brought a catalogue: one product an item, with its SKUs as options. A product of the
 * shop has one price, so an item whose SKUs cost different money (or share a size) becomes one product a SKU.
 */
export function ownRange(own: OwnCatalogue): Catalogue {
  const items = new Map<string, Map<string, OwnCatalogue['stock'][number]>>()
  for (const row of own.stock) {
    const skus = items.get(row.item) ?? new Map()
    items.set(row.item, skus.set(row.sku, row))
  }
  const products: Catalogue['products'] = []
  for (const [item, skus] of items) {
    const rows = [...skus.values()]
    const isOne =
      new Set(rows.map((row) => row.priceMinor)).size === 1 &&
      new Set(rows.map((row) => row.size)).size === rows.length
    for (const group of isOne ? [rows] : rows.map((row) => [row])) {
      const [first] = group
      if (!first) continue
      products.push({
        id: isOne ? item : first.sku,
        title: isOne ? item : `${item} ${first.size}`,
        price_minor: first.priceMinor,
        options: group.map(({ size, sku }) => ({ value: size, sku })),
      })
    }
  }
  return { products }
}
