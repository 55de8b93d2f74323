import { defineWebhookFault } from '../fault.ts'
import { strangerOptions, withStrangers } from './stranger.ts'

export const otherAccount = defineWebhookFault({
  name: 'other-account',
  about:
    'Besides each event comes one of another website: its account and its order, signed with the key of this one.',
  options: strangerOptions,
  apply: (plan, { options, names }) =>
    withStrangers(plan, options.keys ?? [...(names.account ?? []), ...(names.order ?? [])], {
      besides: options.besides,
      salt: 'other-account',
    }),
})
