import { z } from 'zod'
import { duration } from '../duration.ts'
import { defineWebhookFault } from '../fault.ts'

/** What is held when the fault is disarmed goes out in its first order; the messenger does that. */
export const burst = defineWebhookFault({
  name: 'burst',
  about:
    'Silence, then all at once: holds events until `size` of them are there, or until the next full `silence`.',
  options: z
    .object({ size: z.int().min(2).max(10_000).optional(), silence: duration.optional() })
    .refine(
      ({ size, silence }) => (size === undefined) !== (silence === undefined),
      'Give exactly one of size, silence.',
    ),
  apply: (plan, { options, held, nowMs }) => {
    const { size, silence } = options
    const mine = plan.filter((delivery) => !delivery.hold)
    if (mine.length === 0) return plan
    if (silence !== undefined) {
      const endMs = silence === 0 ? nowMs : (Math.floor(nowMs / silence) + 1) * silence
      return plan.map((delivery) => ({ ...delivery, dueMs: Math.max(delivery.dueMs, endMs) }))
    }
    const events = new Set([...held, ...mine].map((delivery) => delivery.eventId))
    if (size !== undefined && events.size < size) {
      return plan.map((delivery) => ({ ...delivery, hold: true }))
    }
    const dueMs = Math.max(...mine.map((delivery) => delivery.dueMs))
    return [
      ...held.map((delivery) => ({ ...delivery, dueMs, hold: false })),
      ...plan.map((delivery) => (delivery.hold ? delivery : { ...delivery, dueMs })),
    ]
  },
})
