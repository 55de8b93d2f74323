import { expect, test } from 'vitest'
import {
  createRehearsal,
  hourMs,
  minuteMs,
  type Placed,
  type Rehearsal,
} from './testing/rehearsal.ts'

const prepaid = async (shop: Rehearsal, changes: object = {}): Promise<Placed> =>
  (await shop.place({ mode: 'PREPAID', ...changes })).body

const statuses = (shop: Rehearsal) =>
  shop.things<{ status: string }>('bag').map((bag) => bag.status)

/** Everything that is left of a SKU goes over the counter. */
function sellOut(shop: Rehearsal, sku: string): void {
  for (const store of ['BLR-01', 'DEL-01', 'BOM-01']) {
    shop.act('fynd.stock.set', { sku, store, quantity: 0 })
  }
}

test('a confirmed payment places the order and tells the shop', async () => {
  const shop = createRehearsal()
  const order = await prepaid(shop)
  const { status, body } = await shop.pay(order)
  expect([status, body]).toEqual([
    200,
    { success: true, message: 'Payment Successful', order_id: order.fynd_order_id },
  ])
  expect(statuses(shop)).toEqual(['placed'])
  expect(shop.inbox[0]?.body).toMatchObject({
    event: 'ORDER_PLACED',
    shipment_id: order.shipments[0]?.shipment_id,
    bags: [{ status: 'placed', previous_status: 'pending' }],
  })
  shop.advance(48 * hourMs)
  expect(shop.things('order')).toHaveLength(1)
  expect(shop.sellable('TEE-M', 'BLR-01')).toBe(9)
})

test('confirming twice changes nothing the second time, whatever the amount', async () => {
  const shop = createRehearsal()
  const order = await prepaid(shop)
  await shop.pay(order)
  const before = shop.world.state('fynd')
  const again = await shop.pay(order, 1)
  expect([again.status, again.body.message]).toEqual([200, 'Payment already confirmed'])
  expect(shop.world.state('fynd')).toEqual(before)
  expect(shop.events()).toEqual(['ORDER_PLACED'])
})

test('several methods count together, failed ones do not', async () => {
  const shop = createRehearsal()
  const order = await prepaid(shop, { lines: [{ sku: 'SHOE-9', amount: 1299.5 }] })
  const confirm = (methods: object[]) =>
    shop.post(`/orders/${order.fynd_order_id}/payment/confirm`, { payment_methods: methods })
  const card = { mode: 'CARD', amount: 1000 }
  const wallet = { mode: 'WALLET', amount: 299.5 }
  const failed = { mode: 'UPI', amount: 1299.5, meta: { current_status: 'failed' } }
  expect((await confirm([card])).status).toBe(400)
  expect((await confirm([card, wallet, failed])).status).toBe(200)
})

test('a wrong amount is refused and the order stays pending', async () => {
  const shop = createRehearsal()
  const order = await prepaid(shop)
  for (const amount of [498.99, 499.01, 0, 998]) {
    const { status, body } = await shop.pay(order, amount)
    expect([status, body.exception], String(amount)).toEqual([400, 'ValidationError'])
  }
  expect(statuses(shop)).toEqual(['pending'])
})

test('an unknown order, another order in the body, another affiliate’s order', async () => {
  const shop = createRehearsal()
  const order = await prepaid(shop)
  const unknown = await shop.pay({ ...order, fynd_order_id: 'FY00000000000000000F' })
  expect([unknown.status, unknown.body.exception]).toEqual([404, 'DoesNotExist'])
  const path = `/orders/${order.fynd_order_id}/payment/confirm`
  const mixed = await shop.post(path, {
    order_id: 'FY00000000000000000F',
    payment_methods: [{ mode: 'CARD', amount: 499 }],
  })
  expect(mixed.status).toBe(400)
  const other = shop.act<{ affiliate_id: string; token: string }>('fynd.affiliate.create')
  const stranger = await shop.send('POST', path, {
    text: JSON.stringify({ payment_methods: [{ mode: 'CARD', amount: 499 }] }),
    affiliateId: other.affiliate_id,
    headers: { authorization: `Bearer ${btoa(`${other.affiliate_id}:${other.token}`)}` },
  })
  expect(stranger.status).toBe(404)
  expect(statuses(shop)).toEqual(['pending'])
})

