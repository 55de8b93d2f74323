import { expect, test } from 'vitest'
import { callback, fyndEvent, gatewayWebhook } from './testing/partner-stub.ts'
import { openTestShop, testSettings } from './testing/shop.ts'

test('a paid callback makes the order processed, and the webhook after it changes nothing', async () => {
  const t = openTestShop()
  const { id, payment } = await t.buyPrepaid()
  expect(payment).toMatchObject({
    merchant_order_id: id,
    amount_minor: 49900,
    return_url: 'http://shop.test/gateway/callback',
    webhook_url: 'http://shop.test/gateway/webhook',
  })
  payment.status = 'captured'
  const page = await t.send(callback(payment, 'success'))
  expect(page.body).toMatchObject({ page: 'success', order_id: id, status: 'processed' })
  expect((await t.send(gatewayWebhook(payment, 'e1'))).body).toEqual({ accepted: true })
  expect((await t.send(gatewayWebhook(payment, 'e1'))).body).toEqual({
    accepted: true,
    duplicate: true,
  })
  await t.clock.settle()
  expect(t.stub.calls('confirm-payment')).toHaveLength(1)
  const order = await t.order(id)
  expect(order.payment).toEqual({
    payment_id: 'pay_1',
    status: 'captured',
    amount_minor: 49900,
  })
  expect(order.history.map((entry) => entry.status)).toEqual(['missing', 'processing', 'processed'])
})

test('callback and webhook at the same moment confirm the payment once', async () => {
  const t = openTestShop()
  const { id, payment } = await t.buyPrepaid()
  payment.status = 'captured'
  await Promise.all([
    t.send(callback(payment, 'success')),
    t.send(gatewayWebhook(payment, 'e1')),
    t.send(callback(payment, 'success')),
  ])
  await t.clock.settle()
  expect(t.stub.calls('confirm-payment')).toHaveLength(1)
  expect((await t.order(id)).status).toBe('processed')
})

test('a payment that FYND cannot hear of yet stays processing until the outbox gets through', async () => {
  const t = openTestShop()
  const { id, payment } = await t.buyPrepaid()
  payment.status = 'captured'
  t.stub.plan('confirm-payment', 'hang', { status: 500 }, 'answer-lost')
  const page = await t.send(callback(payment, 'success'))
  expect(page.body).toMatchObject({ page: 'success', status: 'processing' })
  const waiting = await t.get('/admin/outbox')
  expect(waiting.body.entries).toMatchObject([{ operation: 'confirm-payment', state: 'waiting' }])
  await t.clock.settle()
  expect((await t.order(id)).status).toBe('processed')
  expect((await t.get('/admin/outbox')).body.entries).toEqual([])
})

test('the look-up cron rescues a paid order of which nobody told the shop', async () => {
  const t = openTestShop()
  const { id, payment } = await t.buyPrepaid()
  payment.status = 'captured'
  expect((await t.order(id)).status).toBe('missing')
  const run = await t.post('/admin/cron/order-lookup')
  expect(run.body).toMatchObject({ ran: true, checked: 1, paid: 1 })
  expect((await t.order(id)).status).toBe('processed')
})

test('the look-up cron leaves open payments alone and ends unpaid ones', async () => {
  const t = openTestShop()
  const { id, payment } = await t.buyPrepaid()
  await t.post('/admin/cron/order-lookup')
  expect((await t.order(id)).status).toBe('missing')
  payment.status = 'aborted'
  await t.post('/admin/cron/order-lookup')
  expect((await t.order(id)).status).toBe('failed')
})

test('the look-up cron asks nothing about orders older than 48 hours', async () => {
  const t = openTestShop()
  await t.buyPrepaid()
  await t.clock.advance(48 * 3_600_000 + 1)
  expect((await t.post('/admin/cron/order-lookup')).body).toMatchObject({ checked: 0 })
})

test('failed without debit ends the order, failed with debit keeps it missing until it is captured', async () => {
  const t = openTestShop()
  const first = await t.buyPrepaid()
  const failed = await t.send(callback(first.payment, 'failed'))
  expect(failed.body).toMatchObject({ page: 'payment-failed', status: 'failed' })

  const second = await t.buyPrepaid()
  expect(second.id).toBe(first.id)
  await t.send(callback(second.payment, 'failed', true))
  expect(await t.order(second.id)).toMatchObject({
    status: 'missing',
    payment: { payment_id: 'pay_2', status: 'failed_debited' },
  })
  second.payment.status = 'captured'
  await t.send(gatewayWebhook(second.payment, 'late'))
  await t.clock.settle()
  expect((await t.order(second.id)).status).toBe('processed')
  expect(t.stub.orders.size).toBe(1)
})

test('a late failure does not undo a captured payment', async () => {
  const t = openTestShop()
  const { id, payment } = await t.buyPrepaid()
  payment.status = 'captured'
  await t.send(callback(payment, 'success'))
  await t.send(callback(payment, 'failed'))
  expect(await t.order(id)).toMatchObject({
    status: 'processed',
    payment: { status: 'captured' },
  })
})

test('the pay page of an order is opened once and shown again', async () => {
  const t = openTestShop()
  const { answer } = await t.buyPrepaid()
  const again = await t.post('/shop/checkout/confirm')
  expect(again.body.pay_url).toBe(answer.body.pay_url)
  expect(t.stub.payments.size).toBe(1)
})

