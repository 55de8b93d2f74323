import { z } from 'zod'
import { defineHttpFault } from '../fault.ts'
import { rewriteAnswer } from './rewrite-answer.ts'

export const malformedJson = defineHttpFault({
  name: 'malformed-json',
  about: 'Does what was asked; the answer calls itself JSON and its last character is missing.',
  options: z.object({}),
  apply: (plan) =>
    rewriteAnswer(plan, ({ json, ...rest }) =>
      json === undefined
        ? rest
        : {
            ...rest,
            text: JSON.stringify(json).slice(0, -1),
            contentType: 'application/json; charset=utf-8',
          },
    ),
})
