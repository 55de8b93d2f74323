import { expect, test } from 'vitest'
import { callback, fyndEvent } from './testing/partner-stub.ts'
import { openTestShop, type TestShop } from './testing/shop.ts'

type Bag = {
  status: string
  returnable?: boolean | string
  cancellable?: boolean
  history?: string[]
}

/** Lets the stub answer track order for one order, from bags that a test may change as it goes. */
function track(t: TestShop, orderId: string, bags: Bag[]) {
  const order = t.stub.order(orderId)
  t.stub.answers.set('track-order', () => ({
    status: 200,
    json: {
      success: true,
      order: {
        order_date: '2026-01-05T10:00:00+00:00',
        order_value: 649.5,
        order_status: 'placed',
      },
      shipments: [
        {
          shipment_id: order.shipmentId,
          dp_name: 'Swift',
          traking_no: 'AWB-1',
          bags: bags.map((bag, index) => ({
            bag_id: order.bags[index]?.bag_id,
            affiliate_bag_id: order.bags[index]?.affiliate_bag_id,
            sku: 'TEE-M',
            status: bag.status,
            returnable: bag.returnable,
            cancellable: bag.cancellable,
            return_window_ends_at: '2026-02-04T10:00:00+00:00',
            bag_status_history: (bag.history ?? []).map((status) => ({ status })),
          })),
        },
      ],
    },
  }))
  return order
}

const placed = (): Bag => ({ status: 'placed', cancellable: true, history: ['placed'] })

/** The envelope with a word about one shipment; HTTP says what `status` says. */
const envelope = (identifier: string, inner: object, status = 200) => ({
  status,
  json: { statuses: [{ shipments: [{ identifier, ...inner }] }] },
})

const refusal = { status: 400, exception: 'ValidationError', message: 'Invalid State Transition' }
const cancelPath = '/account/orders/100001/items/100001-1/cancel'

async function openWithOrder(bags: Bag[] = [placed()]) {
  const t = openTestShop()
  await t.buyCod([{ sku: 'TEE-M', quantity: bags.length }])
  return { t, bags, order: track(t, '100001', bags) }
}

test('the order page shows what track order says, with its times read as Indian', async () => {
  const { t } = await openWithOrder([{ status: 'bag_picked', cancellable: false }])
  const { body } = await t.get('/account/orders/100001')
  expect(body).toMatchObject({
    page: 'order',
    details: 'available',
    order_status: 'placed',
    total_minor: 64950,
    ordered_at: '2026-01-05T04:30:00.000Z',
    items: [
      {
        status: 'bag_picked',
        awb_no: 'AWB-1',
        return_window_ends_at: '2026-02-04T04:30:00.000Z',
        buttons: { cancel: false, return: false },
      },
    ],
    shipments: [{ courier: 'Swift', awb_no: 'AWB-1' }],
  })
  await t.call('PUT', '/admin/settings/gofynd', { timestamps: 'true_utc' })
  expect((await t.get('/account/orders/100001')).body.ordered_at).toBe('2026-01-05T10:00:00.000Z')
})

test('only a plain true makes a button', async () => {
  const { t } = await openWithOrder([
    { status: 'delivery_done', returnable: true, cancellable: false },
    { status: 'delivery_done', returnable: 'true' },
    { status: 'delivery_done' },
  ])
  const { body } = await t.get('/account/orders/100001')
  expect(body.items.map((item: { buttons: object }) => item.buttons)).toEqual([
    { cancel: false, return: true },
    { cancel: false, return: false },
    { cancel: false, return: false },
  ])
})

test('nothing of the own tables stands in for FYND when it does not answer', async () => {
  const { t } = await openWithOrder()
  t.stub.answers.set('track-order', () => ({ status: 503, json: {} }))
  const page = await t.get('/account/orders/100001')
  expect(page.body).toMatchObject({ details: 'not-available', items: [] })
  expect(page.body.order_status).toBeUndefined()
  const list = await t.get('/account/orders')
  expect(list.body.orders).toEqual([{ id: '100001', details: 'not-available', items: [] }])
})

test('the list asks FYND for each order and pages backwards', async () => {
  const t = openTestShop()
  for (let count = 0; count < 3; count += 1) await t.buyCod()
  track(t, '100001', [placed()])
  const first = await t.get('/account/orders?limit=2')
  expect(first.body.orders).toMatchObject([
    { id: '100003', order_status: 'placed', total_minor: 64950, items: [{ status: 'placed' }] },
    { id: '100002' },
  ])
  expect(first.body.calls).toHaveLength(2)
  const rest = await t.get(`/account/orders?limit=2&before=${first.body.next}`)
  expect(rest.body.orders).toMatchObject([{ id: '100001' }])
  expect(rest.body.next).toBeUndefined()
  const stranger = { 'x-customer': 'ravi' }
  for (const path of ['/account/orders/100001', '/account/orders/100001/items/x/reasons']) {
    expect((await t.call('GET', path, undefined, stranger)).status).toBe(404)
  }
  expect((await t.call('POST', cancelPath, undefined, stranger)).status).toBe(404)
})

