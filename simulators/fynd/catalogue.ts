import { en, en_IN, Faker } from '@faker-js/faker'
import type { OwnCatalogue } from '../core/own-catalogue.ts'

/** A store of FYND's: a branch of the brand that keeps stock and packs parcels. */
export interface Store {
  id: number
  code: string
  name: string
  city: string
}

/**
 * One row of stock: a SKU in a store. Buckets count pieces; `opening + adjusted` is always their sum (design 7, `stock-conserved`).
 * The public names of the first four are in facts/fynd.md F2; `out` is what has left the store.
 */
export interface StockRow {
  store: string
  sellable: number
  committed: number
  notAvailable: number
  damaged: number
  out: number
  opening: number
  adjusted: number
}

export interface Sku {
  sku: string
  item: string
  itemName: string
  /** The option value: "S", "XL", "9". */
  size: string
  markedMinor: number
  effectiveMinor: number
  returnable: boolean
  /** Pincodes this item cannot be sent to although the pincode itself is deliverable. */
  undeliverableTo: readonly string[]
  /** Opening stock, in the order of the catalogue's stores. */
  rows: readonly StockRow[]
}

export interface Pincode {
  pincode: string
  city: string
  deliverable: boolean
  cod: boolean
  /** Reverse pickup (returns) is possible. */
  reverse: boolean
  /** Days until delivery, for the promise. */
  daysMin: number
  daysMax: number
}

/** Frozen and shared by all worlds of one size; what a world changes stands in its state. */
export interface FyndCatalogue {
  stores: readonly Store[]
  storesByCode: ReadonlyMap<string, Store>
  skus: ReadonlyMap<string, Sku>
  pincodes: ReadonlyMap<string, Pincode>
}

const namedStores: readonly Store[] = [
  { id: 101, code: 'BLR-01', name: 'Bengaluru Indiranagar', city: 'Bengaluru' },
  { id: 102, code: 'DEL-01', name: 'Delhi Karol Bagh', city: 'Delhi' },
  { id: 103, code: 'BOM-01', name: 'Mumbai Bandra', city: 'Mumbai' },
]

const namedPincodes: readonly Pincode[] = [
  place('560001', 'Bengaluru', { daysMin: 1, daysMax: 3 }),
  place('110001', 'Delhi', { daysMin: 2, daysMax: 4 }),
  place('781001', 'Guwahati', { cod: false, daysMin: 4, daysMax: 7 }),
  place('744101', 'Port Blair', { reverse: false, daysMin: 6, daysMax: 10 }),
  place('194101', 'Leh', { deliverable: false, cod: false, reverse: false }),
]

/** item, name, SKU with opening stock at BLR-01, DEL-01, BOM-01; prices in paise. */
const namedItems = [
  {
    item: 'TEE',
    itemName: 'Crew Neck Tee',
    markedMinor: 99900,
    effectiveMinor: 49900,
    sizes: { S: [8, 6, 4], M: [10, 5, 3], L: [7, 7, 2], XL: [4, 2, 1] },
  },
  {
    item: 'SHOE',
    itemName: 'Running Shoe',
    markedMinor: 259900,
    effectiveMinor: 129950,
    sizes: { '8': [5, 4, 3], '9': [6, 3, 2] },
  },
  {
    item: 'MUG',
    itemName: 'Stoneware Mug',
    markedMinor: 29900,
    effectiveMinor: 24900,
    sizes: { '1': [20, 10, 10] },
    returnable: false,
  },
  {
    item: 'SOFA',
    itemName: 'Two Seat Sofa',
    markedMinor: 2499900,
    effectiveMinor: 1999900,
    sizes: { '1': [2, 2, 1] },
    undeliverableTo: ['781001'],
  },
] as const

/** The filler's chance comes from its own number, never from a world's seed: a catalogue is the same under every seed. */
const fillerSeed = 2026
const skusMax = 1_000_000
const storesMax = 1_000

/** The user's own catalogue, or the fixed one with speaking names; filled up by faker to `skus` and `stores` when asked. */
export function buildCatalogue(
  size: { skus?: number; stores?: number },
  own?: OwnCatalogue,
): FyndCatalogue {
  const faker = new Faker({ locale: [en_IN, en], seed: fillerSeed })
  const stores = own ? ownStores(own) : [...namedStores]
  const storeCount = Math.min(size.stores ?? 0, storesMax)
  while (stores.length < storeCount) stores.push(fillerStore(faker, stores.length))
  const skus = new Map((own ? ownSkus(own) : namedSkus()).map((sku) => [sku.sku, sku]))
  const skuCount = Math.min(size.skus ?? 0, skusMax)
  for (let n = 1; skus.size < skuCount; n += 1) {
    const sku = fillerSku(faker, n, stores)
    skus.set(sku.sku, sku)
  }
  return {
    stores,
    storesByCode: new Map(stores.map((store) => [store.code, store])),
    skus,
    pincodes: new Map(ownPincodes(own).map((pincode) => [pincode.pincode, pincode])),
  }
}

