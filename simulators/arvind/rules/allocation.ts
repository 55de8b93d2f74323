import type { StockRow } from '../catalogue.ts'
import { type ArvindContext, pincodeOf } from '../state.ts'
import { offers } from './stock.ts'

export interface Demand {
  skuId: string
  quantity: number
  /** Centres that could not find it: not asked again. */
  except: readonly string[]
}

/**
 * Which centre fulfils each line; null: none can, for a line is never split. ASSUMED rule (facts/arvind.md 4.2 says only "per fulfilment
 * centre"): one centre for all if there is one, centres in the customer's city first, then in the catalogue's order; else line by line.
 */
export function allocate(
  ctx: ArvindContext,
  demands: readonly Demand[],
  pincode: string,
): (string | null)[] {
  const city = pincodeOf(ctx, pincode)?.city
  const together = oneCentreForAll(ctx, demands, city)
  if (together !== undefined) return demands.map(() => together)
  const taken = new Map<string, number>()
  return demands.map((demand) => {
    const key = (centre: string) => JSON.stringify([demand.skuId, centre])
    const row = preferred(ctx, offers(ctx, demand.skuId), city, (candidate) => {
      const left = candidate.sellable - (taken.get(key(candidate.centre)) ?? 0)
      return left >= demand.quantity && !demand.except.includes(candidate.centre)
    })
    if (!row) return null
    taken.set(key(row.centre), (taken.get(key(row.centre)) ?? 0) + demand.quantity)
    return row.centre
  })
}

function oneCentreForAll(
  ctx: ArvindContext,
  demands: readonly Demand[],
  city: string | undefined,
): string | undefined {
  const [first] = demands
  if (!first) return undefined
  const needs = new Map<string, number>()
  for (const { skuId, quantity } of demands) needs.set(skuId, (needs.get(skuId) ?? 0) + quantity)
  const except = new Set(demands.flatMap((demand) => demand.except))
  const fulfilsAll = ({ centre }: StockRow) =>
    !except.has(centre) &&
    [...needs].every(([skuId, quantity]) =>
      offers(ctx, skuId).some((row) => row.centre === centre && row.sellable >= quantity),
    )
  return preferred(ctx, offers(ctx, first.skuId), city, fulfilsAll)?.centre
}

/** The first fitting row of a centre in the customer's city, else the first fitting row. */
function preferred(
  ctx: ArvindContext,
  rows: readonly StockRow[],
  city: string | undefined,
  fits: (row: StockRow) => boolean,
): StockRow | undefined {
  let elsewhere: StockRow | undefined
  for (const row of rows) {
    const isHere = ctx.catalogue.centresByCode.get(row.centre)?.city === city
    if ((elsewhere && !isHere) || !fits(row)) continue
    if (isHere) return row
    elsewhere = row
  }
  return elsewhere
}
