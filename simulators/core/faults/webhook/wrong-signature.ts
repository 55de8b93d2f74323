import { z } from 'zod'
import { defineWebhookFault } from '../fault.ts'

/** As good as every attempt: no ladder is longer. */
const allAttempts = 1_000

export const wrongSignature = defineWebhookFault({
  name: 'wrong-signature',
  about: 'Signs the first attempts with another secret; a later retry is signed well.',
  options: z.object({
    attempts: z.union([z.int().min(1).max(allAttempts), z.literal('all')]).default(1),
  }),
  apply: (plan, { options }) =>
    plan.map((delivery) => ({
      ...delivery,
      wrongSignatures: options.attempts === 'all' ? allAttempts : options.attempts,
    })),
})
