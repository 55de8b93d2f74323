import { z } from 'zod'
import { defineHttpFault } from '../fault.ts'
import { rewriteJson } from './rewrite-answer.ts'

export const fieldRetyped = defineHttpFault({
  name: 'field-retyped',
  about:
    'Does what was asked; a field of the answer has another type: numbers become text, all else null.',
  options: z.object({ field: z.string().min(1) }),
  apply: (plan, { options }) =>
    rewriteJson(plan, (object) => {
      const { field } = options
      if (!Object.hasOwn(object, field)) return
      const value = object[field]
      object[field] = typeof value === 'number' ? String(value) : null
    }),
})
