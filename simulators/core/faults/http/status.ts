import { z } from 'zod'
import type { Answer } from '../../answer.ts'
import { duration } from '../duration.ts'
import { defineHttpFault } from '../fault.ts'

/** HTTP forbids a body with these. */
const bodiless = [204, 205, 304]

export const status = defineHttpFault({
  name: 'status',
  about:
    'Answers with this status instead of doing what was asked; `applied` does it all the same.',
  options: z
    .object({
      status: z.int().min(200).max(599),
      /** An object or list leaves as JSON, text as it is. None: an empty body. */
      body: z
        .union([z.string(), z.record(z.string(), z.unknown()), z.array(z.unknown())])
        .optional(),
      /** Of a text body. */
      contentType: z.string().default('text/plain; charset=utf-8'),
      /** Seconds, or a duration. */
      retryAfter: z
        .union([z.int().min(0), duration.transform((ms) => Math.ceil(ms / 1000))])
        .optional(),
      applied: z.boolean().default(false),
    })
    .refine(
      (given) => given.body === undefined || !bodiless.includes(given.status),
      `The statuses ${bodiless.join(', ')} have no body.`,
    ),
  apply: (plan, { options }) => {
    const instead: Answer = { status: options.status }
    if (typeof options.body === 'string') {
      instead.text = options.body
      instead.contentType = options.contentType
    } else if (options.body !== undefined) {
      instead.json = options.body
    }
    if (options.retryAfter !== undefined) {
      instead.headers = { 'retry-after': String(options.retryAfter) }
    }
    return { ...plan, apply: options.applied ? plan.apply : 'never', instead }
  },
})
