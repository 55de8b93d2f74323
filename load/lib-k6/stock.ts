import { fail } from 'k6'
import type { Site } from '../lib/load-run.ts'
import { chunk } from '../lib/sync-plan.ts'
import { actAll, run } from './control.ts'
import { field, fyndApi, type StockRow, stockSkusMax } from './fynd-api.ts'
import { shopApi, shownQuantities } from './shop-api.ts'

/** FYND's rows of stock, a SKU in a store each, in the order of the SKUs. */
function stockRows(skus: readonly string[]): StockRow[] {
  const fynd = fyndApi()
  return chunk(skus, stockSkusMax).flatMap((part) => {
    const answer = fynd.get(`/inventory/stock-status?sku_code=${part.join(',')}`, 'stock')
    if (answer.status !== 200) fail(`FYND does not tell its stock: ${answer.status} ${answer.body}`)
    return field(answer, 'items') as StockRow[]
  })
}

/** From now on the stock of a SKU is what its one store has. */
export function emptyStores(skus: readonly string[]): void {
  actAll(
    stockRows(skus).map(({ identifier, store }) => [
      'fynd.stock.set',
      { sku: identifier.sku_code, store: store.code, quantity: 0 },
    ]),
  )
}

/** An option value is one SKU, and a product of the reference shop has at most so many. */
const optionsMax = 100

/** What the shop sells. The reference shop, when it was opened for this run, is given as many of the partner's SKUs as it takes. */
export function shopSkus(site: Site): string[] {
  const shop = shopApi(site)
  if (run.isShopOurs) {
    const { products } = shop.get('/shop/products').json() as unknown as {
      products: { id: string }[]
    }
    const parts = chunk(run.skus, optionsMax)
    for (const [index, { id }] of products.entries()) {
      const options = (parts[index] ?? []).map((sku) => ({ value: sku, sku }))
      const mapped = shop.put(`/admin/products/${id}/options`, { options })
      if (mapped.status !== 200) fail(`The shop does not take options: ${mapped.body}`)
    }
  }
  const skus = [...shownQuantities(shop.get('/shop/products')).keys()]
  if (skus.length === 0) fail(`The ${site} shop sells nothing that is mapped.`)
  return skus
}
