import { createHmac } from 'node:crypto'
import { expect, test } from 'vitest'
import { readWire } from '../core/wire.ts'
import { konnect, signWebhook } from './index.ts'
import { createRehearsal, type Rehearsal } from './testing/rehearsal.ts'

const url = 'http://127.0.0.1:4102/webhooks/konnect'
const wire = await readWire(konnect.wire)

const subscribe = (seller: Rehearsal, more: object = {}) =>
  seller.world.setShop({ konnect: { webhook_url: url, ...more } })

const events = (seller: Rehearsal) => seller.inbox.map(({ event }) => event)

test('nobody is told who did not subscribe', () => {
  const seller = createRehearsal()
  seller.place()
  expect(seller.world.deliveries()).toEqual([])
})

test('a site is told at its usual place, unless the switch is off', () => {
  const seller = createRehearsal()
  seller.world.setShop({ konnect: { base_url: 'http://127.0.0.1:4102/' } })
  seller.place()
  expect(seller.inbox).toMatchObject([{ url }])
  seller.world.setAssumptions('konnect', { order_events: 'off' })
  seller.place()
  expect(seller.inbox).toHaveLength(1)
})

test('every state is told by its own name, and is what the document says', async () => {
  const seller = createRehearsal()
  subscribe(seller)
  const advance = (order_id: string, to: string) =>
    seller.act('konnect.order.advance', { order_id, to })
  const { order_id } = seller.place({ state: 'new' })
  advance(order_id, 'delivery_done')
  const back = seller.act('konnect.return.create', { order_id })
  advance(back.order_id, 'credit_note_generated')
  const moved = seller.place().order_id
  seller.act('konnect.order.reassign', { order_id: moved, location: 'DEL-01' })
  seller.act('konnect.order.cancel-by-customer', { order_id: moved })
  const refused = seller.place().order_id
  advance(refused, 'bag_not_picked')
  advance(refused, 'bag_picked')
  seller.act('konnect.order.start-rto', { order_id: refused })
  advance(refused, 'rto_bag_accepted')
  const fetched = seller.place().order_id
  advance(fetched, 'handed_over_to_customer')
  seller.act('konnect.order.cancel-by-fynd', { order_id: seller.place().order_id })
  const sold = seller.place()
  const items = [{ orderItemId: sold.items[0]?.order_item_id, quantity: 1, reasonCode: '6' }]
  await seller.oms('cancel', [{ orderId: sold.order_id, orderItems: items }])
  expect(new Set(events(seller))).toEqual(new Set(konnect.webhooks.events))
  for (const { event, body, text } of seller.inbox) {
    expect(wire.checkWebhook(event, body), text).toBeNull()
  }
  expect(seller.inbox[0]?.body).toMatchObject({
    event: 'new',
    shipment: { id: order_id, orderStatus: 'CREATED' },
    time: '2026-01-05T04:30:00.000+00:00',
  })
})

test('the raw body is signed, with the seller’s own secret if there is one', () => {
  const seller = createRehearsal()
  const own = seller.world.credentials('konnect').webhook_secret ?? ''
  for (const secret of [own, 'fake-secret-of-the-seller']) {
    subscribe(seller, secret === own ? {} : { webhook_secret: secret })
    seller.place()
    const sent = seller.inbox.at(-1)
    const expected = createHmac('sha256', secret)
      .update(sent?.text ?? '')
      .digest('hex')
    expect(sent?.headers['x-konnect-signature']).toBe(expected)
    expect(signWebhook(secret, sent?.text ?? '')).toBe(expected)
  }
  const ids = seller.inbox.map(({ headers }) => headers['x-konnect-event-id'])
  expect(new Set(ids).size).toBe(2)
  seller.world.setAssumptions('konnect', { webhook_signature: 'none' })
  seller.place()
  expect(seller.inbox.at(-1)?.headers).not.toHaveProperty('x-konnect-signature')
})

test('an event is tried four times and then given up; the next one is sent all the same', () => {
  const seller = createRehearsal()
  subscribe(seller)
  seller.receiver.status = 503
  const { order_id } = seller.place()
  for (const [seconds, attempts] of [
    [9, 1],
    [1, 2],
    [60, 3],
    [300, 4],
    [9_000, 4],
  ] as const) {
    seller.advance(seconds)
    expect(seller.inbox).toHaveLength(attempts)
  }
  seller.receiver.status = 200
  seller.act('konnect.order.advance', { order_id, to: 'bag_confirmed' })
  expect(events(seller).at(-1)).toBe('bag_confirmed')
  const impatient = createRehearsal({ webhook_ladder: [] })
  subscribe(impatient)
  impatient.receiver.status = 500
  impatient.place()
  impatient.advance(9_000)
  expect(impatient.inbox).toHaveLength(1)
})

test('switch: events that are due together leave in order, or shuffled', () => {
  const play = (webhook_order: string) => {
    const seller = createRehearsal({ webhook_order }, { seed: 3 })
    subscribe(seller)
    const { order_id } = seller.place()
    seller.act('konnect.order.advance', { order_id, to: 'delivery_done' })
    // Second by second, so that every attempt is answered in time.
    for (let second = 0; second < 20; second += 1) seller.advance(1)
    return events(seller)
  }
  const ordered = play('fifo')
  expect(ordered.slice(0, 3)).toEqual(['placed', 'bag_confirmed', 'bag_invoiced'])
  const shuffled = play('shuffle')
  expect(shuffled).not.toEqual(ordered)
  expect([...shuffled].sort()).toEqual([...ordered].sort())
})
