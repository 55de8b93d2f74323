import { expect, test } from 'vitest'
import { readWire } from '../core/wire.ts'
import { fynd } from './index.ts'
import { createRehearsal, hourMs, type Rehearsal } from './testing/rehearsal.ts'
import { signWebhook } from './webhooks.ts'

const order = { affiliate_order_id: '100234' }
const wire = await readWire(fynd.wire)

/** A COD order of one bag whose confirmation meets a fault; answers what the shop heard of it. */
async function confirmUnder(fault: Record<string, unknown>): Promise<Rehearsal> {
  const shop = createRehearsal()
  await shop.place()
  shop.world.arm({ partner: 'fynd', on: 'BAG_CONFIRMED', ...fault } as never)
  shop.act('fynd.bag.confirm', order)
  return shop
}

const isSigned = (shop: Rehearsal, at: number): boolean => {
  const { text = '', headers } = shop.inbox.at(at) ?? {}
  const { secret = '' } = shop.world.credentials('fynd')
  return headers?.['x-fp-signature'] === signWebhook(secret, text)
}

test.each([
  ['unknown-item', { bags: [{ bag_id: 56119, affiliate_bag_id: '899765-8' }] }],
  ['unknown-order', { affiliate_order_id: '899765' }],
  ['other-account', { affiliate_order_id: '899765' }],
  ['unknown-event', { event: 'SOMETHING_NEW' }],
])(
  '%s: the real event, and a stranger that is signed well and fits the document',
  async (name, expected) => {
    const shop = await confirmUnder({ name })
    expect(shop.inbox).toHaveLength(3)
    const [, real, stranger] = shop.inbox
    expect(real?.body).toMatchObject({ event: 'BAG_CONFIRMED', affiliate_order_id: '100234' })
    expect(stranger?.body).toMatchObject(expected)
    expect(stranger?.headers['x-fp-event-id']).toBe(stranger?.body.event_id)
    expect(stranger?.body.event_id).not.toBe(real?.body.event_id)
    expect(isSigned(shop, 2)).toBe(true)
    expect(wire.checkWebhook('BAG_CONFIRMED', stranger?.body)).toBeNull()
    const own = shop.world.credentials('fynd').affiliate_id
    expect(stranger?.body.affiliate_id === own).toBe(name !== 'other-account')
    expect(shop.world.judge().breaches).toEqual([])
  },
)

test('stale-timestamp: epoch and labelled times are hours old, the signature is good', async () => {
  const shop = await confirmUnder({ name: 'stale-timestamp', by: '5h' })
  const { body } = shop.inbox[1] ?? {}
  expect(body?.created_timestamp).toBe(shop.world.clock.nowMs - 5 * hourMs)
  expect(body?.bags[0]?.updated_at).toBe('2026-01-05T05:00:00+00:00')
  expect(isSigned(shop, 1)).toBe(true)
})

test('body-reserialised: the same event in bytes that were never signed', async () => {
  const shop = await confirmUnder({ name: 'body-reserialised' })
  expect(shop.inbox[1]?.body.event).toBe('BAG_CONFIRMED')
  expect(shop.inbox[1]?.text).toContain('\n')
  expect(isSigned(shop, 1)).toBe(false)
})

test('overtake: delivered before it was out for delivery', async () => {
  const shop = createRehearsal()
  await shop.place()
  shop.world.arm({
    partner: 'fynd',
    name: 'overtake',
    on: 'OUT_FOR_DELIVERY',
    by: 'DELIVERY_DONE',
  } as never)
  shop.act('fynd.order.advance', { ...order, to: 'delivery_done' })
  expect(shop.events().slice(-2)).toEqual(['DELIVERY_DONE', 'OUT_FOR_DELIVERY'])
})

test('receiver-down for 49 hours: blocked, then everything at once after the reactivation', async () => {
  const shop = createRehearsal()
  await shop.place()
  shop.world.arm({ partner: 'fynd', name: 'receiver-down', until: '49h' } as never)
  shop.act('fynd.bag.confirm', order)
  for (let hour = 0; hour < 50; hour += 1) shop.advance(hourMs)
  shop.act('fynd.order.advance', { ...order, to: 'delivery_done' })
  expect(shop.events()).toEqual(['ORDER_PLACED'])
  shop.act('fynd.subscriber.reactivate')
  shop.advance(1)
  expect(shop.events().slice(1)).toEqual([
    'DELIVERY_PARTNER_ASSIGNED',
    'BAG_PICKED',
    'OUT_FOR_DELIVERY',
    'DELIVERY_DONE',
  ])
})

test('a key that was rotated at FYND: the act tells the new one, and all is signed with it', async () => {
  const shop = createRehearsal()
  const { secret } = shop.act<{ secret: string }>('fynd.secret.rotate')
  await shop.place()
  expect(isSigned(shop, 0)).toBe(false)
  const [sent] = shop.inbox
  expect(sent?.headers['x-fp-signature']).toBe(signWebhook(secret, sent?.text ?? ''))
})
