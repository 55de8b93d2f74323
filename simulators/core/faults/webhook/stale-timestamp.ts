import { z } from 'zod'
import { duration } from '../duration.ts'
import { defineWebhookFault } from '../fault.ts'
import { rewriteBody } from './rewrite-body.ts'

export const staleTimestamp = defineWebhookFault({
  name: 'stale-timestamp',
  about:
    'The event says that it happened earlier than it did, by `by`; it is signed well and comes in time.',
  options: z.object({
    by: duration.prefault('6h'),
    /** Keys of the body that hold times; default: those of the partner. */
    keys: z.array(z.string().min(1)).min(1).optional(),
  }),
  apply: (plan, { options, names }) => {
    const keys = options.keys ?? names.times ?? []
    return plan.map((delivery) => ({
      ...delivery,
      body: rewriteBody(delivery.body, (key, value) =>
        keys.includes(key) ? earlier(value, options.by) : value,
      ),
    }))
  },
})

/** Epoch numbers below this are seconds (the year 5138), those above milliseconds (from 1973 on). */
const secondsMax = 100_000_000_000

const isoForm = /^(\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2})(.*)$/

/** A time in the same form; what is no time stays. */
function earlier(value: unknown, byMs: number): unknown {
  if (typeof value === 'number') return value < secondsMax ? value - byMs / 1000 : value - byMs
  const [, local, rest] = typeof value === 'string' ? (isoForm.exec(value) ?? []) : []
  if (local === undefined) return value
  const atMs = Date.parse(`${local}Z`)
  if (Number.isNaN(atMs)) return value
  return `${new Date(atMs - byMs).toISOString().slice(0, 19)}${rest}`
}