test('a COD order needs no payment confirmation', async () => {
  const shop = createRehearsal()
  const { body: order } = await shop.place()
  const { status, body } = await shop.pay(order)
  expect([status, body.message]).toEqual([400, 'Payment confirmation not applicable'])
})

test('a payment that failed can still succeed later', async () => {
  const shop = createRehearsal()
  const order = await prepaid(shop)
  for (let again = 0; again < 2; again += 1) {
    const { status, body } = await shop.pay(order, 499, 'failed')
    expect([status, body.message]).toEqual([200, 'Payment marked failed'])
  }
  expect(statuses(shop)).toEqual(['payment_failed'])
  shop.advance(30 * hourMs)
  expect((await shop.pay(order)).body.message).toBe('Payment Successful')
  expect(statuses(shop)).toEqual(['placed'])
  expect(shop.inbox[0]?.body.bags[0]?.previous_status).toBe('payment_failed')
})

test('after the silent expiry the order does not exist', async () => {
  const shop = createRehearsal()
  const order = await prepaid(shop)
  shop.advance(24 * hourMs)
  const { status, body } = await shop.pay(order)
  expect([status, body.exception]).toEqual([404, 'DoesNotExist'])
})

test('late, with the stock still there: the pieces are taken again', async () => {
  const shop = createRehearsal()
  const order = await prepaid(shop)
  shop.advance(2 * hourMs)
  expect((await shop.pay(order)).status).toBe(200)
  expect(statuses(shop)).toEqual(['placed'])
  expect(shop.sellable('TEE-M', 'BLR-01')).toBe(9)
})

test('late, with the stock at another store: a new shipment names the old one', async () => {
  const shop = createRehearsal()
  const order = await prepaid(shop)
  shop.advance(2 * hourMs)
  shop.act('fynd.stock.set', { sku: 'TEE-M', store: 'BLR-01', quantity: 0 })
  await shop.pay(order)
  expect(shop.things('shipment')).toEqual([
    expect.objectContaining({
      store: 'DEL-01',
      previous_shipment_id: order.shipments[0]?.shipment_id,
      bags: 1,
    }),
  ])
  expect(shop.sellable('TEE-M', 'DEL-01')).toBe(4)
})

test('late, with the stock gone: placed, then cancelled by FYND and refunded', async () => {
  const shop = createRehearsal()
  const order = await prepaid(shop, {
    lines: [{ sku: 'TEE-M' }, { sku: 'MUG-1', amount: 249 }],
    value: 648,
  })
  shop.advance(2 * hourMs)
  sellOut(shop, 'TEE-M')
  const { status, body } = await shop.pay(order, 648)
  expect([status, body.message]).toEqual([200, 'Payment Successful'])
  expect(statuses(shop)).toEqual(['refund_initiated', 'placed'])
  expect(shop.events()).toEqual(['ORDER_PLACED', 'FYND_CANCELLED', 'REFUND_INITIATED'])
  const [placed, cancelled, refunded] = shop.inbox.map((sent) => sent.body)
  expect(placed?.bags.map((bag) => bag.status)).toEqual(['placed', 'placed'])
  expect(cancelled?.bags).toMatchObject([
    { previous_status: 'product_not_available', reason: { text: 'Product not available' } },
  ])
  // 648 for goods of 748: a bag of 499 has 499/748 of it.
  expect(refunded?.refund).toMatchObject({
    amount: 432.29,
    journey_type: 'cancel',
    payment_id: 'pay_1',
    mode: 'CARD',
  })
  expect(shop.world.judge().breaches).toEqual([])
})

test('late, with the stock gone and late_confirmation refuse: 409, the order waits on', async () => {
  const shop = createRehearsal({ late_confirmation: 'refuse' })
  const order = await prepaid(shop)
  shop.advance(2 * hourMs)
  sellOut(shop, 'TEE-M')
  const before = shop.world.state('fynd')
  const { status, body } = await shop.pay(order)
  expect([status, body.exception]).toEqual([409, 'OrderExpired'])
  expect(shop.world.state('fynd')).toEqual(before)
  shop.act('fynd.stock.set', { sku: 'TEE-M', store: 'BOM-01', quantity: 1 })
  expect((await shop.pay(order)).status).toBe(200)
})

