import { z } from 'zod'
import { defineHttpFault } from '../fault.ts'

export const reset = defineHttpFault({
  name: 'reset',
  about: 'Resets the connection; nothing was done.',
  options: z.object({}),
  apply: (plan) => ({ ...plan, apply: 'never', transport: { kind: 'reset' } }),
})
