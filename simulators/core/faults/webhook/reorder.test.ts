import { expect, test } from 'vitest'
import { planned } from './planned.ts'
import { reorder } from './reorder.ts'

const applied = (given: object, plan: ReturnType<typeof planned>[], held: typeof plan = []) =>
  reorder.apply(plan, {
    options: reorder.options.parse(given),
    draw: 0,
    nowMs: 0,
    held,
    memory: {},
    names: {},
  })

const held = (number: number) =>
  planned({ id: `d-${number}`, eventId: `e-${number}`, dueMs: number, hold: true })

test('holds the first event', () => {
  expect(applied({}, [planned()])).toEqual([planned({ hold: true })])
})

test('lets both go in reverse when the second comes', () => {
  const second = planned({ eventId: 'e-2', dueMs: 5_000 })
  expect(applied({}, [second], [held(1)])).toEqual([
    second,
    { ...held(1), dueMs: 5_000, hold: false },
  ])
})

test('waits for as many as it was told', () => {
  const third = planned({ eventId: 'e-3' })
  expect(applied({ size: 4 }, [third], [held(1), held(2)])).toEqual([{ ...third, hold: true }])
  const ids = applied({ size: 3 }, [third], [held(1), held(2)]).map(({ eventId }) => eventId)
  expect(ids).toEqual(['e-3', 'e-2', 'e-1'])
})

test('counts events, not their copies', () => {
  const copies = applied({}, [planned(), planned()])
  expect(copies.map(({ hold }) => hold)).toEqual([true, true])
})

test('leaves alone what another fault holds', () => {
  const plan = [planned({ hold: true })]
  expect(applied({}, plan, [held(1)])).toBe(plan)
})
