import { expect, test } from 'vitest'
import { credentials, fyndEvent, signedWebhook } from './testing/partner-stub.ts'
import { openTestShop, type TestShop } from './testing/shop.ts'

const startMs = 1_767_587_400_000

/** Sends one event about the first order, `atMs` after the start. */
function tell(t: TestShop, event: string, status: string, atMs: number, more: object = {}) {
  return t.send(
    fyndEvent(t.stub.order('100001'), {
      event,
      event_id: `${event}-${atMs}`,
      status,
      created_timestamp: startMs + atMs,
      ...more,
    }),
  )
}

async function mails(t: TestShop) {
  const { body } = await t.get('/admin/logs/gofynd-email?order=100001')
  return body.entries.map((entry: { event: string }) => entry.event)
}

test('an event moves the item, keeps its history, mails and sends an SMS by template', async () => {
  const t = openTestShop()
  await t.buyCod()
  await tell(t, 'ORDER_PLACED', 'placed', 1)
  await tell(t, 'DELIVERY_PARTNER_ASSIGNED', 'dp_assigned', 2, {
    dp_details: {
      name: 'Kite Couriers',
      awb_no: 'KC-100',
      track_url: 'https://kite.example/KC-100',
    },
  })
  const answer = await tell(t, 'OUT_FOR_DELIVERY', 'out_for_delivery', 3)
  expect(answer.body).toEqual({ accepted: true, outcome: 'applied' })
  const [item] = (await t.order('100001')).items
  expect(item).toMatchObject({
    status: 'out_for_delivery',
    shipment_id: 'SHIP-1',
    courier: 'Kite Couriers',
    awb_no: 'KC-100',
  })
  expect(item?.history.map((entry) => [entry.event, entry.applied])).toEqual([
    ['ORDER_PLACED', true],
    ['DELIVERY_PARTNER_ASSIGNED', true],
    ['OUT_FOR_DELIVERY', true],
  ])
  expect(await mails(t)).toEqual(['ORDER_PLACED', 'OUT_FOR_DELIVERY'])
  const sms = await t.get('/admin/logs/sms?number=9000000001')
  expect(sms.body.entries).toMatchObject([
    { event: 'OUT_FOR_DELIVERY', text: 'Your order 100001 is out for delivery.' },
  ])
  expect((await t.get('/admin/logs/sms?number=9000000002')).body.entries).toEqual([])
})

test('a duplicate changes nothing and mails once, and the naive shop shows the bug', async () => {
  for (const [switchValue, count] of [
    ['once', 1],
    ['naive', 2],
  ] as const) {
    const t = openTestShop({ switches: { webhook_events: switchValue } })
    await t.buyCod()
    await tell(t, 'BAG_CONFIRMED', 'bag_confirmed', 1)
    const again = await tell(t, 'BAG_CONFIRMED', 'bag_confirmed', 1)
    expect(again.status).toBe(200)
    expect(await mails(t)).toHaveLength(count)
    expect((await t.order('100001')).items[0]?.history).toHaveLength(count)
  }
})

test('an event that was overtaken is kept, but neither applied nor mailed', async () => {
  const t = openTestShop()
  await t.buyCod()
  await tell(t, 'DELIVERY_DONE', 'delivery_done', 20)
  const late = await tell(t, 'OUT_FOR_DELIVERY', 'out_for_delivery', 10)
  expect(late.body).toEqual({ accepted: true, outcome: 'stale' })
  const [item] = (await t.order('100001')).items
  expect(item?.status).toBe('delivery_done')
  expect(item?.history.map((entry) => entry.applied)).toEqual([true, false])
  expect(await mails(t)).toEqual(['DELIVERY_DONE'])
})

test('of two events of one millisecond the one further along wins, in either order', async () => {
  const events = [
    ['BAG_CONFIRMED', 'bag_confirmed'],
    ['BAG_PICKED', 'bag_picked'],
  ] as const
  for (const order of [events, [...events].reverse()]) {
    const t = openTestShop()
    await t.buyCod()
    for (const [event, status] of order) await tell(t, event, status, 5)
    expect((await t.order('100001')).items[0]?.status).toBe('bag_picked')
  }
})

test('a new shipment after another store took over replaces the old one', async () => {
  const t = openTestShop()
  await t.buyCod()
  await tell(t, 'BAG_CONFIRMED', 'bag_confirmed', 1, {
    shipment_id: 'SHIP-9',
    previous_shipment_id: 'SHIP-1',
  })
  expect((await t.order('100001')).items[0]?.shipment_id).toBe('SHIP-9')
})

