import { z } from 'zod'
import { duration } from '../duration.ts'
import { defineHttpFault } from '../fault.ts'
import { standardNormal } from './standard-normal.ts'

const profile = z
  .record(z.string(), duration)
  .refine((given) => Object.keys(given).length > 0, 'Name at least one percentile.')
  .refine(
    (given) => Object.keys(given).every((key) => Number(key) > 0 && Number(key) <= 100),
    'Percentiles are numbers above 0 and at most 100, for example { 50: 100ms, 99: 2s }.',
  )
  .transform((given) =>
    Object.entries(given)
      .map(([key, delayMs]) => ({ share: Number(key) / 100, delayMs }))
      .sort((a, b) => a.share - b.share),
  )

const kinds = ['fixed', 'range', 'logNormal', 'percentiles'] as const

/** Whole milliseconds, all from the one draw: a larger draw is never a shorter delay. */
export const latency = defineHttpFault({
  name: 'latency',
  about: 'Answers correctly, but late.',
  options: z
    .object({
      fixed: duration.optional(),
      range: z.tuple([duration, duration]).optional(),
      logNormal: z
        .strictObject({ median: duration, sigma: z.number().min(0).max(5).default(0.5) })
        .optional(),
      percentiles: profile.optional(),
      /** No delay is longer. */
      max: duration.optional(),
    })
    .refine(
      (given) => kinds.filter((kind) => given[kind] !== undefined).length === 1,
      `Give exactly one of ${kinds.join(', ')}.`,
    ),
  apply: (plan, { options, draw }) => {
    const { fixed, range, logNormal, percentiles, max } = options
    let delayMs = fixed ?? 0
    if (range) delayMs = range[0] + draw * (range[1] - range[0])
    if (logNormal) delayMs = logNormal.median * Math.exp(logNormal.sigma * standardNormal(draw))
    if (percentiles) delayMs = atPercentile(percentiles, draw)
    return { ...plan, holdMs: plan.holdMs + Math.round(Math.min(delayMs, max ?? delayMs)) }
  },
})

/** A straight line between the named points, from no delay at 0; beyond the last point its value. */
function atPercentile(points: { share: number; delayMs: number }[], draw: number): number {
  let before = { share: 0, delayMs: 0 }
  for (const point of points) {
    if (draw < point.share) {
      const part = (draw - before.share) / (point.share - before.share)
      return before.delayMs + part * (point.delayMs - before.delayMs)
    }
    before = point
  }
  return before.delayMs
}
