import { z } from 'zod'
import { defineWebhookFault } from '../fault.ts'
import { attempts, countOf } from './attempts.ts'
import { parseObject, rewriteBody } from './rewrite-body.ts'

export const mutatedBody = defineWebhookFault({
  name: 'mutated-body',
  about: 'Somebody changes the body after signing; a receiver that checks the signature notices.',
  options: z.object({
    /** Values by key, wherever it occurs; default: a key `tampered` is added. */
    set: z.record(z.string(), z.union([z.string(), z.number(), z.boolean(), z.null()])).optional(),
    attempts,
  }),
  apply: (plan, { options }) =>
    plan.map((delivery) => {
      const { set } = options
      const body = set
        ? rewriteBody(delivery.body, (key, value) => (Object.hasOwn(set, key) ? set[key] : value))
        : addMark(delivery.body)
      return {
        ...delivery,
        tamper: { ...delivery.tamper, body, attempts: countOf(options.attempts) },
      }
    }),
})

function addMark(body: string): string {
  const parsed = parseObject(body)
  return parsed ? JSON.stringify({ ...parsed, tampered: true }) : `${body} `
}
