import { defineWebhookFault } from '../fault.ts'
import { strangerOptions, withStrangers } from './stranger.ts'

export const unknownOrder = defineWebhookFault({
  name: 'unknown-order',
  about:
    'Besides each event comes one about an order that the receiver does not have, signed well.',
  options: strangerOptions,
  apply: (plan, { options, names }) =>
    withStrangers(plan, options.keys ?? names.order ?? [], {
      besides: options.besides,
      salt: 'unknown-order',
    }),
})