test('only the bags of an event move', async () => {
  const t = openTestShop()
  await t.buyCod([{ sku: 'TEE-M', quantity: 2 }])
  const [, second] = t.stub.order('100001').bags
  await tell(t, 'FYND_CANCELLED', 'cancelled_fynd', 1, { bags: [second] })
  expect((await t.order('100001')).items.map((item) => item.status)).toEqual([
    null,
    'cancelled_fynd',
  ])
})

test('ORDER_PLACED that overtakes the answer of order placed ends the doubt', async () => {
  const t = openTestShop()
  await t.fill('COD')
  t.stub.plan('order-placed', 'answer-lost', 'answer-lost', 'answer-lost')
  await t.post('/shop/checkout/confirm')
  expect((await t.order('100001')).status).toBe('missing')
  await tell(t, 'ORDER_PLACED', 'placed', 1)
  const placed = t.stub.calls('order-placed').length
  expect(await t.order('100001')).toMatchObject({
    status: 'processed',
    fynd_order_id: 'FY00000001',
  })
  await t.clock.settle()
  expect(t.stub.calls('order-placed')).toHaveLength(placed)
})

test('verifies before it reads', async () => {
  const t = openTestShop()
  const forged = signedWebhook('not even json', 'another-secret')
  expect(await t.send(forged)).toMatchObject({
    status: 401,
    body: { accepted: false, why: 'bad-signature' },
  })
  const garbled = signedWebhook('not even json', credentials.secretKey)
  expect((await t.send(garbled)).status).toBe(400)
})

test('asks to come again about an unknown order for ten minutes, then keeps it', async () => {
  const t = openTestShop()
  const ghost = {
    fyndOrderId: 'FY9',
    affiliateOrderId: '999999',
    shipmentId: 'S',
    bags: [],
    body: '',
    status: 'placed',
    timesPlaced: 1,
  } as const
  const event = () =>
    fyndEvent(
      { ...ghost, bags: [] },
      { event: 'BAG_CONFIRMED', event_id: 'g1', created_timestamp: startMs },
    )
  expect((await t.send(event())).status).toBe(404)
  await t.clock.advance(10 * 60_000)
  expect((await t.send(event())).body).toEqual({ accepted: true, outcome: 'unknown-order' })
  const log = await t.get('/admin/logs/partner?operation=BAG_CONFIRMED')
  expect(log.body.entries).toMatchObject([{ direction: 'in', outcome: 'unknown-order' }])
})

test('accepts and ignores another affiliate, an unknown event, an unknown bag and a ping', async () => {
  const t = openTestShop()
  await t.buyCod()
  const outcomes = [
    await tell(t, 'BAG_CONFIRMED', 'bag_confirmed', 1, { affiliate_id: 'f'.repeat(24) }),
    await tell(t, 'BAG_TELEPORTED', 'bag_teleported', 2),
    await tell(t, 'BAG_PICKED', 'bag_picked', 3, {
      bags: [{ bag_id: 7, affiliate_bag_id: '100001-9' }],
    }),
    await tell(t, 'ping', 'ping', 4),
  ].map((answer) => `${answer.status} ${answer.body.outcome}`)
  expect(outcomes).toEqual([
    '200 other-affiliate',
    '200 unknown-event',
    '200 unknown-bag',
    '200 ping',
  ])
  expect((await t.order('100001')).items[0]?.history).toEqual([])
  expect(await mails(t)).toEqual([])
})

test('a template that is taken away stops the mail, a new one starts it', async () => {
  const t = openTestShop()
  await t.buyCod()
  await t.call('PUT', '/admin/templates/BAG_CONFIRMED/email', { template: null })
  await t.call('PUT', '/admin/templates/RTO_BAG_IN_TRANSIT/email', {
    template: '{name}: {items} of {order}, {status}',
  })
  await tell(t, 'BAG_CONFIRMED', 'bag_confirmed', 1)
  await tell(t, 'RTO_BAG_IN_TRANSIT', 'rto_in_transit', 2)
  const { body } = await t.get('/admin/logs/gofynd-email')
  expect(body.entries.map((entry: { text: string }) => entry.text)).toEqual([
    'Asha: TEE-M of 100001, rto_in_transit',
  ])
  expect((await t.call('PUT', '/admin/templates/NOPE/email', { template: null })).status).toBe(400)
})
