import type { Bag, Order, Shipment } from '../state.ts'
import { type BagStatus, journeyOf, transitions } from './bag-machine.ts'
import { trackingSteps } from './display.ts'

export const bagsOf = (order: Order, shipment: Shipment): Bag[] =>
  order.bags.filter((bag) => bag.shipmentId === shipment.id)

/** How far a state is from the beginning; the order of the machine's table is the order of the story. */
const progress = new Map(Object.keys(transitions).map((status, index) => [status, index]))

/** The least advanced status among the bags that are still active, else among all (facts/fynd.md 5.3). */
export function shipmentStatus(bags: readonly Bag[]): BagStatus {
  const active = bags.filter((bag) => journeyOf(bag.status) !== 'ended')
  const counted = active.length > 0 ? active : bags
  const statuses = counted.map((bag) => bag.status)
  statuses.sort((a, b) => (progress.get(a) ?? 0) - (progress.get(b) ?? 0))
  const [least] = statuses
  if (!least) throw new Error('A shipment without bags has no status')
  return least
}

export interface TrackingStep {
  status: BagStatus
  /** Undefined: not reached yet. */
  atMs: number | undefined
  isCurrent: boolean
}

/**
 * What the customer sees of a shipment: the six usual steps with the time each was reached. When the story went another way (cancelled, RTO,
 * return, lost), the steps that were never reached fall away and those that happened instead follow.
 */
export function trackingOf(bags: readonly Bag[]): TrackingStep[] {
  const shown = shipmentStatus(bags)
  const bag = bags.find((each) => each.status === shown)
  const reached = new Map<BagStatus, number>()
  for (const { status, atMs } of bag?.history ?? []) reached.set(status, atMs)
  // Fetched in the store: that is its delivery.
  const handedOverMs = reached.get('handed_over_to_customer')
  if (handedOverMs !== undefined) reached.set('delivery_done', handedOverMs)
  const isUsual = ['out', 'delivered'].includes(journeyOf(shown)) && !isDetour(shown)
  const usual = trackingSteps.filter((status) => isUsual || reached.has(status))
  const detours = [...reached.keys()].filter((status) => isDetour(status))
  const list: BagStatus[] = isUsual ? usual : [...usual, ...detours]
  const passed = list.filter((status) => reached.has(status))
  const current = passed.at(-1)
  return list.map((status) => ({
    status,
    atMs: reached.get(status),
    isCurrent: status === current,
  }))
}

/** States besides the usual way that a customer is shown. */
const isDetour = (status: BagStatus): boolean =>
  ['home', 'back', 'ended'].includes(journeyOf(status)) || status === 'return_request_cancelled'
