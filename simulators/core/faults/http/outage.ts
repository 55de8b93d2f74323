import { z } from 'zod'
import { Refusal } from '../../refusal.ts'
import { duration } from '../duration.ts'
import { defineHttpFault } from '../fault.ts'

export const outage = defineHttpFault({
  name: 'outage',
  about:
    'The partner is down: 503 in its own words, a reset or a hang; nothing is done. Ends with `until`, for example 10m.',
  options: z.object({
    as: z.enum(['unavailable', 'reset', 'hang']).default('unavailable'),
    retryAfter: duration.optional(),
  }),
  apply: (plan, { options }) => {
    const down = { ...plan, apply: 'never' } as const
    if (options.as !== 'unavailable') return { ...down, transport: { kind: options.as } }
    const seconds =
      options.retryAfter === undefined ? undefined : Math.ceil(options.retryAfter / 1000)
    const headers = seconds === undefined ? {} : { 'retry-after': String(seconds) }
    return { ...down, instead: new Refusal('unavailable', 'Service unavailable', { headers }) }
  },
})
