import { expect, test } from 'vitest'
import { openArvindShop } from './testing/arvind-shop.ts'
import { refusal } from './testing/arvind-stub.ts'
import { callback } from './testing/partner-stub.ts'

const hourMs = 3_600_000

test('makes an order processed once Arvind took it, and only then', async () => {
  const t = await openArvindShop()
  await t.buyCod([
    { sku: 'TEE-M', quantity: 2 },
    { sku: 'SHOE-9', quantity: 1 },
  ])
  t.arvind.plan('order-push', { status: 503 })
  expect((await t.runPush()).body).toMatchObject({ found: 1, pushed: 0, unanswered: 1 })
  expect((await t.arvindOrder('100001')).status).toBe('processing')
  expect((await t.runPush()).body).toMatchObject({ window: '6h', found: 1, pushed: 1 })
  expect(await t.arvindOrder('100001')).toMatchObject({
    status: 'processed',
    arvind_order_id: 'AI-1',
    push: { attempts: 2, last_error: null, maybe_applied: false },
  })
  const body = JSON.parse(t.arvind.order('100001').body)
  expect(body).toMatchObject({
    orderReference: '100001',
    orderReference2: '100001',
    channelId: '19',
    orderingStoreId: 'STORE-1',
    orderStatus: 'processing',
    netAmount: 2297.5,
    shippingAddress: { customerName: 'Asha Example', zip: '560001' },
  })
  expect(body.items[2]).toMatchObject({
    itemId: '100001-3',
    itemReference: '100001-3',
    skuId: 'SHOE-9',
    warehouseId: 'Brand_1',
    netAmount: 1299.5,
    financialStatus: [{ amount: 1299.5, paymentMode: 'COD', paymentStatus: 'pending' }],
  })
  expect((await t.runPush()).body.found).toBe(0)
})

test('a coupon is told line by line: price, discount and what is paid', async () => {
  const t = await openArvindShop()
  const lines = [
    { sku: 'TEE-M', quantity: 1 },
    { sku: 'SHOE-9', quantity: 1 },
  ]
  await t.post('/shop/cart', { items: lines })
  await t.post('/shop/cart/coupon', { code: 'FLAT100' })
  await t.fill('COD', lines)
  await t.post('/shop/checkout/confirm')
  await t.runPush()
  const body = JSON.parse(t.arvind.order('100001').body)
  expect(body).toMatchObject({
    netAmount: 1698.5,
    grossValue: 1798.5,
    metadata: {
      grossTotal: '1798.5',
      netTotal: '1698.5',
      merchandiseTotal: '1798.5',
      discountTotal: '100',
    },
    items: [
      { mrp: 499, grossAmount: 499, discount: 27.75, netAmount: 471.25 },
      {
        mrp: 1299.5,
        grossAmount: 1299.5,
        discount: 72.25,
        netAmount: 1227.25,
        productDetails: { mrp: 1299.5, grossSP: 1299.5 },
      },
    ],
  })
  expect(body.items[0].financialStatus[0].amount).toBe(471.25)
})

test('a refused order stays processing and stops no other one', async () => {
  const t = await openArvindShop()
  for (let count = 0; count < 3; count += 1) await t.buyCod([{ sku: 'MUG-1', quantity: 1 }])
  t.arvind.plan('order-push', refusal('INVALID_SKU'), 'hang')
  expect((await t.runPush()).body).toMatchObject({
    found: 3,
    pushed: 1,
    refused: 1,
    unanswered: 1,
  })
  const order = await t.arvindOrder('100001')
  expect(order.status).toBe('processing')
  expect(order.push).toMatchObject({ last_error: 'INVALID_SKU: invalid_sku', maybe_applied: false })
  expect((await t.arvindOrder('100002')).push?.maybe_applied).toBe(true)
  expect((await t.runPush()).body).toMatchObject({ found: 2, pushed: 2 })
})

test('a lost answer is a duplicate on the next run, which is a success', async () => {
  const t = await openArvindShop()
  await t.buyCod()
  t.arvind.plan('order-push', 'answer-lost')
  await t.runPush()
  expect((await t.arvindOrder('100001')).status).toBe('processing')
  expect((await t.runPush()).body).toMatchObject({ found: 1, duplicates: 1 })
  expect((await t.arvindOrder('100001')).status).toBe('processed')
  const [one, other] = t.arvind.calls('order-push')
  expect(one?.body).toBe(other?.body)
  expect(t.arvind.orders.size).toBe(1)
})

test('after a lost answer only Arvind’s own no ends the doubt, and the same bytes are sent until then', async () => {
  for (const status of [400, 401, 403, 404, 415, 429, 500, 503]) {
    const t = await openArvindShop()
    const { id } = await payFor(t)
    t.arvind.plan('order-push', 'answer-lost', { status })
    await t.runPush()
    // Other settings must not change what is sent again.
    await t.call('PUT', '/admin/settings/arvind', { warehouse_id: 'Brand_2' })
    await t.runPush()
    expect(await t.arvindOrder(id), String(status)).toMatchObject({
      status: 'processing',
      refund_due_minor: 0,
      push: { maybe_applied: true },
    })
    expect((await t.runPush()).body).toMatchObject({ duplicates: 1 })
    const bodies = t.arvind.calls('order-push').map((sent) => sent.body)
    expect(new Set(bodies).size, String(status)).toBe(1)
  }
})