export const openingRow = (store: string, quantity: number): StockRow => ({
  store,
  sellable: quantity,
  committed: 0,
  notAvailable: 0,
  damaged: 0,
  out: 0,
  opening: quantity,
  adjusted: 0,
})

/** Where somebody lives or sells who did not say. */
const someCity = 'Exampleville'

/** In the order of their first row; one that has the code of a fixed store is that store. */
function ownStores(own: OwnCatalogue): Store[] {
  const cities = new Map<string, string | undefined>()
  for (const { store, city } of own.stock) cities.set(store, city ?? cities.get(store))
  return [...cities].map(([code, city], index) => {
    const named = namedStores.find((store) => store.code === code)
    return {
      id: 101 + index,
      code,
      name: named?.name ?? code,
      city: city ?? named?.city ?? someCity,
    }
  })
}

function ownSkus(own: OwnCatalogue): Sku[] {
  const skus = new Map<string, Sku & { rows: StockRow[] }>()
  for (const row of own.stock) {
    let sku = skus.get(row.sku)
    if (!sku) {
      sku = {
        sku: row.sku,
        item: row.item,
        itemName: row.item,
        size: row.size,
        markedMinor: row.priceMinor,
        effectiveMinor: row.priceMinor,
        returnable: row.returnable,
        undeliverableTo: [],
        rows: [],
      }
      skus.set(row.sku, sku)
    }
    sku.rows.push(openingRow(row.store, row.quantity))
  }
  return [...skus.values()]
}

/** A file without pincodes leaves the fixed ones as they are. */
function ownPincodes(own: OwnCatalogue | undefined): readonly Pincode[] {
  if (!own || own.pincodes.length === 0) return namedPincodes
  return own.pincodes.map(({ pincode, city, ...allowed }) => {
    const named = namedPincodes.find((each) => each.pincode === pincode)
    return place(pincode, city ?? named?.city ?? someCity, allowed)
  })
}

function namedSkus(): Sku[] {
  return namedItems.flatMap((named) => {
    const { item, itemName, markedMinor, effectiveMinor } = named
    return Object.entries(named.sizes).map(([size, quantities]: [string, readonly number[]]) => ({
      sku: `${item}-${size}`,
      item,
      itemName,
      size,
      markedMinor,
      effectiveMinor,
      returnable: !('returnable' in named),
      undeliverableTo: 'undeliverableTo' in named ? [...named.undeliverableTo] : [],
      rows: namedStores.map((store, index) => openingRow(store.code, quantities[index] ?? 0)),
    }))
  })
}

function place(pincode: string, city: string, differences: Partial<Pincode>): Pincode {
  const usual = { deliverable: true, cod: true, reverse: true, daysMin: 3, daysMax: 6 }
  return { pincode, city, ...usual, ...differences }
}

function fillerStore(faker: Faker, index: number): Store {
  const city = faker.location.city()
  const code = `FIL-${String(index + 1).padStart(4, '0')}`
  return { id: 101 + index, code, name: `${city} ${code}`, city }
}

/** A filler SKU lies in at most three stores, so that a row of stock status stays a row however many stores there are. */
function fillerSku(faker: Faker, n: number, stores: readonly Store[]): Sku {
  const item = `ITEM-${String(n).padStart(6, '0')}`
  const markedMinor = faker.number.int({ min: 2, max: 60 }) * 10_000 - 100
  const first = faker.number.int({ min: 0, max: stores.length - 1 })
  const rows: StockRow[] = []
  for (let offset = 0; offset < Math.min(3, stores.length); offset += 1) {
    const store = stores[(first + offset) % stores.length]
    if (store) rows.push(openingRow(store.code, faker.number.int({ min: 0, max: 40 })))
  }
  return {
    sku: `${item}-M`,
    item,
    itemName: faker.commerce.productName(),
    size: 'M',
    markedMinor,
    effectiveMinor: markedMinor / 2,
    returnable: true,
    undeliverableTo: [],
    rows,
  }
}