test('a cancel names bag, shipment and reason, and shows the page as it is then', async () => {
  const { t, bags, order } = await openWithOrder()
  t.stub.answers.set('shipment-status', () => {
    bags[0] = { status: 'cancelled_customer', history: ['placed', 'cancelled_customer'] }
    return envelope(order.shipmentId, { status: 200, final_state: {} })
  })
  const reason = { id: 85, text: 'Delivery address is wrong' }
  const { body } = await t.post(cancelPath, { reason })
  expect(body).toMatchObject({
    accepted: true,
    item_id: '100001-1',
    item_status: 'cancelled_customer',
    buttons: { cancel: false },
    calls: [{ operation: 'track-order' }, { operation: 'cancel' }, { operation: 'track-order' }],
  })
  const [sent] = t.stub.calls('shipment-status')
  const identifier = String(order.bags[0]?.bag_id)
  expect(JSON.parse(sent?.body ?? '')).toMatchObject({
    statuses: [
      {
        status: 'cancelled_customer',
        shipments: [
          {
            identifier: order.shipmentId,
            products: [{ identifier, quantity: 1 }],
            reasons: { products: [{ data: { reason_id: 85, reason_text: reason.text } }] },
          },
        ],
      },
    ],
  })
  expect(sent?.headers['x-fp-signature']).toMatch(/^v1:[0-9a-f]{64}$/)
})

test.each([200, 400])('a no inside the envelope is a no, with HTTP %i around it', async (http) => {
  const { t, order } = await openWithOrder()
  t.stub.answers.set('shipment-status', () => envelope(order.shipmentId, refusal, http))
  const { body } = await t.post(cancelPath)
  expect(body).toMatchObject({
    accepted: false,
    message: 'Invalid State Transition',
    error_code: 'ValidationError',
    // The button stays: the customer may try again.
    buttons: { cancel: true },
  })
  expect(t.stub.calls('shipment-status')).toHaveLength(1)
  // The operator can read it, too: HTTP alone says that all was well.
  const log = await t.get('/admin/logs/partner?operation=cancel&item=100001-1')
  expect(log.body.entries).toMatchObject([
    { status: http, order_id: '100001', response: expect.stringContaining('Invalid State') },
  ])
})

test('one yes and one no about the same shipment is a no', async () => {
  const { t, order } = await openWithOrder()
  const { json } = envelope(order.shipmentId, { status: 200 })
  t.stub.answers.set('shipment-status', () => ({
    status: 200,
    json: { statuses: [...json.statuses, ...envelope(order.shipmentId, refusal).json.statuses] },
  }))
  expect((await t.post(cancelPath)).body).toMatchObject({ accepted: false })
})

test('an answer about another shipment is not understood, and the page tells the truth', async () => {
  const { t } = await openWithOrder()
  t.stub.answers.set('shipment-status', () => envelope('SOMEBODY-ELSE', { status: 200 }))
  expect((await t.post(cancelPath)).body).toMatchObject({
    accepted: false,
    error_code: 'not-understood',
    buttons: { cancel: true },
  })
})

test('a lost answer is found out from track order', async () => {
  const { t, bags, order } = await openWithOrder([
    { status: 'delivery_done', returnable: true, history: ['delivery_done'] },
  ])
  t.stub.answers.set('shipment-status', () => {
    const isSecond = bags[0]?.status === 'return_initiated'
    bags[0] = { status: 'return_initiated', history: ['delivery_done', 'return_initiated'] }
    return envelope(order.shipmentId, isSecond ? refusal : { status: 200 })
  })
  t.stub.plan('shipment-status', 'answer-lost')
  const { body } = await t.post('/account/orders/100001/items/100001-1/return')
  expect(body).toMatchObject({ accepted: true, item_status: 'return_initiated' })
  expect(t.stub.calls('shipment-status')).toHaveLength(2)
})

test('says that it does not know when neither the call nor the page is answered', async () => {
  const { t } = await openWithOrder()
  t.stub.answers.set('shipment-status', () => {
    t.stub.answers.set('track-order', () => ({ status: 503, json: {} }))
    return { status: 502, json: {} }
  })
  expect((await t.post(cancelPath)).body).toMatchObject({
    accepted: false,
    message: expect.stringContaining('could not find out'),
    item_status: null,
    buttons: { cancel: false, return: false },
  })
  // Now the page is down before the click: nothing is asked for.
  expect((await t.post(cancelPath)).body).toMatchObject({
    accepted: false,
    message: expect.stringContaining('not available'),
  })
  expect(t.stub.calls('shipment-status')).toHaveLength(3)
})

