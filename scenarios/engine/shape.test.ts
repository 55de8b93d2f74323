import { expect, it } from 'vitest'
import { holdsShape, mergeShapes, openedAt, shapeOf, strangePart } from './shape.ts'

const orders = [
  { id: '1', total: 5, note: null, items: [{ sku: 'A', by: { 'BLR-01': 2 } }], payment: null },
  { id: '2', total: 5, note: null, items: [], payment: { mode: 'COD' }, body: { any: 1 } },
]
const shape = openedAt(mergeShapes(orders.map(shapeOf)), ['body'])

it.each([
  ['at the top', { totl: 5 }, ['totl'], 'Did you mean "total"?'],
  ['whose value is nothing', { noet: null }, ['noet'], 'Did you mean "note"?'],
  ['in an entry of a list', { items: [{ skuu: 'A' }] }, ['items', 0, 'skuu'], 'in thing.items.'],
  [
    'within contains',
    { items: { contains: { skuu: 'A' } } },
    ['items', 'contains', 'skuu'],
    'in thing.items.contains.',
  ],
  ['within not', { payment: { not: { mod: 'COD' } } }, ['payment', 'not', 'mod'], '"mode"'],
  [
    'within one_of',
    { payment: { one_of: [{ mode: 'COD' }, { mdoe: 'X' }] } },
    ['payment', 'one_of', 1, 'mdoe'],
    '"mode"',
  ],
  [
    'that must not be there, and is a misspelt one',
    { payment: { moed: { exists: false } } },
    ['payment', 'moed'],
    '"mode"',
  ],
  ['that compares', { total: { at_leest: 2 } }, ['total', 'at_leest'], '"at_least"'],
  [
    'where there is one value',
    { total: { not: { foo: 'bar' } } },
    ['total', 'not', 'foo'],
    '"total" is one value, it has no "foo". Accepted: at_least',
  ],
  ['of a list itself', { items: { sku: 'A' } }, ['items'], 'contains'],
])('refuses a key that nothing has: %s', (_, pattern, path, what) => {
  expect(strangePart({ thing: pattern }, [{ thing: shape }])).toEqual({
    path: ['thing', ...path],
    what: expect.stringContaining(what),
  })
})

it.each([
  ['all that is there', { id: '1', items: [{ sku: 'A' }], payment: { mode: 'COD' } }],
  ['what one has and another has not', { payment: null, body: null }],
  ['keys that are data', { items: [{ by: { 'DEL-01': 3 } }] }],
  ['bodies of anybody', { body: { other: 1 } }],
  ['what nobody knows anything of', { note: { author: 'asha' } }],
  ['a key that may be there or not, when asked so', { tracking_number: { exists: false } }],
])('lets pass %s', (_, pattern) => {
  expect(strangePart(pattern, [shape])).toBeUndefined()
})

it('knows what is there besides what is written down', () => {
  const pattern = { items: [{ colour: 'red' }] }
  expect(strangePart(pattern, [shape])).toBeDefined()
  expect(strangePart(pattern, [shape, shapeOf({ items: [{ colour: 'blue' }] })])).toBeUndefined()
})

it('tells what is written down from what is not', () => {
  expect(holdsShape(shape, shapeOf(orders[0]))).toBe(true)
  expect(holdsShape(shape, shapeOf({ body: { x: 1 } }))).toBe(true)
  expect(holdsShape(shape, shapeOf({ items: [{ colour: 'red' }] }))).toBe(false)
})

it('is the same whatever was seen first', () => {
  const [one, other] = orders.map(shapeOf)
  if (!one || !other) throw new Error('There are two orders.')
  expect(JSON.stringify(mergeShapes([one, other]))).toBe(JSON.stringify(mergeShapes([other, one])))
})
