import { expect, test } from 'vitest'
import { missingPage } from './missing-page.ts'
import { planBatch } from './testing.ts'

test.each([
  [{ page_no: 2 }, 3],
  [{ page_no: '2' }, '3'],
  [{ page_no: 'first' }, '2'],
  [{}, 2],
])('%j answers with page %j', (query, given) => {
  const batch = { page: { number: 'page_no' } }
  const { call } = planBatch(missingPage, {}, batch, { query, body: undefined })
  expect(call.query).toEqual({ page_no: given })
})

test('a page with a cursor has no rows and still leads on', () => {
  const batch = { page: { cursor: 'page_id', rows: 'items', next: 'page.next_id' } }
  const honest = { status: 200, json: { items: [1], page: { next_id: 'c2' } } }
  const { answer } = planBatch(missingPage, {}, batch, { query: {}, body: undefined }, honest)
  expect(answer.json).toEqual({ items: [], page: { next_id: 'c2' } })
})
