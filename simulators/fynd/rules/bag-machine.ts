/** States of a bag that are simulated so far: the way out to the customer, and cancellation by FYND (facts/fynd.md 5.3). */
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
  | 'cancelled_fynd'
  | 'refund_initiated'

/** From each state to the next, as facts/fynd.md 5.3 has it; what leads into states not simulated yet is left out. */
export const transitions: Readonly<Record<BagStatus, readonly BagStatus[]>> = {
  pending: ['placed', 'payment_failed', 'cancelled_fynd'],
  payment_failed: ['placed'],
  placed: ['bag_confirmed', 'bag_not_confirmed', 'product_not_available', 'cancelled_fynd'],
  bag_not_confirmed: ['store_reassigned', 'product_not_available'],
  store_reassigned: ['bag_confirmed', 'bag_not_confirmed'],
  product_not_available: ['cancelled_fynd'],
  bag_confirmed: ['bag_invoiced', 'handed_over_to_customer', 'cancelled_fynd'],
  bag_invoiced: ['dp_assigned', 'dp_not_assigned', 'cancelled_fynd'],
  dp_not_assigned: ['dp_assigned', 'cancelled_fynd'],
  dp_assigned: ['bag_packed', 'bag_picked', 'cancelled_fynd'],
  bag_packed: ['bag_picked', 'bag_not_picked'],
  bag_not_picked: ['bag_picked', 'cancelled_fynd'],
  bag_picked: ['out_for_delivery', 'bag_lost', 'delivery_done'],
  out_for_delivery: ['delivery_done', 'delivery_attempt_failed', 'rejected_by_customer'],
  delivery_attempt_failed: ['out_for_delivery'],
  rejected_by_customer: [],
  bag_lost: ['refund_initiated'],
  delivery_done: [],
  handed_over_to_customer: [],
  cancelled_fynd: ['refund_initiated'],
  refund_initiated: [],
}

/** Attempts to deliver before the parcel goes home (facts/fynd.md 7.1). */
export const deliveryAttemptsMax = 3

/** The usual way of a bag that everybody plays along with. Acts may pass states of it in one step. */
const route: readonly BagStatus[] = [
  'bag_confirmed',
  'bag_invoiced',
  'dp_assigned',
  'bag_packed',
  'bag_picked',
  'out_for_delivery',
  'delivery_done',
]

/** States that an act reaches only by one legal step: payment, refusals and reassignment are never passed. */
const directOnly: ReadonlySet<BagStatus> = new Set([
  'placed',
  'payment_failed',
  'bag_not_confirmed',
  'store_reassigned',
  'product_not_available',
  'cancelled_fynd',
  'refund_initiated',
])

export interface Position {
  status: BagStatus
  deliveryAttempts: number
}

/** May a bag take this one step? The third failed attempt was the last. */
export const isLegalStep = (from: Position, to: BagStatus): boolean =>
  transitions[from.status].includes(to) &&
  !(from.status === 'delivery_attempt_failed' && from.deliveryAttempts >= deliveryAttemptsMax)

/**
 * The states a bag enters on its way to `to`, `to` last; undefined when there is no legal way. One step if that is legal, else along the
 * usual route (facts/fynd.md 5.3: an act may pass through intermediate forward states). `inFull` takes the route even where a
 * shorter step is legal, so that every event of the story is told.
 */
export function planSteps(from: Position, to: BagStatus, inFull = false): BagStatus[] | undefined {
  const isShort = isLegalStep(from, to)
  if (isShort && !(inFull && route.includes(to))) return [to]
  if (directOnly.has(to)) return undefined
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

/** The wire name of the event that a state emits to the channel; states without one show only on the order page (6.1). */
export const eventOf: Partial<Readonly<Record<BagStatus, string>>> = {
  placed: 'ORDER_PLACED',
  bag_confirmed: 'BAG_CONFIRMED',
  dp_assigned: 'DELIVERY_PARTNER_ASSIGNED',
  bag_picked: 'BAG_PICKED',
  out_for_delivery: 'OUT_FOR_DELIVERY',
  delivery_done: 'DELIVERY_DONE',
  handed_over_to_customer: 'DELIVERY_DONE',
  cancelled_fynd: 'FYND_CANCELLED',
  refund_initiated: 'REFUND_INITIATED',
}
