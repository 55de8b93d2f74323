import { Refusal } from '../../core/refusal.ts'
import { type Bag, type FyndContext, type Order, type Shipment, shipmentOf } from '../state.ts'
import { announce } from '../webhooks.ts'
import { type BagStatus, eventOf, isLegalStep, planCancellation, planSteps } from './bag-machine.ts'
import { movePieces } from './stock.ts'

export interface Reason {
  id: number
  text: string
}

export interface Courier {
  name: string
  awb: string
}

export interface Move {
  to: BagStatus
  reason?: Reason
  /** For the shipment, when the move enters `dp_assigned`. */
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

/** Puts bags of one shipment into a state that has been checked, with all that follows from it, and tells the channel. */
export function enterState(
  ctx: FyndContext,
  order: Order,
  shipment: Shipment,
  bags: readonly Bag[],
  step: { to: BagStatus; reason?: Reason; isTold?: boolean },
): void {
  const moved = bags.map((bag) => {
    const previousStatus = bag.status
    settleStock(ctx, bag, step.to)
    if (step.to === 'delivery_attempt_failed') bag.deliveryAttempts += 1
    if (step.to === 'bag_not_confirmed') bag.refusedBy.push(bag.store)
    bag.status = step.to
    bag.updatedAtMs = ctx.nowMs
    bag.reason = step.reason ?? null
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

/**
 * Gives the money of bags back, if there is any: FYND only says so, the channel's operator moves it (F8). `journey` is `cancel` on the
 * way out.
 */
export function startRefund(
  ctx: FyndContext,
  order: Order,
  shipment: Shipment,
  bags: readonly Bag[],
): void {
  const isTaken = order.payment === 'paid' || order.payment === 'paid-too-late'
  if (!isTaken || bags.length === 0) return
  const amountMinor = bags.reduce((sum, bag) => sum + bag.shareMinor, 0)
  const previous = bags.map((bag) => ({ bag, previousStatus: bag.status }))
  enterState(ctx, order, shipment, bags, { to: 'refund_initiated', isTold: false })
  const refund = {
    id: `RF${ctx.random('ids/fynd.refund').hex(12).toUpperCase()}`,
    amountMinor,
    journey: 'cancel' as const,
  }
  announce(ctx, { event: 'REFUND_INITIATED', order, shipment, moved: previous, refund })
}

/** What a state means for the shelf: pieces leave with the courier, come back on sale, or are out of sale. */
function settleStock(ctx: FyndContext, bag: Bag, to: BagStatus): void {
  const place = { sku: bag.sku, store: bag.store }
  const { quantity } = bag
  if (bag.holds === 'committed') {
    if (to === 'bag_picked' || to === 'handed_over_to_customer') {
      movePieces(ctx, place, { from: 'committed', to: 'out', quantity })
      bag.holds = 'out'
    } else if (to === 'cancelled_fynd') {
      movePieces(ctx, place, { from: 'committed', to: 'sellable', quantity })
      bag.holds = 'nothing'
    } else if (to === 'bag_not_confirmed' || to === 'product_not_available') {
      const isLost = ctx.assumptions.rejected_stock === 'not_available'
      movePieces(ctx, place, {
        from: 'committed',
        to: isLost ? 'notAvailable' : 'sellable',
        quantity,
      })
      bag.holds = 'nothing'
    }
  } else if (bag.holds === 'out' && to === 'bag_lost') {
    movePieces(ctx, place, { from: 'out', to: 'notAvailable', quantity })
    bag.holds = 'nothing'
  }
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
    if (status === 'dp_assigned') assignCourier(ctx, shipment, move.courier)
    const isLast = status === move.to
    enterState(ctx, order, shipment, bags, {
      to: status,
      ...(isLast && move.reason && { reason: move.reason }),
    })
  }
  const bags = moving.map(([bag]) => bag)
  if (move.to === 'cancelled_fynd' || move.to === 'bag_lost') {
    startRefund(ctx, order, shipment, bags)
  }
}

function assignCourier(ctx: FyndContext, shipment: Shipment, courier: Partial<Courier> = {}): void {
  // A second bag of the same parcel travels with the first.
  shipment.courier ??= {
    name: courier.name ?? usualCourier,
    awb: courier.awb ?? `PP${ctx.random('ids/fynd.awb').digits(10)}`,
  }
}

function checkCourier(order: Order, bag: Bag, steps: readonly BagStatus[], move: Move): void {
  const { courier, id } = shipmentOf(order, bag)
  if (!steps.includes('dp_assigned') || !courier || !move.courier) return
  const { name, awb } = move.courier
  if ((name ?? courier.name) === courier.name && (awb ?? courier.awb) === courier.awb) return
  throw new Refusal(
    'invalid',
    `Shipment ${id} already travels with ${courier.name}, AWB ${courier.awb}; a shipment has one courier`,
  )
}

// Partner: "Invalid State Transition {state} detected for given entity" (facts/fynd.md F7).
const illegal = (bag: Bag, to: BagStatus): Refusal =>
  new Refusal(
    'invalid',
    `Invalid State Transition ${to} detected for given entity: bag ${bag.id} is ${bag.status}`,
  )
