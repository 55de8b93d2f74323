import { z } from 'zod'
import { duration } from '../duration.ts'
import { defineWebhookFault } from '../fault.ts'

export const duplicate = defineWebhookFault({
  name: 'duplicate',
  about: 'Delivers the same event more than once, as at-least-once partners do.',
  options: z.object({
    copies: z.int().min(1).max(10).default(1),
    /** Between one copy and the next. */
    gap: duration.prefault('0ms'),
  }),
  apply: (plan, { options }) =>
    plan.flatMap((delivery) =>
      Array.from({ length: options.copies + 1 }, (_, copy) => ({
        ...delivery,
        dueMs: delivery.dueMs + copy * options.gap,
      })),
    ),
})
