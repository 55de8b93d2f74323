import { z } from 'zod'
import { defineBatchFault } from '../fault.ts'
import { rewriteAnswer, rewriteCall } from './rewrite.ts'
import { setAt } from './set-at.ts'
import { turned } from './turned.ts'

export const duplicatePage = defineBatchFault({
  name: 'duplicate-page',
  about:
    'A page comes twice: a later number answers the page before, a next cursor leads to the page it stands on.',
  options: z.object({}),
  needs: ['page'],
  apply: (plan, { batch: { page } }) => {
    if (page === undefined) return plan
    if ('number' in page) {
      return rewriteCall(plan, (call) => {
        const asked = call.query[page.number]
        if (!(Number(asked ?? 1) > 1)) return call
        return { ...call, query: { ...call.query, [page.number]: turned(asked, -1) } }
      })
    }
    return rewriteAnswer(plan, (answer, { query }) => {
      const cursor = query[page.cursor]
      return cursor ? setAt(answer, page.next, cursor) : answer
    })
  },
})
