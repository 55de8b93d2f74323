import { z } from 'zod'
import { defineWebhookFault } from '../fault.ts'

export const drop = defineWebhookFault({
  name: 'drop',
  about: 'The event never leaves; the partner believes that it did.',
  options: z.object({}),
  apply: () => [],
})
