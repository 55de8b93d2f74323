import { Refusal } from '../../core/refusal.ts'
import {
  type Bag,
  type Courier,
  type FyndContext,
  type Order,
  type Shipment,
  shipmentOf,
} from '../state.ts'
import {
  type BagStatus,
  isLegalStep,
  journeyOf,
  planCancellation,
  planSteps,
} from './bag-machine.ts'
import { enterState, type Reason } from './enter-state.ts'
import { settleMoney } from './refunds.ts'

export interface Move {
  to: BagStatus
  reason?: Reason
  /** For the shipment, when the move enters `dp_assigned` or `return_dp_assigned`. */
  courier?: Partial<Courier>
  /** Tell every state of the usual route, even where a shorter step is legal. */
  inFull?: boolean
}

/** An invented firm: who carries a parcel when nobody was named. */
const usualCourier = 'Paper Plane Logistics'

/**
 * Moves bags of one order to a state, by one step or along the usual route, all or none. Bags of one shipment that enter a state together
 * are told in one event. Refuses when a bag cannot legally get there.
 */
export function moveBags(ctx: FyndContext, order: Order, bags: readonly Bag[], move: Move): void {
  const plans = new Map<Bag, BagStatus[]>()
  for (const bag of bags) {
    const steps =
      move.to === 'cancelled_fynd' ? planCancellation(bag) : planSteps(bag, move.to, move.inFull)
    if (!steps) throw illegal(bag, move.to)
    plans.set(bag, steps)
  }
  for (const [bag, steps] of plans) checkCourier(order, bag, steps, move)
  for (const shipment of order.shipments) {
    const moving = [...plans].filter(([bag]) => bag.shipmentId === shipment.id)
    playSteps(ctx, order, shipment, moving, move)
  }
}

/** Refuses unless each bag may take this one step; changes nothing. For acts that do more than move a bag. */
export function checkStep(bags: readonly Bag[], to: BagStatus): void {
  for (const bag of bags) if (!isLegalStep(bag, to)) throw illegal(bag, to)
}

/** Steps of several bags in one go: always the earliest state that somebody enters next, with everybody who enters it. */
function playSteps(
  ctx: FyndContext,
  order: Order,
  shipment: Shipment,
  moving: [Bag, BagStatus[]][],
  move: Move,
): void {
  const longest = moving.map(([, steps]) => steps).sort((a, b) => b.length - a.length)[0] ?? []
  for (const status of longest) {
    const bags = moving.filter(([, steps]) => steps.includes(status)).map(([bag]) => bag)
    if (status === 'dp_assigned') shipment.courier ??= courierFor(ctx, move.courier)
    if (status === 'return_dp_assigned') shipment.returnCourier ??= courierFor(ctx, move.courier)
    const isLast = status === move.to
    enterState(ctx, order, shipment, bags, {
      to: status,
      ...(isLast && move.reason && { reason: move.reason }),
    })
  }
  if (endsReturnCourier.has(move.to)) dismissReturnCourier(order, shipment)
  const bags = moving.map(([bag]) => bag)
  settleMoney(ctx, order, shipment, bags, move.to)
}

// A second bag of the same parcel travels with the first: whoever carries a shipment already goes on.
const courierFor = (ctx: FyndContext, courier: Partial<Courier> = {}): Courier => ({
  name: courier.name ?? usualCourier,
  awb: courier.awb ?? `PP${ctx.random('ids/fynd.awb').digits(10)}`,
})

/** States after which the firm that was to fetch a bag does not come for it. */
const endsReturnCourier: ReadonlySet<BagStatus> = new Set([
  'return_dp_cancelled',
  'return_request_cancelled',
])

/** The firm is out of it once no bag of the shipment comes back with it. */
export function dismissReturnCourier(order: Order, shipment: Shipment): void {
  const withIt = order.bags.filter(
    (bag) => bag.shipmentId === shipment.id && journeyOf(bag.status) === 'back',
  )
  const waiting = ['return_initiated', 'return_dp_cancelled']
  if (withIt.every((bag) => waiting.includes(bag.status))) shipment.returnCourier = null
}

function checkCourier(order: Order, bag: Bag, steps: readonly BagStatus[], move: Move): void {
  const shipment = shipmentOf(order, bag)
  const { id } = shipment
  const isBack = steps.includes('return_dp_assigned')
  const courier = isBack ? shipment.returnCourier : shipment.courier
  if (!(isBack || steps.includes('dp_assigned')) || !courier || !move.courier) return
  const { name, awb } = move.courier
  if ((name ?? courier.name) === courier.name && (awb ?? courier.awb) === courier.awb) return
  throw new Refusal(
    'invalid',
    `Shipment ${id} already travels with ${courier.name}, AWB ${courier.awb}; a shipment has one courier`,
  )
}

// Partner: "Invalid State Transition {state} detected for given entity" (facts/fynd.md F7).
export const illegal = (bag: Bag, to: BagStatus): Refusal =>
  new Refusal(
    'invalid',
    `Invalid State Transition ${to} detected for given entity: bag ${bag.id} is ${bag.status}`,
  )
