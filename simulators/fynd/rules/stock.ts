import type { Sku, StockRow, Store } from '../catalogue.ts'
import { openingRow } from '../catalogue.ts'
import { catalogueOf, type FyndContext } from '../state.ts'
import { noteChange } from './change-index.ts'

/** Buckets that pieces move between; a move never changes their sum. */
export type Bucket = 'sellable' | 'committed' | 'notAvailable' | 'damaged' | 'out'

/** The rows of a SKU, one a store; frozen ones from the catalogue until something about the SKU changes. */
export const rowsOf = (ctx: FyndContext, sku: string): readonly StockRow[] =>
  ctx.state.stock.get(sku) ?? catalogueOf(ctx).skus.get(sku)?.rows ?? []

export const rowAt = (ctx: FyndContext, sku: string, store: string): StockRow | undefined =>
  rowsOf(ctx, sku).find((row) => row.store === store)

export const skuOf = (ctx: FyndContext, sku: string): Sku | undefined =>
  catalogueOf(ctx).skus.get(sku)

export const isOnSale = (ctx: FyndContext, sku: string): boolean =>
  catalogueOf(ctx).skus.has(sku) && !ctx.state.inactiveSkus.has(sku)

/** Stores that sell a SKU right now, with what they can sell; switched-off stores do not count. */
export function offers(ctx: FyndContext, sku: string): readonly StockRow[] {
  if (!isOnSale(ctx, sku)) return []
  const off = ctx.state.storesOff
  const rows = rowsOf(ctx, sku)
  return off.size === 0 ? rows : rows.filter((row) => !off.has(row.store))
}

/** Sellable over all stores that are on; what a client that adds up F2's rows gets. */
export const sellableTotal = (ctx: FyndContext, sku: string): number =>
  offers(ctx, sku).reduce((sum, row) => sum + row.sellable, 0)

/** Moves pieces between buckets of one row. The caller has made sure that they are there: less than none is a bug of ours. */
export function movePieces(
  ctx: FyndContext,
  place: { sku: string; store: string },
  move: { from: Bucket; to: Bucket; quantity: number },
): void {
  const row = ownRow(ctx, place.sku, place.store)
  if (row[move.from] < move.quantity) {
    throw new Error(
      `${place.sku} at ${place.store} has ${row[move.from]} ${move.from}, not ${move.quantity}`,
    )
  }
  row[move.from] -= move.quantity
  row[move.to] += move.quantity
  if (move.from === 'sellable' || move.to === 'sellable') {
    noteChange(ctx.state.changes, place.sku, ctx.nowMs)
  }
}

/** Adds pieces to what is on sale, or takes them away (negative): stock that came or went outside of any order. */
export function adjustSellable(ctx: FyndContext, sku: string, store: string, by: number): StockRow {
  const row = ownRow(ctx, sku, store)
  row.sellable += by
  row.adjusted += by
  if (by !== 0) noteChange(ctx.state.changes, sku, ctx.nowMs)
  return row
}

/** After a store or a SKU was switched: what clients see of it changed, though no piece moved. */
export function noteVisibility(ctx: FyndContext, sku: string): void {
  noteChange(ctx.state.changes, sku, ctx.nowMs)
}

/** SKUs that have a row in a store. Reads the whole catalogue: for acts, never for calls. */
export function skusAt(ctx: FyndContext, store: string): string[] {
  const skus = [...catalogueOf(ctx).skus.keys()]
  return skus.filter((sku) => rowAt(ctx, sku, store) !== undefined)
}

export const storeOf = (ctx: FyndContext, code: string): Store => {
  const store = catalogueOf(ctx).storesByCode.get(code)
  if (!store) throw new Error(`No store ${code} in the catalogue`)
  return store
}

/** A row that may be written: the SKU's rows are copied out of the frozen catalogue at the first change. */
function ownRow(ctx: FyndContext, sku: string, store: string): StockRow {
  let rows = ctx.state.stock.get(sku)
  if (!rows) {
    rows = (catalogueOf(ctx).skus.get(sku)?.rows ?? []).map((row) => ({ ...row }))
    ctx.state.stock.set(sku, rows)
  }
  let row = rows.find((candidate) => candidate.store === store)
  if (!row) {
    row = openingRow(store, 0)
    rows.push(row)
  }
  return row
}
