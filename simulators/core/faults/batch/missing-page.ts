import { z } from 'zod'
import { defineBatchFault } from '../fault.ts'
import { rewriteAnswer, rewriteCall } from './rewrite.ts'
import { setAt } from './set-at.ts'
import { turned } from './turned.ts'

export const missingPage = defineBatchFault({
  name: 'missing-page',
  about:
    'A page is skipped: a number answers the page after it, a cursor answers without its rows.',
  options: z.object({}),
  needs: ['page'],
  apply: (plan, { batch: { page } }) => {
    if (page === undefined) return plan
    if ('number' in page) {
      return rewriteCall(plan, (call) => {
        const asked = call.query[page.number]
        return { ...call, query: { ...call.query, [page.number]: turned(asked, 1) } }
      })
    }
    return rewriteAnswer(plan, (answer) => setAt(answer, page.rows, []))
  },
})
