import { z } from 'zod'
import { defineHttpFault } from '../fault.ts'
import { rewriteJson } from './rewrite-answer.ts'

export const fieldDropped = defineHttpFault({
  name: 'field-dropped',
  about: 'Does what was asked; the answer lacks a field, wherever it stood.',
  options: z.object({ field: z.string().min(1) }),
  apply: (plan, { options }) =>
    rewriteJson(plan, (object) => {
      delete object[options.field]
    }),
})
