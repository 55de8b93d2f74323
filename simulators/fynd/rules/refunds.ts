import { Refusal } from '../../core/refusal.ts'
import type { Bag, FyndContext, Order, Shipment } from '../state.ts'
import { announce } from '../webhooks.ts'
import type { BagStatus } from './bag-machine.ts'
import { enterState } from './enter-state.ts'

export type RefundJourney = 'cancel' | 'return' | 'rto'

/** Which refund a state begins: the way the goods were on (facts/fynd.md F8 and 7.1). */
const journeys: Partial<Readonly<Record<BagStatus, RefundJourney>>> = {
  cancelled_customer: 'cancel',
  cancelled_fynd: 'cancel',
  bag_lost: 'cancel',
  rto_bag_lost: 'rto',
  rto_bag_accepted: 'rto',
  return_bag_lost: 'return',
  return_accepted: 'return',
}

/**
 * What follows for the money once bags of one shipment have come to their end: a credit note for goods that came back, then the refund.
 * Prepaid money goes back whenever the sale ends; COD money only when the customer had paid and the store took the goods back.
 */
export function settleMoney(
  ctx: FyndContext,
  order: Order,
  shipment: Shipment,
  bags: readonly Bag[],
  at: BagStatus,
): void {
  const journey = journeys[at]
  if (!journey || bags.length === 0) return
  if (at === 'rto_bag_accepted' || at === 'return_accepted') {
    enterState(ctx, order, shipment, bags, { to: 'credit_note_generated' })
  }
  startRefund(ctx, order, shipment, bags, journey)
}

/** Gives the money of bags back, if there is any: FYND only says so, the channel's operator moves it (F8). */
export function startRefund(
  ctx: FyndContext,
  order: Order,
  shipment: Shipment,
  bags: readonly Bag[],
  journey: RefundJourney,
): void {
  if (bags.length === 0 || !isMoneyThere(order, bags)) return
  const amountMinor = bags.reduce((sum, bag) => sum + bag.shareMinor, 0)
  const id = `RF${ctx.random('ids/fynd.refund').hex(12).toUpperCase()}`
  const moved = bags.map((bag) => ({ bag, previousStatus: bag.status }))
  enterState(ctx, order, shipment, bags, { to: 'refund_initiated', isTold: false })
  for (const bag of bags)
    bag.refund = { id, amountMinor: bag.shareMinor, journey, reportedId: null }
  const refund = { id, amountMinor, journey }
  announce(ctx, { event: 'REFUND_INITIATED', order, shipment, moved, refund })
}

/** COD money is there once the parcel was handed over, and only an accepted return gives it back. */
function isMoneyThere(order: Order, bags: readonly Bag[]): boolean {
  if (order.payment === 'paid' || order.payment === 'paid-too-late') return true
  return (
    order.payment === 'on-delivery' &&
    bags.every((bag) => bag.history.some(({ status }) => status === 'return_accepted'))
  )
}

/**
 * F8: the channel reports that the gateway gave the money back. True: recorded now; false: it was, under the same id. Refuses a bag
 * without a refund, an amount above that of the REFUND_INITIATED which named the bag (ASSUMED: one gateway refund may stand for all its bags, less
 * is noted as it comes), nothing at all for a bag whose money is due, and a second report under another id (7.1).
 */
export function reportRefund(
  ctx: FyndContext,
  order: Order,
  bag: Bag,
  report: { refundId: string; amountMinor: number },
): boolean {
  const { refund } = bag
  if (!refund) {
    throw new Refusal(
      'invalid',
      `Invalid State Transition refund_done detected for given entity: bag ${bag.id} is ${bag.status}`,
    )
  }
  if (refund.reportedId !== null) {
    if (refund.reportedId === report.refundId) return false
    throw new Refusal('conflict', `The refund of bag ${bag.id} is reported already`)
  }
  if (report.amountMinor === 0 && refund.amountMinor > 0) {
    throw new Refusal('invalid', `Amount 0 gives nothing of the ${refund.amountMinor / 100} back`)
  }
  const dueMinor = order.bags
    .filter((each) => each.refund?.id === refund.id)
    .reduce((sum, each) => sum + (each.refund?.amountMinor ?? 0), 0)
  if (report.amountMinor > dueMinor) {
    throw new Refusal(
      'invalid',
      `Amount ${report.amountMinor / 100} is more than the refund of ${dueMinor / 100}`,
    )
  }
  const shipment = order.shipments.find((each) => each.id === bag.shipmentId)
  if (!shipment) throw new Error(`Bag ${bag.id} has no shipment`)
  refund.reportedId = report.refundId
  enterState(ctx, order, shipment, [bag], { to: 'refund_done' })
  return true
}
