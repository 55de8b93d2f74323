import { z } from 'zod'
import { defineHttpFault } from '../fault.ts'
import { rewriteJson } from './rewrite-answer.ts'

export const fieldAdded = defineHttpFault({
  name: 'field-added',
  about: 'Does what was asked; every object of the answer has a field that no document knows.',
  options: z.object({
    field: z.string().min(1).default('x_unknown'),
    value: z.unknown().default(true),
  }),
  apply: (plan, { options }) =>
    rewriteJson(plan, (object) => {
      object[options.field] ??= options.value
    }),
})
