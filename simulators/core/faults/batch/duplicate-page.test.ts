import { expect, test } from 'vitest'
import { duplicatePage } from './duplicate-page.ts'
import { planBatch } from './testing.ts'

const numbered = { page: { number: 'page_no' } }
const cursored = { page: { cursor: 'page_id', rows: 'items', next: 'page.next_id' } }

test.each([
  [3, 2],
  ['3', '2'],
  ['first', 'first'],
  [1, 1],
])('page %j answers with page %j', (asked, given) => {
  const { call } = planBatch(duplicatePage, {}, numbered, {
    query: { page_no: asked },
    body: undefined,
  })
  expect(call.query).toEqual({ page_no: given })
})

test('the next cursor leads back to the page it stands on, except on the first', () => {
  const honest = { status: 200, json: { items: [1], page: { next_id: 'c2' } } }
  const next = (query: Record<string, unknown>) =>
    planBatch(duplicatePage, {}, cursored, { query, body: undefined }, honest).answer.json
  expect(next({ page_id: 'c1' })).toEqual({ items: [1], page: { next_id: 'c1' } })
  expect(next({})).toEqual(honest.json)
})