test('news of a payment with a wrong signature changes nothing', async () => {
  const t = openTestShop()
  const { id, payment } = await t.buyPrepaid()
  const forged = new Request(payment.return_url, {
    method: 'POST',
    headers: { 'content-type': 'application/x-www-form-urlencoded' },
    body: `payment_id=pay_1&merchant_order_id=${id}&status=success&debited=true&signature=${'0'.repeat(64)}`,
  })
  expect(await t.send(forged)).toMatchObject({
    status: 401,
    body: { accepted: false, why: 'bad-signature' },
  })
  const unsigned = await t.call('POST', '/gateway/webhook', { event_id: 'x' })
  expect(unsigned.status).toBe(401)
  expect((await t.order(id)).status).toBe('missing')
})

test('a paid order that FYND refuses stands on the refund list, and Refund Money gives all of it back once', async () => {
  const t = openTestShop()
  const { id, payment } = await t.buyPrepaid()
  payment.status = 'captured'
  t.stub.plan('confirm-payment', {
    status: 409,
    json: { exception: 'OrderExpired', message: 'The order was cancelled meanwhile' },
  })
  await t.send(callback(payment, 'success'))
  const list = await t.get('/admin/orders?event=REFUND_INITIATED')
  expect(list.body.orders).toMatchObject([{ id, status: 'processing', refund_due_minor: 49900 }])

  const [one, other] = await Promise.all([
    t.post(`/admin/orders/${id}/refund`),
    t.post(`/admin/orders/${id}/refund`),
  ])
  expect(one?.body).toMatchObject({ refunded_minor: 49900, refund_due_minor: 0 })
  expect(other?.status).toBe(200)
  await t.post(`/admin/orders/${id}/refund`)
  expect(payment.refunds).toHaveLength(1)
  expect((await t.order(id)).refunds).toEqual([
    { cause: 'order-refused', amount_minor: 49900, refund_id: 'pay_1_r1' },
  ])
})

test('a refund whose answer was lost is asked for again under the same key', async () => {
  const t = openTestShop()
  const { id, payment } = await t.buyPrepaid()
  payment.status = 'captured'
  t.stub.plan('confirm-payment', { status: 404, json: { exception: 'DoesNotExist' } })
  await t.send(callback(payment, 'success'))
  t.stub.plan('refund', 'answer-lost', 'answer-lost', 'answer-lost')
  await t.post(`/admin/orders/${id}/refund`)
  await t.clock.settle()
  expect(payment.refunds).toHaveLength(1)
  expect((await t.order(id)).refunded_minor).toBe(49900)
})

test('refunds the bags of REFUND_INITIATED, each event once, never more than was paid', async () => {
  const t = openTestShop()
  const { id, payment } = await t.buyPrepaid([
    { sku: 'TEE-M', quantity: 1 },
    { sku: 'MUG-1', quantity: 1 },
  ])
  payment.status = 'captured'
  await t.send(callback(payment, 'success'))
  const order = t.stub.order(id)
  const refund = (eventId: string, refundId: string, amount: number) =>
    t.send(
      fyndEvent(order, {
        event: 'REFUND_INITIATED',
        event_id: eventId,
        status: 'refund_initiated',
        created_timestamp: t.clock.nowMs(),
        bags: [order.bags[0]],
        refund: { refund_id: refundId, amount },
      }),
    )
  await refund('e1', 'r1', 499)
  await refund('e1', 'r1', 499)
  expect((await t.order(id)).refund_due_minor).toBe(49900)
  await t.post(`/admin/orders/${id}/refund`)
  await refund('e2', 'r2', 9999)
  expect((await t.order(id)).refund_due_minor).toBe(24900)
  await t.post(`/admin/orders/${id}/refund`)
  expect(payment.refunds.map((one) => one.amount_minor)).toEqual([49900, 24900])
  expect((await t.order(id)).refunded_minor).toBe(74800)
})

test('a second captured payment of one order goes back', async () => {
  const t = openTestShop()
  const first = await t.buyPrepaid()
  await t.send(callback(first.payment, 'aborted'))
  const second = await t.buyPrepaid()
  for (const { payment } of [second, first]) {
    payment.status = 'captured'
    await t.send(gatewayWebhook(payment, `captured-${payment.payment_id}`))
  }
  await t.clock.settle()
  const order = await t.order(first.id)
  expect(order).toMatchObject({ status: 'processed', refund_due_minor: 49900 })
  await t.post(`/admin/orders/${first.id}/refund`)
  expect(first.payment.refunds).toHaveLength(1)
  expect(second.payment.refunds).toHaveLength(0)
})

test('says no to a refund that nobody owes, and to an unknown order', async () => {
  const t = openTestShop()
  await t.buyCod()
  expect((await t.post('/admin/orders/100001/refund')).status).toBe(409)
  expect((await t.post('/admin/orders/1/refund')).status).toBe(404)
})

test('an operator confirms a payment by hand and sees the raw answer', async () => {
  const t = openTestShop()
  const { id } = await t.buyPrepaid()
  const answer = await t.post('/admin/fynd/confirm-payment', { fynd_order_id: 'FY00000001' })
  expect(answer.body).toMatchObject({ status: 200, body: { message: 'Payment Successful' } })
  expect((await t.order(id)).status).toBe('processed')
})

test('an order edited to processing by hand tells FYND nothing', async () => {
  const t = openTestShop()
  const { id } = await t.buyPrepaid()
  const before = t.stub.sent.length
  const edited = await t.post(`/admin/orders/${id}/status`, { status: 'processing' })
  expect(edited.body.status).toBe('processing')
  await t.clock.settle()
  expect(t.stub.sent).toHaveLength(before)
})

test('the gateway’s server calls the shop where servers reach it, its page sends the browser where browsers do', async () => {
  const t = openTestShop({
    settings: { ...testSettings, service_url: 'http://shop.internal:4100/' },
  })
  const { payment } = await t.buyPrepaid()
  expect(payment.return_url).toBe('http://shop.test/gateway/callback')
  expect(payment.webhook_url).toBe('http://shop.internal:4100/gateway/webhook')
})
