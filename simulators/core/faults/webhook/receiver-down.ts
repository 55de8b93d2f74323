import { z } from 'zod'
import { defineWebhookFault } from '../fault.ts'

export const receiverDown = defineWebhookFault({
  name: 'receiver-down',
  about:
    'No attempt arrives while it is armed, those of older events neither; the ladder goes on, and ends as the partner ends it.',
  options: z.object({}),
  onAttempt: 'cut-off',
  apply: (plan) => plan,
})
