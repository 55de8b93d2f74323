import { createHmac } from 'node:crypto'
import { expect, test } from 'vitest'
import type { Partner } from '../core/partner.ts'
import { readWire } from '../core/wire.ts'
import { createWorld } from '../core/world.ts'
import { fynd } from './index.ts'
import { createRehearsal, hourMs } from './testing/rehearsal.ts'

const order = { affiliate_order_id: '100234' }
const wire = await readWire(fynd.wire)

test('an event is signed over its raw body and names its id in header and body', async () => {
  const shop = createRehearsal()
  await shop.place()
  const [sent] = shop.inbox
  const { secret = '' } = shop.world.credentials('fynd')
  const expected = createHmac('sha256', secret)
    .update(sent?.text ?? '')
    .digest('hex')
  expect(sent?.headers).toMatchObject({
    'content-type': expect.stringContaining('application/json'),
    'x-fp-signature': expected,
    'x-fp-event-id': sent?.body.event_id,
    'user-agent': 'gofynd-webhook-sim',
  })
})

test('a shop that brought its own secret gets its own signature', async () => {
  const shop = createRehearsal()
  const secret = 'fake-secret-of-the-shop'
  shop.world.setShop({ fynd: { webhook_url: 'http://127.0.0.1:4100/hook', secret } })
  await shop.place()
  const text = shop.inbox[0]?.text ?? ''
  expect(shop.inbox[0]?.headers['x-fp-signature']).toBe(
    createHmac('sha256', secret).update(text).digest('hex'),
  )
})

test('every event that can be sent is what the document says', async () => {
  const shop = createRehearsal()
  const skus = ['TEE-M', 'TEE-S', 'TEE-L', 'TEE-XL']
  const { body } = await shop.place({ mode: 'PREPAID', lines: skus.map((sku) => ({ sku })) })
  await shop.pay(body, 4 * 499)
  shop.act('fynd.customer.cancel', { ...order, sku: 'TEE-L' })
  shop.act('fynd.order.cancel', { ...order, sku: 'TEE-XL' })
  shop.act('fynd.order.advance', { ...order, sku: 'TEE-M', to: 'delivery_done' })
  shop.act('fynd.customer.return', order)
  shop.act('fynd.order.advance', { ...order, to: 'return_accepted' })
  shop.act('fynd.order.advance', { ...order, sku: 'TEE-S', to: 'rto_bag_accepted' })
  shop.act('fynd.subscriber.ping')
  expect(new Set(shop.events())).toEqual(new Set(fynd.webhooks.events))
  expect(fynd.webhooks.events).toHaveLength(15)
  for (const sent of shop.inbox)
    expect(wire.checkWebhook(sent.event, sent.body), sent.text).toBeNull()
  expect(new Set(shop.inbox.map((sent) => sent.body.event_id)).size).toBe(shop.inbox.length)
})

test('an order of several shipments is told once, without a shipment of its own', async () => {
  const shop = createRehearsal({ grouping: 'per_bag' })
  await shop.place({ lines: [{ sku: 'TEE-M' }, { sku: 'TEE-S' }] })
  expect(shop.inbox).toHaveLength(1)
  expect(shop.inbox[0]?.body).toMatchObject({ shipment_id: null, store: null, status: 'placed' })
  expect(shop.inbox[0]?.body.bags).toHaveLength(2)
  expect(wire.checkWebhook('ORDER_PLACED', shop.inbox[0]?.body)).toBeNull()
})

test('bag times are Indian time labelled UTC, epoch times are right', async () => {
  const shop = createRehearsal()
  await shop.place()
  expect(shop.inbox[0]?.body.bags[0]?.updated_at).toBe('2026-01-05T10:00:00+00:00')
  expect(shop.inbox[0]?.body.created_timestamp).toBe(Date.UTC(2026, 0, 5, 4, 30))
  shop.world.setAssumptions('fynd', { timestamps: 'true_utc' })
  shop.act('fynd.bag.confirm', order)
  expect(shop.inbox[1]?.body.bags[0]?.updated_at).toBe('2026-01-05T04:30:00+00:00')
})

