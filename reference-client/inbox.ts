import type { Site } from './site.ts'

/** A partner's event as the inbox keeps it: taken once, by the sender's own id. */
export type TakenEvent = {
  source: string
  eventId: string
  event: string
  orderId: string | null
  outcome: string
}

/** True when this event was taken before, and repeats are harmless on this website. */
export function isTaken(site: Site, source: string, eventId: string): boolean {
  if (site.switches.webhook_events === 'naive') return false
  return (
    site.storage.get('SELECT 1 FROM inbox WHERE source = ? AND event_id = ?', source, eventId) !==
    undefined
  )
}

/** Keeps an event; in the transaction that applies it. */
export function keepTaken(site: Site, taken: TakenEvent) {
  site.storage.run(
    `INSERT OR IGNORE INTO inbox (source, event_id, event, order_id, outcome, received_at) VALUES (?, ?, ?, ?, ?, ?)`,
    taken.source,
    taken.eventId,
    taken.event,
    taken.orderId,
    taken.outcome,
    site.nowMs(),
  )
}
