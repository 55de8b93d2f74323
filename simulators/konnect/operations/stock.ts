import { ok } from '../../core/answer.ts'
import { defineOperations, type OperationCall } from '../../core/partner.ts'
import { Refusal } from '../../core/refusal.ts'
import type { Sku } from '../catalogue.ts'
import { RecordFailure, stockCodes } from '../errors.ts'
import { isMoney } from '../rules/money.ts'
import {
  findSku,
  isBatchArticle,
  listedSkus,
  locationsOf,
  ownRow,
  ownRowNamed,
  productOf,
  replaceSellable,
  rowAt,
} from '../rules/stock.ts'
import type { KonnectContext, KonnectTypes } from '../state.ts'
import { readMeta, writeEnvelope } from './envelopes.ts'

type Call = OperationCall<KonnectTypes>

const skusMax = 10
const pageSizeMax = 500
const pageSizeDefault = 100

interface StockRecord {
  location_id: string
  sku: string
}

interface PriceRecord extends StockRecord {
  esp: number
  mrp: number
  currency: string
}

interface InventoryRecord extends StockRecord {
  quantity: number
}

/** Listings, count, price and inventory: facts/konnect.md 2.9, 2.10, 2.16, 2.17. */
export const stockOperations = defineOperations<KonnectTypes>({
  fetchListings: (call) => {
    const { ctx, query } = call
    const size = readNumber(query.page_size, pageSizeDefault)
    const page = readNumber(query.page_no, 1)
    if (size > pageSizeMax || size < 1) {
      throw new Refusal('invalid', `page_size must be from 1 to ${pageSizeMax}`)
    }
    if (page < 1) throw new Refusal('invalid', 'page_no must be 1 or more')
    const rows: object[] = []
    let skip = (page - 1) * size
    for (const sku of wantedSkus(ctx, query.skus)) {
      for (const location of ownLocations(call, sku)) {
        if (skip > 0) skip -= 1
        else if (rows.push(renderListing(ctx, sku, location)) === size) break
      }
      if (rows.length === size) break
    }
    return ok({ data: rows, meta: readMeta(call) })
  },

  fetchListingsCount: (call) => {
    const isBatch = call.headers['x-batch-product'] === 'TRUE'
    return ok({
      data: { listing_count: countListings(call.ctx, isBatch) },
      meta: readMeta(call),
    })
  },

  updatePrice: (call) =>
    eachStockRecord<PriceRecord>(call, 'price', (record) => {
      const sku = findSku(call.ctx, record.sku)
      if (!sku) return false
      // ASSUMED: a seller in India sells in rupees; listings know nothing else.
      if (record.currency !== 'INR') {
        throw new RecordFailure(stockCodes.price.wrong, 'currency must be INR')
      }
      // ASSUMED: a thousandth of a rupee is no price; stored as paise it would be another one.
      if (!isMoney(record.esp) || !isMoney(record.mrp)) {
        throw new RecordFailure(
          stockCodes.price.wrong,
          'esp and mrp must have at most two decimals',
        )
      }
      if (record.esp > record.mrp) {
        throw new RecordFailure(stockCodes.price.wrong, 'esp must not be above mrp')
      }
      const row = ownRow(call.ctx, record.location_id, sku)
      row.espMinor = Math.round(record.esp * 100)
      row.mrpMinor = Math.round(record.mrp * 100)
      return true
    }),

  updateInventory: (call) =>
    eachStockRecord<InventoryRecord>(call, 'inventory', (record) => {
      const row = ownRowNamed(call.ctx, record.location_id, record.sku)
      if (!row) return false
      replaceSellable(row, record.quantity)
      return true
    }),
})

/**
 * Good rows are applied, bad ones are named (E1). The last of two rows for one SKU and location wins. `apply` answers false when there is
 * no such SKU.
 */
function eachStockRecord<Record extends StockRecord>(
  call: Call,
  what: keyof typeof stockCodes,
  apply: (record: Record) => boolean,
) {
  const { ctx, auth } = call
  const codes = stockCodes[what]
  const records = call.body as Record[]
  const errors: object[] = []
  let ownLocation: string | undefined
  for (const record of records) {
    try {
      const [issue] = call.checkRecord('', record) ?? []
      if (issue) {
        throw new RecordFailure(codes.wrong, `${issue.path || 'record'} ${issue.message}`)
      }
      const { location_id } = record
      if (location_id !== ownLocation) {
        const isOwn = auth.location === null || auth.location === location_id
        if (!isOwn || !ctx.catalogue.locationsByCode.has(location_id)) {
          throw new RecordFailure(codes.unknown, 'Unknown location_id')
        }
        ownLocation = location_id
      }
      if (!apply(record)) throw new RecordFailure(codes.unknown, 'Unknown sku')
    } catch (error) {
      if (!(error instanceof RecordFailure)) throw error
      errors.push(renderFailure(record, error))
    }
  }
  ctx.record(`konnect.${what}.updated`, {
    records: records.length,
    applied: records.length - errors.length,
  })
  return writeEnvelope(call, records.length, errors)
}

const renderFailure = (record: Partial<StockRecord>, { code, message }: RecordFailure) => ({
  location_id: textOrNull(record.location_id),
  sku: textOrNull(record.sku),
  code,
  message,
})

const textOrNull = (value: unknown): string | null => (typeof value === 'string' ? value : null)

/** Both parameters are typed as strings; what is no whole number takes the default (facts/konnect.md 5, table 2). Faults count. */
const readNumber = (value: unknown, usual: number): number =>
  typeof value === 'number'
    ? value
    : typeof value === 'string' && /^-?\d{1,9}$/.test(value)
      ? Number(value)
      : usual

function wantedSkus(ctx: KonnectContext, skus: unknown): Iterable<Sku> {
  if (typeof skus !== 'string' || skus === '') return listedSkus(ctx)
  const codes = skus.split(',').map((code) => code.trim())
  if (codes.length > skusMax) {
    throw new Refusal('invalid', `At most ${skusMax} skus may be asked for, not ${codes.length}`)
  }
  return new Set(codes.flatMap((code) => findSku(ctx, code) ?? []))
}

function ownLocations({ ctx, auth }: Call, sku: Sku): readonly string[] {
  const all = locationsOf(ctx, sku)
  return auth.location === null ? all : all.filter((code) => code === auth.location)
}

function renderListing(ctx: KonnectContext, sku: Sku, location: string): object {
  const row = rowAt(ctx, location, sku)
  const product = productOf(ctx, sku.itemCode)
  const brand = ctx.catalogue.brands.find(({ uid }) => uid === product?.brandUid)
  return {
    sku: sku.sku,
    name: String(product?.fields.name ?? sku.sku),
    item_code: sku.itemCode,
    brand: brand?.name ?? '',
    size: sku.size,
    location_id: location,
    mrp: row.mrpMinor / 100,
    esp: row.espMinor / 100,
    currency: 'INR',
    quantity: row.sellable,
    is_active: true,
    is_batch: isBatchArticle(ctx, sku),
  }
}

/** Of the whole company, whatever the token (seed 003: "total products listed at the company level"). */
function countListings(ctx: KonnectContext, isBatch: boolean): number {
  const countsRows = ctx.assumptions.listing_count === 'rows'
  if (!countsRows && !isBatch) return ctx.catalogue.skus.size + ctx.state.skusMore
  let count = 0
  for (const sku of listedSkus(ctx)) {
    if (isBatch && !isBatchArticle(ctx, sku)) continue
    count += countsRows ? locationsOf(ctx, sku).length : 1
  }
  return count
}
