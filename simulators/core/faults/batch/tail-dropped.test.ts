import { expect, test } from 'vitest'
import { tailDropped } from './tail-dropped.ts'
import { planBatch } from './testing.ts'

test('looks at the first records only', () => {
  const sent = { query: {}, body: { items: [1, 2, 3], other: true } }
  const { call } = planBatch(tailDropped, { keep: 2 }, { records: { body: 'items' } }, sent)
  expect(call.body).toEqual({ items: [1, 2], other: true })
  expect(sent.body.items).toEqual([1, 2, 3])
})
