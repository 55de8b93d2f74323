import { z } from 'zod'
import { defineWebhookFault } from '../fault.ts'

export const keyRotated = defineWebhookFault({
  name: 'key-rotated',
  about:
    'The partner signs with a new key that the receiver does not have, as long as it is armed.',
  options: z.object({}),
  onAttempt: 'other-key',
  apply: (plan) => plan,
})
