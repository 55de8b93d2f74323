import { expect, test } from 'vitest'
import { recordsFail } from './records-fail.ts'
import { planBatch } from './testing.ts'

const body = [{ sku: 'A' }, { sku: 'B' }, { sku: 'C' }]

test('does all but the records that are named, and says which failed', () => {
  const { call, answer } = planBatch(
    recordsFail,
    { code: 'X1', records: { sku: ['A', 'C'] } },
    {
      records: { body: '' },
      fail: (given, failed, code) => ({ ...given, json: { failed, code } }),
    },
    { query: {}, body },
  )
  expect(call.body).toEqual([{ sku: 'B' }])
  expect(answer.json).toEqual({ failed: [{ sku: 'A' }, { sku: 'C' }], code: 'X1' })
})

test('leaves out entries of a list in the query, and an answer that names nobody as it is', () => {
  const { call, answer } = planBatch(
    recordsFail,
    { records: { value: 'B' } },
    { records: { query: 'skus' } },
    { query: { skus: 'A,B,C' }, body: undefined },
  )
  expect(call.query).toEqual({ skus: 'A,C' })
  expect(answer.json).toEqual({ rows: [1] })
})

test('says nothing of records that it did not touch', () => {
  const fail = () => ({ status: 200, json: 'failed' })
  const { answer } = planBatch(
    recordsFail,
    { records: { sku: 'Z' } },
    { records: { body: '' }, fail },
    { query: {}, body },
  )
  expect(answer.json).toEqual({ rows: [1] })
})

test('where the partner can refuse by itself the records go in, and the answer is the partner’s own', () => {
  const { call, answer } = planBatch(
    recordsFail,
    { code: 'X1', records: { sku: 'B' } },
    {
      records: { body: '' },
      refuse: (record, code) => ({ ...Object(record), refused: code }),
      fail: (given) => ({ ...given, json: 'made up' }),
    },
    { query: {}, body },
  )
  expect(call.body).toEqual([{ sku: 'A' }, { sku: 'B', refused: 'X1' }, { sku: 'C' }])
  expect(answer.json).toEqual({ rows: [1] })
})
