import { expect, it } from 'vitest'
import { copyPlain, freezeDeep, readPlain, showPlain, writePlain } from './plain.ts'

it('writes and reads maps, sets and tagged look-alikes', () => {
  const value = {
    map: new Map<unknown, unknown>([
      ['a', { deep: new Set([1, 2]) }],
      [7, null],
    ]),
    looksLike: { $map: 'just a field of that name' },
    list: [new Map(), true, 'x'],
  }
  expect(readPlain(writePlain(value))).toEqual(value)
})

it('keeps a field named __proto__ a field', () => {
  const tricky = JSON.parse('{"__proto__": {"polluted": true}}')
  const copy = copyPlain(tricky)
  expect(Object.hasOwn(copy, '__proto__')).toBe(true)
  expect(Object.getPrototypeOf(copy)).toBe(Object.prototype)
  expect(({} as { polluted?: boolean }).polluted).toBeUndefined()
})

it.each([
  ['a date', { when: new Date(0) }],
  ['a function', { run: () => 1 }],
  ['not a number', { value: Number.NaN }],
])('refuses %s, naming where it stands', (_name, value) => {
  expect(() => writePlain({ outer: value })).toThrow(/Not plain data at "\/outer\//)
})

it('shows maps as objects for people', () => {
  expect(showPlain({ orders: new Map([['a', new Set([1])]]) })).toEqual({ orders: { a: [1] } })
})

it('freezes all that can be reached', () => {
  const frozen = freezeDeep({ rows: [{ sku: 'a' }], byName: new Map([['a', { n: 1 }]]) })
  expect(Object.isFrozen(frozen.rows[0])).toBe(true)
  expect(Object.isFrozen(frozen.byName.get('a'))).toBe(true)
})
