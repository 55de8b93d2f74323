import { expect, test } from 'vitest'
import { createRehearsal, type Rehearsal } from './testing/rehearsal.ts'

interface Bag {
  bag_id: number
  shipment_id: string
  previous_shipment_id: string | null
  store: string
  status: string
  history: string[]
  reason: string | null
}

const bags = (shop: Rehearsal) => shop.things<Bag>('bag')
const order = { affiliate_order_id: '100234' }
const row = (shop: Rehearsal, sku: string, store: string) =>
  shop
    .things<{ sku: string; store: string }>('stock')
    .find((each) => each.sku === sku && each.store === store)

test('everybody plays along: all events of the way out, once each, in order', async () => {
  const shop = createRehearsal()
  await shop.place()
  shop.act('fynd.order.advance', { ...order, to: 'delivery_done' })
  expect(shop.events()).toEqual([
    'ORDER_PLACED',
    'BAG_CONFIRMED',
    'DELIVERY_PARTNER_ASSIGNED',
    'BAG_PICKED',
    'OUT_FOR_DELIVERY',
    'DELIVERY_DONE',
  ])
  expect(bags(shop)[0]?.history).toEqual([
    'placed',
    'bag_confirmed',
    'bag_invoiced',
    'dp_assigned',
    'bag_packed',
    'bag_picked',
    'out_for_delivery',
    'delivery_done',
  ])
  expect(shop.things('order')).toMatchObject([{ order_status: 'completed' }])
  expect(row(shop, 'TEE-M', 'BLR-01')).toMatchObject({ sellable: 9, committed: 0, out: 1 })
})

test('single acts tell only their own event, and states without one tell nothing', async () => {
  const shop = createRehearsal()
  await shop.place()
  for (const [act, events] of [
    ['confirm', 1],
    ['invoice', 0],
    ['fail-courier', 0],
    ['assign-courier', 1],
    ['pack', 0],
    ['miss-pickup', 0],
    ['pick', 1],
    ['out-for-delivery', 1],
    ['fail-delivery', 0],
    ['out-for-delivery', 1],
    ['deliver', 1],
  ] as const) {
    const before = shop.events().length
    shop.act(`fynd.bag.${act}`, order)
    expect(shop.events().length - before, act).toBe(events)
  }
})

test('the courier of a shipment is told from its assignment on', async () => {
  const shop = createRehearsal()
  await shop.place()
  shop.act('fynd.bag.confirm', order)
  shop.act('fynd.bag.assign-courier', { ...order, courier: 'Kite Couriers', awb_no: 'KC1' })
  shop.act('fynd.bag.pick', order)
  const dp = { name: 'Kite Couriers', awb_no: 'KC1', track_url: 'https://track.example/KC1' }
  expect(shop.inbox.map((sent) => sent.body.dp_details)).toEqual([null, null, dp, dp])
})

test('a shipment has one courier', async () => {
  const shop = createRehearsal()
  await shop.place({ lines: [{ sku: 'TEE-M' }, { sku: 'TEE-S' }] })
  const [first, second] = bags(shop)
  shop.act('fynd.bag.assign-courier', { bag_id: first?.bag_id, courier: 'Kite Couriers' })
  const other = { bag_id: second?.bag_id, courier: 'Other Couriers' }
  expect(() => shop.act('fynd.bag.assign-courier', other)).toThrow(/already travels with Kite/)
  shop.act('fynd.bag.assign-courier', { bag_id: second?.bag_id })
  expect(shop.things('shipment')).toMatchObject([{ courier: 'Kite Couriers' }])
})

