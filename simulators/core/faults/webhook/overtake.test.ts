import { expect, test } from 'vitest'
import { createOffice } from '../../messenger/testing.ts'
import { overtake } from './overtake.ts'
import { planned } from './planned.ts'

const applied = (plan: ReturnType<typeof planned>[], held: typeof plan = []) =>
  overtake.apply(plan, {
    options: overtake.options.parse({ by: 'thing.gone' }),
    draw: 0,
    nowMs: 0,
    memory: {},
    held,
    names: { order: ['id'] },
  })

test('holds what shall be overtaken', () => {
  expect(applied([planned()])).toEqual([planned({ hold: true })])
})

test('lets it follow the event of the same order, and not that of another', () => {
  const held = [1, 2].map((id) =>
    planned({ id: `d-${id}`, eventId: `e-${id}`, body: `{"id":${id}}`, hold: true }),
  )
  const gone = planned({ event: 'thing.gone', eventId: 'e-3', body: '{"id":2}', dueMs: 9_000 })
  expect(applied([gone], held)).toEqual([gone, { ...held[1], dueMs: 9_000, hold: false }])
})

test('leaves the overtaking event alone when nothing waits', () => {
  const plan = [planned({ event: 'thing.gone' })]
  expect(applied(plan)).toBe(plan)
})

test('through the messenger: B before A, and only A counts as a match', () => {
  const office = createOffice()
  const armed = { name: 'overtake', on: 'thing.made', by: 'thing.gone', first: 1 }
  office.arm(armed)
  office.emit({ event: 'thing.made', eventId: 'A' })
  office.emit({ event: 'thing.gone', eventId: 'B' })
  office.emit({ event: 'thing.made', eventId: 'C' })
  office.machine.settle()
  expect(office.sent.map((call) => call.headers['x-event-id'] ?? call.deliveryId)).toEqual([
    'd-2',
    'd-1',
    'd-3',
  ])
  expect(office.faults.list()).toMatchObject([{ matched: 2, applied: 2 }])
})
