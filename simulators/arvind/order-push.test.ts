import { expect, test } from 'vitest'
import {
  createRehearsal,
  first,
  orderReference,
  type Rehearsal,
  second,
} from './testing/rehearsal.ts'

const path = '/v1/KARTIFY/order/v2'
const paid = (...amounts: number[]) => ({
  financialStatus: amounts.map((amount) => ({ amount, paymentMode: 'CARD' })),
})

test('an order is accepted at once; its stock is booked and its consignments are made later', async () => {
  const shop = createRehearsal()
  const { status, body } = await shop.push()
  expect(status).toBe(200)
  expect(body).toEqual({
    status: true,
    message: 'Order accepted',
    data: {
      orderId: expect.stringMatching(/^AI[0-9]{10}$/),
      orderReference,
      consignments: [],
    },
  })
  expect(shop.statusOf(first)).toBe('ACCEPTED')
  expect(shop.row('TEE-M', 'BLR-01')).toMatchObject({ sellable: 10, committed: 0 })
  shop.advance(10_000)
  expect(shop.statusOf(first)).toBe('BOOKED')
  expect(shop.row('TEE-M', 'BLR-01')).toMatchObject({ sellable: 9, committed: 1 })
  expect(shop.things('consignment')).toEqual([])
  shop.advance(50_000)
  expect(shop.statusOf(first)).toBe('ASSIGNED')
  expect(shop.things('consignment')).toMatchObject([
    { consignmentId: expect.stringMatching(/^CN[0-9]{10}$/), centre: 'BLR-01', status: 'Assigned' },
  ])
  // Acceptance, booking and assignment are not told.
  expect(shop.told()).toEqual([])
})

test('the delays of booking and consignments are switches', async () => {
  const shop = createRehearsal({ booking_delay_seconds: 1, consignment_delay_seconds: 2 })
  await shop.push()
  shop.advance(1_000)
  expect(shop.statusOf(first)).toBe('BOOKED')
  shop.advance(2_000)
  expect(shop.statusOf(first)).toBe('ASSIGNED')
})

test('without automatic booking an order waits for the act', async () => {
  const shop = createRehearsal({ auto_booking: false })
  await shop.push()
  shop.advance(3_600_000)
  expect(shop.statusOf(first)).toBe('ACCEPTED')
  shop.act('arvind.order.book', { orderReference })
  expect(shop.statusOf(first)).toBe('ASSIGNED')
  expect(() => shop.act('arvind.order.book', { orderReference })).toThrow('booked already')
})

test('an order that an act booked is not booked again by its timers', async () => {
  const shop = createRehearsal()
  await shop.push()
  shop.act('arvind.order.book', { orderReference })
  shop.advance(120_000)
  expect(shop.things('consignment')).toHaveLength(1)
  expect(shop.row('TEE-M', 'BLR-01')).toMatchObject({ sellable: 9, committed: 1 })
})

test.each([
  ['DUPLICATE_ORDER', { id: 'known' }],
  ['INVALID_SKU', { lines: [{ skuId: 'NO-SUCH' }] }],
  ['INSUFFICIENT_INVENTORY', { lines: [{ skuId: 'TEE-M', quantity: 19 }] }],
  [
    'INSUFFICIENT_INVENTORY',
    {
      lines: [
        { skuId: 'SOFA-1', quantity: 3 },
        { skuId: 'SOFA-1', quantity: 3 },
      ],
    },
  ],
  ['PINCODE_NOT_SERVICEABLE', { pincode: '194101' }],
  ['PINCODE_NOT_SERVICEABLE', { pincode: '999999' }],
  ['PINCODE_NOT_SERVICEABLE', { pincode: '781001', lines: [{ skuId: 'SOFA-1' }] }],
  ['COD_NOT_AVAILABLE', { pincode: '781001', isCod: true }],
  ['AMOUNT_MISMATCH', { netAmount: 498.99 }],
])('%s: HTTP 200 with status false, and nothing changes', async (errorCode, changes) => {
  const shop = createRehearsal({ auto_booking: false })
  await shop.push({ id: 'known' })
  const before = JSON.stringify(shop.world.state('arvind'))
  const { status, body } = await shop.push(changes)
  expect(status).toBe(200)
  expect(body).toEqual({ status: false, errorCode, message: expect.stringMatching(/\w/) })
  expect(JSON.stringify(shop.world.state('arvind'))).toBe(before)
})

