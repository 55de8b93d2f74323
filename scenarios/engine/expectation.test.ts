import { expect, it } from 'vitest'
import { differences } from './difference.ts'
import { disappointment } from './expectation.ts'

const orders = [
  { id: '1', status: 'processed', items: [{ sku: 'A', quantity: 2 }], fynd_order_id: 'FY1' },
  { id: '2', status: 'missing', items: [], fynd_order_id: null },
]

it.each([
  ['a part of an object', { status: 'missing' }],
  ['a list of the same length', { id: '1', items: [{ sku: 'A' }] }],
  ['null for nothing', { id: '2', fynd_order_id: null }],
  ['a number for its text', { id: 1 }],
  ['at least', { items: { count: { at_least: 1 } } }],
  ['two comparisons at once', { items: { contains: { quantity: { at_least: 2, at_most: 2 } } } }],
  ['one of', { status: { one_of: ['failed', 'missing'] } }],
  ['not', { fynd_order_id: { not: 'FY2' } }],
  ['a regular expression', { fynd_order_id: { matches: '^FY\\d$' } }],
  ['a text within', { status: { contains: 'cess' } }],
  ['that it is there', { fynd_order_id: { exists: true } }],
  ['that it is not there', { id: '2', fynd_order_id: { exists: false } }],
  ['how many', { count: 2 }],
  ['at least how many', { status: 'missing', count: { at_least: 1 } }],
  ['none', { status: 'failed', count: 0 }],
  ['all of them in order', { exactly: [{ id: '1' }, { id: '2' }] }],
])('finds %s', (_, pattern) => {
  expect(disappointment('shop.order', pattern, orders)).toBeUndefined()
})

it.each([
  ['a value', { id: '2', status: 'processed' }],
  ['a longer list', { id: '1', items: [{ sku: 'A' }, { sku: 'B' }] }],
  ['a text for another number', { id: 10 }],
  ['more', { items: { count: { at_least: 2 } } }],
  ['a comparison of texts as numbers', { status: { at_least: 1 } }],
  ['another count', { status: 'missing', count: 2 }],
  ['none where there is one', { status: 'missing', count: 0 }],
  ['another order', { exactly: [{ id: '2' }, { id: '1' }] }],
  ['a shorter list', { exactly: [{ id: '1' }] }],
])('is disappointed of %s', (_, pattern) => {
  expect(disappointment('shop.order', pattern, orders)).toBeDefined()
})

it('shows the one that was meant, and what is different about it', () => {
  expect(disappointment('shop.order', { id: '2', status: 'processed' }, orders)).toEqual([
    'expected  shop.order { id: "2", status: "processed" }',
    'found     { id: "2", status: "missing" }',
    '          status: expected "processed", found "missing"',
  ])
})

it('says that there is nothing at all', () => {
  expect(disappointment('fynd.order', { id: '1' }, [])).toEqual([
    'expected  fynd.order { id: "1" }',
    'found     no fynd.order at all',
  ])
})

it('never reaches a prototype', () => {
  expect(differences({ constructor: { exists: true } }, {})).toHaveLength(1)
  expect(differences({ toString: { exists: true } }, {})).toHaveLength(1)
})
