import { expect, it } from 'vitest'
import { createTimers, type Timer } from './clock.ts'
import type { TimerKind } from './partner.ts'
import { createRandom } from './random.ts'

const timer = (id: number, dueMs: number, kind: TimerKind = 'work'): Timer => ({
  id,
  dueMs,
  kind,
  name: 't',
  args: {},
})

it('takes timers by due time, then by age, whatever their kind', () => {
  const kinds: TimerKind[] = ['work', 'deadline', 'periodic']
  const dice = createRandom(3).stream('timers')
  const given = Array.from({ length: 500 }, (_, id) => timer(id, dice.int(0, 50), dice.pick(kinds)))
  const timers = createTimers(given)
  const removed = given.filter(({ id }) => id % 7 === 0)
  for (const { id } of removed) timers.remove(id)
  const taken: Timer[] = []
  for (let next = timers.take(); next; next = timers.take()) taken.push(next)
  const expected = given
    .filter((each) => !removed.includes(each))
    .sort((a, b) => a.dueMs - b.dueMs || a.id - b.id)
  expect(taken).toEqual(expected)
})

it('knows the next timer of one kind', () => {
  const timers = createTimers([
    timer(1, 10, 'deadline'),
    timer(2, 20, 'work'),
    timer(3, 5, 'periodic'),
  ])
  expect(timers.next()?.id).toBe(3)
  expect(timers.next('work')?.id).toBe(2)
  expect(timers.size).toBe(3)
})

it('lists what is left in order, for a snapshot', () => {
  const timers = createTimers([timer(2, 20), timer(1, 20), timer(3, 1)])
  timers.remove(3)
  expect(timers.all().map(({ id }) => id)).toEqual([1, 2])
})
