import { expect, test } from 'vitest'
import { createRehearsal, type Rehearsal } from './testing/rehearsal.ts'

/** An order in a state of its way, played by everybody. */
function orderAt(seller: Rehearsal, to: string, input: object = {}) {
  const order = seller.place(input)
  if (to !== 'placed') seller.act('konnect.order.advance', { order_id: order.order_id, to })
  return { id: order.order_id, items: order.items }
}

const invoice = (orderId: string, more: object = {}) => [
  { orderId, invoiceNumber: `INV-${orderId}`, invoiceType: 'sale', ...more },
]

const stages = [
  'placed',
  'bag_confirmed',
  'bag_invoiced',
  'dp_assigned',
  'bag_packed',
  'bag_picked',
  'delivery_done',
] as const

/** facts/konnect.md 2.20 to 2.28, from the sheet: what each call answers at each stage ('' is success). */
const table: [string, (id: string) => unknown, string[]][] = [
  ['confirm', (orderId) => [{ orderId }], ['', '', '', '', '', '', '']],
  [
    'invoiceUpdate',
    (id) => invoice(id),
    ['IN403', '', 'IN453', 'IN453', 'IN453', 'IN453', 'IN453'],
  ],
  ['pack', (orderId) => [{ orderId }], ['CR400', 'CR400', 'CR400', '', 'CR400', 'CR400', 'CR400']],
  ['dispatch', (orderId) => [{ orderId }], ['D400', 'D400', 'D400', 'D400', '', 'D400', 'D400']],
  ['courierDetails', (orderId) => [{ orderId }], ['C403', 'C403', '', '', '', '', '']],
  ['labels', (orderId) => [{ orderId }], ['L403', 'L403', 'L403', 'L403', '', '', '']],
  ['invoice', (orderId) => [{ orderId }], ['IN403', 'IN403', 'IN403', 'IN403', '', '', '']],
  [
    'awb',
    (orderId) => [{ orderId, awbNumber: 'A1', courierName: 'Van', autoDispatch: false }],
    ['AW403', 'AW403', 'AW403', 'AW403', 'AW403', 'AW403', 'AW403'],
  ],
  [
    'status',
    (orderId) => [{ orderId, orderStatus: 'delivery_done' }],
    ['SS403', 'SS403', 'SS403', 'SS403', 'SS403', 'SS403', 'SS403'],
  ],
  ['return', (orderId) => [{ orderId }], ['R400', 'R400', 'R400', 'R400', 'R400', 'R400', 'R400']],
]

test.each(table)('%s at each stage of a Fynd-shipped order', async (what, body, codes) => {
  for (const [at, stage] of stages.entries()) {
    const seller = createRehearsal()
    const { id } = orderAt(seller, stage)
    const before = seller.order(id)
    const reply = await seller.oms(what, body(id))
    expect(reply.code ?? '', `${what} at ${stage}`).toBe(codes[at])
    if (codes[at] !== '') expect(seller.order(id)).toEqual(before)
  }
})

test.each([
  ['confirm', 'O400', 'O422'],
  ['invoiceUpdate', 'IN401', 'IN400'],
  ['pack', 'CR401', 'CR422'],
  ['dispatch', 'D401', 'D422'],
  ['courierDetails', 'C403', 'C400'],
  ['labels', 'L403', 'L400'],
  ['invoice', 'IN403', 'IN400'],
  ['awb', 'AW401', 'AW422'],
  ['status', 'SS401', 'SS422'],
  ['cancel', 'CN401', 'CN422'],
  ['return', 'R400', 'R422'],
])(
  '%s: cancelled is %s, another location is %s, no record is half done',
  async (what, gone, far) => {
    const seller = createRehearsal()
    const { id } = orderAt(seller, 'placed')
    const { id: cancelled } = orderAt(seller, 'placed')
    seller.act('konnect.order.cancel-by-fynd', { order_id: cancelled })
    const write = (orderId: string) => ({
      orderId,
      invoiceNumber: 'I-1',
      invoiceType: 'sale',
      awbNumber: 'A1',
      courierName: 'Van',
      autoDispatch: true,
      orderStatus: 'bag_picked',
    })
    const elsewhere = await seller.login('DEL-01')
    expect((await seller.oms(what, [write(id)], elsewhere)).code).toBe(far)
    expect((await seller.oms(what, [write('17000000000000000000')])).code).toBe(far)
    const reply = await seller.oms(what, [write(cancelled)])
    expect(reply.code).toBe(gone)
    const isE1 = ['awb', 'status'].includes(what)
    const counted = isE1
      ? {
          data: { payload_count: 1, success_count: 0, failed_count: 1 },
          meta: { status: 'FAILED' },
        }
      : { payloadCount: 1, successCount: 0, failedCount: 1, status: 'FAILED' }
    expect(reply.body).toMatchObject(counted)
    expect(reply.status).toBe(['labels', 'invoice'].includes(what) ? 400 : 200)
    const broken = await seller.oms(what, [{ orderId: 7 }, {}])
    expect(isE1 ? broken.body.data : broken.body).toMatchObject({
      errors: [{ orderId: null }, { orderId: null }],
    })
    for (const whole of [[], 'x', {}, Array.from({ length: 21 }, () => write(id))]) {
      expect((await seller.oms(what, whole)).status).toBe(400)
    }
    seller.act('konnect.order.lock', { order_id: id })
    const locked = await seller.oms(what, [write(id)])
    const reads = ['courierDetails', 'labels', 'invoice']
    if (!reads.includes(what)) expect(locked.code).toBe('LK423')
    expect(seller.order(id).state).toBe('placed')
  },
)

