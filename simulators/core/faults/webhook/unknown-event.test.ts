import { expect, test } from 'vitest'
import { planned } from './planned.ts'
import { unknownEvent } from './unknown-event.ts'

const event = planned({ body: '{"event":"thing.made","event_id":"e-1"}' })
const applied = (given: object) =>
  unknownEvent.apply([event], {
    options: unknownEvent.options.parse(given),
    draw: 0,
    nowMs: 0,
    memory: {},
    held: [],
    names: {},
  })

test('the real event comes too, under its own id', () => {
  const [real, stranger] = applied({})
  expect(real).toBe(event)
  expect(stranger).toMatchObject({ event: 'SOMETHING_NEW' })
  expect(JSON.parse(stranger?.body ?? '')).toEqual({
    event: 'SOMETHING_NEW',
    event_id: stranger?.eventId,
  })
  expect(stranger?.eventId).not.toBe('e-1')
})

test('under the name that was given, and alone when told so', () => {
  const only = applied({ event: 'BAG_BEAMED_UP', besides: false })
  expect(only.map((each) => each.event)).toEqual(['BAG_BEAMED_UP'])
})
