import { z } from 'zod'
import { defineHttpFault } from '../fault.ts'

export const answerLost = defineHttpFault({
  name: 'answer-lost',
  about: 'Does what was asked, but the answer never arrives: the caller cannot know.',
  options: z.object({ how: z.enum(['hang', 'reset']).default('reset') }),
  apply: (plan, { options }) => ({ ...plan, transport: { kind: options.how } }),
})
