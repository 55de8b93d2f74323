import { en, en_IN, Faker } from '@faker-js/faker'
import type { OwnCatalogue } from '../core/own-catalogue.ts'

/** A fulfilment centre: a store or warehouse of the brand that keeps stock and packs parcels. */
export interface Centre {
  code: string
  name: string
  city: string
  pincode: string
}

/**
 * One row of stock: a SKU in a centre. Buckets count pieces; `opening + adjusted` is always their sum (design 7, `stock-conserved`).
 * `out` is what has left the centre and not come back.
 */
export interface StockRow {
  centre: string
  sellable: number
  committed: number
  unavailable: number
  out: number
  opening: number
  adjusted: number
}

export interface Sku {
  skuId: string
  name: string
  size: string
  mrpMinor: number
  priceMinor: number
  /** The brand's rules; the act `arvind.sku.set-rules` changes them in one world. */
  cancellable: boolean
  returnable: boolean
  /** Pincodes this item cannot be sent to although the pincode itself is serviceable. */
  undeliverableTo: readonly string[]
  /** Opening stock, in the order of the catalogue's centres. */
  rows: readonly StockRow[]
}

export interface Pincode {
  pincode: string
  city: string
  deliverable: boolean
  cod: boolean
  /** Reverse pickup (returns) is possible. */
  reverse: boolean
  /** Days until delivery. */
  days: number
}

/** Frozen and shared by all worlds of one size; what a world changes stands in its state. */
export interface ArvindCatalogue {
  centres: readonly Centre[]
  centresByCode: ReadonlyMap<string, Centre>
  skus: ReadonlyMap<string, Sku>
  pincodes: ReadonlyMap<string, Pincode>
}

const namedCentres: readonly Centre[] = [
  { code: 'BLR-01', name: 'Bengaluru Indiranagar', city: 'Bengaluru', pincode: '560001' },
  { code: 'DEL-01', name: 'Delhi Karol Bagh', city: 'Delhi', pincode: '110001' },
  { code: 'BOM-01', name: 'Mumbai Bandra', city: 'Mumbai', pincode: '400001' },
]

/** Every pincode that is not listed is not serviceable. */
const namedPincodes: readonly Pincode[] = [
  place('560001', 'Bengaluru', { days: 2 }),
  place('110001', 'Delhi', {}),
  place('781001', 'Guwahati', { cod: false, days: 6 }),
  place('744101', 'Port Blair', { reverse: false, days: 9 }),
  place('194101', 'Leh', { deliverable: false, cod: false, reverse: false }),
]

/** Item, name, opening stock at BLR-01, DEL-01, BOM-01 by size; prices in paise. */
const namedItems = [
  {
    item: 'TEE',
    name: 'Crew Neck Tee',
    mrpMinor: 99900,
    priceMinor: 49900,
    sizes: { S: [8, 6, 4], M: [10, 5, 3], L: [7, 7, 2], XL: [4, 2, 1] },
  },
  {
    item: 'SHOE',
    name: 'Running Shoe',
    mrpMinor: 259900,
    priceMinor: 129950,
    sizes: { '8': [5, 4, 3], '9': [6, 3, 2] },
  },
  {
    item: 'MUG',
    name: 'Stoneware Mug',
    mrpMinor: 29900,
    priceMinor: 24900,
    sizes: { '1': [20, 10, 10] },
    returnable: false,
  },
  {
    item: 'SOFA',
    name: 'Two Seat Sofa',
    mrpMinor: 2499900,
    priceMinor: 1999900,
    sizes: { '1': [2, 2, 1] },
    undeliverableTo: ['781001'],
  },
] as const

/** The filler's chance comes from its own number, never from a world's seed: a catalogue is the same under every seed. */
const fillerSeed = 2027
const skusMax = 1_000_000
const centresMax = 1_000

