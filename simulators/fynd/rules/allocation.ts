import type { StockRow } from '../catalogue.ts'
import { catalogueOf, type FyndContext, pincodeOf } from '../state.ts'
import { offers, rowsOf, storeOf } from './stock.ts'

export interface Demand {
  sku: string
  quantity: number
  /** Stores that must not be asked (they refused it before). */
  except?: readonly string[]
}

/**
 * FYND decides which store fulfils, never the channel (facts/fynd.md 1). ASSUMED rule: one store for the whole order if there is one,
 * stores in the customer's city first, then in the catalogue's order; otherwise bag by bag in the same order.
 * Answers a store per demand, or the first demand that no store can fulfil.
 */
export function allocate(
  ctx: FyndContext,
  demands: readonly Demand[],
  pincode: string,
): { stores: string[] } | { missing: Demand } {
  const stores: string[] = []
  for (const [index, store] of seekStores(ctx, demands, pincode).entries()) {
    if (store === undefined) return { missing: demands[index] as Demand }
    stores.push(store)
  }
  return { stores }
}

/** The same without a refusal: undefined stands for a demand that no store can fulfil as a whole; it takes nothing from the others. */
export function seekStores(
  ctx: FyndContext,
  demands: readonly Demand[],
  pincode: string,
): (string | undefined)[] {
  const city = pincodeOf(ctx, pincode)?.city
  const together = oneStoreForAll(ctx, demands, city)
  if (together) return demands.map(() => together)
  const taken = new Map<string, number>()
  return demands.map((demand) => {
    const row = preferred(ctx, offers(ctx, demand.sku), city, (candidate) => {
      const key = `${demand.sku}/${candidate.store}`
      const left = candidate.sellable - (taken.get(key) ?? 0)
      return left >= demand.quantity && !demand.except?.includes(candidate.store)
    })
    if (!row) return undefined
    const key = `${demand.sku}/${row.store}`
    taken.set(key, (taken.get(key) ?? 0) + demand.quantity)
    return row.store
  })
}

/** The store that would have it, stock or not: where a bag is written down that nobody can fulfil. */
export function wouldBeStore(ctx: FyndContext, sku: string, pincode: string): string {
  const city = pincodeOf(ctx, pincode)?.city
  const row = preferred(ctx, rowsOf(ctx, sku), city, () => true)
  const code = row?.store ?? catalogueOf(ctx).stores[0]?.code
  if (code === undefined) throw new Error('The catalogue has no store')
  return code
}

function oneStoreForAll(
  ctx: FyndContext,
  demands: readonly Demand[],
  city: string | undefined,
): string | undefined {
  const first = demands[0]
  if (!first) return undefined
  const needs = new Map<string, number>()
  for (const { sku, quantity } of demands) needs.set(sku, (needs.get(sku) ?? 0) + quantity)
  const fulfilsAll = ({ store }: StockRow) => {
    if (demands.some(({ except }) => except?.includes(store))) return false
    for (const [sku, quantity] of needs) {
      const row = offers(ctx, sku).find((candidate) => candidate.store === store)
      if (!row || row.sellable < quantity) return false
    }
    return true
  }
  return preferred(ctx, offers(ctx, first.sku), city, fulfilsAll)?.store
}

/** The first fitting row of a store in the customer's city, else the first fitting row. */
function preferred(
  ctx: FyndContext,
  rows: readonly StockRow[],
  city: string | undefined,
  fits: (row: StockRow) => boolean,
): StockRow | undefined {
  let elsewhere: StockRow | undefined
  for (const row of rows) {
    if (elsewhere && storeOf(ctx, row.store).city !== city) continue
    if (!fits(row)) continue
    if (storeOf(ctx, row.store).city === city) return row
    elsewhere = row
  }
  return elsewhere
}