test('two bags of one shipment that move together are one event, a bag alone is its own', async () => {
  const shop = createRehearsal()
  await shop.place({ lines: [{ sku: 'TEE-M' }, { sku: 'TEE-S' }] })
  shop.act('fynd.bag.confirm', { bag_id: 43881 })
  shop.act('fynd.bag.pick', order)
  const told = shop.inbox.map(({ body }) => [body.event, body.bags.map((bag) => bag.bag_id)])
  expect(told).toEqual([
    ['ORDER_PLACED', [43880, 43881]],
    ['BAG_CONFIRMED', [43881]],
    ['BAG_CONFIRMED', [43880]],
    ['DELIVERY_PARTNER_ASSIGNED', [43880, 43881]],
    ['BAG_PICKED', [43880, 43881]],
  ])
})

test('a refused bag goes to another store under a new shipment id and the same bag id', async () => {
  const shop = createRehearsal()
  await shop.place()
  const before = bags(shop)[0]
  shop.act('fynd.bag.reject', { ...order, reason: { id: 9, text: 'Torn' } })
  expect(bags(shop)[0]).toMatchObject({ status: 'bag_not_confirmed', reason: 'Torn' })
  shop.act('fynd.order.reassign', order)
  const after = bags(shop)[0]
  expect(after).toMatchObject({
    bag_id: before?.bag_id,
    status: 'store_reassigned',
    store: 'DEL-01',
    previous_shipment_id: before?.shipment_id,
  })
  expect(after?.shipment_id).not.toBe(before?.shipment_id)
  expect(shop.events()).toEqual(['ORDER_PLACED'])
  shop.act('fynd.bag.confirm', order)
  expect(shop.inbox[1]?.body).toMatchObject({
    event: 'BAG_CONFIRMED',
    shipment_id: after?.shipment_id,
    previous_shipment_id: before?.shipment_id,
    bags: [{ previous_status: 'store_reassigned' }],
  })
  expect(row(shop, 'TEE-M', 'BLR-01')).toMatchObject({
    sellable: 9,
    committed: 0,
    not_available: 1,
  })
  expect(row(shop, 'TEE-M', 'DEL-01')).toMatchObject({ sellable: 4, committed: 1 })
})

test('a bag that every store refuses is cancelled, and a prepaid one is refunded', async () => {
  const shop = createRehearsal()
  shop.act('fynd.order.place', {
    affiliate_order_id: '100234',
    payment_mode: 'PREPAID',
    lines: [{ sku: 'SHOE-9' }],
    paid: true,
  })
  for (const store of ['DEL-01', 'BOM-01']) {
    shop.act('fynd.bag.reject', order)
    shop.act('fynd.order.reassign', order)
    expect(bags(shop)[0]?.store).toBe(store)
  }
  shop.act('fynd.bag.reject', order)
  expect(() => shop.act('fynd.order.reassign', order)).toThrow(/no other store/)
  shop.act('fynd.order.cancel', order)
  expect(bags(shop)[0]?.history.slice(-3)).toEqual([
    'product_not_available',
    'cancelled_fynd',
    'refund_initiated',
  ])
  expect(shop.events()).toEqual(['ORDER_PLACED', 'FYND_CANCELLED', 'REFUND_INITIATED'])
  expect(shop.inbox.at(-1)?.body.refund?.amount).toBe(1299.5)
})

test('FYND reassigns to the store it is told, if that one can', async () => {
  const shop = createRehearsal()
  await shop.place()
  shop.act('fynd.bag.reject', order)
  expect(() => shop.act('fynd.order.reassign', { ...order, store: 'BLR-01' })).toThrow(/BLR-01/)
  shop.act('fynd.order.reassign', { ...order, store: 'BOM-01' })
  expect(bags(shop)[0]?.store).toBe('BOM-01')
})

test('one refused bag of two leaves its shipment, the other stays', async () => {
  const shop = createRehearsal()
  const { body } = await shop.place({ lines: [{ sku: 'TEE-M' }, { sku: 'TEE-S' }] })
  shop.act('fynd.bag.reject', { ...order, sku: 'TEE-S' })
  shop.act('fynd.order.reassign', order)
  shop.act('fynd.order.advance', { ...order, to: 'delivery_done' })
  const first = body.shipments[0]?.shipment_id
  expect(bags(shop)).toMatchObject([
    { status: 'delivery_done', shipment_id: first, previous_shipment_id: null },
    { status: 'delivery_done', previous_shipment_id: first },
  ])
  expect(shop.things('shipment')).toHaveLength(2)
})

