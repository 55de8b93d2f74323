import { expect, it } from 'vitest'
import { strangeValue, textsAt } from './values.ts'

const known = {
  state: { values: ['open', 'closed'], isAll: true },
  'items.[].status': { values: ['placed', 'delivered'], isAll: false },
}
const about = { items: [{ state: 'half-open' }], documented: new Set(['placed-back']) }

it.each([
  ['another word, where all are known', { state: 'ajar' }, ['state']],
  ['under not', { state: { not: 'opn' } }, ['state', 'not']],
  ['in a choice', { state: { one_of: ['open', 'opn'] } }, ['state', 'one_of', 1]],
  ['a misspelt word', { items: [{ status: 'plced' }] }, ['items', 0, 'status']],
  [
    'in an entry of a list',
    { items: { contains: { status: 'deliverd' } } },
    ['items', 'contains', 'status'],
  ],
])('finds a word that is never there: %s', (_, pattern, path) => {
  expect(strangeValue(pattern, known, about)).toEqual({
    path,
    what: expect.stringMatching(/^"(state|status)" is never ".*Accepted: /),
  })
})

it.each([
  ['known words', { state: 'open', items: [{ status: 'placed' }] }],
  ['a word that stands there, though nobody has written it down', { state: 'half-open' }],
  ['an unlike word, where not all are known', { items: [{ status: 'lost' }] }],
  ['a like word that is one of its own', { items: [{ status: 'placed-back' }] }],
  ['parts and patterns of words', { state: { matches: 'op', contains: 'op' } }],
  ['what is not text', { state: null, other: 'x', items: 5 }],
  ['fields of another name', { constructor: 'x' }],
])('lets pass %s', (_, pattern) => {
  expect(strangeValue(pattern, known, about)).toBeUndefined()
})

it('reads all texts at a path', () => {
  const thing = { items: [{ status: 'a' }, { status: null }, { status: 'b' }] }
  expect(textsAt(thing, ['items', '[]', 'status'])).toEqual(['a', 'b'])
})
