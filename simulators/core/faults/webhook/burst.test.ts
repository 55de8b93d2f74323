import { expect, test } from 'vitest'
import { burst } from './burst.ts'
import { planned } from './planned.ts'

const applied = (
  given: object,
  plan: ReturnType<typeof planned>[],
  held: typeof plan = [],
  nowMs = 0,
) =>
  burst.apply(plan, {
    options: burst.options.parse(given),
    draw: 0,
    nowMs,
    memory: {},
    held,
    names: {},
  })

const held = (number: number) =>
  planned({ id: `d-${number}`, eventId: `e-${number}`, dueMs: number, hold: true })

test('holds until so many are there, then lets all go in their order', () => {
  expect(applied({ size: 3 }, [planned()], [held(2)])).toEqual([planned({ hold: true })])
  const third = planned({ eventId: 'e-3', dueMs: 5_000 })
  expect(applied({ size: 3 }, [third], [held(1), held(2)])).toEqual([
    { ...held(1), dueMs: 5_000, hold: false },
    { ...held(2), dueMs: 5_000, hold: false },
    third,
  ])
})

test('everything of one silence comes when it ends', () => {
  const due = (nowMs: number) =>
    applied({ silence: '10s' }, [planned({ dueMs: nowMs })], [], nowMs).map(({ dueMs }) => dueMs)
  expect([0, 1, 9_999, 10_000].map(due)).toEqual([[10_000], [10_000], [10_000], [20_000]])
})

test.each([{}, { size: 2, silence: '1m' }, { size: 1 }])('refuses %j', (given) => {
  expect(burst.options.safeParse(given).success).toBe(false)
})
