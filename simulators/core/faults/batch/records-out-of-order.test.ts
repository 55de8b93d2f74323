import { expect, test } from 'vitest'
import { recordsOutOfOrder } from './records-out-of-order.ts'
import { planBatch } from './testing.ts'

test('applies the last record first', () => {
  const sent = { query: {}, body: [1, 2, 3] }
  const { call } = planBatch(recordsOutOfOrder, {}, { records: { body: '' } }, sent)
  expect(call.body).toEqual([3, 2, 1])
})