test('a duplicate can be told as success, with the same order id', async () => {
  const shop = createRehearsal({ duplicate_order: 'replay' })
  const one = await shop.push()
  const two = await shop.push()
  expect(two.body).toMatchObject({ status: true, message: 'Order exists' })
  expect(two.body.data.orderId).toBe(one.body.data.orderId)
  expect(shop.things('order')).toHaveLength(1)
})

test('the answer is lost: the order exists, and the next push is a duplicate', async () => {
  const shop = createRehearsal()
  shop.world.arm({ partner: 'arvind', name: 'answer-lost', on: 'pushOrder', first: 1 })
  await expect(shop.push()).rejects.toThrow()
  expect(shop.things('order')).toHaveLength(1)
  expect((await shop.push()).body.errorCode).toBe('DUPLICATE_ORDER')
})

test('a refused order does not stop the next', async () => {
  const shop = createRehearsal()
  const answers = []
  for (const [id, skuId] of [
    ['A', 'TEE-M'],
    ['B', 'NO-SUCH'],
    ['C', 'TEE-S'],
  ] as const) {
    answers.push((await shop.push({ id, lines: [{ skuId }] })).body.status)
  }
  expect(answers).toEqual([true, false, true])
})

test.each([
  ['no items', { items: [] }],
  ['no order reference', { orderReference: '' }],
  ['a negative amount', { netAmount: -1 }],
  ['a pincode of letters', { shippingAddress: { zip: 'ABCDEF' } }],
  ['no ordering store', { orderingStoreId: undefined }],
])('%s is a 400', async (_name, changes) => {
  const shop = createRehearsal()
  const { status, body } = await shop.post(path, { ...shop.order(), ...changes })
  expect(status).toBe(400)
  expect(body.errorCode).toBe('INVALID_REQUEST')
})

test('two items with one reference are a 400', async () => {
  const shop = createRehearsal()
  const order = shop.order({ lines: [{ skuId: 'TEE-M' }, { skuId: 'TEE-S' }] })
  const items = order.items.map((item) => ({ ...item, itemReference: 'same' }))
  const { status, body } = await shop.post(path, { ...order, items })
  expect(status).toBe(400)
  expect(body.message).toContain('same itemReference')
})

test('money is compared to the paisa, without the errors of floats', async () => {
  const shop = createRehearsal()
  const order = shop.order({ lines: [{ skuId: 'TEE-M' }, { skuId: 'TEE-S' }] })
  const items = order.items.map((item, index) => {
    const netAmount = index === 0 ? 0.1 : 0.2
    return { ...item, netAmount, ...paid(netAmount) }
  })
  expect((await shop.post(path, { ...order, items, netAmount: 0.3 })).body.status).toBe(true)
})

test('an order is split by centre, one consignment each', async () => {
  const shop = createRehearsal()
  shop.act('arvind.inventory.set', { skuId: 'TEE-M', centre: 'DEL-01', quantity: 0 })
  shop.act('arvind.inventory.set', { skuId: 'TEE-M', centre: 'BOM-01', quantity: 0 })
  shop.act('arvind.inventory.set', { skuId: 'TEE-S', centre: 'BLR-01', quantity: 0 })
  await shop.push({ lines: [{ skuId: 'TEE-M' }, { skuId: 'TEE-S' }] })
  shop.advance(60_000)
  expect(shop.things('item')).toMatchObject([{ centre: 'BLR-01' }, { centre: 'DEL-01' }])
  expect(shop.things('consignment')).toHaveLength(2)
})

test('one centre that has all comes before two, the one in the customer’s city before others', async () => {
  const shop = createRehearsal()
  const lines = [{ skuId: 'TEE-M' }, { skuId: 'TEE-S' }]
  await shop.push({ id: 'A', lines, pincode: '110001' })
  shop.act('arvind.inventory.set', { skuId: 'TEE-S', centre: 'DEL-01', quantity: 0 })
  shop.act('arvind.order.book', { orderReference: 'A' })
  await shop.push({ id: 'B', lines, pincode: '110001' })
  shop.act('arvind.order.book', { orderReference: 'B' })
  const centres = shop.things<{ centre: string }>('item').map(({ centre }) => centre)
  expect(centres).toEqual(['BLR-01', 'BLR-01', 'BLR-01', 'BLR-01'])
  await shop.push({ id: 'C', pincode: '110001' })
  shop.act('arvind.order.book', { orderReference: 'C' })
  expect(shop.things<{ centre: string }>('item').at(-1)?.centre).toBe('DEL-01')
})

