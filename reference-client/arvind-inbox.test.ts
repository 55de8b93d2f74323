import { expect, test } from 'vitest'
import { openArvindShop } from './testing/arvind-shop.ts'
import { arvindAccount, basic } from './testing/arvind-stub.ts'
import { callback } from './testing/partner-stub.ts'

type T = Awaited<ReturnType<typeof openArvindShop>>
const startMs = 1_767_587_400_000
const hourMs = 3_600_000
const firstItem = async (t: T, id = '100001') => (await t.arvindOrder(id)).items[0]
const line = (itemReference: string, more: object = {}) => ({
  itemReference,
  skuId: 'TEE-M',
  quantity: 1,
  ...more,
})

test('writes the status of each item, with what the parcel is told by', async () => {
  const t = await openArvindShop()
  await t.buyPushed([{ sku: 'TEE-M', quantity: 2 }])
  await t.tell('100001', 'INVOICED', {
    items: [line('100001-1')],
    invoiceNumber: 'INV-1',
    invoiceUrl: 'http://arvind.test/INV-1',
  })
  await t.tell('100001', 'SHIPPED', {
    items: [line('100001-1')],
    awbNumber: 'AWB-1',
    courierName: 'Example Couriers',
    trackingUrl: 'http://courier.test/AWB-1',
  })
  const delivered = { items: [line('100001-1')], deliveredDate: '2026-01-07T05:04:00Z' }
  expect((await t.tell('100001', 'DELIVERED', delivered)).body).toEqual({
    status: true,
    outcome: 'applied',
  })
  const { items, status } = await t.arvindOrder('100001')
  expect(status).toBe('processed')
  expect(items[0]).toMatchObject({
    status: 'DELIVERED',
    status_display: 'Delivered',
    consignment_id: 'CON-1',
    invoice_number: 'INV-1',
    awb_number: 'AWB-1',
    courier: 'Example Couriers',
    delivered_at: '2026-01-07T05:04:00Z',
    history: [{ status: 'INVOICED' }, { status: 'SHIPPED' }, { status: 'DELIVERED' }],
  })
  expect(items[1]).toMatchObject({ status: null, status_display: 'Processed' })
  expect(Object.keys(items[0] ?? {}).sort()).toEqual(Object.keys(items[1] ?? {}).sort())
})

test('the word of an item wins over the word at the top', async () => {
  const t = await openArvindShop()
  await t.buyPushed([{ sku: 'TEE-M', quantity: 2 }])
  await t.tell('100001', 'PACKED', {
    items: [line('100001-1'), line('100001-2', { status: 'UNFULFILLED' })],
  })
  const { items } = await t.arvindOrder('100001')
  expect(items.map((item) => item.status_display)).toEqual(['Packed', 'Unfulfillable'])
})

test('an event without items is about its consignment, else about the whole order', async () => {
  const t = await openArvindShop()
  await t.buyPushed([{ sku: 'TEE-M', quantity: 2 }])
  await t.tell('100001', 'INVOICED', { items: [line('100001-2')], consignmentId: 'CON-2' })
  await t.tell('100001', 'PACKED', { consignmentId: 'CON-2' })
  const statuses = async () => (await t.arvindOrder('100001')).items.map((item) => item.status)
  expect(await statuses()).toEqual([null, 'PACKED'])
  await t.tell('100001', 'SHIPPED', { consignmentId: 'CON-9' })
  expect(await statuses()).toEqual(['SHIPPED', 'SHIPPED'])
})

test('an event with neither items nor consignment is about the whole order', async () => {
  const t = await openArvindShop()
  await t.buyPushed([{ sku: 'TEE-M', quantity: 2 }])
  for (const [status, items] of [
    ['INVOICED', undefined],
    ['PACKED', null],
    ['SHIPPED', []],
  ] as const) {
    for (const consignmentId of [undefined, null]) {
      const { body } = await t.tell('100001', status, { items, consignmentId })
      expect(body).toEqual({ status: true, outcome: 'applied' })
    }
    const told = (await t.arvindOrder('100001')).items.map((item) => item.status)
    expect(told).toEqual([status, status])
  }
})