test('rejected_stock sellable puts the pieces back on sale', async () => {
  const shop = createRehearsal({ rejected_stock: 'sellable' })
  await shop.place()
  shop.act('fynd.bag.reject', order)
  expect(row(shop, 'TEE-M', 'BLR-01')).toMatchObject({ sellable: 10, not_available: 0 })
})

test('FYND cancels until the bag is packed: pieces back on sale, COD without refund', async () => {
  for (const act of ['confirm', 'invoice', 'fail-courier', 'assign-courier']) {
    const shop = createRehearsal()
    await shop.place()
    shop.act(`fynd.bag.${act}`, order)
    shop.act('fynd.order.cancel', order)
    expect(bags(shop)[0]?.status, act).toBe('cancelled_fynd')
    expect(shop.sellable('TEE-M', 'BLR-01')).toBe(10)
    expect(shop.events()).not.toContain('REFUND_INITIATED')
  }
})

test.each(['pack', 'pick', 'out-for-delivery', 'deliver', 'hand-over'])(
  'after %s FYND does not cancel any more',
  async (act) => {
    const shop = createRehearsal()
    await shop.place()
    shop.act(`fynd.bag.${act}`, order)
    expect(() => shop.act('fynd.order.cancel', { bag_id: 43880 })).toThrow(
      /Invalid State Transition cancelled_fynd/,
    )
  },
)

test('one bag of three is cancelled: its share of the order value goes back', async () => {
  const shop = createRehearsal()
  const { body } = await shop.place({
    mode: 'PREPAID',
    lines: [{ sku: 'TEE-M' }, { sku: 'TEE-S' }, { sku: 'MUG-1', amount: 249 }],
    value: 1147,
  })
  await shop.pay(body, 1147)
  shop.act('fynd.order.cancel', { ...order, sku: 'MUG-1' })
  expect(shop.inbox.at(-1)?.body.refund?.amount).toBe(229.03)
  expect(shop.things('order')).toMatchObject([{ order_status: 'partially_cancelled' }])
  shop.act('fynd.order.cancel', order)
  const refunds = shop.inbox.map((sent) => sent.body.refund?.amount ?? 0)
  expect(refunds.reduce((sum, amount) => sum + amount, 0)).toBeCloseTo(1147, 5)
})

test('a customer fetches the bag in the store', async () => {
  const shop = createRehearsal()
  await shop.place()
  shop.act('fynd.bag.hand-over', order)
  expect(shop.inbox.at(-1)?.body).toMatchObject({
    event: 'DELIVERY_DONE',
    status: 'handed_over_to_customer',
  })
  expect(row(shop, 'TEE-M', 'BLR-01')).toMatchObject({ committed: 0, out: 1 })
})

test('after three failed attempts nobody tries again', async () => {
  const shop = createRehearsal()
  await shop.place()
  for (let attempt = 1; attempt <= 3; attempt += 1) shop.act('fynd.bag.fail-delivery', order)
  for (const act of ['deliver', 'fail-delivery', 'out-for-delivery']) {
    expect(() => shop.act(`fynd.bag.${act}`, order), act).toThrow(/Invalid State Transition/)
  }
})

test('a lost prepaid bag is refunded, its piece is out of sale for good', async () => {
  const shop = createRehearsal()
  shop.act('fynd.order.place', {
    affiliate_order_id: '100234',
    payment_mode: 'PREPAID',
    lines: [{ sku: 'TEE-M' }],
    paid: true,
  })
  shop.act('fynd.bag.lose', order)
  expect(shop.inbox.at(-1)?.body.refund).toMatchObject({ amount: 499, journey_type: 'cancel' })
  expect(row(shop, 'TEE-M', 'BLR-01')).toMatchObject({ out: 0, not_available: 1 })
})

