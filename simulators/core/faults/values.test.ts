import { expect, test } from 'vitest'
import { type Carried, walkCarried } from './values.ts'

function found(carried: Carried, keys = ['sku', 'id']): string[] {
  const pairs: string[] = []
  walkCarried(
    carried,
    (key) => keys.includes(key),
    (key, value) => pairs.push(`${key}=${value}`),
  )
  return pairs.sort()
}

test('finds values in path, query and body at any depth', () => {
  const body = { order: { items: [{ sku: 'A' }, { sku: 'B', other: 1 }] }, id: 7 }
  expect(found({ path: { id: 'P' }, query: { sku: 'Q' }, body })).toEqual([
    'id=7',
    'id=P',
    'sku=A',
    'sku=B',
    'sku=Q',
  ])
})

test('takes lists apart: at commas in a query, by entry in a body', () => {
  expect(found({ query: { sku: 'A, B' } })).toEqual(['sku=A', 'sku=A, B', 'sku=B'])
  expect(found({ query: { sku: ['A', 'B'] } })).toEqual(['sku=A', 'sku=B'])
  expect(found({ body: { sku: ['A', true, null, { id: 3 }] } })).toEqual([
    'id=3',
    'sku=A',
    'sku=null',
    'sku=true',
  ])
  expect(found({ body: { sku: 'A,B' } })).toEqual(['sku=A,B'])
})

test('reads a body that is text: JSON, a form, or neither', () => {
  expect(found({ body: '{"a":[{"sku":"A"}]}' })).toEqual(['sku=A'])
  expect(found({ body: 'sku=A+1&id=9' })).toEqual(['id=9', 'sku=A 1'])
  expect(found({ body: '{"sku":' })).toEqual([])
  expect(found({ body: 'sku' })).toEqual([])
})

test('bears bodies that are nested deeper than a stack', () => {
  const deep = JSON.parse(`${'['.repeat(5_000)}{"sku":"A"}${']'.repeat(5_000)}`)
  let deeper: unknown = deep
  for (let level = 0; level < 100_000; level += 1) deeper = [deeper]
  expect(found({ body: deeper })).toEqual(['sku=A'])
})
