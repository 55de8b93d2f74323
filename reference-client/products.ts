import type { Catalogue } from './catalogue.ts'
import { ShopRefusal } from './refusal.ts'
import type { Storage } from './storage.ts'

type OptionRow = { product_id: string; value: string; sku: string }
type StockRow = { sku: string; quantity: number; is_flowing: number }

/** What a partner's SKU is on this website. */
export type Unit = { size: string; priceMinor: number }

/** Which SKU an option value has; an empty SKU: none. */
export type Mapping = { productId: string; value: string; sku: string }

/** The running catalogue: titles and prices are given, the mapping of options lives in storage, where an operator may change it. */
export type Range = {
  products(): Catalogue['products']
  /** Throws a 404 for an unknown id. */
  product(id: string): Catalogue['products'][number]
  isMapped(sku: string): boolean
  /** Throws for an SKU that no option is mapped to. */
  unit(sku: string): Unit
  mappedSkus(): string[]
  /** What a coupon takes off; undefined for a code that nobody gave out. */
  couponMinor(code: string): number | undefined
  /** Replaces the mapping of one product: one SKU for each option value. */
  remap(productId: string, options: { value: string; sku: string }[]): void
  /** Changes the mapping of some options, all of them or, when an SKU would belong to two options, none. */
  mapMany(
    mappings: Mapping[],
  ): { mapped: number; unchanged: number; removed: number } | { taken: string[] }
}

/** Opens the range over a catalogue; writes the options down unless a mapping is there already. */
export function openRange(storage: Storage, catalogue: Catalogue): Range {
  const products = new Map(catalogue.products.map((product) => [product.id, product]))
  if (products.size !== catalogue.products.length) throw new Error('A product id stands twice.')
  const known = storage.get<{ count: number }>('SELECT count(*) AS count FROM options')
  if (known?.count === 0 && catalogue.products.length > 0) {
    storage.transaction('load-catalogue', () => {
      for (const product of catalogue.products) writeOptions(storage, product.id, product.options)
    })
  }
  const option = (sku: string) => storage.get<OptionRow>('SELECT * FROM options WHERE sku = ?', sku)
  const product = (id: string) => {
    const found = products.get(id)
    if (found === undefined) throw new ShopRefusal(404, 'unknown-product', `No product ${id}.`)
    return found
  }
  return {
    products: () => catalogue.products,
    product,
    isMapped(sku) {
      const row = option(sku)
      return row !== undefined && products.has(row.product_id)
    },
    unit(sku) {
      const row = option(sku)
      if (row === undefined) throw new ShopRefusal(400, 'unknown-sku', `No option has ${sku}.`)
      return { size: row.value, priceMinor: product(row.product_id).price_minor }
    },
    mappedSkus: () =>
      storage
        .all<OptionRow>('SELECT * FROM options ORDER BY product_id, position')
        .map((row) => row.sku),
    couponMinor: (code) => catalogue.coupons?.find((coupon) => coupon.code === code)?.off_minor,
    remap(productId, options) {
      product(productId)
      for (const { sku } of options) {
        const owner = option(sku)?.product_id ?? productId
        if (owner !== productId) {
          throw new ShopRefusal(409, 'sku-taken', `${sku} is mapped to product ${owner}.`)
        }
      }
      storage.transaction('map-options', () => {
        storage.run('DELETE FROM options WHERE product_id = ?', productId)
        writeOptions(storage, productId, options)
      })
    },
    mapMany: (mappings) => mapMany(storage, mappings),
  }
}

