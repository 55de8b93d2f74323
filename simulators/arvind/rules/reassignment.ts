import { Refusal } from '../../core/refusal.ts'
import { type ArvindContext, consignmentOf, type Item, type Order } from '../state.ts'
import { allocate } from './allocation.ts'
import { addConsignment, commit } from './booking.ts'
import { enterState, illegal, put } from './moves.ts'
import { rowAt } from './stock.ts'

/**
 * A centre cannot find its items (pickFail) or passes them on: they go to another centre in a new consignment that names the old one
 * (facts/arvind.md 4.2). Never a centre that failed before. What nobody else has is UNFULFILLED; a named centre without the pieces is refused.
 */
export function reassign(
  ctx: ArvindContext,
  order: Order,
  items: readonly Item[],
  wanted: { centre?: string | undefined; pickFail: boolean },
): void {
  for (const item of items) if (item.status !== 'ASSIGNED') throw illegal(item, 'ASSIGNED')
  if (wanted.centre !== undefined) checkCentre(ctx, items, wanted.centre)
  const before = new Map(items.map((item) => [item, consignmentOf(order, item)]))
  for (const item of items) {
    if (item.centre !== null) item.failedCentres.push(item.centre)
    put(ctx, item, wanted.pickFail ? ctx.assumptions.pick_fail_stock : 'sellable')
  }
  const demands = items.map((item) => ({ ...item, except: item.failedCentres }))
  const found =
    wanted.centre === undefined
      ? allocate(ctx, demands, order.pincode)
      : items.map(() => wanted.centre ?? null)
  const fresh = new Map<string, string>()
  const moved: Item[] = []
  const lost: Item[] = []
  items.forEach((item, index) => {
    const centre = found[index] ?? null
    if (centre === null) {
      lost.push(item)
      return
    }
    const previousId = before.get(item)?.id ?? null
    const key = JSON.stringify([previousId, centre])
    const id = fresh.get(key) ?? addConsignment(ctx, order, centre, previousId).id
    fresh.set(key, id)
    commit(ctx, item, centre)
    item.consignmentId = id
    moved.push(item)
  })
  enterState(ctx, order, moved, { to: 'ASSIGNED', reason: 'Reassigned' })
  enterState(ctx, order, lost, { to: 'UNFULFILLED', reason: 'No other centre has the pieces' })
  dropEmpty(ctx, order)
}

/** A consignment that all items have left never was. */
function dropEmpty(ctx: ArvindContext, order: Order): void {
  order.consignments = order.consignments.filter(({ id }) => {
    const isUsed = order.items.some((item) => item.consignmentId === id)
    if (!isUsed) ctx.state.orderOfConsignment.delete(id)
    return isUsed
  })
}

function checkCentre(ctx: ArvindContext, items: readonly Item[], centre: string): void {
  if (!ctx.catalogue.centresByCode.has(centre)) {
    const known = [...ctx.catalogue.centresByCode.keys()].slice(0, 8).join(', ')
    throw new Refusal('not-found', `Unknown centre "${centre}". Known: ${known}`)
  }
  const needs = new Map<string, number>()
  for (const item of items) {
    if (item.centre === centre || item.failedCentres.includes(centre)) {
      throw new Refusal('conflict', `${centre} is where ${item.itemReference} was before`)
    }
    needs.set(item.skuId, (needs.get(item.skuId) ?? 0) + item.quantity)
  }
  for (const [skuId, quantity] of needs) {
    const sellable = ctx.state.centresOff.has(centre)
      ? 0
      : (rowAt(ctx, skuId, centre)?.sellable ?? 0)
    if (sellable < quantity) {
      throw new Refusal('conflict', `${centre} has ${sellable} of ${skuId}, not ${quantity}`)
    }
  }
}
