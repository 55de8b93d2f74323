import { expect, test } from 'vitest'
import { createOffice, hmac } from '../../messenger/testing.ts'
import { bodyReserialised } from './body-reserialised.ts'
import { mutatedBody } from './mutated-body.ts'
import { planned } from './planned.ts'

const around = { draw: 0, nowMs: 0, memory: {}, held: [], names: {} }
const event = planned({ body: '{"id":1,"status":"sent"}' })

test('re-serialised: the same values, other bytes', () => {
  const options = bodyReserialised.options.parse({})
  const [delivery] = bodyReserialised.apply([event], { options, ...around })
  const { body = '', attempts } = delivery?.tamper ?? {}
  expect(body).not.toBe(event.body)
  expect(JSON.parse(body)).toEqual(JSON.parse(event.body))
  expect([delivery?.body, attempts]).toEqual([event.body, 1])
})

test('mutated: a value is another one, or a key more', () => {
  const bodyOf = (given: object) => {
    const options = mutatedBody.options.parse(given)
    return mutatedBody.apply([event], { options, ...around })[0]?.tamper?.body
  }
  expect(bodyOf({ set: { status: 'lost' } })).toBe('{"id":1,"status":"lost"}')
  expect(bodyOf({})).toBe('{"id":1,"status":"sent","tampered":true}')
})

test('the signature is that of the real bytes, and a retry comes as it should', () => {
  const office = createOffice()
  office.receiver = ({ attempt }) => ({ status: attempt === 1 ? 401 : 200 })
  office.arm({ name: 'mutated-body' })
  office.emit({ event: 'thing.made', body: { id: 1 } })
  office.machine.settle()
  const [first, second] = office.sent
  expect(first?.body).toBe('{"id":1,"tampered":true}')
  expect(first?.headers['x-tiny-signature']).toBe(hmac('{"id":1}'))
  expect(first?.headers['x-tiny-signature']).not.toBe(hmac(first?.body ?? ''))
  expect(second?.body).toBe('{"id":1}')
})
