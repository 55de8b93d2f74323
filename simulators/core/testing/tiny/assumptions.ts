import { z } from 'zod'

/** What no source tells, behind one named switch each. */
export const tinyAssumptions = z.object({
  keep_minutes: z.int().min(1).default(60).describe('How long an item is kept for a shop.'),
  retry_ladder_ms: z
    .array(z.int().min(0))
    .default([1_000, 60_000])
    .describe('Gaps after failed attempts of a webhook, in milliseconds.'),
})

export type TinyAssumptions = z.output<typeof tinyAssumptions>
