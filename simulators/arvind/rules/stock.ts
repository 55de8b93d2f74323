import { openingRow, type StockRow } from '../catalogue.ts'
import type { ArvindContext } from '../state.ts'
import { noteChange } from './inventory-push.ts'

/** Buckets that pieces move between; a move never changes their sum. */
export type Bucket = 'sellable' | 'committed' | 'unavailable' | 'out'

/** The rows of a SKU, one a centre; frozen ones from the catalogue until something about the SKU changes. */
export const rowsOf = (ctx: ArvindContext, skuId: string): readonly StockRow[] =>
  ctx.state.stock.get(skuId) ?? ctx.catalogue.skus.get(skuId)?.rows ?? []

export const rowAt = (ctx: ArvindContext, skuId: string, centre: string): StockRow | undefined =>
  rowsOf(ctx, skuId).find((row) => row.centre === centre)

/** Centres that sell a SKU right now; switched-off ones do not count. */
export function offers(ctx: ArvindContext, skuId: string): readonly StockRow[] {
  const off = ctx.state.centresOff
  const rows = rowsOf(ctx, skuId)
  return off.size === 0 ? rows : rows.filter((row) => !off.has(row.centre))
}

/** What Arvind can sell of a SKU in all: the absolute number that update inventory carries. */
export const sellableTotal = (ctx: ArvindContext, skuId: string): number =>
  offers(ctx, skuId).reduce((sum, row) => sum + row.sellable, 0)

/** Moves pieces between buckets of one row. The caller has made sure that they are there: less than none is a bug of ours. */
export function movePieces(
  ctx: ArvindContext,
  place: { skuId: string; centre: string },
  move: { from: Bucket; to: Bucket; quantity: number },
): void {
  const row = ownRow(ctx, place.skuId, place.centre)
  if (row[move.from] < move.quantity) {
    throw new Error(
      `${place.skuId} at ${place.centre} has ${row[move.from]} ${move.from}, not ${move.quantity}`,
    )
  }
  row[move.from] -= move.quantity
  row[move.to] += move.quantity
  if (move.from === 'sellable' || move.to === 'sellable') noteChange(ctx, place.skuId)
}

/** Adds pieces to what is on sale, or takes them away (negative): stock that came or went outside of any order. */
export function adjustSellable(
  ctx: ArvindContext,
  skuId: string,
  centre: string,
  by: number,
): StockRow {
  const row = ownRow(ctx, skuId, centre)
  row.sellable += by
  row.adjusted += by
  noteChange(ctx, skuId)
  return row
}

/** SKUs that have a row in a centre. Reads the whole catalogue: for acts, never for calls. */
export function skusAt(ctx: ArvindContext, centre: string): string[] {
  return [...ctx.catalogue.skus.keys()].filter((skuId) => rowAt(ctx, skuId, centre) !== undefined)
}

/** A row that may be written: the SKU's rows are copied out of the frozen catalogue at the first change. */
function ownRow(ctx: ArvindContext, skuId: string, centre: string): StockRow {
  let rows = ctx.state.stock.get(skuId)
  if (!rows) {
    rows = (ctx.catalogue.skus.get(skuId)?.rows ?? []).map((row) => ({ ...row }))
    ctx.state.stock.set(skuId, rows)
  }
  let row = rows.find((candidate) => candidate.centre === centre)
  if (!row) {
    row = openingRow(centre, 0)
    rows.push(row)
  }
  return row
}
