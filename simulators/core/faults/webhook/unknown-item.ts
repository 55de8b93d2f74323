import { defineWebhookFault } from '../fault.ts'
import { strangerOptions, withStrangers } from './stranger.ts'

export const unknownItem = defineWebhookFault({
  name: 'unknown-item',
  about: 'Besides each event comes one about an item that the receiver does not have, signed well.',
  options: strangerOptions,
  apply: (plan, { options, names }) =>
    withStrangers(plan, options.keys ?? names.item ?? [], {
      besides: options.besides,
      salt: 'unknown-item',
    }),
})
