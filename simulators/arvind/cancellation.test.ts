import { expect, test } from 'vitest'
import { createRehearsal, first, minuteMs, orderReference, second } from './testing/rehearsal.ts'

const order = { orderReference }
const lines = [{ skuId: 'TEE-M' }, { skuId: 'TEE-S' }]

test.each(['ACCEPTED', 'BOOKED', 'ASSIGNED', 'INVOICED', 'PACKED'])(
  'an order that is %s is cancelled as a whole, and its pieces are on sale again',
  async (status) => {
    const shop = createRehearsal()
    await shop.push({ lines })
    if (status === 'BOOKED') shop.advance(10_000)
    else if (status === 'ASSIGNED') shop.advance(minuteMs)
    else if (status !== 'ACCEPTED') shop.act('arvind.order.advance', { ...order, to: status })
    expect(shop.statusOf(first)).toBe(status)
    const { body } = await shop.cancel()
    const done = { status: 'CANCELLED', eligible: true, reason: null }
    expect(body).toEqual({
      status: true,
      message: 'Cancelled',
      data: {
        items: [
          { itemReference: first, ...done },
          { itemReference: second, ...done },
        ],
      },
    })
    expect(shop.told().slice(-1)).toEqual(['CANCELLED'])
    expect(shop.total('TEE-M')).toBe(18)
    shop.advance(10 * minuteMs)
    expect(shop.statusOf(first)).toBe('CANCELLED')
  },
)

test.each(['SHIPPED', 'OUT_FOR_DELIVERY', 'DELIVERED'])(
  'an item that is %s is not cancelled any more',
  async (to) => {
    const shop = createRehearsal()
    await shop.push()
    shop.act('arvind.order.advance', { ...order, to })
    const { status, body } = await shop.cancel()
    expect(status).toBe(200)
    expect(body).toMatchObject({
      status: false,
      errorCode: 'ALREADY_SHIPPED',
      data: { items: [{ status: to, eligible: false, reason: 'ALREADY_SHIPPED' }] },
    })
    expect(shop.statusOf(first)).toBe(to)
  },
)

test('an order that Arvind does not know (yet) cannot be cancelled', async () => {
  const { status, body } = await createRehearsal().cancel()
  expect(status).toBe(200)
  expect(body).toEqual({
    status: false,
    errorCode: 'ORDER_NOT_FOUND',
    message: `Order ${orderReference} does not exist`,
  })
})

test('an item that the order does not have, an item twice, an item again', async () => {
  const shop = createRehearsal()
  await shop.push({ lines })
  const items = [{ itemReference: 'no-such' }, { itemReference: first }, { itemReference: first }]
  const { body } = await shop.cancel({ items })
  expect(body).toMatchObject({ status: false, errorCode: 'ITEM_NOT_FOUND' })
  expect(body.data.items.map(({ reason }) => reason)).toEqual([
    'ITEM_NOT_FOUND',
    null,
    'ALREADY_CANCELLED',
  ])
  expect((await shop.cancel({ items: [{ itemReference: first }] })).body.errorCode).toBe(
    'ALREADY_CANCELLED',
  )
  // The rest of the order goes without a complaint about what is cancelled already.
  expect((await shop.cancel()).body.status).toBe(true)
  expect((await shop.cancel()).body.errorCode).toBe('ALREADY_CANCELLED')
})

test('the brand forbids it, again and again, until its rule changes', async () => {
  const shop = createRehearsal()
  await shop.push()
  shop.act('arvind.sku.set-rules', { skuId: 'TEE-M', cancellable: false })
  for (let again = 0; again < 3; again += 1) {
    expect((await shop.cancel()).body.errorCode).toBe('NOT_CANCELLABLE')
  }
  shop.act('arvind.sku.set-rules', { skuId: 'TEE-M', cancellable: true })
  expect((await shop.cancel()).body.status).toBe(true)
})

