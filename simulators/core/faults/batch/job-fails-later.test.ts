import { expect, test } from 'vitest'
import { jobFailsLater } from './job-fails-later.ts'
import { planBatch } from './testing.ts'

test.each([
  [{}, ['bad', 'bad']],
  [{ records: 1 }, ['bad', 'b']],
])('with %j the job gets %j', (options, given) => {
  const batch = { records: { body: 'items' }, spoil: () => 'bad' }
  const sent = { query: {}, body: { items: ['a', 'b'] } }
  const { call, answer } = planBatch(jobFailsLater, options, batch, sent)
  expect(call.body).toEqual({ items: given })
  expect(answer.json).toEqual({ rows: [1] })
})