test('one bad record of a batch fails alone', async () => {
  const seller = createRehearsal()
  const { id } = orderAt(seller, 'placed')
  const { body } = await seller.oms('confirm', [{ orderId: 'x' }, { orderId: id }, {}])
  expect(body).toMatchObject({
    payloadCount: 3,
    successCount: 1,
    failedCount: 2,
    status: 'PARTIAL_SUCCESS',
    errors: [{ orderId: 'x', code: 'O422', message: 'Invalid orderId' }, { code: 'O400' }],
  })
  expect(seller.order(id).orderStatus).toBe('CONFIRMED')
})

test('what the customer cancelled is left out; nothing left is O400', async () => {
  const seller = createRehearsal()
  const lines = [{ sku: 'TEE-M', quantity: 2 }, { sku: 'MUG-1' }]
  const { id, items } = orderAt(seller, 'placed', { lines })
  const orderItems = items.map(({ order_item_id, quantity }) => ({
    orderItemId: order_item_id,
    quantity,
  }))
  seller.act('konnect.order.cancel-by-customer', { order_id: id, items: [{ sku: 'MUG-1' }] })
  expect(seller.stock('MUG-1').sellable).toBe(20)
  const mug = orderItems.slice(1)
  expect((await seller.oms('confirm', [{ orderId: id, orderItems: mug }])).body.errors).toEqual([
    {
      orderId: id,
      orderItemId: mug[0]?.orderItemId,
      code: 'O400',
      message: 'orderItemId is cancelled',
    },
  ])
  const strange = [{ orderItemId: '1', quantity: 1 }]
  expect((await seller.oms('confirm', [{ orderId: id, orderItems: strange }])).code).toBe('O400')
  expect((await seller.oms('confirm', [{ orderId: id, orderItems }])).code).toBeUndefined()
  expect(seller.order(id).orderItems).toMatchObject([
    { sku: 'TEE-M', quantity: 2, itemStatus: 'CONFIRMED' },
    { sku: 'MUG-1', quantity: 0, itemStatus: 'CANCELLED', cancellationReason: 'Changed my mind' },
  ])
  expect((await seller.oms('invoiceUpdate', invoice(id, { orderItems: mug }))).code).toBe('IN401')
  expect((await seller.oms('invoiceUpdate', invoice(id, { orderItems: strange }))).code).toBe(
    'IN400',
  )
})

const cancelling = (orderId: string, items: object[], more: object = {}) => [
  {
    orderId,
    orderItems: items.map((item) => ({ quantity: 1, reasonCode: '6', ...item, ...more })),
  },
]

