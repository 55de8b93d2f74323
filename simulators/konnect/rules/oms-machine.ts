/** States of a shipment in the words of Fynd's order management (facts/konnect.md 3.1). */
export type OmsState =
  | 'new'
  | 'placed'
  | 'store_reassigned'
  | 'bag_confirmed'
  | 'bag_invoiced'
  | 'dp_assigned'
  | 'bag_packed'
  | 'bag_not_picked'
  | 'bag_picked'
  | 'out_for_delivery'
  | 'delivery_done'
  | 'handed_over_to_customer'
  | 'cancelled_customer'
  | 'cancelled_fynd'
  | 'cancelled_seller'
  | 'rto_initiated'
  | 'rto_bag_delivered'
  | 'rto_bag_accepted'
  | 'return_initiated'
  | 'return_dp_assigned'
  | 'return_bag_in_transit'
  | 'return_bag_delivered'
  | 'return_bag_accepted'
  | 'credit_note_generated'

/** The twelve words that partners read and ask with. */
export type KonnectStatus =
  | 'CREATED'
  | 'CONFIRMED'
  | 'PROCESSING'
  | 'COMPLETED'
  | 'TRANSIT'
  | 'HANDED_OVER_TO_CUSTOMER'
  | 'DELIVERED'
  | 'RETURN_PROCESSING'
  | 'RETURN_DELIVERED'
  | 'RETURN_COMPLETED'
  | 'CREDIT_NOTE_GENERATED'
  | 'CANCELLED'

/** facts/konnect.md 3.1. `COMPLETED` means packed, not finished. */
export const konnectStatusOf: Readonly<Record<OmsState, KonnectStatus>> = {
  new: 'CREATED',
  placed: 'CREATED',
  store_reassigned: 'CREATED',
  bag_confirmed: 'CONFIRMED',
  bag_invoiced: 'PROCESSING',
  dp_assigned: 'PROCESSING',
  bag_packed: 'COMPLETED',
  bag_not_picked: 'COMPLETED',
  bag_picked: 'TRANSIT',
  // ASSUMED: the courier still has it.
  out_for_delivery: 'TRANSIT',
  delivery_done: 'DELIVERED',
  handed_over_to_customer: 'HANDED_OVER_TO_CUSTOMER',
  cancelled_customer: 'CANCELLED',
  cancelled_fynd: 'CANCELLED',
  cancelled_seller: 'CANCELLED',
  rto_initiated: 'RETURN_PROCESSING',
  rto_bag_delivered: 'RETURN_DELIVERED',
  rto_bag_accepted: 'RETURN_COMPLETED',
  return_initiated: 'RETURN_PROCESSING',
  return_dp_assigned: 'RETURN_PROCESSING',
  return_bag_in_transit: 'RETURN_PROCESSING',
  return_bag_delivered: 'RETURN_DELIVERED',
  return_bag_accepted: 'RETURN_COMPLETED',
  credit_note_generated: 'CREDIT_NOTE_GENERATED',
}

export const konnectStatuses = [...new Set(Object.values(konnectStatusOf))]
export const omsStates = Object.keys(konnectStatusOf) as OmsState[]

const cancelled = ['cancelled_customer', 'cancelled_fynd', 'cancelled_seller'] as const