test('two late bags of one order do not count on the same last piece', async () => {
  const shop = createRehearsal()
  const order = await prepaid(shop, { lines: [{ sku: 'TEE-M' }, { sku: 'TEE-M' }] })
  shop.advance(2 * hourMs)
  sellOut(shop, 'TEE-M')
  shop.act('fynd.stock.set', { sku: 'TEE-M', store: 'BOM-01', quantity: 1 })
  await shop.pay(order, 998)
  expect(statuses(shop).sort()).toEqual(['placed', 'refund_initiated'])
  expect(shop.sellable('TEE-M', 'BOM-01')).toBe(0)
})

test('a store that was switched off since does not get a late order', async () => {
  const shop = createRehearsal()
  const order = await prepaid(shop)
  shop.advance(2 * hourMs)
  shop.act('fynd.store.switch-off', { store: 'BLR-01' })
  await shop.pay(order)
  expect(shop.things('bag')).toMatchObject([{ store: 'DEL-01', status: 'placed' }])
})

test('with allocate_on payment the payment finds the stores', async () => {
  const shop = createRehearsal({ allocate_on: 'payment' })
  const order = await prepaid(shop)
  await shop.pay(order)
  expect(shop.things('bag')).toMatchObject([{ store: 'BLR-01', status: 'placed' }])
  expect(shop.sellable('TEE-M', 'BLR-01')).toBe(9)
})

test('with allocate_on payment and the stock gone meanwhile the bag is cancelled and refunded', async () => {
  const shop = createRehearsal({ allocate_on: 'payment' })
  const order = await prepaid(shop)
  sellOut(shop, 'TEE-M')
  await shop.pay(order)
  expect(statuses(shop)).toEqual(['refund_initiated'])
  expect(shop.inbox.map((sent) => sent.body.shipment_id)).not.toContain(null)
})

test('paid after FYND cancelled: 409, and the money goes back once', async () => {
  for (const allocate_on of ['order', 'payment']) {
    const shop = createRehearsal({ allocate_on })
    const order = await prepaid(shop)
    shop.act('fynd.order.cancel', { affiliate_order_id: '100234' })
    expect(shop.events()).toEqual(['FYND_CANCELLED'])
    for (let again = 0; again < 2; again += 1) {
      const { status, body } = await shop.pay(order)
      expect([status, body.exception]).toEqual([409, 'OrderExpired'])
    }
    expect(shop.events()).toEqual(['FYND_CANCELLED', 'REFUND_INITIATED'])
    expect(shop.inbox[1]?.body.refund?.amount).toBe(499)
    expect(shop.sellable('TEE-M', 'BLR-01')).toBe(10)
  }
})

test('a failed payment of a cancelled order gives nothing back', async () => {
  const shop = createRehearsal()
  const order = await prepaid(shop)
  shop.act('fynd.order.cancel', { affiliate_order_id: '100234' })
  expect((await shop.pay(order, 499, 'failed')).status).toBe(409)
  expect(shop.events()).toEqual(['FYND_CANCELLED'])
})

test.each([
  [{}],
  [{ payment_methods: [] }],
  [{ payment_methods: [{ mode: 'CARD' }] }],
  [{ payment_methods: [{ amount: 499 }] }],
  [{ payment_methods: [{ mode: 'CARD', amount: '499' }] }],
  [{ payment_methods: [{ mode: 'CARD', amount: 499, meta: 'x' }] }],
])('refuses the body %j', async (body) => {
  const shop = createRehearsal()
  const order = await prepaid(shop)
  const reply = await shop.post(`/orders/${order.fynd_order_id}/payment/confirm`, body)
  expect([reply.status, reply.body.exception]).toEqual([400, 'ValidationError'])
  shop.advance(minuteMs)
  expect(statuses(shop)).toEqual(['pending'])
})

test('bags that FYND cancelled while the order waited are refunded once it is paid', async () => {
  const shop = createRehearsal()
  const order = await prepaid(shop, { lines: [{ sku: 'TEE-M' }, { sku: 'TEE-S' }] })
  shop.act('fynd.order.cancel', { affiliate_order_id: '100234', sku: 'TEE-S' })
  expect((await shop.pay(order, 998)).body.message).toBe('Payment Successful')
  expect(statuses(shop)).toEqual(['placed', 'refund_initiated'])
  expect(shop.events()).toEqual(['FYND_CANCELLED', 'ORDER_PLACED', 'REFUND_INITIATED'])
  expect(shop.inbox[1]?.body.bags.map((bag) => bag.bag_id)).toEqual([43880])
  expect(shop.sellable('TEE-S', 'BLR-01')).toBe(8)
})