test('a refusal ends the doubt about a lost call, and the money is owed', async () => {
  const t = await openArvindShop()
  const { id } = await payFor(t)
  t.arvind.plan('order-push', 'hang', refusal('INVALID_SKU'))
  await t.runPush()
  await t.runPush()
  expect(await t.arvindOrder(id)).toMatchObject({
    refund_due_minor: 49900,
    push: { maybe_applied: false },
  })
})

test('a 5xx says nothing about a push, a 429 that it was not begun', async () => {
  for (const [status, isDoubtful] of [
    [500, true],
    [503, true],
    [429, false],
  ] as const) {
    const t = await openArvindShop()
    await t.buyCod()
    t.arvind.plan('order-push', { status })
    await t.runPush()
    expect((await t.arvindOrder('100001')).push?.maybe_applied).toBe(isDoubtful)
  }
})

test('a duplicate stays processing when the switch says so', async () => {
  const t = await openArvindShop({ switches: { on_duplicate_order: 'processing' } })
  await t.buyCod()
  t.arvind.plan('order-push', 'answer-lost')
  await t.runPush()
  expect((await t.runPush()).body).toMatchObject({ duplicates: 1 })
  expect((await t.arvindOrder('100001')).status).toBe('processing')
})

test('a webhook about an order proves that it was taken', async () => {
  const t = await openArvindShop()
  await t.buyCod()
  t.arvind.plan('order-push', 'answer-lost')
  await t.runPush()
  await t.tell('100001', 'INVOICED')
  expect(await t.arvindOrder('100001')).toMatchObject({
    status: 'processed',
    push: { maybe_applied: false, last_error: null },
  })
  expect((await t.runPush()).body.found).toBe(0)
})

test('the schedule takes 6 hours, the operator 30 days, and nobody more', async () => {
  const t = await openArvindShop()
  await t.buyCod()
  await t.clock.advance(6 * hourMs)
  t.arvind.plan('order-push', { status: 503 })
  expect((await t.runPush()).body.found).toBe(1)
  await t.clock.advance(1)
  expect((await t.runPush()).body.found).toBe(0)
  expect((await t.runPush('7d')).status).toBe(400)
  await t.buyCod()
  await t.clock.advance(30 * 24 * hourMs)
  expect((await t.runPush('30d')).body).toMatchObject({ window: '30d', found: 1, pushed: 1 })
  expect((await t.arvindOrder('100001')).status).toBe('processing')
})

test('the window can count from the move to processing', async () => {
  for (const [windowBasis, found] of [
    ['created', 0],
    ['modified', 1],
    ['status_changed', 1],
  ] as const) {
    const t = await openArvindShop({ switches: { window_basis: windowBasis } })
    const { payment } = await t.buyPrepaid()
    await t.clock.advance(7 * hourMs)
    payment.status = 'captured'
    await t.post('/admin/cron/order-lookup')
    expect((await t.runPush()).body.found).toBe(found)
  }
})

test('a token that runs out in the middle leaves the rest for the next run', async () => {
  const t = await openArvindShop()
  for (let count = 0; count < 2; count += 1) await t.buyCod([{ sku: 'MUG-1', quantity: 1 }])
  const token = refusal('UNAUTHORIZED')
  t.arvind.plan('order-push', { ...(typeof token === 'object' ? token : {}), status: 401 })
  expect((await t.runPush()).body).toMatchObject({ pushed: 1, refused: 1 })
  const order = await t.arvindOrder('100001')
  expect(order).toMatchObject({ status: 'processing', refund_due_minor: 0 })
  expect((await t.runPush()).body).toMatchObject({ found: 1, pushed: 1 })
})

test('settings that were wrong are read anew after a refusal', async () => {
  const t = await openArvindShop()
  await t.call('PUT', '/admin/settings/arvind', { channel_id: '20' })
  await t.buyCod()
  expect((await t.runPush()).body).toMatchObject({ refused: 1 })
  await t.call('PUT', '/admin/settings/arvind', { channel_id: '19' })
  expect((await t.runPush()).body).toMatchObject({ pushed: 1 })
})

test('a partner that is away ends the run early, and poisoned orders do not keep the others back', async () => {
  const t = await openArvindShop({ stock: { 'MUG-1': 50 } })
  for (let count = 0; count < 7; count += 1) await t.buyCod([{ sku: 'MUG-1', quantity: 1 }])
  t.arvind.plan('order-push', ...Array.from({ length: 5 }, () => ({ status: 500 })))
  expect((await t.runPush()).body).toMatchObject({ found: 7, unanswered: 5, stopped: true })
  t.arvind.plan('order-push')
  await t.runPush()
  const pushed = t.arvind
    .calls('order-push')
    .map((sent) => JSON.parse(sent.body ?? '').orderReference)
  expect(pushed.slice(5, 7)).toEqual(['100006', '100007'])
})

