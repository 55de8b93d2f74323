import { en, en_IN, Faker } from '@faker-js/faker'
import type { OwnCatalogue, OwnStock } from '../core/own-catalogue.ts'
import { type ReferenceData, referenceData } from './reference-data.ts'

/** A selling location of the seller: a store or a warehouse. */
export interface Location {
  code: string
  name: string
  city: string
  latitude: number
  longitude: number
}

/** A SKU at a location. Buckets count pieces; `opening + adjusted` is always their sum. Prices in paise. */
export interface StockRow {
  sellable: number
  committed: number
  unavailable: number
  out: number
  opening: number
  adjusted: number
  mrpMinor: number
  espMinor: number
}

export interface Sku {
  sku: string
  itemCode: string
  size: string
  /** Where it is listed; null: at every location. */
  locations: readonly string[] | null
  isBatch: boolean
  mrpMinor: number
  espMinor: number
}

/** The reference marks none of it as required. */
export interface Identifier {
  gtin_value?: string
  gtin_type?: string
  primary?: boolean
}

/** One variant in the words of the wire. Its `primary_identifier` is the SKU of listings, prices and stock. */
export interface Size {
  primary_identifier: string
  size: string
  price: number
  price_effective: number
  identifiers?: readonly Identifier[] | undefined
  [field: string]: unknown
}

/** All names of a size besides its SKU. */
export const otherNames = ({ primary_identifier: sku, identifiers = [] }: Size): string[] =>
  identifiers.flatMap(({ gtin_value: name }) => (name === undefined || name === sku ? [] : [name]))

export interface Product {
  uid: number
  itemCode: string
  slug: string
  brandUid: number
  categoryUid: number
  template: string
  createdMs: number
  modifiedMs: number
  sizes: readonly Size[]
  /** All other fields, as they were sent. */
  fields: Readonly<Record<string, unknown>>
}

export interface KonnectCatalogue extends ReferenceData {
  companyId: number
  locations: readonly Location[]
  locationsByCode: ReadonlyMap<string, Location>
  products: ReadonlyMap<string, Product>
  skus: ReadonlyMap<string, Sku>
  /** Other identifiers (EAN and the like) of the SKUs. */
  aliases: ReadonlyMap<string, string>
  /** By location, then SKU. */
  stock: ReadonlyMap<string, ReadonlyMap<string, StockRow>>
  /** Pincodes that no courier serves by itself. */
  unservedPincodes: readonly string[]
}

/** The products were there before the world began. */
const createdMs = Date.UTC(2026, 0, 1, 6, 30)

const namedLocations: readonly Location[] = [
  {
    code: 'BLR-01',
    name: 'Bengaluru Indiranagar',
    city: 'Bengaluru',
    latitude: 12.97,
    longitude: 77.64,
  },
  { code: 'DEL-01', name: 'Delhi Karol Bagh', city: 'Delhi', latitude: 28.65, longitude: 77.19 },
  { code: 'BOM-01', name: 'Mumbai Bandra', city: 'Mumbai', latitude: 19.06, longitude: 72.84 },
]

interface NamedProduct {
  itemCode: string
  name: string
  brandUid: number
  categoryUid: number
  departments: readonly string[]
  template: string
  hsCode: string
  attributes: Record<string, unknown>
  mrpMinor: number
  espMinor: number
  /** Opening stock at BLR-01, DEL-01, BOM-01. */
  sizes: Record<string, readonly number[]>
  isBatch?: boolean
}

const tops = { template: 'tops', hsCode: '6109', departments: ['102'] }

const namedProducts: readonly NamedProduct[] = [
  {
    ...tops,
    itemCode: 'TEE',
    name: 'Crew Neck Tee',
    brandUid: 77,
    categoryUid: 111,
    attributes: { 'primary-colour': 'Blue', 'neck-type': 'Crew' },
    mrpMinor: 99_900,
    espMinor: 49_900,
    sizes: { S: [8, 6, 4], M: [10, 5, 3], L: [7, 7, 2], XL: [4, 2, 1] },
  },
  {
    itemCode: 'SHOE',
    name: 'Running Shoe',
    brandUid: 78,
    categoryUid: 211,
    departments: ['101'],
    template: 'shoes',
    hsCode: '640411',
    attributes: { 'primary-colour': 'Black' },
    mrpMinor: 259_900,
    espMinor: 129_950,
    sizes: { '8': [5, 4, 3], '9': [6, 3, 2] },
  },
  {
    itemCode: 'MUG',
    name: 'Stoneware Mug',
    brandUid: 79,
    categoryUid: 311,
    departments: ['104'],
    template: 'home',
    hsCode: '69111011',
    attributes: { 'primary-colour': 'White', 'capacity-ml': 300 },
    mrpMinor: 29_900,
    espMinor: 24_900,
    sizes: { '1': [20, 10, 10] },
  },
  {
    itemCode: 'SOAP',
    name: 'Sandal Soap',
    brandUid: 79,
    categoryUid: 411,
    departments: ['105'],
    template: 'grocery',
    hsCode: '340111',
    attributes: { fragrance: 'Sandalwood' },
    mrpMinor: 5_500,
    espMinor: 5_000,
    sizes: { '1': [40, 40, 40] },
    isBatch: true,
  },
]