test('a time that cannot be is refused, and every page still opens', async () => {
  const t = await openArvindShop()
  await t.buyPushed()
  for (const statusTime of [8.7e15, 1e300, -1, 0.5, '1767587400000', null]) {
    const { status, body } = await t.tell('100001', 'PACKED', { statusTime })
    expect([statusTime, status, body.errorCode]).toEqual([statusTime, 400, 'INVALID'])
  }
  expect((await t.get('/admin/orders')).status).toBe(200)
  expect((await firstItem(t))?.history).toEqual([])
})

test('a time that has not come yet counts as of now, and makes nothing stale that happens later', async () => {
  const t = await openArvindShop()
  await t.buyPushed()
  await t.tell('100001', 'PACKED', { statusTime: startMs + 3 * 24 * hourMs })
  expect(await firstItem(t)).toMatchObject({ status: 'PACKED' })
  await t.clock.advance(60_000)
  const next = await t.tell('100001', 'SHIPPED', { statusTime: startMs + 60_000 })
  expect(next.body.outcome).toBe('applied')
  expect((await firstItem(t))?.status).toBe('SHIPPED')
})

test('times of two clocks that differ a little are compared as they are', async () => {
  const t = await openArvindShop()
  await t.buyPushed()
  await t.tell('100001', 'SHIPPED', { statusTime: startMs + 240_000 })
  const late = await t.tell('100001', 'PACKED', { statusTime: startMs + 200_000 })
  expect(late.body.outcome).toBe('stale')
})

test('a reason stays with the status that it was given for', async () => {
  const t = await openArvindShop()
  await t.buyPushed()
  const reasons: unknown[] = []
  for (const [status, more] of [
    ['OUT_FOR_DELIVERY', {}],
    ['UNDELIVERED', { reason: 'Door locked' }],
    ['PACKED', { statusTime: startMs - 1, reason: 'Long ago' }],
    ['DELIVERED', {}],
  ] as const) {
    await t.tell('100001', status, more)
    reasons.push((await firstItem(t))?.reason)
  }
  expect(reasons).toEqual([null, 'Door locked', 'Door locked', null])
})

test('an event that comes late is kept, moves nothing, mails nothing, and still names the parcel', async () => {
  const t = await openArvindShop()
  await t.buyPushed()
  const at = (delayMs: number) => ({ items: [line('100001-1')], statusTime: startMs + delayMs })
  await t.tell('100001', 'DELIVERED', at(2_000))
  const late = await t.tell('100001', 'SHIPPED', { ...at(1_000), awbNumber: 'AWB-1' })
  expect(late.body).toEqual({ status: true, outcome: 'stale' })
  const item = await firstItem(t)
  expect(item).toMatchObject({ status: 'DELIVERED', awb_number: 'AWB-1' })
  expect(item?.history.map((entry) => [entry.status, entry.applied])).toEqual([
    ['DELIVERED', true],
    ['SHIPPED', false],
  ])
  const { body } = await t.get('/admin/logs/email?order=100001')
  expect(body.entries.map((entry: { event: string }) => entry.event)).toEqual(['DELIVERED'])
})

test('two events of one millisecond: the one further along stays', async () => {
  const t = await openArvindShop()
  await t.buyPushed()
  const same = { items: [line('100001-1')], statusTime: startMs }
  await t.tell('100001', 'PACKED', same)
  await t.tell('100001', 'INVOICED', { ...same, invoiceNumber: 'INV-1' })
  expect(await firstItem(t)).toMatchObject({ status: 'PACKED', invoice_number: 'INV-1' })
})

