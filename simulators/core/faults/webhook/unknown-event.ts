import { z } from 'zod'
import { defineWebhookFault } from '../fault.ts'
import { asAnotherEvent, rewriteBody } from './rewrite-body.ts'

export const unknownEvent = defineWebhookFault({
  name: 'unknown-event',
  about: 'Besides each event comes one under a name that no document knows, signed well.',
  options: z.object({
    event: z.string().min(1).max(100).default('SOMETHING_NEW'),
    /** The real event is delivered too. */
    besides: z.boolean().default(true),
  }),
  apply: (plan, { options }) =>
    plan.flatMap((delivery) => {
      const { event } = options
      const body = rewriteBody(delivery.body, (_key, value) =>
        value === delivery.event ? event : value,
      )
      const stranger = asAnotherEvent({ ...delivery, event, body }, 'unknown-event')
      return options.besides ? [delivery, stranger] : [stranger]
    }),
})
