import { expect, test } from 'vitest'
import type { Delivery } from '../messenger/delivery.ts'
import { countDeliveries } from './delivery-totals.ts'

const delivery = (id: string, rest: Partial<Delivery>): Delivery => ({
  id,
  partner: 'acme',
  channel: 'orders',
  event: 'order.placed',
  eventId: id,
  subscriber: 'shop',
  contentType: 'application/json',
  headers: {},
  body: '{}',
  createdMs: 0,
  dueMs: 0,
  state: 'delivered',
  attempts: [],
  faults: [],
  cause: 1,
  seq: 1,
  tries: 1,
  ...rest,
})

test('counts how deliveries ended, by partner', () => {
  expect(
    countDeliveries([
      delivery('d-1', {}),
      delivery('d-2', { state: 'dropped', faults: ['delay', 'drop'] }),
      delivery('d-3', { state: 'dead', deadLetter: 'no-receiver' }),
      delivery('d-4', { state: 'disabled' }),
      delivery('d-5', { state: 'resync' }),
      delivery('d-6', { partner: 'bank' }),
    ]),
  ).toEqual({
    acme: {
      total: 5,
      delivered: 1,
      by_fault: { drop: 1 },
      by_dead_letter: { 'no-receiver': 1, 'ladder-ended': 1 },
      open: { resync: 1 },
      open_ids: ['d-5'],
    },
    bank: { total: 1, delivered: 1, by_fault: {}, by_dead_letter: {}, open: {}, open_ids: [] },
  })
})

test('an end without a reason is counted under no name', () => {
  expect(
    countDeliveries([delivery('d-1', { state: 'dropped' }), delivery('d-2', { state: 'dead' })]),
  ).toMatchObject({ acme: { by_fault: { '': 1 }, by_dead_letter: { '': 1 } } })
})

test('names only a few of many open ones', () => {
  const many = Array.from({ length: 50 }, (_, index) =>
    delivery(`d-${index}`, { state: 'waiting' }),
  )
  const totals = countDeliveries(many).acme
  expect(totals?.open).toEqual({ waiting: 50 })
  expect(totals?.open_ids).toEqual(['d-0', 'd-1', 'd-2', 'd-3', 'd-4'])
})
