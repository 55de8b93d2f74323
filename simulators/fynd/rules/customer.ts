import { Refusal } from '../../core/refusal.ts'
import type { Bag, FyndContext, Order, Shipment } from '../state.ts'
import { type BagStatus, breakingStates, isLegalStep, journeyOf } from './bag-machine.ts'
import { enterState, type Reason } from './enter-state.ts'
import { dismissReturnCourier, illegal } from './moves.ts'
import { addShipment } from './orders.ts'
import { settleMoney } from './refunds.ts'
import { whyNotReturnable } from './returns.ts'

/** What a customer may ask for, by button or by phone (F7). */
export const customerStates = [
  'cancelled_customer',
  'return_initiated',
  'return_request_cancelled',
] as const satisfies readonly BagStatus[]

export type CustomerState = (typeof customerStates)[number]

export const isCustomerState = (state: string): state is CustomerState =>
  customerStates.some((each) => each === state)

/** Refuses unless the customer may have this for all these bags of one shipment; changes nothing. */
export function checkWish(
  ctx: FyndContext,
  order: Order,
  shipment: Shipment,
  bags: readonly Bag[],
  to: CustomerState,
): void {
  for (const bag of bags) {
    if (!isLegalStep(bag, to)) throw illegal(bag, to)
    const why = to === 'return_initiated' ? whyNotReturnable(ctx, order, bag) : null
    if (why !== null) throw new Refusal('invalid', `Not returnable: ${why}`)
  }
  if (!breakingStates[to] && leavesSomething(order, shipment, bags)) {
    throw new Refusal(
      'invalid',
      `Shipment ${shipment.id} cannot be broken for ${to}: name all its bags`,
    )
  }
}

/**
 * Bags of one shipment go where the customer wants them, which `checkWish` has allowed. Some of several leave the shipment and get one of
 * their own, which names the old one. Answers the shipment that they are in now.
 */
export function grantWish(
  ctx: FyndContext,
  order: Order,
  shipment: Shipment,
  bags: readonly Bag[],
  wish: { to: CustomerState; reason?: Reason; reasons?: ReadonlyMap<Bag, Reason> },
): Shipment {
  const own = leavesSomething(order, shipment, bags)
    ? breakOff(ctx, order, shipment, bags)
    : shipment
  enterState(ctx, order, own, bags, wish)
  if (wish.to === 'return_request_cancelled') dismissReturnCourier(order, own)
  settleMoney(ctx, order, own, bags, wish.to)
  return own
}

/** Other bags of the shipment are still on a way, or with the customer. */
const leavesSomething = (order: Order, shipment: Shipment, bags: readonly Bag[]): boolean =>
  order.bags.some(
    (bag) =>
      bag.shipmentId === shipment.id && !bags.includes(bag) && journeyOf(bag.status) !== 'ended',
  )

function breakOff(
  ctx: FyndContext,
  order: Order,
  shipment: Shipment,
  bags: readonly Bag[],
): Shipment {
  const own = addShipment(ctx, order, shipment.store, shipment.id)
  own.courier = shipment.courier && { ...shipment.courier }
  for (const bag of bags) bag.shipmentId = own.id
  ctx.record('fynd.shipment.split', {
    fynd_order_id: order.id,
    shipment_id: own.id,
    previous_shipment_id: shipment.id,
    bag_ids: bags.map((bag) => bag.id),
  })
  return own
}
