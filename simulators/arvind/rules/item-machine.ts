/**
 * States of an item (facts/arvind.md 4.2). ACCEPTED and BOOKED come before the first consignment and, like ASSIGNED, are never told to the
 * shop; the others are wire words.
 */
export type ItemStatus =
  | 'ACCEPTED'
  | 'BOOKED'
  | 'ASSIGNED'
  | 'INVOICED'
  | 'PACKED'
  | 'SHIPPED'
  | 'OUT_FOR_DELIVERY'
  | 'DELIVERED'
  | 'CANCELLED'
  | 'UNFULFILLED'
  | 'UNDELIVERED'
  | 'RTO_INITIATED'
  | 'RTO_RECEIVED'
  | 'RETURN_REQUESTED'
  | 'RETURN_PICKED'
  | 'RETURN_RECEIVED'
  | 'RETURN_QC_FAILED'
  | 'REFUND_INITIATED'
  | 'REFUNDED'

/** From each state to the next. ASSIGNED follows itself when an item is given to another centre. */
export const transitions: Readonly<Record<ItemStatus, readonly ItemStatus[]>> = {
  ACCEPTED: ['BOOKED', 'UNFULFILLED', 'CANCELLED'],
  BOOKED: ['ASSIGNED', 'CANCELLED'],
  ASSIGNED: ['ASSIGNED', 'INVOICED', 'UNFULFILLED', 'CANCELLED'],
  INVOICED: ['PACKED', 'CANCELLED'],
  PACKED: ['SHIPPED', 'CANCELLED'],
  SHIPPED: ['OUT_FOR_DELIVERY'],
  OUT_FOR_DELIVERY: ['DELIVERED', 'UNDELIVERED'],
  DELIVERED: ['RETURN_REQUESTED'],
  CANCELLED: [],
  UNFULFILLED: [],
  UNDELIVERED: ['OUT_FOR_DELIVERY', 'RTO_INITIATED'],
  RTO_INITIATED: ['RTO_RECEIVED'],
  RTO_RECEIVED: [],
  RETURN_REQUESTED: ['RETURN_PICKED'],
  RETURN_PICKED: ['RETURN_RECEIVED'],
  RETURN_RECEIVED: ['REFUND_INITIATED', 'RETURN_QC_FAILED'],
  RETURN_QC_FAILED: [],
  REFUND_INITIATED: ['REFUNDED'],
  REFUNDED: [],
}

/** The statuses that the seed lists: the way to the customer's door. */
export const forwardStatuses = [
  'INVOICED',
  'PACKED',
  'SHIPPED',
  'OUT_FOR_DELIVERY',
  'DELIVERED',
] as const satisfies readonly ItemStatus[]

/** Every status that has a webhook; the names of the events. */
export const toldStatuses = [
  ...forwardStatuses,
  'CANCELLED',
  'UNFULFILLED',
  'UNDELIVERED',
  'RTO_INITIATED',
  'RTO_RECEIVED',
  'RETURN_REQUESTED',
  'RETURN_PICKED',
  'RETURN_RECEIVED',
  'RETURN_QC_FAILED',
  'REFUND_INITIATED',
  'REFUNDED',
] as const satisfies readonly ItemStatus[]

export const isTold = (status: ItemStatus, scope: 'forward' | 'all'): boolean =>
  (scope === 'forward' ? forwardStatuses : (toldStatuses as readonly ItemStatus[])).some(
    (told) => told === status,
  )

/** States that an act may pass on its way: what happens when everybody plays along. Never a failure, a refusal or the customer's door. */
const passable: ReadonlySet<ItemStatus> = new Set([
  'INVOICED',
  'PACKED',
  'SHIPPED',
  'OUT_FOR_DELIVERY',
  'RTO_INITIATED',
  'RETURN_PICKED',
  'RETURN_RECEIVED',
  'REFUND_INITIATED',
] satisfies ItemStatus[])

/** The states an item enters on its way to `to`, `to` last; undefined when there is no legal way. */
export function planSteps(from: ItemStatus, to: ItemStatus): ItemStatus[] | undefined {
  const ways: ItemStatus[][] = transitions[from].map((next) => [next])
  for (let way = ways.shift(); way; way = ways.shift()) {
    const last = way.at(-1) as ItemStatus
    if (last === to) return way
    if (!passable.has(last)) continue
    for (const next of transitions[last]) if (!way.includes(next)) ways.push([...way, next])
  }
  return undefined
}

/** States before a consignment exists: an order is still to be booked. */
export const isUnassigned = (status: ItemStatus): boolean =>
  status === 'ACCEPTED' || status === 'BOOKED'

/** Not moved beyond packed: can be cancelled (facts/arvind.md 4.2). */
export const isBeforeShipment = (status: ItemStatus): boolean =>
  transitions[status].includes('CANCELLED')

/** On its way back, or back already. */
export const isInReturn = (status: ItemStatus): boolean =>
  status.startsWith('RETURN_') || status === 'REFUND_INITIATED' || status === 'REFUNDED'