test('an unpaid order does not move', async () => {
  const shop = createRehearsal()
  await shop.place({ mode: 'PREPAID' })
  for (const act of ['confirm', 'reject', 'pick', 'deliver', 'hand-over', 'lose']) {
    expect(() => shop.act(`fynd.bag.${act}`, order), act).toThrow(/Invalid State Transition/)
  }
  expect(() => shop.act('fynd.order.advance', { ...order, to: 'bag_confirmed' })).toThrow()
  expect(shop.events()).toEqual([])
})

test('an act on several bags moves all or none', async () => {
  const shop = createRehearsal()
  await shop.place({ lines: [{ sku: 'TEE-M' }, { sku: 'TEE-S' }] })
  shop.act('fynd.bag.reject', { bag_id: 43881 })
  const before = shop.world.state('fynd')
  expect(() => shop.act('fynd.bag.confirm', order)).toThrow(/bag 43881 is bag_not_confirmed/)
  expect(shop.world.state('fynd')).toEqual(before)
})

test('acts say what they do not know and what would do', () => {
  const shop = createRehearsal()
  const refused: [string, object, RegExp][] = [
    ['fynd.bag.confirm', order, /FYND has no order with affiliate_order_id "100234"/],
    ['fynd.bag.confirm', {}, /Name an order or bag/],
    ['fynd.bag.confirm', { bag: 1 }, /bag/],
    [
      'fynd.stock.set',
      { sku: 'TEE', store: 'BLR-01', quantity: 1 },
      /Unknown SKU "TEE". Known: TEE-S/,
    ],
    [
      'fynd.stock.set',
      { sku: 'TEE-M', store: 'X', quantity: 1 },
      /Unknown store "X". Known: BLR-01/,
    ],
    ['fynd.stock.set', { sku: 'TEE-M', store: 'BLR-01', quantity: -1 }, /quantity/],
    ['fynd.stock.adjust', { sku: 'TEE-M', store: 'BLR-01', by: -11 }, /can sell 10 of TEE-M/],
    ['fynd.stock.damage', { sku: 'TEE-M', store: 'BLR-01', quantity: 11 }, /can sell 10/],
    ['fynd.store.switch-on', { store: 'BLR-01' }, /switched on already/],
    ['fynd.sku.put-on-sale', { sku: 'TEE-M' }, /on sale already/],
    ['fynd.affiliate.enable', {}, /not disabled/],
  ]
  const before = shop.world.state('fynd')
  for (const [name, input, message] of refused) {
    expect(() => shop.act(name, input), name).toThrow(message)
  }
  expect(shop.world.state('fynd')).toEqual(before)
})

test('stock only ever moves between buckets, or by a count that says so', async () => {
  const shop = createRehearsal()
  shop.act('fynd.stock.set', { sku: 'TEE-M', store: 'BLR-01', quantity: 4 })
  shop.act('fynd.stock.adjust', { sku: 'TEE-M', store: 'BLR-01', by: 3 })
  shop.act('fynd.stock.damage', { sku: 'TEE-M', store: 'BLR-01', quantity: 2 })
  await shop.place()
  expect(row(shop, 'TEE-M', 'BLR-01')).toMatchObject({ sellable: 4, committed: 1, damaged: 2 })
  expect(shop.world.judge().breaches).toEqual([])
})

test('a new pincode can be made known', async () => {
  const shop = createRehearsal()
  expect((await shop.place({ pincode: '400001' })).status).toBe(422)
  shop.act('fynd.pincode.set', { pincode: '400001', city: 'Mumbai' })
  const { status, body } = await shop.place({ pincode: '400001' })
  expect([status, body.shipments[0]?.fulfilling_store.code]).toEqual([200, 'BOM-01'])
})
