import { expect, test } from 'vitest'
import { readWire } from '../core/wire.ts'
import { arvind } from './index.ts'
import { forwardStatuses } from './rules/item-machine.ts'
import {
  createRehearsal,
  first,
  minuteMs,
  neft,
  orderReference,
  type Rehearsal,
  second,
} from './testing/rehearsal.ts'

const wire = await readWire(arvind.wire)
const order = { orderReference }
const basic = (pair: string) => `Basic ${Buffer.from(pair).toString('base64')}`

const last = (shop: Rehearsal) =>
  shop.inbox.filter(({ event }) => event !== 'update-inventory').at(-1)

test('the way to the door is told status by status, with the papers of the parcel', async () => {
  const shop = createRehearsal()
  await shop.push()
  shop.advance(minuteMs)
  shop.act('arvind.consignment.invoice', { ...order, invoiceNumber: 'INV-1' })
  const { channel_id, username, password } = shop.world.credentials('arvind')
  const [consignment] = shop.things<{ consignmentId: string }>('consignment')
  expect(last(shop)).toMatchObject({
    url: 'http://127.0.0.1:4101/api/arvind/order-status',
    headers: { authorization: basic(`${username}:${password}`) },
  })
  expect(last(shop)?.body).toEqual({
    eventId: expect.stringMatching(/^[0-9a-f-]{36}$/),
    orderReference,
    channelId: channel_id,
    consignmentId: consignment?.consignmentId,
    status: 'INVOICED',
    statusTime: shop.world.clock.nowMs,
    items: [{ itemReference: first, skuId: 'TEE-M', quantity: 1, status: 'INVOICED' }],
    invoiceNumber: 'INV-1',
    invoiceUrl: 'https://invoice.example/INV-1',
  })
  shop.act('arvind.consignment.pack', order)
  expect(last(shop)?.body).not.toHaveProperty('awbNumber')
  shop.act('arvind.consignment.ship', { ...order, courierName: 'Kite Couriers', awbNumber: 'K1' })
  expect(last(shop)?.body).toMatchObject({
    status: 'SHIPPED',
    invoiceNumber: 'INV-1',
    awbNumber: 'K1',
    courierName: 'Kite Couriers',
    trackingUrl: 'https://track.example/K1',
  })
  shop.act('arvind.consignment.out-for-delivery', order)
  expect(last(shop)?.body).not.toHaveProperty('deliveredDate')
  shop.act('arvind.item.deliver', order)
  expect(last(shop)?.body).toMatchObject({
    status: 'DELIVERED',
    deliveredDate: '2026-01-05T04:31:00Z',
  })
  expect(shop.told()).toEqual([...forwardStatuses])
  expect(new Set(shop.inbox.map(({ body }) => body.eventId)).size).toBe(shop.inbox.length)
})

test('an act passes what is missing before it: only PACKED is asked for, INVOICED comes in the same second', async () => {
  const shop = createRehearsal()
  await shop.push()
  shop.act('arvind.consignment.pack', order)
  expect(shop.told()).toEqual(['INVOICED', 'PACKED'])
  const [invoiced, packed] = shop.inbox
  expect(invoiced?.body.statusTime).toBe(packed?.body.statusTime)
})

test('items of one consignment are told together, of two apart', async () => {
  const shop = createRehearsal()
  const lines = [{ skuId: 'TEE-M' }, { skuId: 'TEE-S' }]
  await shop.push({ lines })
  shop.act('arvind.consignment.invoice', order)
  expect(last(shop)?.body.items).toHaveLength(2)
  shop.world.setAssumptions('arvind', { consignment_grouping: 'per_item' })
  await shop.push({ id: 'B', lines })
  shop.act('arvind.consignment.invoice', { orderReference: 'B' })
  expect(shop.told()).toEqual(['INVOICED', 'INVOICED', 'INVOICED'])
})

test('one item delivered, one cancelled, in one order of two consignments', async () => {
  const shop = createRehearsal({ consignment_grouping: 'per_item' })
  await shop.push({ lines: [{ skuId: 'TEE-M' }, { skuId: 'TEE-S' }] })
  shop.act('arvind.order.advance', { ...order, itemReference: first, to: 'DELIVERED' })
  await shop.cancel({ items: [{ itemReference: second }] })
  expect(shop.statusOf(first)).toBe('DELIVERED')
  expect(shop.statusOf(second)).toBe('CANCELLED')
  expect(shop.things('order')).toMatchObject([{ status: 'DELIVERED', consignments: 2 }])
})