test.each([
  ['placed', '', ''],
  ['bag_confirmed', '', ''],
  ['bag_invoiced', 'CN403', ''],
  ['dp_assigned', 'CN403', ''],
  ['bag_packed', 'CN403', 'CN403'],
  ['bag_picked', 'CN403', 'CN403'],
])('the seller cancels at %s: a part "%s", all of it "%s"', async (stage, part, whole) => {
  const seller = createRehearsal()
  const { id, items } = orderAt(seller, stage, { lines: [{ sku: 'TEE-M', quantity: 2 }] })
  const orderItemId = items[0]?.order_item_id
  expect((await seller.oms('cancel', cancelling(id, [{ orderItemId }]))).code ?? '').toBe(part)
  const quantity = part === '' ? 1 : 2
  const all = cancelling(id, [{ orderItemId, quantity }])
  expect((await seller.oms('cancel', all)).code ?? '').toBe(whole)
  if (whole === '') {
    expect(seller.order(id)).toMatchObject({ state: 'cancelled_seller', orderStatus: 'CANCELLED' })
    expect((await seller.oms('cancel', all)).code).toBe('CN401')
  }
  expect(seller.world.judge().breaches).toEqual([])
})

test('a cancellation names items, pieces and a reason', async () => {
  const seller = createRehearsal()
  const { id, items } = orderAt(seller, 'placed')
  const orderItemId = items[0]?.order_item_id
  for (const bad of [
    [{ orderId: id }],
    cancelling(id, [{ orderItemId }], { reasonCode: '5' }),
    cancelling(id, [{ orderItemId }], { reasonCode: undefined }),
    cancelling(id, [{ orderItemId }], { quantity: 2 }),
    cancelling(id, [{ orderItemId }], { quantity: 0 }),
    cancelling(id, [{ orderItemId }, { orderItemId }]),
    cancelling(id, [{ orderItemId: 'x' }]),
  ]) {
    expect((await seller.oms('cancel', bad)).code, JSON.stringify(bad)).toBe('CN400')
  }
  for (const reasonCode of ['6', '7', '8', '9', 'NA']) {
    const { id: each, items: own } = orderAt(seller, 'placed')
    const named = [{ orderItemId: own[0]?.order_item_id }]
    expect(
      (await seller.oms('cancel', cancelling(each, named, { reasonCode }))).code,
    ).toBeUndefined()
  }
})

test('cancelled after the invoice: all of it, and it surfaces among the returns', async () => {
  const seller = createRehearsal()
  const { id, items } = orderAt(seller, 'dp_assigned')
  await seller.oms('cancel', cancelling(id, [{ orderItemId: items[0]?.order_item_id }]))
  expect(seller.order(id).orderStatus).toBe('CANCELLED')
  const [back] = await seller.get<{ id: string; forwardId: string }[]>(
    '/oms/v3/shipment?orderStatus=RETURN_DELIVERED&locationCode=BLR-01',
  )
  expect(back).toMatchObject({ forwardId: id, orderStatus: 'RETURN_DELIVERED' })
  const orderId = back?.id ?? ''
  expect(orderId).not.toBe(id)
  expect(seller.stock('TEE-M')).toMatchObject({ sellable: 9, committed: 1 })
  expect((await seller.oms('return', [{ orderId }])).code).toBeUndefined()
  expect(seller.stock('TEE-M')).toMatchObject({ sellable: 10, committed: 0 })
  const credit = [{ orderId, invoiceNumber: 'CN-1', invoiceType: 'return' }]
  expect((await seller.oms('invoiceUpdate', credit)).code).toBeUndefined()
})

test('switch: a packed order can be cancelled until it is picked up', async () => {
  const seller = createRehearsal({ cancel_when_packed: 'accept' })
  const { id, items } = orderAt(seller, 'bag_packed')
  const all = cancelling(id, [{ orderItemId: items[0]?.order_item_id }])
  expect((await seller.oms('cancel', all)).code).toBeUndefined()
  const other = orderAt(seller, 'bag_picked')
  const late = cancelling(other.id, [{ orderItemId: other.items[0]?.order_item_id }])
  expect((await seller.oms('cancel', late)).code).toBe('CN403')
})

test('invoice numbers are unique, types fit, packages are kept', async () => {
  const seller = createRehearsal()
  const { id } = orderAt(seller, 'bag_confirmed')
  const { id: other } = orderAt(seller, 'bag_confirmed')
  const packages = [{ packageId: 'P1', packageWeightGms: 400 }]
  expect((await seller.oms('invoiceUpdate', invoice(id, { packages }))).code).toBeUndefined()
  const taken = invoice(other, { invoiceNumber: `INV-${id}` })
  for (const bad of [
    taken,
    invoice(other, { invoiceType: 'gift' }),
    invoice(other, { invoiceType: 'return' }),
    invoice(other, { invoiceNumber: '' }),
    [{ orderId: other, invoiceType: 'sale', invoiceNumber: 7 }],
  ]) {
    expect((await seller.oms('invoiceUpdate', bad)).code, JSON.stringify(bad)).toBe('IN422')
  }
  expect(seller.order(id)).toMatchObject({ packages, marketplaceInvoiceNumber: `INV-${id}` })
  expect(seller.order(other).state).toBe('bag_confirmed')
})

