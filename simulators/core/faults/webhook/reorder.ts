import { z } from 'zod'
import { defineWebhookFault } from '../fault.ts'

/** What is held when the fault is disarmed goes out in its first order; the messenger does that. */
export const reorder = defineWebhookFault({
  name: 'reorder',
  about: 'Holds events until `size` of them are there, then delivers them in reverse.',
  options: z.object({ size: z.int().min(2).max(100).default(2) }),
  apply: (plan, { options, held }) => {
    const mine = plan.filter((delivery) => !delivery.hold)
    if (mine.length === 0) return plan
    const events = new Set([...held, ...mine].map((delivery) => delivery.eventId))
    if (events.size < options.size) {
      return plan.map((delivery) => ({ ...delivery, hold: true }))
    }
    // One time for all of them: then their place in the list decides.
    const dueMs = Math.max(...mine.map((delivery) => delivery.dueMs))
    const released = [...held, ...mine].reverse()
    return [
      ...plan.filter((delivery) => delivery.hold),
      ...released.map((delivery) => ({ ...delivery, dueMs, hold: false })),
    ]
  },
})
