import { z } from 'zod'
import { duration } from '../duration.ts'
import { defineWebhookFault } from '../fault.ts'

export const delay = defineWebhookFault({
  name: 'delay',
  about: 'Delivers the event later; what is emitted meanwhile overtakes it.',
  options: z.object({ by: duration }),
  apply: (plan, { options }) =>
    plan.map((delivery) => ({ ...delivery, dueMs: delivery.dueMs + options.by })),
})