test('a part of a line, and a line nobody could fulfil, cannot be cancelled', async () => {
  const shop = createRehearsal()
  await shop.push({ lines: [{ skuId: 'TEE-M', quantity: 2 }, { skuId: 'TEE-S' }] })
  const part = await shop.cancel({ items: [{ itemReference: first, quantity: 1 }] })
  expect(part.body.errorCode).toBe('NOT_CANCELLABLE')
  shop.act('arvind.item.unfulfil', { ...order, itemReference: second })
  const lost = await shop.cancel({ items: [{ itemReference: second }] })
  expect(lost.body.errorCode).toBe('NOT_CANCELLABLE')
  const whole = await shop.cancel({ items: [{ itemReference: first, quantity: 2 }] })
  expect(whole.body.status).toBe(true)
})

test('an extra window closes after the minutes of the switch', async () => {
  const shop = createRehearsal({ cancel_window_minutes: 30 })
  await shop.push({ id: 'A' })
  await shop.push({ id: 'B' })
  shop.advance(30 * minuteMs)
  expect((await shop.cancel({ orderReference: 'A' })).body.status).toBe(true)
  shop.advance(1)
  expect((await shop.cancel({ orderReference: 'B' })).body.errorCode).toBe('CANCEL_WINDOW_CLOSED')
})

test.each([
  ['refused', false],
  ['accepted', true],
])('some refused, some accepted: with the switch on %s the top says %s', async (value, status) => {
  const shop = createRehearsal({ mixed_result: value, consignment_grouping: 'per_item' })
  await shop.push({ lines })
  shop.act('arvind.order.advance', { ...order, itemReference: first, to: 'SHIPPED' })
  const { body } = await shop.cancel()
  expect(body.status).toBe(status)
  expect(body.data.items).toMatchObject([
    { status: 'SHIPPED', eligible: false, reason: 'ALREADY_SHIPPED' },
    { status: 'CANCELLED', eligible: true, reason: null },
  ])
})

test('items may be named by the shop’s other id, and the reason stands in the webhook', async () => {
  const shop = createRehearsal()
  await shop.push({ lines })
  await shop.cancel({ items: [{ itemReference: '2', reasonId: 7, reason: 'Changed my mind' }] })
  expect(shop.statusOf(second)).toBe('CANCELLED')
  expect(shop.inbox.at(-1)?.body).toMatchObject({ status: 'CANCELLED', reason: 'Changed my mind' })
})

test('the brand cancels too, and never what has left', async () => {
  const shop = createRehearsal()
  await shop.push()
  shop.act('arvind.order.advance', { ...order, to: 'SHIPPED' })
  expect(() => shop.act('arvind.order.cancel', order)).toThrow('can become CANCELLED')
  await shop.push({ id: 'B' })
  shop.act('arvind.order.cancel', { orderReference: 'B', reason: 'Sold out' })
  expect(shop.inbox.at(-1)?.body).toMatchObject({ status: 'CANCELLED', reason: 'Sold out' })
})

test('an item named with the SKU of another one is no item of the order', async () => {
  const shop = createRehearsal()
  await shop.push()
  const named = (skuId: string | null) => shop.cancel({ items: [{ itemReference: first, skuId }] })
  expect((await named('TEE-S')).body).toMatchObject({ status: false, errorCode: 'ITEM_NOT_FOUND' })
  expect((await named('TEE-M')).body.status).toBe(true)
})

test('what the customer wrote stands beside the reason, in the webhook and in the history', async () => {
  const shop = createRehearsal()
  await shop.push()
  shop.act('arvind.order.book', { orderReference })
  await shop.cancel({ items: [{ itemReference: first, reason: 'Too late', comment: 'Sorry' }] })
  expect(shop.inbox.at(-1)?.body).toMatchObject({ reason: 'Too late', comment: 'Sorry' })
  const { channel_id } = shop.world.credentials('arvind')
  const { body } = await shop.get(`/ordersDetails/${channel_id}/${orderReference}`)
  expect(body.consignments).toMatchObject([
    {
      history: [
        { toState: 'ACCEPTED', ffCenter: null },
        { ffCenter: 'Bengaluru Indiranagar', ffCenterId: 'BLR-01' },
        { toState: 'ASSIGNED', comment: null },
        { toState: 'CANCELLED', reason: 'Too late', comment: 'Sorry' },
      ],
    },
  ])
})
