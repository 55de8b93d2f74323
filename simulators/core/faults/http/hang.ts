import { z } from 'zod'
import { defineHttpFault } from '../fault.ts'

export const hang = defineHttpFault({
  name: 'hang',
  about: 'Takes the call, does nothing and never answers; the connection stays open.',
  options: z.object({}),
  apply: (plan) => ({ ...plan, apply: 'never', transport: { kind: 'hang' } }),
})
