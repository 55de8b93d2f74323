import { expect, test } from 'vitest'
import { planned } from './planned.ts'
import { asAnotherEvent, rewriteBody } from './rewrite-body.ts'

test('asks for every plain value under its key, lists and depth included', () => {
  const asked: unknown[] = []
  rewriteBody('{"a":1,"b":[2,{"c":null}],"d":{"e":"x"}}', (key, value) => {
    asked.push([key, value])
    return value
  })
  expect(asked).toEqual([
    ['a', 1],
    ['b', 2],
    ['c', null],
    ['e', 'x'],
  ])
})

test('bytes stay as they are when nothing changed, or when they are no JSON', () => {
  const spaced = '{ "a": 1 }'
  expect(rewriteBody(spaced, (_key, value) => value)).toBe(spaced)
  expect(rewriteBody('a=1&b=2', () => 0)).toBe('a=1&b=2')
  expect(rewriteBody('{broken', () => 0)).toBe('{broken')
})

test('another event has another id in body and headers, a UUID for a UUID', () => {
  const eventId = '0f1e2d3c-4b5a-4978-8a96-a5b40f1e2d3c'
  const event = planned({
    id: 'd-1',
    eventId,
    body: JSON.stringify({ event_id: eventId, id: 1 }),
    headers: { 'x-event-id': eventId, 'x-other': 'y' },
  })
  const other = asAnotherEvent(event, 'salt')
  expect(other.eventId).not.toBe(eventId)
  expect(other.eventId).toMatch(/^[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-8[0-9a-f]{3}-[0-9a-f]{12}$/)
  expect(other).not.toHaveProperty('id')
  expect(JSON.parse(other.body)).toEqual({ event_id: other.eventId, id: 1 })
  expect(other.headers).toEqual({ 'x-event-id': other.eventId, 'x-other': 'y' })
  expect(asAnotherEvent(event, 'salt')).toEqual(other)
  expect(asAnotherEvent(event, 'pepper').eventId).not.toBe(other.eventId)
  expect(asAnotherEvent(planned(), 'salt').eventId).toMatch(/^e-1-[0-9a-f]{8}$/)
})