test('a merchant who lets Fynd invoice only confirms', async () => {
  const seller = createRehearsal()
  seller.act('konnect.location.configure', { location: 'BLR-01', auto_invoice: true })
  const { id } = orderAt(seller, 'placed')
  await seller.oms('confirm', [{ orderId: id }])
  expect(seller.order(id)).toMatchObject({ state: 'bag_invoiced', sellerInvoiced: true })
  seller.advance(3)
  expect(seller.order(id).state).toBe('dp_assigned')
})

test('switch: dispatch waits for the courier, or the parcel is in transit at once', async () => {
  const seller = createRehearsal()
  const { id } = orderAt(seller, 'bag_packed')
  await seller.oms('dispatch', [{ orderId: id }])
  expect(seller.order(id)).toMatchObject({ orderStatus: 'COMPLETED', dispatched: true })
  expect((await seller.oms('dispatch', [{ orderId: id }])).code).toBe('D400')
  seller.world.setAssumptions('konnect', { dispatch: 'picked' })
  const { id: other } = orderAt(seller, 'bag_packed')
  await seller.oms('dispatch', [{ orderId: other }])
  expect(seller.order(other).orderStatus).toBe('TRANSIT')
})

test.each([
  ['invoiceNumber', { invoiceNumber: undefined }],
  ['invoiceType', { invoiceType: undefined }],
  ['a wrong invoiceType', { invoiceType: 'proforma' }],
])('an invoice without what invoices must have breaks the rules: %s', async (_what, more) => {
  const seller = createRehearsal()
  const { id } = orderAt(seller, 'bag_confirmed')
  expect((await seller.oms('invoiceUpdate', invoice(id, more))).code).toBe('IN422')
  const [sent] = invoice(id)
  expect((await seller.oms('invoiceUpdate', [{ ...sent, orderId: undefined }])).code).toBe('IN400')
})

test.each([
  ['confirm', 'placed', 'O400', 3],
  ['invoiceUpdate', 'bag_confirmed', 'IN400', 3],
  ['dispatch', 'bag_packed', 'D400', 3],
  ['confirm', 'placed', 'O400', 1],
])('%s from %s: more pieces than there are fail with %s', async (what, state, code, quantity) => {
  const seller = createRehearsal()
  const { id, items } = orderAt(seller, state, { lines: [{ sku: 'TEE-M', quantity: 2 }] })
  const item = { orderItemId: items[0]?.order_item_id, quantity }
  const orderItems = quantity === 1 ? [item, item, item] : [item]
  const [record] = invoice(id, { orderItems })
  const before = seller.order(id)
  expect((await seller.oms(what, [record])).code).toBe(code)
  expect(seller.order(id)).toEqual(before)
  const right = [{ ...item, quantity: 2 }]
  expect((await seller.oms(what, [{ ...record, orderItems: right }])).code).toBeUndefined()
})

test('what the customer cancelled after the fetch may still be named in a confirmation', async () => {
  const seller = createRehearsal()
  const { id, items } = orderAt(seller, 'placed', { lines: [{ sku: 'TEE-M', quantity: 3 }] })
  const named = [{ sku: 'TEE-M', quantity: 1 }]
  seller.act('konnect.order.cancel-by-customer', { order_id: id, items: named })
  const orderItems = [{ orderItemId: items[0]?.order_item_id, quantity: 3 }]
  expect((await seller.oms('confirm', [{ orderId: id, orderItems }])).code).toBeUndefined()
  const [item] = seller.order(id).orderItems as { quantity: number; price: object }[]
  expect(item).toMatchObject({ quantity: 2, price: { esp: 499, total: 998 } })
  expect(seller.order(id).orderPrice).toMatchObject({ amountPaid: 998 })
  seller.act('konnect.order.cancel-by-customer', { order_id: id })
  expect(seller.order(id)).toMatchObject({
    orderItems: [{ quantity: 3, price: { total: 1497 } }],
    orderPrice: { amountPaid: 1497 },
  })
})
