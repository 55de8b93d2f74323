import type { Delivery } from '../messenger/delivery.ts'
import type { DeliveryTotals } from './views.ts'

/** How many ids of open deliveries a report names. */
const openIdsMax = 5

/** Counts a ledger by partner for the judge. One that was given up without a reason is counted under the name ''. */
export function countDeliveries(deliveries: Iterable<Delivery>): Record<string, DeliveryTotals> {
  const byPartner = new Map<string, DeliveryTotals>()
  for (const delivery of deliveries) {
    let totals = byPartner.get(delivery.partner)
    if (!totals) {
      totals = { total: 0, delivered: 0, by_fault: {}, by_dead_letter: {}, open: {}, open_ids: [] }
      byPartner.set(delivery.partner, totals)
    }
    totals.total += 1
    count(totals, delivery)
  }
  return Object.fromEntries(byPartner)
}

function count(totals: DeliveryTotals, delivery: Delivery): void {
  const { state } = delivery
  if (state === 'delivered') totals.delivered += 1
  else if (state === 'dropped') add(totals.by_fault, delivery.faults.at(-1) ?? '')
  else if (state === 'dead' || state === 'disabled') {
    // The last attempt of a ladder that blocks its subscriber is a dead letter by that name, too.
    const name = delivery.deadLetter ?? (state === 'disabled' ? 'ladder-ended' : '')
    add(totals.by_dead_letter, name)
  } else {
    add(totals.open, state)
    if (totals.open_ids && totals.open_ids.length < openIdsMax) totals.open_ids.push(delivery.id)
  }
}

function add(counts: Record<string, number>, name: string): void {
  counts[name] = (counts[name] ?? 0) + 1
}
