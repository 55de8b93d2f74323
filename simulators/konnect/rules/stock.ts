import { type Location, openingRow, type Product, type Sku, type StockRow } from '../catalogue.ts'
import type { KonnectContext } from '../state.ts'

/** Buckets that pieces move between; a move never changes their sum. */
export type Bucket = 'sellable' | 'committed' | 'unavailable' | 'out'

export const locationOf = (ctx: KonnectContext, code: string): Location => {
  const location = ctx.catalogue.locationsByCode.get(code)
  if (!location) throw new Error(`No location ${code} in the catalogue`)
  return location
}

/** By SKU or by another identifier of it (EAN); undefined: unknown or deleted. */
export function findSku(ctx: KonnectContext, code: string): Sku | undefined {
  const { state, catalogue } = ctx
  const own = skuNamed(ctx, code)
  if (own) return own
  const added = state.aliases.get(code)
  const alias = added === undefined ? catalogue.aliases.get(code) : added
  return alias === undefined || alias === null ? undefined : skuNamed(ctx, alias)
}

function skuNamed({ state, catalogue }: KonnectContext, code: string): Sku | undefined {
  const changed = state.skus.get(code)
  return changed === undefined ? catalogue.skus.get(code) : (changed ?? undefined)
}

export function productOf(ctx: KonnectContext, itemCode: string): Product | undefined {
  const changed = ctx.state.products.get(itemCode)
  return changed === undefined ? ctx.catalogue.products.get(itemCode) : (changed ?? undefined)
}

export const isBatchArticle = (ctx: KonnectContext, sku: Sku): boolean =>
  ctx.state.batchArticles.get(sku.sku) ?? sku.isBatch

/** Where a SKU is listed. */
export function locationsOf(ctx: KonnectContext, sku: Sku): readonly string[] {
  if (sku.locations === null) return ctx.catalogue.locations.map(({ code }) => code)
  const added = ctx.state.addedLocations.get(sku.sku)
  return added ? [...sku.locations, ...added] : sku.locations
}

/** The row as it stands; a SKU has none of its own until something was written, and then it is empty. */
export const rowAt = (ctx: KonnectContext, location: string, sku: Sku): StockRow =>
  ctx.state.stock.get(location)?.get(sku.sku) ??
  ctx.catalogue.stock.get(location)?.get(sku.sku) ??
  openingRow(0, sku.mrpMinor, sku.espMinor)

/**
 * A row that may be written: copied out of the frozen catalogue at the first change. `name` is the SKU's, perhaps in a text of its own.
 */
export function ownRow(
  ctx: KonnectContext,
  location: string,
  sku: Sku,
  name: string = sku.sku,
): StockRow {
  const { state } = ctx
  let rows = state.stock.get(location)
  if (!rows) {
    rows = new Map()
    state.stock.set(location, rows)
  }
  let row = rows.get(name)
  if (row) return row
  row = { ...rowAt(ctx, location, sku) }
  rows.set(name, row)
  if (sku.locations !== null && !sku.locations.includes(location)) {
    state.addedLocations.set(name, [...(state.addedLocations.get(name) ?? []), location])
  }
  return row
}

/**
 * What `ownRow` gives for `findSku(code)`; undefined: no such SKU. A row that was written before is found by one look, without the SKU:
 * in a large catalogue each further look is at memory that lies elsewhere. So is the catalogue's own text of the name, which is why a new
 * row keeps the caller's: it was made at the same time and lies beside the row.
 */
export function ownRowNamed(
  ctx: KonnectContext,
  location: string,
  code: string,
): StockRow | undefined {
  const { state } = ctx
  const row = state.stock.get(location)?.get(code)
  // The row of a deleted SKU stays, and its name may be another one's identifier now.
  if (row && state.skus.get(code) !== null) return row
  const sku = findSku(ctx, code)
  return sku && ownRow(ctx, location, sku, code === sku.sku ? code : sku.sku)
}

/** An absolute write: what was on sale is replaced (facts/konnect.md 2.17). */
export const writeQuantity = (
  ctx: KonnectContext,
  location: string,
  sku: Sku,
  quantity: number,
): void => replaceSellable(ownRow(ctx, location, sku), quantity)

export function replaceSellable(row: StockRow, quantity: number): void {
  row.adjusted += quantity - row.sellable
  row.sellable = quantity
}

/** Moves pieces of one row. The caller has made sure that they are there: less than none is a bug of ours. */
export function movePieces(
  ctx: KonnectContext,
  place: { location: string; sku: string },
  move: { from: Bucket; to: Bucket; quantity: number },
): void {
  const row = movableRow(ctx, place)
  if (row[move.from] < move.quantity) {
    const { location, sku } = place
    throw new Error(
      `${sku} at ${location} has ${row[move.from]} ${move.from}, not ${move.quantity}`,
    )
  }
  row[move.from] -= move.quantity
  row[move.to] += move.quantity
}

/** The SKU of an order may have been deleted since; its pieces are still counted. */
function movableRow(ctx: KonnectContext, { location, sku }: { location: string; sku: string }) {
  const row = ctx.state.stock.get(location)?.get(sku)
  if (row) return row
  const known = skuNamed(ctx, sku)
  if (!known) throw new Error(`No row of ${sku} at ${location}`)
  return ownRow(ctx, location, known)
}

/** All SKUs that are listed, those of the catalogue first. */
export function* listedSkus({ state, catalogue }: KonnectContext): Generator<Sku> {
  for (const sku of catalogue.skus.values()) {
    const changed = state.skus.get(sku.sku)
    if (changed !== null) yield changed ?? sku
  }
  for (const [code, sku] of state.skus) if (sku && !catalogue.skus.has(code)) yield sku
}

/** What all locations together can sell of each SKU. */
export function sellableTotals(ctx: KonnectContext): Record<string, number> {
  const totals: Record<string, number> = {}
  for (const sku of listedSkus(ctx)) {
    let total = 0
    for (const location of locationsOf(ctx, sku)) total += rowAt(ctx, location, sku).sellable
    totals[sku.sku] = total
  }
  return totals
}