test('an event that comes twice counts once, unless the shop is told to be naive', async () => {
  for (const [webhookEvents, mails] of [
    ['once', 1],
    ['naive', 2],
  ] as const) {
    const t = await openArvindShop({ switches: { webhook_events: webhookEvents } })
    await t.buyPushed()
    const event = { items: [line('100001-1')], eventId: 'one', statusTime: startMs }
    await t.tell('100001', 'SHIPPED', event)
    const again = await t.tell('100001', 'SHIPPED', event)
    expect(again.body.outcome).toBe(mails === 1 ? 'duplicate' : 'applied')
    expect((await t.get('/admin/logs/email')).body.entries).toHaveLength(mails)
  }
})

test('without an event id the same bytes are the same event', async () => {
  const t = await openArvindShop()
  await t.buyPushed()
  const event = { items: [line('100001-1')], eventId: undefined, statusTime: startMs }
  expect((await t.tell('100001', 'PACKED', event)).body.outcome).toBe('applied')
  expect((await t.tell('100001', 'PACKED', event)).body.outcome).toBe('duplicate')
})

test('mails and SMS follow the templates of the status', async () => {
  const t = await openArvindShop()
  await t.buyPushed()
  await t.call('PUT', '/admin/templates/PACKED/sms', { template: '{items} of {order}: {status}' })
  await t.tell('100001', 'PACKED')
  await t.tell('100001', 'OUT_FOR_DELIVERY')
  expect((await t.get('/admin/logs/sms?number=9000000001')).body.entries).toMatchObject([
    { text: 'TEE-M of 100001: PACKED' },
    { text: 'Your order 100001 is out for delivery.' },
  ])
  expect((await t.call('PUT', '/admin/templates/BAG_PICKED/sms', { template: 'x' })).status).toBe(
    400,
  )
})

test('accepts and ignores what is not about this website or not understood', async () => {
  const t = await openArvindShop()
  await t.buyPushed()
  const outcome = async (status: string, more: object) =>
    (await t.tell('100001', status, more)).body.outcome
  expect(await outcome('PACKED', { channelId: '20' })).toBe('other-channel')
  expect(await outcome('TELEPORTED', {})).toBe('unknown-status')
  expect(await outcome('PACKED', { items: [line('100001-9')] })).toBe('unknown-item')
  expect((await firstItem(t))?.history).toEqual([])
  const log = await t.get('/admin/logs/partner?order=100001&operation=PACKED')
  expect(log.body.entries.map((entry: { outcome: string }) => entry.outcome)).toEqual([
    'other-channel',
    'unknown-item',
  ])
})

test('asks to come again about an unknown order for ten minutes, then keeps it', async () => {
  const t = await openArvindShop()
  const event = { statusTime: startMs, eventId: 'ghost' }
  expect(await t.tell('999999', 'PACKED', event)).toMatchObject({
    status: 404,
    body: { status: false, errorCode: 'UNKNOWN_ORDER' },
  })
  await t.clock.advance(10 * 60_000)
  expect((await t.tell('999999', 'PACKED', event)).body).toEqual({
    status: true,
    outcome: 'unknown-order',
  })
})

test('wants the password, unless the switch says that webhooks carry none', async () => {
  const t = await openArvindShop()
  const body = { orderReference: '1', status: 'PACKED', statusTime: 0 }
  expect((await t.api('order-status', 'garbage', {})).status).toBe(401)
  expect((await t.api('order-status', 'garbage')).status).toBe(400)
  expect((await t.api('order-status', { status: 'PACKED' })).body.errorCode).toBe('INVALID')
  const open = await openArvindShop({ switches: { webhook_auth: 'none' } })
  expect((await open.api('order-status', body, {})).status).toBe(200)
  const log = await t.get('/admin/logs/partner?operation=order-status')
  expect(JSON.stringify(log.body)).not.toContain(arvindAccount.password)
})

