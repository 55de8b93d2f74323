import { type Bag, deliveredAtMs, type FyndContext, type Order, pincodeOf } from '../state.ts'
import { journeyOf, transitions } from './bag-machine.ts'
import { skuOf } from './stock.ts'

const dayMs = 86_400_000

/** Until when a delivered bag may be returned, epoch milliseconds; undefined: it is not delivered yet. */
export function returnWindowEndsAtMs(ctx: FyndContext, bag: Bag): number | undefined {
  const atMs = deliveredAtMs(bag)
  return atMs === undefined ? undefined : atMs + ctx.assumptions.return_window_days * dayMs
}

/**
 * Why the customer cannot return a bag, in words; null: it is `returnable` (facts/fynd.md F6: the product's flag, the state, the window, and
 * reverse pickup at the pincode).
 */
export function whyNotReturnable(ctx: FyndContext, order: Order, bag: Bag): string | null {
  if (!skuOf(ctx, bag.sku)?.returnable) return `${bag.sku} cannot be returned`
  if (journeyOf(bag.status) !== 'delivered') return `bag ${bag.id} is ${bag.status}`
  const endsAtMs = returnWindowEndsAtMs(ctx, bag)
  if (endsAtMs === undefined || ctx.nowMs > endsAtMs) {
    return `the return window of ${ctx.assumptions.return_window_days} days is over`
  }
  const { pincode } = order.request.shipping
  return pincodeOf(ctx, pincode)?.reverse ? null : `no reverse pickup at ${pincode}`
}

/** Whether the customer may still cancel: until the courier has the bag (facts/fynd.md F6). */
export const isCancellable = (bag: Bag): boolean =>
  transitions[bag.status].includes('cancelled_customer')
