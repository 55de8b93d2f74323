import { expect, test } from 'vitest'
import { createRehearsal, first, minuteMs, orderReference, second } from './testing/rehearsal.ts'

const order = { orderReference }
const lines = [{ skuId: 'TEE-M' }, { skuId: 'TEE-S' }]

test('the judge sees absolute totals, buckets by centre, and the last status that was told', async () => {
  const shop = createRehearsal()
  await shop.push()
  shop.advance(minuteMs)
  const [item] = shop.view().orders?.[0]?.items ?? []
  expect(item).toMatchObject({
    shop_item_id: first,
    sku: 'TEE-M',
    quantity: 1,
    status: 'ASSIGNED',
    status_by_event: null,
  })
  shop.act('arvind.consignment.pack', order)
  expect(shop.view()).toMatchObject({
    quantities: { 'TEE-M': 17 },
    orders: [
      {
        shop_order_id: orderReference,
        placed: true,
        status: 'PACKED',
        items: [{ status: 'PACKED', status_by_event: 'PACKED' }],
      },
    ],
  })
  expect(shop.view().stock?.find(({ sku }) => sku === 'TEE-M')).toEqual({
    sku: 'TEE-M',
    store: 'BLR-01',
    sellable: 9,
    committed: 1,
    unavailable: 0,
    out: 0,
    opening: 10,
    adjusted: 0,
  })
  await shop.cancel()
  expect(shop.view().orders?.[0]?.items[0]?.status_by_event).toBe('CANCELLED')
  // Without a webhook the shop cannot know it.
  shop.world.setAssumptions('arvind', { webhook_scope: 'forward' })
  expect(shop.view().orders?.[0]?.items[0]?.status_by_event).toBe('PACKED')
})

test.each([
  ['PREPAID', 'arvind.order.cancel', 49900],
  ['COD', 'arvind.order.cancel', 0],
  ['PREPAID', 'arvind.item.unfulfil', 49900],
  ['PREPAID', 'arvind.item.receive-rto', 49900],
  ['PREPAID', 'arvind.item.deliver', 0],
])('of a %s order, after %s, %d must go back', (paymentMode, act, due) => {
  const shop = createRehearsal()
  shop.act('arvind.order.place', { orderReference, paymentMode, items: [{ skuId: 'TEE-M' }] })
  shop.act('arvind.order.book', order)
  if (act === 'arvind.item.receive-rto') shop.act('arvind.item.fail-delivery', order)
  expect(shop.view().orders?.[0]?.refund_due_minor).toBe(0)
  shop.act(act, order)
  expect(shop.view().orders?.[0]?.refund_due_minor).toBe(due)
})

test('an order whose items stand apart is mixed; cancelled ones do not count', async () => {
  const shop = createRehearsal({ consignment_grouping: 'per_item' })
  await shop.push({ lines })
  shop.act('arvind.order.advance', { ...order, itemReference: first, to: 'SHIPPED' })
  expect(shop.things('order')).toMatchObject([{ status: 'MIXED' }])
  await shop.cancel({ items: [{ itemReference: second }] })
  expect(shop.things('order')).toMatchObject([{ status: 'SHIPPED' }])
})

test('tracking tells where an order stands, wrapped in data', async () => {
  const shop = createRehearsal()
  await shop.push()
  const path = `/orders/status/tracking?orderReference=${orderReference}`
  expect((await shop.get(path)).body.data).toMatchObject({ consignments: [], items: [{}] })
  shop.act('arvind.order.advance', { ...order, to: 'DELIVERED' })
  const { status, body } = await shop.get(path)
  expect(status).toBe(200)
  expect(body.data).toMatchObject({
    orderReference,
    orderStatus: 'DELIVERED',
    items: [{ itemReference: first, status: 'DELIVERED', deliveredDate: '2026-01-05T04:30:00Z' }],
    consignments: [{ consignmentStatus: 'Delivered', ffCenterId: 'BLR-01', items: [first] }],
  })
})

test('order details tell the consignments with their history, for the channel of the path', async () => {
  const shop = createRehearsal()
  await shop.push()
  shop.act('arvind.order.advance', { ...order, to: 'PACKED' })
  const { channel_id } = shop.world.credentials('arvind')
  const { body } = await shop.get(`/ordersDetails/${channel_id}/${orderReference}`)
  const [consignment] = body.consignments as Record<string, unknown>[]
  expect(consignment).toMatchObject({ consignmentStatus: 'Packed' })
  expect(consignment?.history).toMatchObject([
    { fromState: null, toState: 'ACCEPTED', ffCenterId: null },
    { fromState: 'ACCEPTED', toState: 'BOOKED', ffCenterId: 'BLR-01' },
    { fromState: 'BOOKED', toState: 'ASSIGNED' },
    { fromState: 'ASSIGNED', toState: 'INVOICED' },
    { fromState: 'INVOICED', toState: 'PACKED' },
  ])
  expect((await shop.get(`/ordersDetails/nobody/${orderReference}`)).body.errorCode).toBe(
    'INVALID_CHANNEL',
  )
})

test.each([
  ['consignmentStatus', { consignmentStatus: 'Assigned' }],
  ['status', { status: 'Assigned' }],
  ['data', { data: { consignmentStatus: 'Assigned' } }],
])('the state of a consignment stands at %s by the switch', async (value, expected) => {
  const shop = createRehearsal({ consignment_status_at: value })
  await shop.push()
  shop.act('arvind.order.book', order)
  const { channel_id } = shop.world.credentials('arvind')
  const { body } = await shop.get(`/ordersDetails/${channel_id}/${orderReference}`)
  const [consignment] = body.consignments as object[]
  const known = ['consignmentStatus', 'status', 'data']
  const found = Object.entries(consignment ?? {}).filter(([key]) => known.includes(key))
  expect(Object.fromEntries(found)).toEqual(expected)
})

test.each(['Packed', 'Invoiced'])(
  'an invoiced consignment reads %s by the switch',
  async (word) => {
    const shop = createRehearsal({ invoiced_reads: word })
    await shop.push()
    shop.act('arvind.consignment.invoice', order)
    expect(shop.things('consignment')).toMatchObject([{ status: word }])
  },
)

test('an order that does not exist is a 404 in look-ups', async () => {
  const shop = createRehearsal()
  const { channel_id } = shop.world.credentials('arvind')
  for (const path of [
    '/orders/status/tracking?orderReference=x',
    `/ordersDetails/${channel_id}/x`,
  ]) {
    const { status, body } = await shop.get(path)
    expect({ status, code: body.errorCode }).toEqual({ status: 404, code: 'ORDER_NOT_FOUND' })
  }
})
