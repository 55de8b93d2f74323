import { z } from 'zod'
import { Refusal } from '../../refusal.ts'
import { duration } from '../duration.ts'
import { defineHttpFault } from '../fault.ts'

export const rateLimit = defineHttpFault({
  name: 'rate-limit',
  about:
    'Lets `calls` pass in each window of `per`, refuses the rest with 429 and Retry-After in the words of the partner; nothing is done.',
  options: z.object({
    /** 0: every call is refused. */
    calls: z.int().min(0).max(1_000_000).default(0),
    per: duration.prefault('1m'),
    /** Default: until the window ends. */
    retryAfter: duration.optional(),
  }),
  apply: (plan, { options, nowMs, memory }) => {
    const { calls, per, retryAfter } = options
    if (nowMs >= (memory.beganMs ?? Number.NEGATIVE_INFINITY) + per) {
      memory.beganMs = nowMs
      memory.passed = 0
    }
    const { beganMs = nowMs, passed = 0 } = memory
    if (passed < calls) {
      memory.passed = passed + 1
      return plan
    }
    const waitMs = retryAfter ?? beganMs + per - nowMs
    const headers = { 'retry-after': String(Math.ceil(waitMs / 1000)) }
    const refusal = new Refusal('rate-limited', 'Too many calls, come back later', { headers })
    return { ...plan, apply: 'never', instead: refusal }
  },
})
