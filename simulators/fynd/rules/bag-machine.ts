/** States of a bag that are simulated (facts/fynd.md 5.3). */
export type BagStatus =
  | 'pending'
  | 'payment_failed'
  | 'placed'
  | 'bag_not_confirmed'
  | 'store_reassigned'
  | 'product_not_available'
  | 'bag_confirmed'
  | 'bag_invoiced'
  | 'dp_not_assigned'
  | 'dp_assigned'
  | 'bag_packed'
  | 'bag_not_picked'
  | 'bag_picked'
  | 'out_for_delivery'
  | 'delivery_attempt_failed'
  | 'rejected_by_customer'
  | 'bag_lost'
  | 'delivery_done'
  | 'handed_over_to_customer'
  | 'cancelled_customer'
  | 'cancelled_fynd'
  | 'rto_initiated'
  | 'rto_in_transit'
  | 'rto_bag_delivered'
  | 'rto_bag_accepted'
  | 'rto_bag_lost'
  | 'return_initiated'
  | 'return_request_cancelled'
  | 'return_dp_assigned'
  | 'return_dp_cancelled'
  | 'out_for_pickup'
  | 'return_bag_picked'
  | 'return_bag_not_picked'
  | 'return_bag_in_transit'
  | 'return_bag_delivered'
  | 'return_bag_lost'
  | 'return_accepted'
  | 'return_rejected_by_store'
  | 'deadstock'
  | 'credit_note_generated'
  | 'refund_initiated'
  | 'refund_done'

/** From each state to the next, as facts/fynd.md 5.3 has it. */
export const transitions: Readonly<Record<BagStatus, readonly BagStatus[]>> = {
  pending: ['placed', 'payment_failed', 'cancelled_fynd'],
  payment_failed: ['placed'],
  placed: [
    'bag_confirmed',
    'bag_not_confirmed',
    'product_not_available',
    'cancelled_customer',
    'cancelled_fynd',
  ],
  bag_not_confirmed: ['store_reassigned', 'product_not_available'],
  store_reassigned: ['bag_confirmed', 'bag_not_confirmed', 'cancelled_customer'],
  product_not_available: ['cancelled_fynd'],
  bag_confirmed: [
    'bag_invoiced',
    'handed_over_to_customer',
    'cancelled_customer',
    'cancelled_fynd',
  ],
  bag_invoiced: ['dp_assigned', 'dp_not_assigned', 'cancelled_customer', 'cancelled_fynd'],
  dp_not_assigned: ['dp_assigned', 'cancelled_fynd'],
  dp_assigned: ['bag_packed', 'bag_picked', 'cancelled_customer', 'cancelled_fynd'],
  bag_packed: ['bag_picked', 'bag_not_picked', 'cancelled_customer'],
  bag_not_picked: ['bag_picked', 'cancelled_fynd'],
  bag_picked: ['out_for_delivery', 'bag_lost', 'rto_initiated', 'delivery_done'],
  out_for_delivery: ['delivery_done', 'delivery_attempt_failed', 'rejected_by_customer'],
  delivery_attempt_failed: ['out_for_delivery', 'rto_initiated'],
  rejected_by_customer: ['rto_initiated'],
  bag_lost: ['refund_initiated'],
  delivery_done: ['return_initiated'],
  handed_over_to_customer: ['return_initiated'],
  cancelled_customer: ['refund_initiated'],
  cancelled_fynd: ['refund_initiated'],
  rto_initiated: ['rto_in_transit'],
  rto_in_transit: ['rto_bag_delivered', 'rto_bag_lost'],
  rto_bag_delivered: ['rto_bag_accepted'],
  rto_bag_accepted: ['credit_note_generated'],
  rto_bag_lost: ['refund_initiated'],
  return_initiated: ['return_dp_assigned', 'return_request_cancelled'],
  return_request_cancelled: ['return_initiated'],
  return_dp_assigned: ['out_for_pickup', 'return_dp_cancelled'],
  return_dp_cancelled: ['return_dp_assigned', 'return_request_cancelled'],
  out_for_pickup: ['return_bag_picked', 'return_bag_not_picked'],
  return_bag_not_picked: ['out_for_pickup', 'return_request_cancelled'],
  return_bag_picked: ['return_bag_in_transit'],
  return_bag_in_transit: ['return_bag_delivered', 'return_bag_lost'],
  return_bag_delivered: ['return_accepted', 'return_rejected_by_store'],
  return_bag_lost: ['refund_initiated'],
  return_accepted: ['credit_note_generated'],
  return_rejected_by_store: ['deadstock'],
  deadstock: [],
  credit_note_generated: ['refund_initiated'],
  refund_initiated: ['refund_done'],
  refund_done: [],
}

/** Attempts to deliver before the parcel goes home (facts/fynd.md 7.1). */
export const deliveryAttemptsMax = 3

/** The usual way of a bag that everybody plays along with. Acts may pass states of it in one step. */
const wayOut: readonly BagStatus[] = [
  'bag_confirmed',
  'bag_invoiced',
  'dp_assigned',
  'bag_packed',
  'bag_picked',
  'out_for_delivery',
  'delivery_done',
]

/** Home to the store, when nobody took the parcel: it has left the store first. */
const wayHome: readonly BagStatus[] = [
  ...wayOut.slice(0, wayOut.indexOf('bag_picked') + 1),
  'rto_initiated',
  'rto_in_transit',
  'rto_bag_delivered',
  'rto_bag_accepted',
]