function mapMany(storage: Storage, mappings: Mapping[]) {
  const counts = { mapped: 0, unchanged: 0, removed: 0 }
  const options = storage.all<OptionRow>('SELECT * FROM options ORDER BY product_id, position')
  const keyOf = (productId: string, value: string) => JSON.stringify([productId, value])
  const skus = new Map(options.map((row) => [keyOf(row.product_id, row.value), row.sku]))
  const touched = new Set<string>()
  for (const { productId, value, sku } of mappings) {
    const key = keyOf(productId, value)
    const before = skus.get(key) ?? ''
    counts[before === sku ? 'unchanged' : sku === '' ? 'removed' : 'mapped'] += 1
    if (before === sku) continue
    touched.add(productId)
    if (sku === '') skus.delete(key)
    else skus.set(key, sku)
  }
  const owners = [...skus.values()]
  const seen = new Set<string>()
  const taken = owners.filter((sku) => seen.size === seen.add(sku).size)
  if (taken.length > 0) return { taken }
  storage.transaction('map-skus', () => {
    for (const productId of touched) {
      storage.run('DELETE FROM options WHERE product_id = ?', productId)
    }
    const rows = [...skus].map(([key, sku]) => {
      const [productId = '', value = '']: string[] = JSON.parse(key)
      return { productId, value, sku }
    })
    for (const productId of touched) {
      writeOptions(
        storage,
        productId,
        rows.filter((row) => row.productId === productId),
      )
    }
  })
  return counts
}

/** What may be sold of a quantity at the partner (kartify.md 9). */
export function sellable(quantity: number, safetyStock: number): number {
  return Math.max(0, quantity - safetyStock)
}

/** What the shop itself has on record of an SKU; 0 when the partner never told. */
export function ownStock(storage: Storage, sku: string): number {
  return storage.get<StockRow>('SELECT * FROM stock WHERE sku = ?', sku)?.quantity ?? 0
}

/** The customer's view of one product: visible as soon as one mapped option can be sold. */
export function showProduct(storage: Storage, range: Range, id: string, safetyStock: number) {
  const product = range.product(id)
  const options = readOptions(storage, id).map((option) => ({
    value: option.value,
    sku: option.sku,
    price_minor: product.price_minor,
    quantity: sellable(option.stock?.quantity ?? 0, safetyStock),
  }))
  return {
    id,
    title: product.title,
    visible: options.some((option) => option.quantity > 0),
    options,
  }
}

/** The operator's view: what flows, what is mapped, and why a product is hidden (kartify.md 9). */
export function inspectProduct(storage: Storage, range: Range, id: string, safetyStock: number) {
  const { title, visible } = showProduct(storage, range, id, safetyStock)
  const options = readOptions(storage, id).map(({ value, sku, stock }) => ({
    value,
    sku,
    mapped: true,
    flowing: stock?.is_flowing === 1,
    partner_quantity: stock?.quantity ?? 0,
    quantity: sellable(stock?.quantity ?? 0, safetyStock),
  }))
  // An SKU says which product it belongs to only by its beginning: TEE-XL is an option of TEE that nobody mapped.
  const unmapped = storage
    .all<StockRow>(
      `SELECT * FROM stock WHERE substr(sku, 1, ?) = ? AND is_flowing = 1
       AND sku NOT IN (SELECT sku FROM options) ORDER BY sku LIMIT 100`,
      id.length + 1,
      `${id}-`,
    )
    .map((row) => ({ sku: row.sku, partner_quantity: row.quantity }))
  return {
    id,
    title,
    visible,
    why_hidden: visible ? null : whyHidden(options, unmapped),
    options,
    unmapped,
  }
}

function whyHidden(options: { flowing: boolean }[], unmapped: { partner_quantity: number }[]) {
  if (unmapped.some((row) => row.partner_quantity > 0)) return 'unmapped'
  return options.some((option) => option.flowing) ? 'out_of_stock' : 'not_flowing'
}

function readOptions(storage: Storage, productId: string) {
  return storage
    .all<OptionRow>('SELECT * FROM options WHERE product_id = ? ORDER BY position', productId)
    .map((option) => ({
      ...option,
      stock: storage.get<StockRow>('SELECT * FROM stock WHERE sku = ?', option.sku),
    }))
}

function writeOptions(
  storage: Storage,
  productId: string,
  options: { value: string; sku: string }[],
) {
  options.forEach((option, position) => {
    storage.run(
      'INSERT INTO options (product_id, value, sku, position) VALUES (?, ?, ?, ?)',
      productId,
      option.value,
      option.sku,
      position,
    )
  })
}