/** From each state to the next (facts/konnect.md 3.2 to 3.4). */
export const transitions: Readonly<Record<OmsState, readonly OmsState[]>> = {
  new: ['placed', 'store_reassigned', 'bag_confirmed', ...cancelled],
  placed: ['store_reassigned', 'bag_confirmed', ...cancelled],
  store_reassigned: ['store_reassigned', 'bag_confirmed', ...cancelled],
  bag_confirmed: ['bag_invoiced', ...cancelled],
  bag_invoiced: ['dp_assigned', ...cancelled],
  // Self-ship goes straight to bag_picked.
  dp_assigned: ['bag_packed', 'bag_picked', ...cancelled],
  bag_packed: ['bag_picked', 'bag_not_picked', 'handed_over_to_customer', ...cancelled],
  bag_not_picked: ['bag_picked', ...cancelled],
  // Self-ship parcels come home without a word in between.
  bag_picked: ['out_for_delivery', 'delivery_done', 'rto_initiated', 'rto_bag_delivered'],
  out_for_delivery: ['delivery_done', 'rto_initiated'],
  delivery_done: [],
  handed_over_to_customer: [],
  cancelled_customer: [],
  cancelled_fynd: [],
  cancelled_seller: [],
  rto_initiated: ['rto_bag_delivered'],
  rto_bag_delivered: ['rto_bag_accepted'],
  rto_bag_accepted: ['credit_note_generated'],
  return_initiated: ['return_dp_assigned'],
  return_dp_assigned: ['return_bag_in_transit'],
  return_bag_in_transit: ['return_bag_delivered'],
  return_bag_delivered: ['return_bag_accepted'],
  return_bag_accepted: ['credit_note_generated'],
  credit_note_generated: [],
}

const group = (...states: OmsState[]): ReadonlySet<OmsState> => new Set(states)

export const isCreated = group('new', 'placed', 'store_reassigned')
export const isCancelled = group(...cancelled)
/** Invoiced and still in the store, not packed. */
export const isInvoiced = group('bag_invoiced', 'dp_assigned')
export const isPacked = group('bag_packed', 'bag_not_picked')
/** Nothing of the order has been invoiced. */
export const isBeforeInvoice = group('new', 'placed', 'store_reassigned', 'bag_confirmed')
export const isDelivered = group('delivery_done', 'handed_over_to_customer')
/** Back at the seller, waiting for the quality check. */
export const isBack = group('return_bag_delivered', 'rto_bag_delivered')
export const isAccepted = group('return_bag_accepted', 'rto_bag_accepted')

/** States that a self-ship partner may push, and from where (facts/konnect.md 2.29, 3.3). */
export const pushable: Readonly<Record<string, readonly OmsState[]>> = {
  bag_picked: ['dp_assigned', 'bag_packed', 'bag_not_picked'],
  delivery_done: ['bag_picked'],
  rto_bag_delivered: ['bag_picked'],
  return_bag_in_transit: ['return_dp_assigned'],
  return_bag_delivered: ['return_bag_in_transit'],
}

/** The usual way out and the usual ways home; acts that let everybody play along walk these. */
export const routes: readonly (readonly OmsState[])[] = [
  [
    'new',
    'placed',
    'bag_confirmed',
    'bag_invoiced',
    'dp_assigned',
    'bag_packed',
    'bag_picked',
    'out_for_delivery',
    'delivery_done',
  ],
  ['bag_packed', 'handed_over_to_customer'],
  ['bag_picked', 'rto_initiated', 'rto_bag_delivered', 'rto_bag_accepted', 'credit_note_generated'],
  ['out_for_delivery', 'rto_initiated'],
  ['store_reassigned', 'bag_confirmed'],
  ['bag_packed', 'bag_not_picked', 'bag_picked'],
  [
    'return_initiated',
    'return_dp_assigned',
    'return_bag_in_transit',
    'return_bag_delivered',
    'return_bag_accepted',
    'credit_note_generated',
  ],
]

/** States to pass from here to there along the usual routes, the last one included; undefined: there is no usual way. */
export function planRoute(from: OmsState, to: OmsState): OmsState[] | undefined {
  const seen = new Map<OmsState, OmsState[]>([[from, []]])
  const queue: OmsState[] = [from]
  for (let here = queue.shift(); here !== undefined; here = queue.shift()) {
    const path = seen.get(here) ?? []
    if (here === to && path.length > 0) return path
    for (const route of routes) {
      const next = route[route.indexOf(here) + 1]
      if (!route.includes(here) || next === undefined || seen.has(next)) continue
      seen.set(next, [...path, next])
      queue.push(next)
    }
  }
  return undefined
}