/** The user's own catalogue, or the fixed one with speaking names; filled up by faker to `skus` and `stores` when asked. */
export function buildCatalogue(
  size: { skus?: number; stores?: number },
  own?: OwnCatalogue,
): ArvindCatalogue {
  const faker = new Faker({ locale: [en_IN, en], seed: fillerSeed })
  const centres = own ? ownCentres(own) : [...namedCentres]
  const centreCount = Math.min(size.stores ?? 0, centresMax)
  while (centres.length < centreCount) centres.push(fillerCentre(faker, centres.length))
  const skus = new Map((own ? ownSkus(own) : namedSkus()).map((sku) => [sku.skuId, sku]))
  const skuCount = Math.min(size.skus ?? 0, skusMax)
  for (let n = 1; skus.size < skuCount; n += 1) {
    const sku = fillerSku(faker, n, centres)
    skus.set(sku.skuId, sku)
  }
  return {
    centres,
    centresByCode: new Map(centres.map((centre) => [centre.code, centre])),
    skus,
    pincodes: new Map(ownPincodes(own).map((pincode) => [pincode.pincode, pincode])),
  }
}

export const openingRow = (centre: string, quantity: number): StockRow => ({
  centre,
  sellable: quantity,
  committed: 0,
  unavailable: 0,
  out: 0,
  opening: quantity,
  adjusted: 0,
})

/** Where somebody lives or sells who did not say. */
const someCity = 'Exampleville'

/** A store of the file is a fulfilment centre; one that has the code of a fixed centre is that centre. */
function ownCentres(own: OwnCatalogue): Centre[] {
  const cities = new Map<string, string | undefined>()
  for (const { store, city } of own.stock) cities.set(store, city ?? cities.get(store))
  return [...cities].map(([code, told], index) => {
    const named = namedCentres.find((centre) => centre.code === code)
    const city = told ?? named?.city ?? someCity
    const there = own.pincodes.find((pincode) => pincode.city === city)
    const pincode = named?.pincode ?? there?.pincode ?? String(600_000 + index)
    return { code, name: named?.name ?? code, city, pincode }
  })
}

function ownSkus(own: OwnCatalogue): Sku[] {
  const skus = new Map<string, Sku & { rows: StockRow[] }>()
  for (const { sku: skuId, item, size, priceMinor, returnable, store, quantity } of own.stock) {
    const sku = skus.get(skuId) ?? {
      skuId,
      name: item,
      size,
      mrpMinor: priceMinor,
      priceMinor,
      cancellable: true,
      returnable,
      undeliverableTo: [],
      rows: [],
    }
    sku.rows.push(openingRow(store, quantity))
    skus.set(skuId, sku)
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
    const { item, name, mrpMinor, priceMinor } = named
    return Object.entries(named.sizes).map(([size, quantities]: [string, readonly number[]]) => ({
      skuId: `${item}-${size}`,
      name,
      size,
      mrpMinor,
      priceMinor,
      cancellable: true,
      returnable: !('returnable' in named),
      undeliverableTo: 'undeliverableTo' in named ? [...named.undeliverableTo] : [],
      rows: namedCentres.map((centre, index) => openingRow(centre.code, quantities[index] ?? 0)),
    }))
  })
}

function place(pincode: string, city: string, differences: Partial<Pincode>): Pincode {
  return { pincode, city, deliverable: true, cod: true, reverse: true, days: 4, ...differences }
}

function fillerCentre(faker: Faker, index: number): Centre {
  const city = faker.location.city()
  const code = `FIL-${String(index + 1).padStart(4, '0')}`
  return { code, name: `${city} ${code}`, city, pincode: String(600_000 + index) }
}

/** A filler SKU lies in at most three centres, so that its cost does not grow with their number. */
function fillerSku(faker: Faker, n: number, centres: readonly Centre[]): Sku {
  const mrpMinor = faker.number.int({ min: 2, max: 60 }) * 10_000 - 100
  const first = faker.number.int({ min: 0, max: centres.length - 1 })
  const rows: StockRow[] = []
  for (let offset = 0; offset < Math.min(3, centres.length); offset += 1) {
    const centre = centres[(first + offset) % centres.length]
    if (centre) rows.push(openingRow(centre.code, faker.number.int({ min: 0, max: 40 })))
  }
  return {
    skuId: `ITEM-${String(n).padStart(6, '0')}-M`,
    name: faker.commerce.productName(),
    size: 'M',
    mrpMinor,
    priceMinor: mrpMinor / 2,
    cancellable: true,
    returnable: true,
    undeliverableTo: [],
    rows,
  }
}
