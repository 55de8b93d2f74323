import { defineOperations, type OperationCall } from '../../core/partner.ts'
import { Refusal } from '../../core/refusal.ts'
import { pageOfChanges } from '../rules/change-index.ts'
import { isOnSale, rowsOf, storeOf } from '../rules/stock.ts'
import { catalogueOf, type FyndContext, type FyndTypes } from '../state.ts'
import { parseUtc, writeUtc } from '../times.ts'
import { respond } from './respond.ts'

type Call = OperationCall<FyndTypes>

const skusMax = 50
const pageSizeDefault = 100
const dayMs = 86_400_000

/** F1 and F2 of facts/fynd.md. */
export const inventoryOperations = defineOperations<FyndTypes>({
  listInventoryChanges: (call) => {
    const { ctx, query } = call
    const sinceMs = readTimestamp(ctx, query.timestamp)
    const cursor = readCursor(query.page_id, ctx.nowMs)
    const size = typeof query.page_size === 'number' ? query.page_size : pageSizeDefault
    // The same on all pages of one listing: whatever changes meanwhile is at or after it.
    const asOfMs = cursor?.asOfMs ?? ctx.nowMs
    const page = pageOfChanges(ctx.state.changes, sinceMs, cursor?.afterSeq ?? 0, size)
    const last = page.entries.at(-1)
    return respond(call, {
      items: page.entries.map((entry) => ({
        sku_code: entry.sku,
        updated_at: writeUtc(entry.atMs),
      })),
      page: {
        type: 'cursor',
        has_next: page.hasNext,
        next_id: page.hasNext && last ? writeCursor(last.seq, asOfMs) : '',
        item_total: page.total,
        size: page.entries.length,
      },
      as_of: writeUtc(ctx.assumptions.changes_as_of === 'page' ? ctx.nowMs : asOfMs),
    })
  },

  getStockStatus: (call) => {
    const { sku_code } = call.query
    const skus = typeof sku_code === 'string' ? sku_code.split(',') : []
    return stockStatus(call, skus, call.query.include_inactive === true)
  },

  queryStockStatus: (call) => {
    const body = call.body as { sku_codes: string[]; include_inactive?: boolean }
    return stockStatus(call, body.sku_codes, body.include_inactive === true)
  },
})

/** One row per SKU and store; an unknown SKU is silently absent, which is what a shop's operator has to notice. */
function stockStatus(call: Call, codes: readonly string[], includeInactive: boolean) {
  const { ctx } = call
  const skus = new Set(codes.map((code) => code.trim()).filter((code) => code !== ''))
  if (skus.size === 0) throw new Refusal('invalid', 'sku_code must name at least one SKU')
  if (codes.length > skusMax) {
    throw new Refusal('invalid', `At most ${skusMax} SKUs may be asked for, not ${codes.length}`)
  }
  const items: object[] = []
  for (const code of skus) {
    if (includeInactive || isOnSale(ctx, code)) pushRows(ctx, code, items)
  }
  return respond(call, { items })
}

function pushRows(ctx: FyndContext, code: string, items: object[]): void {
  const sku = catalogueOf(ctx).skus.get(code)
  if (!sku) return
  const isActive = isOnSale(ctx, code)
  const price = {
    marked: rupees(sku.markedMinor),
    effective: rupees(sku.effectiveMinor),
    currency: 'INR',
  }
  for (const row of rowsOf(ctx, code)) {
    if (ctx.state.storesOff.has(row.store)) continue
    const store = storeOf(ctx, row.store)
    items.push({
      uid: `${store.id}_${code}`,
      identifier: { sku_code: code },
      size: sku.size,
      quantity: row.sellable,
      price,
      store: { id: store.id, code: store.code, name: store.name, city: store.city },
      is_active: isActive,
    })
  }
}

/** Partner: amounts are plain numbers and may be a half (facts/fynd.md 7). */
const rupees = (minor: number): number => minor / 100

function readTimestamp(ctx: FyndContext, value: unknown): number {
  const atMs = typeof value === 'string' ? parseUtc(value) : undefined
  if (atMs === undefined) {
    throw new Refusal('invalid', 'timestamp must be a UTC time like 2024-01-31T06:58:37Z')
  }
  if (atMs < ctx.nowMs - ctx.assumptions.delta_retention_days * dayMs) {
    throw new Refusal('invalid', 'timestamp too old, request full sync')
  }
  return atMs
}

/** Opaque to clients: the last change they have seen, and when their listing began. */
const writeCursor = (afterSeq: number, asOfMs: number): string =>
  Buffer.from(`${afterSeq}.${asOfMs}`).toString('base64url')

function readCursor(
  value: unknown,
  nowMs: number,
): { afterSeq: number; asOfMs: number } | undefined {
  if (typeof value !== 'string' || value === '') return undefined
  const text = Buffer.from(value, 'base64url').toString('latin1')
  const [, seq, asOf] = /^(\d{1,15})\.(\d{1,15})$/.exec(text) ?? []
  const asOfMs = Number(asOf)
  if (seq === undefined || asOfMs > nowMs) {
    throw new Refusal('invalid', 'page_id is not one that this API gave out')
  }
  return { afterSeq: Number(seq), asOfMs }
}