test('a partner that answers is not away: refused tokens do not end the run', async () => {
  const t = await openArvindShop({ stock: { 'MUG-1': 50 } })
  for (let count = 0; count < 7; count += 1) await t.buyCod([{ sku: 'MUG-1', quantity: 1 }])
  t.arvind.plan('order-push', ...Array.from({ length: 6 }, () => ({ status: 401 })))
  const { body } = await t.runPush()
  expect(body).toMatchObject({ found: 7, refused: 6, unanswered: 0, pushed: 1 })
  expect(body).not.toHaveProperty('stopped')
})

test('two runs at once: the second is refused', async () => {
  const t = await openArvindShop()
  await t.buyCod()
  const runs = await Promise.all([t.runPush(), t.runPush('30d')])
  expect(runs.map((run) => run.status).sort()).toEqual([200, 409])
  expect(t.arvind.calls('order-push')).toHaveLength(1)
})

async function payFor(t: Awaited<ReturnType<typeof openArvindShop>>) {
  const { id, payment } = await t.buyPrepaid()
  payment.status = 'captured'
  await t.send(callback(payment, 'success'))
  return { id, payment }
}

test('a paid order that Arvind refuses is on the refund list until it is taken', async () => {
  const t = await openArvindShop()
  const { id } = await payFor(t)
  t.arvind.plan('order-push', refusal('PINCODE_NOT_SERVICEABLE'))
  await t.runPush()
  const list = await t.get('/admin/orders?event=REFUND_INITIATED')
  expect(list.body.orders).toMatchObject([{ id, refund_due_minor: 49900 }])
  await t.runPush()
  expect(await t.arvindOrder(id)).toMatchObject({ status: 'processed', refund_due_minor: 0 })
})

test('an order that was refused and refunded is never pushed again', async () => {
  const t = await openArvindShop()
  const { id, payment } = await payFor(t)
  t.arvind.plan('order-push', refusal('INSUFFICIENT_INVENTORY'))
  await t.runPush()
  const refund = await t.post(`/admin/orders/${id}/refund`)
  expect(refund.body).toMatchObject({ refunded_minor: 49900 })
  await t.runPush('30d')
  expect(t.arvind.orders.size).toBe(0)
  expect(payment.refunds).toHaveLength(1)
})

test('a paid order too old for every run is the operator’s', async () => {
  const t = await openArvindShop()
  const { id } = await payFor(t)
  await t.clock.advance(31 * 24 * hourMs)
  await t.runPush('30d')
  expect(await t.arvindOrder(id)).toMatchObject({ status: 'processing', refund_due_minor: 49900 })
  expect(t.arvind.calls('order-push')).toEqual([])
})

test('a refused order stays on the refund list when the next run finds a dead token, and leaves it while in doubt', async () => {
  const t = await openArvindShop()
  const { id } = await payFor(t)
  t.arvind.plan('order-push', refusal('INSUFFICIENT_INVENTORY'), { status: 401 }, 'hang')
  const due: number[] = []
  for (let run = 0; run < 3; run += 1) {
    await t.runPush()
    due.push((await t.arvindOrder(id)).refund_due_minor)
  }
  expect(due).toEqual([49900, 49900, 0])
})

test('a paid order in doubt is looked up once it is too old to be pushed: owed when Arvind never had it', async () => {
  for (const [mishap, status, due] of [
    ['hang', 'processing', 49900],
    ['answer-lost', 'processed', 0],
  ] as const) {
    const t = await openArvindShop()
    const { id } = await payFor(t)
    t.arvind.plan('order-push', mishap)
    await t.runPush()
    await t.clock.advance(31 * 24 * hourMs)
    t.arvind.plan('track-order', { status: 404 })
    await t.runPush()
    // A 404 of whatever stands in between is no answer.
    expect(await t.arvindOrder(id)).toMatchObject({ refund_due_minor: 0, status: 'processing' })
    await t.runPush()
    expect(await t.arvindOrder(id)).toMatchObject({ status, refund_due_minor: due })
    await t.runPush()
    expect(t.arvind.calls('track-order')).toHaveLength(2)
  }
})

test('a duplicate that stays processing is never owed: Arvind has it', async () => {
  const t = await openArvindShop({ switches: { on_duplicate_order: 'processing' } })
  const { id } = await payFor(t)
  t.arvind.plan('order-push', 'answer-lost')
  await t.runPush()
  await t.runPush()
  t.arvind.plan('track-order', { status: 503 })
  await t.clock.advance(31 * 24 * hourMs)
  await t.runPush()
  expect((await t.arvindOrder(id)).refund_due_minor).toBe(0)
})

test('a prepaid order says that it is paid', async () => {
  const t = await openArvindShop()
  const { id, payment } = await payFor(t)
  await t.runPush()
  const body = JSON.parse(t.arvind.order(id).body)
  expect(body.items[0].financialStatus).toEqual([
    { amount: 499, paymentMode: 'PREPAID', paymentStatus: 'paid' },
  ])
  expect(body.metadata.paymentTransactionId).toBe(payment.payment_id)
})