test('each item can have its own consignment', async () => {
  const shop = createRehearsal({ consignment_grouping: 'per_item' })
  await shop.push({ lines: [{ skuId: 'TEE-M' }, { skuId: 'TEE-S' }] })
  shop.advance(60_000)
  expect(shop.things('consignment')).toHaveLength(2)
  const together = createRehearsal()
  await together.push({ lines: [{ skuId: 'TEE-M' }, { skuId: 'TEE-S' }] })
  together.advance(60_000)
  expect(together.things('consignment')).toHaveLength(1)
})

test('who is booked second gets nothing, and the shop hears of it', async () => {
  const shop = createRehearsal()
  shop.act('arvind.inventory.set', { skuId: 'TEE-M', quantity: 1 })
  await shop.push({ id: 'A' })
  await shop.push({ id: 'B' })
  shop.advance(60_000)
  expect(shop.statusOf('A-1')).toBe('ASSIGNED')
  expect(shop.statusOf('B-1')).toBe('UNFULFILLED')
  expect(shop.told()).toEqual(['UNFULFILLED'])
  expect(shop.inbox.at(0)?.body ?? {}).not.toHaveProperty('consignmentId', 'null')
})

test('a line that no single centre has in full is unfulfilled', async () => {
  const shop = createRehearsal()
  await shop.push({ lines: [{ skuId: 'TEE-XL', quantity: 5 }, { skuId: 'TEE-M' }] })
  shop.advance(60_000)
  expect(shop.statusOf(first)).toBe('UNFULFILLED')
  expect(shop.statusOf(second)).toBe('ASSIGNED')
  expect(shop.total('TEE-XL')).toBe(7)
})

const line = (shop: Rehearsal, changes: object) => {
  const order = shop.order()
  return { ...order, items: order.items.map((item) => ({ ...item, ...changes })) }
}

test.each<[string, (shop: Rehearsal) => object]>([
  ['another orderReference2', (shop) => ({ ...shop.order(), orderReference2: 'other' })],
  ['another productDetails.skuId', (shop) => line(shop, { productDetails: { skuId: 'TEE-S' } })],
  ['a number in metadata', (shop) => ({ ...shop.order(), metadata: { grossTotal: 499 } })],
  ['a map in metadata', (shop) => ({ ...shop.order(), metadata: { customer: { name: 'A' } } })],
])('%s is malformed, whatever the switch says', async (_name, write) => {
  for (const pushChecks of ['all', 'sum']) {
    const shop = createRehearsal({ push_checks: pushChecks })
    const { status, body } = await shop.post(path, write(shop))
    expect([status, body.status, body.errorCode]).toEqual([400, false, 'INVALID_REQUEST'])
    expect(shop.things('order')).toEqual([])
  }
})

test.each<[string, (shop: Rehearsal) => object, number, string]>([
  [
    'another order status',
    (shop) => ({ ...shop.order(), orderStatus: 'new' }),
    400,
    'INVALID_REQUEST',
  ],
  [
    'a part of a paisa',
    (shop) => ({ ...line(shop, { netAmount: 499.001, ...paid(499.001) }), netAmount: 499.001 }),
    400,
    'INVALID_REQUEST',
  ],
  ['payments of less', (shop) => line(shop, paid(200, 298.99)), 200, 'AMOUNT_MISMATCH'],
  [
    'a gross less its discount that is not the net',
    (shop) => line(shop, { grossAmount: 999, discount: 400 }),
    200,
    'AMOUNT_MISMATCH',
  ],
  [
    'a gross value that is not the sum',
    (shop) => ({ ...line(shop, { grossAmount: 999 }), grossValue: 998 }),
    200,
    'AMOUNT_MISMATCH',
  ],
])(
  '%s is refused, unless the switch looks at the sum alone',
  async (_name, write, status, code) => {
    const strict = createRehearsal()
    const no = await strict.post(path, write(strict))
    expect([no.status, no.body.status, no.body.errorCode]).toEqual([status, false, code])
    expect(strict.things('order')).toEqual([])
    const lax = createRehearsal({ push_checks: 'sum' })
    expect((await lax.post(path, write(lax))).body.status).toBe(true)
  },
)

test('amounts that agree are taken: split payments, discounts, paise', async () => {
  const shop = createRehearsal()
  const order = line(shop, {
    netAmount: 1299.5,
    grossAmount: 1399.6,
    discount: 100.1,
    ...paid(1000.25, 299.25),
  })
  const sent = { ...order, netAmount: 1299.5, grossValue: 1399.6, metadata: { locale: 'en_IN' } }
  expect((await shop.post(path, sent)).body.status).toBe(true)
})
