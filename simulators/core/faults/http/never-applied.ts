import { z } from 'zod'
import { defineHttpFault } from '../fault.ts'

export const neverApplied = defineHttpFault({
  name: 'never-applied',
  about: 'Answers as if all was done, and keeps nothing of it.',
  options: z.object({}),
  apply: (plan) => ({ ...plan, apply: plan.apply === 'never' ? 'never' : 'undone' }),
})
