import { z } from 'zod'
import { defineWebhookFault } from '../fault.ts'
import { attempts, countOf } from './attempts.ts'
import { parseObject } from './rewrite-body.ts'

/** What a proxy makes of JSON: the same values in other bytes. A receiver that hashes the raw body cannot verify it. */
export const bodyReserialised = defineWebhookFault({
  name: 'body-reserialised',
  about:
    'The body is written anew after signing: the same JSON with spaces, so the signature fits other bytes.',
  options: z.object({ attempts }),
  apply: (plan, { options }) =>
    plan.map((delivery) => {
      const parsed = parseObject(delivery.body)
      if (parsed === undefined) return delivery
      const body = JSON.stringify(parsed, null, 1)
      return {
        ...delivery,
        tamper: { ...delivery.tamper, body, attempts: countOf(options.attempts) },
      }
    }),
})
