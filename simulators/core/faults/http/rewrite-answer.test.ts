import { expect, test } from 'vitest'
import type { Answer } from '../../answer.ts'
import type { HttpFault } from '../fault.ts'
import { fieldAdded } from './field-added.ts'
import { fieldDropped } from './field-dropped.ts'
import { fieldRetyped } from './field-retyped.ts'

const answer = { status: 200, json: { id: 7, name: 'x', list: [{ id: 8 }, 'plain', null] } }

const changed = (fault: unknown, given: object, from: object = answer) => {
  const { options, apply } = fault as HttpFault
  const how = { options: options.parse(given), draw: 0, nowMs: 0, memory: {} }
  const { rewrites = [] } = apply({ apply: 'yes', holdMs: 0 }, how)
  return rewrites.reduce<Answer>(
    (before, rewrite) => rewrite(before, { query: {}, body: undefined }),
    from as Answer,
  )
}

test('a field is gone wherever it stood', () => {
  expect(changed(fieldDropped, { field: 'id' }).json).toEqual({
    name: 'x',
    list: [{}, 'plain', null],
  })
})

test('a number becomes text, text becomes null', () => {
  expect(changed(fieldRetyped, { field: 'id' }).json).toMatchObject({
    id: '7',
    list: [{ id: '8' }, 'plain', null],
  })
  expect(changed(fieldRetyped, { field: 'name' }).json).toEqual({ ...answer.json, name: null })
})

test('every object has a field more, and none is overwritten', () => {
  expect(changed(fieldAdded, {}).json).toEqual({
    ...answer.json,
    list: [{ id: 8, x_unknown: true }, 'plain', null],
    x_unknown: true,
  })
  expect(changed(fieldAdded, { field: 'id', value: 0 }).json).toEqual(answer.json)
})

test('the answer itself is not written to, and one that is no JSON stays as it is', () => {
  const before = JSON.stringify(answer)
  changed(fieldDropped, { field: 'id' })
  expect(JSON.stringify(answer)).toBe(before)
  const text = { status: 200, text: 'id' }
  expect(changed(fieldDropped, { field: 'id' }, text)).toBe(text)
})
