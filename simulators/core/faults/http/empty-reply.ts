import { z } from 'zod'
import { defineHttpFault } from '../fault.ts'

export const emptyReply = defineHttpFault({
  name: 'empty-reply',
  about: 'Closes the connection without a word; nothing was done unless `applied`.',
  options: z.object({ applied: z.boolean().default(false) }),
  apply: (plan, { options }) => ({
    ...plan,
    apply: options.applied ? plan.apply : 'never',
    transport: { kind: 'empty-reply' },
  }),
})
