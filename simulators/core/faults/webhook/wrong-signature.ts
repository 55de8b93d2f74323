import { z } from 'zod'
import { defineWebhookFault } from '../fault.ts'
import { attempts, countOf } from './attempts.ts'

export const wrongSignature = defineWebhookFault({
  name: 'wrong-signature',
  about: 'Signs the first attempts with another secret; a later retry is signed well.',
  options: z.object({ attempts }),
  apply: (plan, { options }) =>
    plan.map((delivery) => ({
      ...delivery,
      wrongSignatures: countOf(options.attempts),
    })),
})