/** The filler's chance comes from its own number, never from a world's seed: a catalogue is the same under every seed. */
const fillerSeed = 2030
const skusMax = 1_000_000
const locationsMax = 1_000

/** The user's own catalogue, or the fixed one with speaking names; filled up to `skus` and `stores` when asked. */
export function buildCatalogue(
  size: { skus?: number; stores?: number },
  own?: OwnCatalogue,
): KonnectCatalogue {
  const faker = new Faker({ locale: [en_IN, en], seed: fillerSeed })
  const locations = own ? ownLocations(own) : [...namedLocations]
  const locationCount = Math.min(size.stores ?? 0, locationsMax)
  while (locations.length < locationCount) locations.push(fillerLocation(faker, locations.length))
  const shelves = createShelves(locations)
  if (own) addOwn(shelves, own)
  else for (const [at, named] of namedProducts.entries()) addNamed(shelves, named, at)
  const skuCount = Math.min(size.skus ?? 0, skusMax)
  for (let n = 1; shelves.skus.size < skuCount; n += 1) addFiller(shelves, faker, n, locations)
  return {
    ...referenceData,
    companyId: 4242,
    locations,
    locationsByCode: new Map(locations.map((location) => [location.code, location])),
    unservedPincodes: own?.pincodes.length
      ? own.pincodes.filter(({ deliverable }) => !deliverable).map(({ pincode }) => pincode)
      : ['194101'],
    ...shelves,
  }
}

export const openingRow = (quantity: number, mrpMinor: number, espMinor: number): StockRow => ({
  sellable: quantity,
  committed: 0,
  unavailable: 0,
  out: 0,
  opening: quantity,
  adjusted: 0,
  mrpMinor,
  espMinor,
})

interface Shelves {
  products: Map<string, Product>
  skus: Map<string, Sku>
  aliases: Map<string, string>
  stock: Map<string, Map<string, StockRow>>
}

const createShelves = (locations: readonly Location[]): Shelves => ({
  products: new Map(),
  skus: new Map(),
  aliases: new Map(),
  stock: new Map(locations.map(({ code }) => [code, new Map()])),
})

function addNamed(shelves: Shelves, named: NamedProduct, at: number): void {
  const { itemCode, mrpMinor, espMinor } = named
  const codes = namedLocations.map(({ code }) => code)
  const sizes = Object.entries(named.sizes).map(([size, quantities], nth): Size => {
    const sku = `${itemCode}-${size}`
    const ean = `890000000${at}${String(nth).padStart(3, '0')}`
    const isBatch = named.isBatch === true
    shelves.skus.set(sku, { sku, itemCode, size, locations: codes, isBatch, mrpMinor, espMinor })
    shelves.aliases.set(ean, sku)
    for (const [place, code] of codes.entries()) {
      shelves.stock.get(code)?.set(sku, openingRow(quantities[place] ?? 0, mrpMinor, espMinor))
    }
    return {
      primary_identifier: sku,
      size,
      price: mrpMinor / 100,
      price_effective: espMinor / 100,
      item_weight: 300,
      track_inventory: true,
      identifiers: [
        { gtin_value: sku, gtin_type: 'SKU', primary: true },
        { gtin_value: ean, gtin_type: 'EAN', primary: false },
      ],
    }
  })
  shelves.products.set(itemCode, {
    uid: 5001 + at,
    itemCode,
    slug: named.name.toLowerCase().replaceAll(' ', '-'),
    brandUid: named.brandUid,
    categoryUid: named.categoryUid,
    template: named.template,
    createdMs: createdMs + at,
    modifiedMs: createdMs + at,
    sizes,
    fields: fieldsOf(named, true),
  })
}

/** What the wire says of a product besides its ids. */
const fieldsOf = (
  named: Pick<NamedProduct, 'itemCode' | 'name' | 'departments' | 'hsCode' | 'attributes'>,
  returnable: boolean,
) => ({
  item_type: 'standard',
  name: named.name,
  departments: named.departments,
  country_of_origin: 'India',
  tax_identifier: { tax_rule_id: '65a100000000000000000001' },
  hs_code: named.hsCode,
  media: [{ url: `https://cdn.example/${named.itemCode.toLowerCase()}.jpg`, type: 'image' }],
  trader: [
    { type: 'Manufacturer', name: 'Example Mills', address: ['1 Mill Road', 'Exampleville'] },
  ],
  attributes: named.attributes,
  return_config: returnable
    ? { returnable: 'Yes', time: 7, unit: 'days' }
    : { returnable: 'No', time: 0, unit: 'days' },
  is_dependent: false,
})