test('delivery fails, is tried again, and at last the parcel goes home', async () => {
  const shop = createRehearsal()
  await shop.push()
  shop.act('arvind.order.advance', { ...order, to: 'OUT_FOR_DELIVERY' })
  expect(() => shop.act('arvind.item.return-to-origin', order)).toThrow('can become RTO_INITIATED')
  shop.act('arvind.item.fail-delivery', order)
  shop.act('arvind.consignment.out-for-delivery', order)
  shop.act('arvind.item.fail-delivery', { ...order, reason: 'Door closed' })
  expect(last(shop)?.body.reason).toBe('Door closed')
  expect(shop.row('TEE-M', 'BLR-01')).toMatchObject({ out: 1 })
  shop.act('arvind.item.return-to-origin', order)
  shop.act('arvind.item.receive-rto', order)
  expect(shop.told().slice(3)).toEqual([
    'OUT_FOR_DELIVERY',
    'UNDELIVERED',
    'OUT_FOR_DELIVERY',
    'UNDELIVERED',
    'RTO_INITIATED',
    'RTO_RECEIVED',
  ])
  expect(shop.row('TEE-M', 'BLR-01')).toMatchObject({ sellable: 10, out: 0 })
})

test('an item that cannot be sourced is unfulfilled; its pieces are out of sale, or on sale by the switch', async () => {
  const shop = createRehearsal()
  await shop.push()
  shop.act('arvind.order.book', order)
  shop.act('arvind.item.unfulfil', order)
  expect(last(shop)?.body).toMatchObject({
    status: 'UNFULFILLED',
    reason: 'Not found at the centre',
  })
  expect(shop.row('TEE-M', 'BLR-01')).toMatchObject({ sellable: 9, committed: 0, unavailable: 1 })
  shop.world.setAssumptions('arvind', { pick_fail_stock: 'sellable' })
  await shop.push({ id: 'B' })
  shop.act('arvind.order.book', { orderReference: 'B' })
  shop.act('arvind.item.unfulfil', { orderReference: 'B' })
  expect(shop.row('TEE-M', 'BLR-01')).toMatchObject({ sellable: 9, unavailable: 1 })
})

test('with the switch on forward only the seed’s statuses are told, and the judge expects no others', async () => {
  const shop = createRehearsal({ webhook_scope: 'forward' })
  await shop.push()
  shop.act('arvind.consignment.pack', order)
  await shop.cancel()
  expect(shop.told()).toEqual(['INVOICED', 'PACKED'])
  expect(shop.statusOf(first)).toBe('CANCELLED')
})

test('webhooks prove themselves with a shared header, or not at all', async () => {
  const shop = createRehearsal({ webhook_auth: 'shared_header' })
  await shop.push()
  shop.act('arvind.consignment.invoice', order)
  const { password } = shop.world.credentials('arvind')
  expect(last(shop)?.headers).toMatchObject({ 'x-arvind-secret': password })
  expect(last(shop)?.headers).not.toHaveProperty('authorization')
  shop.world.setAssumptions('arvind', { webhook_auth: 'none' })
  shop.act('arvind.consignment.pack', order)
  expect(last(shop)?.headers).not.toHaveProperty('x-arvind-secret')
  expect(last(shop)?.headers).not.toHaveProperty('authorization')
})

test.each([
  { status: 500, body: '{"status":true}' },
  { status: 404, body: '' },
  { status: 200, body: '{"status":false}' },
  { status: 200, body: 'OK' },
  // Only 200 counts, not any success.
  { status: 201, body: '{"status":true}' },
  { status: 202, body: '{"status":true}' },
])('after the answer %j it is tried again on the ladder, then given up', async (answer) => {
  const shop = createRehearsal({ inventory_delta_seconds: null, inventory_full_minutes: null })
  await shop.push()
  Object.assign(shop.receiver, answer)
  shop.act('arvind.consignment.invoice', order)
  const startMs = shop.world.clock.nowMs
  shop.advance(1000 * minuteMs)
  const minutes = shop.inbox.map(({ atMs }) => (atMs - startMs) / minuteMs)
  expect(minutes).toEqual([0, 1, 6, 21, 81, 321])
  expect(new Set(shop.inbox.map(({ body }) => body.eventId)).size).toBe(1)
  expect(shop.world.deliveries()).toMatchObject([{ state: 'dead', deadLetter: 'ladder-ended' }])
})

test('any 2xx will do, and the ladder is another, by the switches', async () => {
  const shop = createRehearsal({ webhook_success: 'any_2xx', webhook_gaps_minutes: [3] })
  await shop.push()
  Object.assign(shop.receiver, { status: 204, body: '' })
  shop.act('arvind.consignment.invoice', order)
  shop.advance(10 * minuteMs)
  expect(shop.told()).toEqual(['INVOICED'])
  shop.receiver.status = 500
  shop.act('arvind.consignment.pack', order)
  shop.advance(10 * minuteMs)
  expect(shop.told()).toEqual(['INVOICED', 'PACKED', 'PACKED'])
})