test('another channel is told of its own orders, signed with its own secret', () => {
  const shop = createRehearsal()
  const other = shop.act<{ affiliate_id: string; secret: string }>('fynd.affiliate.create', {
    webhook_url: 'http://127.0.0.1:4999/hook',
  })
  const named = { ...order, affiliate_id: other.affiliate_id }
  shop.act('fynd.order.place', { ...named, lines: [{ sku: 'TEE-M' }] })
  shop.act('fynd.order.place', { ...order, lines: [{ sku: 'TEE-M' }] })
  shop.act('fynd.bag.confirm', named)
  shop.act('fynd.subscriber.ping', { affiliate_id: other.affiliate_id })
  const told = shop.inbox.map((sent) => [sent.event, sent.body.affiliate_id])
  const own = shop.world.credentials('fynd').affiliate_id
  expect(told).toEqual([
    ['ORDER_PLACED', other.affiliate_id],
    ['ORDER_PLACED', own],
    ['BAG_CONFIRMED', other.affiliate_id],
    ['ping', other.affiliate_id],
  ])
  const [sent] = shop.inbox
  const expected = createHmac('sha256', other.secret).update(sent?.text ?? '')
  expect(sent?.headers['x-fp-signature']).toBe(expected.digest('hex'))
  expect(shop.things('bag').map((bag) => bag.status)).toEqual(['bag_confirmed', 'placed'])
})

test('another channel that names no URL is told nothing, and neither is the shop', () => {
  const shop = createRehearsal()
  const { affiliate_id } = shop.act<{ affiliate_id: string }>('fynd.affiliate.create')
  shop.act('fynd.order.place', { ...order, affiliate_id, lines: [{ sku: 'TEE-M' }] })
  shop.act('fynd.order.advance', { ...order, to: 'delivery_done' })
  expect(shop.events()).toEqual([])
  expect(shop.sellable('TEE-M', 'BLR-01')).toBe(9)
})

test('twenty attempts over 48 h 36 s, then the subscriber is blocked until it is reactivated', () => {
  const world = createWorld({ partners: [fynd as unknown as Partner] })
  world.setShop({ fynd: { base_url: 'http://127.0.0.1:4100' } })
  const startMs = world.clock.nowMs
  const attemptsMs: number[] = []
  let status = 503
  const answers: (() => void)[] = []
  world.onOutgoing((call) => {
    attemptsMs.push(world.clock.nowMs - startMs)
    answers.push(() => world.answered(call.deliveryId, call.attempt, { status }))
  })
  const play = (untilMs: number) => {
    world.clock.moveTo(world.clock.nowMs)
    for (const answer of answers.splice(0)) answer()
    for (let next = world.clock.next('work'); next && next.dueMs <= untilMs; ) {
      world.clock.moveTo(next.dueMs)
      for (const answer of answers.splice(0)) answer()
      next = world.clock.next('work')
    }
  }
  world.act('fynd.order.place', { ...order, lines: [{ sku: 'TEE-M' }] })
  play(startMs + 100 * hourMs)
  expect(attemptsMs).toHaveLength(20)
  expect(attemptsMs.slice(0, 5)).toEqual([0, 1_000, 6_000, 36_000, 36_000 + 3 * hourMs])
  expect(attemptsMs.at(-1)).toBe(48 * hourMs + 36_000)
  expect(world.deliveries().map((delivery) => delivery.state)).toEqual(['disabled'])
  world.act('fynd.bag.confirm', order)
  play(startMs + 100 * hourMs)
  expect(world.deliveries().map((delivery) => delivery.state)).toEqual(['disabled', 'resync'])
  status = 200
  world.act('fynd.subscriber.reactivate', {})
  play(startMs + 100 * hourMs)
  expect(world.deliveries().at(-1)?.state).toBe('delivered')
  expect(attemptsMs).toHaveLength(21)
})

test('reactivating a subscriber that is not blocked is refused', () => {
  const shop = createRehearsal()
  expect(() => shop.act('fynd.subscriber.reactivate')).toThrow()
})
