import { expect, test } from 'vitest'
import { delay } from './delay.ts'
import { planned } from './planned.ts'

test('moves every copy by the same time', () => {
  const how = {
    options: delay.options.parse({ by: '10m' }),
    draw: 0,
    nowMs: 0,
    held: [],
    memory: {},
    names: {},
  }
  const plan = delay.apply([planned(), planned({ dueMs: 5_000 })], how)
  expect(plan).toEqual([planned({ dueMs: 601_000 }), planned({ dueMs: 605_000 })])
})

test('must be told by how much', () => {
  expect(delay.options.safeParse({}).success).toBe(false)
  expect(delay.options.safeParse({ by: '10' }).success).toBe(false)
})