function fillerLocation(faker: Faker, index: number): Location {
  const city = faker.location.city()
  const code = `FIL-${String(index + 1).padStart(4, '0')}`
  return { code, name: `${city} ${code}`, city, ...somewhere(index) }
}

const somewhere = (index: number) => ({ latitude: 10 + (index % 20), longitude: 72 + (index % 15) })

/** A store of the file is a selling location; one that has the code of a fixed location is that location. */
function ownLocations(own: OwnCatalogue): Location[] {
  const cities = new Map<string, string | undefined>()
  for (const { store, city } of own.stock) cities.set(store, city ?? cities.get(store))
  return [...cities].map(([code, told], index) => {
    const named = namedLocations.find((location) => location.code === code)
    const place = { code, name: named?.name ?? code, ...(named ?? somewhere(index)) }
    return { ...place, city: told ?? named?.city ?? 'Exampleville' }
  })
}

/** An item of the file is a product in the template of tops, its SKUs are the sizes. */
function addOwn(shelves: Shelves, own: OwnCatalogue): void {
  const items = new Map<string, OwnStock[]>()
  for (const row of own.stock) items.set(row.item, [...(items.get(row.item) ?? []), row])
  let at = 0
  for (const [itemCode, rows] of items) {
    const sizes = new Map<string, OwnStock>()
    for (const row of rows) {
      const { sku, size, store, quantity, priceMinor } = row
      sizes.set(sku, row)
      const locations = [...(shelves.skus.get(sku)?.locations ?? []), store]
      const prices = { mrpMinor: priceMinor, espMinor: priceMinor }
      shelves.skus.set(sku, { sku, itemCode, size, locations, isBatch: false, ...prices })
      shelves.stock.get(store)?.set(sku, openingRow(quantity, priceMinor, priceMinor))
    }
    const first = rows[0]
    shelves.products.set(itemCode, {
      uid: 5001 + at,
      itemCode,
      slug: itemCode.toLowerCase().replaceAll(/[^a-z0-9]+/g, '-'),
      brandUid: 77,
      categoryUid: 111,
      template: tops.template,
      createdMs: createdMs + at,
      modifiedMs: createdMs + at,
      sizes: Array.from(sizes.values(), ({ sku, size, priceMinor }) => ({
        primary_identifier: sku,
        size,
        price: priceMinor / 100,
        price_effective: priceMinor / 100,
        item_weight: 300,
        track_inventory: true,
        identifiers: [{ gtin_value: sku, gtin_type: 'SKU', primary: true }],
      })),
      fields: fieldsOf(
        { ...tops, itemCode, name: itemCode, attributes: {} },
        first?.returnable !== false,
      ),
    })
    at += 1
  }
}

/** A filler SKU lies at no more than three locations. */
function addFiller(
  shelves: Shelves,
  faker: Faker,
  n: number,
  locations: readonly Location[],
): void {
  const itemCode = `ITEM-${String(n).padStart(6, '0')}`
  const sku = `${itemCode}-M`
  const mrpMinor = faker.number.int({ min: 2, max: 60 }) * 10_000 - 100
  const espMinor = mrpMinor / 2
  const first = faker.number.int({ min: 0, max: locations.length - 1 })
  const codes: string[] = []
  for (let offset = 0; offset < Math.min(3, locations.length); offset += 1) {
    const code = locations[(first + offset) % locations.length]?.code ?? ''
    codes.push(code)
    const quantity = faker.number.int({ min: 0, max: 40 })
    shelves.stock.get(code)?.set(sku, openingRow(quantity, mrpMinor, espMinor))
  }
  shelves.skus.set(sku, {
    sku,
    itemCode,
    size: 'M',
    locations: codes,
    isBatch: false,
    mrpMinor,
    espMinor,
  })
  const [template] = shelves.products.values()
  if (!template) throw new Error('There is no product before the fillers')
  const size = { primary_identifier: sku, size: 'M' }
  shelves.products.set(itemCode, {
    ...template,
    uid: 10_000 + n,
    itemCode,
    slug: itemCode.toLowerCase(),
    createdMs: createdMs + 1000 + n,
    modifiedMs: createdMs + 1000 + n,
    sizes: [{ ...size, price: mrpMinor / 100, price_effective: espMinor / 100 }],
    fields: { ...template.fields, name: faker.commerce.productName() },
  })
}