test('no button, no call', async () => {
  const { t } = await openWithOrder([{ status: 'bag_picked', cancellable: false }])
  const refused = await t.post(cancelPath)
  expect([refused.status, refused.body.error.code]).toEqual([409, 'not-cancellable'])
  const back = await t.post('/account/orders/100001/items/100001-1/return')
  expect([back.status, back.body.error.code]).toEqual([409, 'not-returnable'])
  expect((await t.post('/account/orders/100001/items/100001-9/return')).status).toBe(404)
  expect((await t.post(cancelPath, { reason: { id: 1 } })).status).toBe(400)
  expect(t.stub.calls('shipment-status')).toEqual([])
})

test('two hurried clicks are one call', async () => {
  const { t, bags, order } = await openWithOrder()
  t.stub.answers.set('shipment-status', () => {
    bags[0] = { status: 'cancelled_customer', history: ['placed', 'cancelled_customer'] }
    return envelope(order.shipmentId, { status: 200 })
  })
  const answers = await Promise.all([t.post(cancelPath), t.post(cancelPath)])
  expect(answers.map(({ body }) => body.accepted)).toEqual([true, true])
  expect(t.stub.calls('shipment-status')).toHaveLength(1)
})

test('the reasons are those of FYND', async () => {
  const { t } = await openWithOrder()
  const reasons = [{ id: 84, display_name: 'Changed my mind', meta: {} }]
  t.stub.answers.set('reasons', () => ({ status: 200, json: { success: true, reasons } }))
  const path = '/account/orders/100001/items/100001-1/reasons'
  expect((await t.get(path)).body.reasons).toEqual([{ id: 84, text: 'Changed my mind' }])
  expect(t.stub.calls('reasons')[0]?.url).toMatch(/\?state=cancelled_customer$/)
  expect((await t.get(`${path}?for=return`)).status).toBe(409)
  expect((await t.get(`${path}?for=nothing`)).status).toBe(400)
  t.stub.answers.set('reasons', () => ({ status: 503, json: {} }))
  expect((await t.get(path)).status).toBe(502)
})

/** A paid order of two bags, of which FYND wants the money of both back. */
async function openWithRefund(settings: object = {}) {
  const t = openTestShop()
  await t.call('PUT', '/admin/settings/gofynd', settings)
  const { payment } = await t.buyPrepaid([{ sku: 'TEE-M', quantity: 2 }])
  payment.status = 'captured'
  await t.send(callback(payment, 'success'))
  const event = fyndEvent(t.stub.order('100001'), {
    event: 'REFUND_INITIATED',
    event_id: 'refund-1',
    status: 'refund_initiated',
    refund: { refund_id: 'RF1', amount: 998 },
  })
  await t.send(event)
  t.stub.answers.set('refund-report', () => ({ status: 200, json: { success: true } }))
  return t
}

test('a refund is reported bag by bag, once, under the id of the gateway', async () => {
  const t = await openWithRefund()
  expect(t.stub.calls('refund-report')).toEqual([])
  t.stub.plan('refund-report', 'reset')
  await t.post('/admin/orders/100001/refund')
  await t.post('/admin/orders/100001/refund')
  await t.clock.settle()
  const reports = t.stub
    .calls('refund-report')
    .map(({ url, body }) => [/refunds\/(\d+)\/done$/.exec(url)?.[1], JSON.parse(body ?? '')])
  const report = { refund_id: 'pay_1_r1', amount: 499 }
  expect(reports).toHaveLength(3)
  expect(new Map(reports as [string, object][])).toEqual(
    new Map([
      ['100', report],
      ['101', report],
    ]),
  )
  expect((await t.order('100001')).history.at(-1)?.why).toContain('reported to FYND')
})

test('a shop that was told not to report keeps quiet', async () => {
  const t = await openWithRefund({ report_refunds: false })
  await t.post('/admin/orders/100001/refund')
  await t.clock.settle()
  expect((await t.order('100001')).refunded_minor).toBe(99800)
  expect(t.stub.calls('refund-report')).toEqual([])
})

test('a coupon is spread over the pieces to the paisa, and FYND is told what is paid', async () => {
  const t = openTestShop()
  const items = [{ sku: 'TEE-M', quantity: 3 }]
  await t.post('/shop/cart', { items })
  expect((await t.post('/shop/cart/coupon', { code: 'NOPE' })).status).toBe(409)
  const taken = await t.post('/shop/cart/coupon', { code: 'FLAT100' })
  expect(taken.body).toMatchObject({ discount_minor: 10_000, total_minor: 139_700 })
  await t.fill('COD', items)
  await t.post('/shop/checkout/confirm')
  const order = await t.order('100001')
  expect(order.total_minor).toBe(139_700)
  expect(order.items.map((item) => item.amount_minor)).toEqual([46_566, 46_567, 46_567])
  const { order_info: info } = JSON.parse(t.stub.calls('order-placed')[0]?.body ?? '')
  expect(info).toMatchObject({ order_value: 1397, discount: 100 })
  expect(info.bags[0]).toMatchObject({ price_effective: 499, amount_paid: 465.66, discount: 33.34 })
  // The next cart is without it.
  await t.buyCod()
  expect((await t.order('100002')).total_minor).toBe(49_900)
})