/** Back to the store, once the customer has asked for it. */
const wayBack: readonly BagStatus[] = [
  'return_dp_assigned',
  'out_for_pickup',
  'return_bag_picked',
  'return_bag_in_transit',
  'return_bag_delivered',
  'return_accepted',
]

const routes = [wayOut, wayHome, wayBack]

/** States that an act reaches only by one legal step: payment, refusals, reassignment and the customer's own calls are never passed. */
const directOnly: ReadonlySet<BagStatus> = new Set([
  'placed',
  'payment_failed',
  'bag_not_confirmed',
  'store_reassigned',
  'product_not_available',
  'cancelled_customer',
  'cancelled_fynd',
  'return_initiated',
  'return_request_cancelled',
  'deadstock',
  'credit_note_generated',
  'refund_initiated',
  'refund_done',
])

export interface Position {
  status: BagStatus
  deliveryAttempts: number
}

/** May a bag take this one step? The third failed attempt was the last: then it goes home. */
export const isLegalStep = (from: Position, to: BagStatus): boolean =>
  transitions[from.status].includes(to) &&
  !(
    from.status === 'delivery_attempt_failed' &&
    to === 'out_for_delivery' &&
    from.deliveryAttempts >= deliveryAttemptsMax
  )

/**
 * The states a bag enters on its way to `to`, `to` last; undefined when there is no legal way. One step if that is legal, else along a
 * usual route (facts/fynd.md 5.3: an act may pass through intermediate forward states). `inFull` takes the route even where a
 * shorter step is legal, so that every event of the story is told.
 */
export function planSteps(from: Position, to: BagStatus, inFull = false): BagStatus[] | undefined {
  const isShort = isLegalStep(from, to)
  if (isShort && !(inFull && routes.some((route) => route.includes(to)))) return [to]
  if (directOnly.has(to)) return undefined
  for (const route of routes) {
    const steps = walk(route, from, to)
    if (steps) return steps
  }
  return undefined
}

/** Along one route, with one step off it at the end if need be. */
function walk(route: readonly BagStatus[], from: Position, to: BagStatus): BagStatus[] | undefined {
  const entry = route.findIndex((status) => isLegalStep(from, status))
  if (entry < 0) return undefined
  const steps: BagStatus[] = []
  for (const status of route.slice(entry)) {
    steps.push(status)
    if (status === to) return steps
    if (!route.includes(to) && transitions[status].includes(to)) return [...steps, to]
  }
  return undefined
}

/** Where FYND's own cancellation leads: from a refused bag by way of `product_not_available`. */
export function planCancellation(from: Position): BagStatus[] | undefined {
  if (isLegalStep(from, 'cancelled_fynd')) return ['cancelled_fynd']
  if (from.status === 'bag_not_confirmed') return ['product_not_available', 'cancelled_fynd']
  return undefined
}

/** Where a bag is: on its way to the customer or not yet, going home (RTO), with the customer, coming back, or at its end. */
export type Journey = 'out' | 'home' | 'delivered' | 'back' | 'ended'

export function journeyOf(status: BagStatus): Journey {
  if (delivered.has(status)) return 'delivered'
  if (ended.has(status)) return 'ended'
  if (status.startsWith('rto_')) return 'home'
  return status.startsWith('return_') || status === 'out_for_pickup' ? 'back' : 'out'
}

/** With the customer: from here a return may begin. */
const delivered: ReadonlySet<BagStatus> = new Set([
  'delivery_done',
  'handed_over_to_customer',
  'return_request_cancelled',
])

/** Nothing more happens to the goods; the money may still be on its way. */
const ended: ReadonlySet<BagStatus> = new Set([
  'bag_lost',
  'cancelled_customer',
  'cancelled_fynd',
  'rto_bag_accepted',
  'rto_bag_lost',
  'return_bag_lost',
  'return_accepted',
  'deadstock',
  'credit_note_generated',
  'refund_initiated',
  'refund_done',
])

/** From a shipment of several bags, may some go into this state alone? Then the shipment splits (facts/fynd.md F7, `can_break`). */
export const breakingStates: Readonly<Partial<Record<BagStatus, boolean>>> = {
  bag_confirmed: true,
  bag_not_confirmed: true,
  cancelled_customer: true,
  // Partner: true in one sample, false in another.
  cancelled_fynd: true,
  return_initiated: true,
  return_request_cancelled: false,
}

/** The wire name of the event that a state emits to the channel; states without one show only on the order page (6.1). */
export const eventOf: Partial<Readonly<Record<BagStatus, string>>> = {
  placed: 'ORDER_PLACED',
  bag_confirmed: 'BAG_CONFIRMED',
  dp_assigned: 'DELIVERY_PARTNER_ASSIGNED',
  bag_picked: 'BAG_PICKED',
  out_for_delivery: 'OUT_FOR_DELIVERY',
  delivery_done: 'DELIVERY_DONE',
  handed_over_to_customer: 'DELIVERY_DONE',
  cancelled_customer: 'CUSTOMER_CANCELLED',
  cancelled_fynd: 'FYND_CANCELLED',
  return_initiated: 'BAG_RETURN_INITIATED',
  out_for_pickup: 'OUT_FOR_PICKUP',
  return_accepted: 'RETURN_APPROVED',
  refund_initiated: 'REFUND_INITIATED',
  rto_in_transit: 'RTO_BAG_IN_TRANSIT',
  rto_bag_accepted: 'RTO_BAG_APPROVED',
}
