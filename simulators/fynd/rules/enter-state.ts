import type { Bag, FyndContext, Order, Shipment } from '../state.ts'
import { announce } from '../webhooks.ts'
import { type BagStatus, eventOf } from './bag-machine.ts'
import { movePieces } from './stock.ts'

export interface Reason {
  id: number
  text: string
}

/** Puts bags of one shipment into a state that has been checked, with all that follows for the stock, and tells the channel. */
export function enterState(
  ctx: FyndContext,
  order: Order,
  shipment: Shipment,
  bags: readonly Bag[],
  step: {
    to: BagStatus
    reason?: Reason
    /** Where bags have one each; `reason` is for the others. */
    reasons?: ReadonlyMap<Bag, Reason>
    isTold?: boolean
  },
): void {
  const moved = bags.map((bag) => {
    const previousStatus = bag.status
    settleStock(ctx, bag, step.to)
    if (step.to === 'delivery_attempt_failed') bag.deliveryAttempts += 1
    if (step.to === 'bag_not_confirmed') bag.refusedBy.push(bag.store)
    bag.status = step.to
    bag.updatedAtMs = ctx.nowMs
    bag.reason = step.reasons?.get(bag) ?? step.reason ?? null
    bag.history.push({ status: step.to, atMs: ctx.nowMs })
    ctx.record('fynd.bag.moved', {
      fynd_order_id: order.id,
      shipment_id: shipment.id,
      bag_id: bag.id,
      from: previousStatus,
      to: step.to,
    })
    return { bag, previousStatus }
  })
  const event = eventOf[step.to]
  if (event && step.isTold !== false) announce(ctx, { event, order, shipment, moved })
}

/** What a state means for the shelf: pieces leave with the courier, come back on sale, or are out of sale. */
function settleStock(ctx: FyndContext, bag: Bag, to: BagStatus): void {
  if (bag.holds === 'committed') settleCommitted(ctx, bag, to)
  else if (bag.holds === 'out') settleOut(ctx, bag, to)
}

function settleCommitted(ctx: FyndContext, bag: Bag, to: BagStatus): void {
  const { quantity } = bag
  if (to === 'bag_picked' || to === 'handed_over_to_customer') {
    movePieces(ctx, bag, { from: 'committed', to: 'out', quantity })
    bag.holds = 'out'
  } else if (to === 'cancelled_fynd' || to === 'cancelled_customer') {
    movePieces(ctx, bag, { from: 'committed', to: 'sellable', quantity })
    bag.holds = 'nothing'
  } else if (to === 'bag_not_confirmed' || to === 'product_not_available') {
    const isLost = ctx.assumptions.rejected_stock === 'not_available'
    movePieces(ctx, bag, { from: 'committed', to: isLost ? 'notAvailable' : 'sellable', quantity })
    bag.holds = 'nothing'
  }
}

const gone: ReadonlySet<BagStatus> = new Set([
  'bag_lost',
  'rto_bag_lost',
  'return_bag_lost',
  'deadstock',
])

function settleOut(ctx: FyndContext, bag: Bag, to: BagStatus): void {
  const { quantity } = bag
  if (gone.has(to)) {
    movePieces(ctx, bag, { from: 'out', to: 'notAvailable', quantity })
    bag.holds = 'nothing'
  } else if (to === 'rto_bag_accepted' || to === 'return_accepted') {
    const isOnSale = ctx.assumptions.returned_stock === 'sellable'
    movePieces(ctx, bag, { from: 'out', to: isOnSale ? 'sellable' : 'notAvailable', quantity })
    bag.holds = 'nothing'
  }
}
