import type { Breach, Invariant } from '../invariant.ts'
import type { DeliveryTotals } from '../views.ts'

const name = 'deliveries-accounted'

export const deliveriesAccounted: Invariant = {
  name,
  law: 'Every delivery ended in a 2xx, in a fault that was asked for, or in a named dead letter.',
  holdsFor: 'every partner that calls the shop',
  needs: ['deliveries'],
  check: (input) =>
    Object.entries(input.deliveries ?? {}).flatMap(([partner, totals]) => [
      ...unfinished(partner, totals),
      ...unnamed(partner, totals),
      ...swallowed(partner, totals),
    ]),
}

const sum = (counts: Record<string, number>) =>
  Object.values(counts).reduce((total, count) => total + count, 0)

function unfinished(partner: string, totals: DeliveryTotals): Breach[] {
  const open = Object.entries(totals.open).filter(([, count]) => count > 0)
  if (open.length === 0) return []
  const states = open.map(([state, count]) => `${count} ${state}`).join(', ')
  const ids = totals.open_ids?.length ? ` (${totals.open_ids.join(', ')})` : ''
  return [
    {
      invariant: name,
      partner,
      subject: 'deliveries that never ended',
      message: `Deliveries of ${partner} never ended: ${states}${ids}.`,
      expected: 0,
      found: sum(totals.open),
    },
  ]
}

function unnamed(partner: string, totals: DeliveryTotals): Breach[] {
  const count = (totals.by_fault[''] ?? 0) + (totals.by_dead_letter[''] ?? 0)
  if (count === 0) return []
  return [
    {
      invariant: name,
      partner,
      subject: 'deliveries without a reason',
      message: `${count} deliveries of ${partner} were given up, and no fault or dead letter is named.`,
      expected: 0,
      found: count,
    },
  ]
}

function swallowed(partner: string, totals: DeliveryTotals): Breach[] {
  const found =
    totals.delivered + sum(totals.by_fault) + sum(totals.by_dead_letter) + sum(totals.open)
  if (found === totals.total) return []
  return [
    {
      invariant: name,
      partner,
      subject: 'deliveries in all',
      message: `${partner} put ${totals.total} deliveries in its outbox, and ${found} are accounted for.`,
      expected: totals.total,
      found,
    },
  ]
}
