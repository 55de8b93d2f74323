import { expect, test } from 'vitest'
import { duplicate } from './duplicate.ts'
import { planned } from './planned.ts'

const applied = (given: object, plan = [planned()]) =>
  duplicate.apply(plan, {
    options: duplicate.options.parse(given),
    draw: 0,
    nowMs: 0,
    held: [],
    memory: {},
    names: {},
  })

test('delivers the event twice at once', () => {
  expect(applied({})).toEqual([planned(), planned()])
})

test('spaces more copies by the gap', () => {
  const due = applied({ copies: 3, gap: '2s' }).map(({ dueMs }) => dueMs)
  expect(due).toEqual([1_000, 3_000, 5_000, 7_000])
})

test('multiplies what was duplicated before', () => {
  expect(applied({ copies: 2 }, [planned(), planned({ dueMs: 9 })])).toHaveLength(6)
})