test('takes the password from a header of its own when the switch says so, and from nowhere else', async () => {
  const t = await openArvindShop({ switches: { webhook_auth: 'shared_header' } })
  const body = { orderReference: '1', status: 'PACKED', statusTime: 0 }
  const secret = (word: string) => ({ 'x-arvind-secret': word })
  const status = async (headers: object) => (await t.api('order-status', body, headers)).status
  expect(await status(secret(arvindAccount.password))).toBe(200)
  expect(await status(secret('wrong'))).toBe(401)
  expect(await status(basic())).toBe(401)
  expect(await status({})).toBe(401)
})

test('wants JSON that is called JSON, at both of its doors', async () => {
  const t = await openArvindShop()
  const text = { ...basic(), 'content-type': 'text/plain' }
  for (const path of ['order-status', 'update-inventory']) {
    const { status, body } = await t.api(path, '{}', text)
    expect([status, body.errorCode]).toEqual([415, 'NOT_JSON'])
    // Who may not call is told so first.
    expect((await t.api(path, '{}', { 'content-type': 'text/plain' })).status).toBe(401)
  }
})

async function buyPaid(t: T, quantity: number) {
  const { payment } = await t.buyPrepaid([{ sku: 'TEE-M', quantity }])
  payment.status = 'captured'
  await t.send(callback(payment, 'success'))
  await t.runPush()
  return payment
}

test('a prepaid item that the customer will not have is owed once, whatever is said of it afterwards', async () => {
  const t = await openArvindShop()
  const payment = await buyPaid(t, 3)
  await t.tell('100001', 'CANCELLED', { items: [line('100001-1')] })
  await t.tell('100001', 'DELIVERED', { items: [line('100001-2'), line('100001-3')] })
  expect((await t.arvindOrder('100001')).refund_due_minor).toBe(49900)
  await t.tell('100001', 'RETURN_RECEIVED', { items: [line('100001-2')] })
  await t.tell('100001', 'REFUND_INITIATED', {
    items: [line('100001-2')],
    refundStatus: 'INITIATED',
  })
  await t.tell('100001', 'REFUNDED', { items: [line('100001-2')] })
  const refund = await t.post('/admin/orders/100001/refund')
  expect(refund.body).toMatchObject({ refunded_minor: 2 * 49900, refund_due_minor: 0 })
  await t.post('/admin/orders/100001/refund')
  expect(payment.refunds.map((one) => one.amount_minor)).toEqual([49900, 49900])
})

test('an RTO of a prepaid order is owed back, a failed delivery is not', async () => {
  const t = await openArvindShop()
  await buyPaid(t, 1)
  const due = async () => (await t.arvindOrder('100001')).refund_due_minor
  await t.tell('100001', 'OUT_FOR_DELIVERY')
  await t.tell('100001', 'UNDELIVERED')
  await t.tell('100001', 'RTO_INITIATED')
  expect(await due()).toBe(0)
  await t.tell('100001', 'RTO_RECEIVED')
  expect(await due()).toBe(49900)
})

test('cash that was never ours is not given back', async () => {
  const t = await openArvindShop()
  await t.buyPushed()
  await t.tell('100001', 'CANCELLED')
  expect((await t.post('/admin/orders/100001/refund')).status).toBe(409)
})

test('goods that leave after a cancellation are not paid back', async () => {
  const t = await openArvindShop()
  await buyPaid(t, 1)
  await t.press('cancel', '100001-1')
  expect((await t.arvindOrder('100001')).refund_due_minor).toBe(49900)
  await t.tell('100001', 'SHIPPED', { statusTime: startMs + 60_000 })
  expect(await t.arvindOrder('100001')).toMatchObject({
    refund_due_minor: 0,
    items: [{ status: 'SHIPPED', buttons: { cancel: false, return: false } }],
  })
  // What arrives all the same can be given back.
  await t.tell('100001', 'DELIVERED', { statusTime: startMs + 120_000 })
  expect(await t.arvindOrder('100001')).toMatchObject({
    items: [{ status_display: 'Delivered', buttons: { cancel: false, return: true } }],
  })
  expect((await t.press('return', '100001-1')).body).toMatchObject({ accepted: true })
})
