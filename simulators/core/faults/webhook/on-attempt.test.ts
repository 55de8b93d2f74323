import { expect, test } from 'vitest'
import { createOffice, hmac } from '../../messenger/testing.ts'

const hourMs = 3_600_000

test('receiver down: no attempt arrives until it is up again, and the ladder keeps its times', () => {
  const office = createOffice()
  office.emit({ event: 'thing.made' })
  office.arm({ name: 'receiver-down', until: '20s' })
  office.machine.settle()
  expect(office.sent.map((call) => call.attempt)).toEqual([4])
  expect(office.messenger.deliveries()).toMatchObject([
    { state: 'delivered', faults: ['receiver-down'] },
  ])
  const [first] = office.messenger.deliveries()[0]?.attempts ?? []
  expect(first?.outcome).toEqual({ error: 'receiver-down' })
})

test('receiver down until blocked; what waited comes in one burst after the resync', () => {
  const office = createOffice()
  office.arm({ name: 'receiver-down', on: 'webhook', until: '49h' })
  office.emit({ event: 'thing.made', eventId: 'A' })
  office.machine.settle()
  for (const eventId of ['B', 'C']) office.emit({ event: 'thing.gone', eventId })
  office.machine.settle()
  expect(office.sent).toEqual([])
  expect(office.messenger.deliveries().map((each) => each.state)).toEqual([
    'disabled',
    'resync',
    'resync',
  ])
  office.machine.advance(hourMs)
  office.messenger.reactivate('tiny', 'shop')
  office.machine.settle()
  expect(office.sent.map((call) => call.deliveryId)).toEqual(['d-2', 'd-3'])
})

test('first: so many attempts are lost, whichever event they carry', () => {
  const office = createOffice()
  office.arm({ name: 'receiver-down', first: 2 })
  office.emit({ event: 'thing.made' })
  office.machine.settle()
  expect(office.sent.map((call) => call.attempt)).toEqual([3])
})

test('key rotated: signed with another key while armed, with the known one again afterwards', () => {
  const office = createOffice()
  office.receiver = ({ headers, body }) => ({
    status: headers['x-tiny-signature'] === hmac(body) ? 200 : 401,
  })
  office.arm({ name: 'key-rotated', until: '4s' })
  office.emit({ event: 'thing.made' })
  office.machine.settle()
  const isGood = office.sent.map((call) => call.headers['x-tiny-signature'] === hmac(call.body))
  expect(isGood).toEqual([false, false, true])
})