test('events that are due together leave in order, or shuffled by the switch', async () => {
  const toldWith = async (webhook_ordering: string, seed: number) => {
    const shop = createRehearsal({ webhook_ordering }, { seed })
    await shop.push()
    shop.act('arvind.order.advance', { ...order, to: 'DELIVERED' })
    shop.advance(minuteMs)
    return shop.told()
  }
  const seeds = [1, 2, 3, 4, 5, 6]
  const shuffled = await Promise.all(seeds.map((seed) => toldWith('shuffle', seed)))
  const inOrder = await Promise.all(seeds.map((seed) => toldWith('fifo', seed)))
  for (const told of inOrder) expect(told).toEqual([...forwardStatuses])
  for (const told of shuffled) expect([...told].sort()).toEqual([...forwardStatuses].sort())
  expect(shuffled).not.toEqual(inOrder)
})

test('faults take one status by name: delivered is lost, shipped comes after delivered', async () => {
  const shop = createRehearsal()
  shop.world.arm({ partner: 'arvind', name: 'drop', on: 'DELIVERED', first: 1 })
  shop.world.arm({ partner: 'arvind', name: 'delay', by: '1h', on: 'SHIPPED', first: 1 })
  await shop.push()
  shop.act('arvind.order.advance', { ...order, to: 'DELIVERED' })
  shop.advance(2 * 60 * minuteMs)
  expect(shop.told()).toEqual(['INVOICED', 'PACKED', 'OUT_FOR_DELIVERY', 'SHIPPED'])
})

test('a status can be sent as given: backwards, for unknown orders and items, in unknown words', async () => {
  const shop = createRehearsal()
  await shop.push()
  const items = [{ itemReference: first }]
  shop.act('arvind.status.send', { ...order, status: 'PACKED', items, statusTime: 1 })
  shop.act('arvind.status.send', { orderReference: 'no-such', status: 'DELIVERED', items })
  shop.act('arvind.status.send', { ...order, status: 'TELEPORTED', items, channelId: 'x' })
  shop.act('arvind.status.send', {
    ...order,
    status: 'SHIPPED',
    items: [{ itemReference: 'no-such', status: 'PACKED' }],
    consignmentId: 'CN1',
  })
  expect(shop.told()).toEqual(['PACKED', 'DELIVERED', 'unlisted-status', 'SHIPPED'])
  expect(shop.inbox[0]?.body.statusTime).toBe(1)
  expect(shop.inbox[1]?.body).toMatchObject({ orderReference: 'no-such' })
  expect(shop.inbox[3]?.body.items).toMatchObject([{ itemReference: 'no-such', status: 'PACKED' }])
  expect(shop.statusOf(first)).toBe('ACCEPTED')
  for (const { event, body } of shop.inbox) expect(wire.checkWebhook(event, body)).toBeNull()
})

test('every event that can be sent is what the document says', async () => {
  const shop = createRehearsal({ returned_stock: 'unavailable' })
  const lines = [{ skuId: 'TEE-M' }, { skuId: 'TEE-S' }, { skuId: 'TEE-L' }, { skuId: 'TEE-XL' }]
  await shop.push({ lines, isCod: true })
  shop.act('arvind.item.unfulfil', { ...order, skuId: 'TEE-XL' })
  shop.act('arvind.order.advance', { ...order, skuId: 'TEE-M', to: 'DELIVERED' })
  shop.act('arvind.order.advance', { ...order, skuId: 'TEE-S', to: 'DELIVERED' })
  shop.act('arvind.order.advance', { ...order, skuId: 'TEE-L', to: 'OUT_FOR_DELIVERY' })
  shop.act('arvind.item.fail-delivery', { ...order, skuId: 'TEE-L' })
  shop.act('arvind.item.receive-rto', { ...order, skuId: 'TEE-L' })
  shop.act('arvind.return.request', { ...order, neftDetails: neft })
  shop.act('arvind.return.refund', { ...order, skuId: 'TEE-M' })
  shop.act('arvind.return.qc-fail', { ...order, skuId: 'TEE-S' })
  await shop.push({ id: 'B' })
  shop.act('arvind.order.cancel', { orderReference: 'B' })
  shop.act('arvind.status.send', { ...order, status: 'ODD', items: [{ itemReference: first }] })
  shop.act('arvind.inventory.push')
  shop.act('arvind.inventory.send', { inventories: [] })
  expect(new Set(shop.inbox.map(({ event }) => event))).toEqual(new Set(arvind.webhooks.events))
  for (const { event, body, text } of shop.inbox) {
    expect(wire.checkWebhook(event, body), text).toBeNull()
  }
  expect(shop.world.counts().bugs).toBe(0)
})
