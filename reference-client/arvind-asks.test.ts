import { expect, test } from 'vitest'
import { openArvindShop } from './testing/arvind-shop.ts'
import { refusal } from './testing/arvind-stub.ts'
import { callback } from './testing/partner-stub.ts'

type T = Awaited<ReturnType<typeof openArvindShop>>
const neft = {
  customerName: 'Asha Example',
  bankName: 'Example Bank',
  branchName: 'Sampleton',
  branchAddress: '1 Bank Street',
  accountNature: 'SAVINGS',
  accountNumber: '1234 5678 9012',
  ifscCode: 'exam0abc123',
}
const buttons = async (t: T) => (await t.get('/account/orders/100001')).body.items[0].buttons

async function deliver(t: T) {
  await t.buyPushed()
  await t.tell('100001', 'DELIVERED')
}

async function deliverPaid(t: T) {
  const { payment } = await t.buyPrepaid()
  payment.status = 'captured'
  await t.send(callback(payment, 'success'))
  await t.runPush()
  await t.tell('100001', 'DELIVERED')
}

test('the cancel button is there until packed, the return button from delivered on', async () => {
  const t = await openArvindShop()
  await t.buyCod()
  const seen: [string, boolean, boolean][] = []
  const look = async (name: string) => {
    const { cancel, return: back } = await buttons(t)
    seen.push([name, cancel, back])
  }
  await look('processing')
  await t.runPush()
  await look('processed')
  for (const status of ['INVOICED', 'PACKED', 'SHIPPED', 'OUT_FOR_DELIVERY', 'DELIVERED']) {
    await t.tell('100001', status)
    await look(status)
  }
  await t.tell('100001', 'RETURN_QC_FAILED')
  await look('RETURN_QC_FAILED')
  expect(seen).toEqual([
    ['processing', true, false],
    ['processed', true, false],
    ['INVOICED', true, false],
    ['PACKED', true, false],
    ['SHIPPED', false, false],
    ['OUT_FOR_DELIVERY', false, false],
    ['DELIVERED', false, true],
    ['RETURN_QC_FAILED', false, false],
  ])
  expect((await t.press('cancel', '100001-1')).body.error.code).toBe('not-cancellable')
  expect((await t.press('return', '100001-1')).body.error.code).toBe('not-returnable')
  expect(t.arvind.calls('cancel')).toEqual([])
})

test('the cancel button goes on success, and a second press asks nobody', async () => {
  const t = await openArvindShop()
  await t.buyPushed([{ sku: 'TEE-M', quantity: 2 }])
  const { body } = await t.press('cancel', '100001-1', { reason: 'Too late' })
  expect(body).toMatchObject({
    page: 'order',
    accepted: true,
    buttons: { cancel: false, return: false },
    calls: [{ operation: 'cancel', status: 200 }],
  })
  expect(JSON.parse(t.arvind.calls('cancel')[0]?.body ?? '')).toMatchObject({
    orderReference: '100001',
    channelId: '19',
    cancelledBy: 'CUSTOMER',
    items: [{ itemReference: '100001-1', skuId: 'TEE-M', quantity: 1, reason: 'Too late' }],
  })
  expect((await t.press('cancel', '100001-1')).body).toMatchObject({ accepted: true, calls: [] })
  const { items } = await t.arvindOrder('100001')
  expect(items.map((item) => [item.status_display, item.cancel_state])).toEqual([
    ['Cancelled', 'accepted'],
    ['Processed', null],
  ])
  expect(items[1]?.buttons.cancel).toBe(true)
})

test('the button stays on a refusal, with what Arvind said, and may be pressed again', async () => {
  const t = await openArvindShop()
  await t.buyPushed()
  t.arvind.plan('cancel', refusal('CANCEL_WINDOW_CLOSED', 'Too late for this brand'), {
    status: 200,
    json: { status: true, data: { items: [{ eligible: 'false', reason: 'NOT_CANCELLABLE' }] } },
  })
  for (const code of ['CANCEL_WINDOW_CLOSED', 'NOT_CANCELLABLE']) {
    expect((await t.press('cancel', '100001-1')).body).toMatchObject({
      accepted: false,
      error_code: code,
      buttons: { cancel: true },
    })
  }
  expect((await t.press('cancel', '100001-1')).body.accepted).toBe(true)
  const log = await t.get('/admin/logs/partner?operation=cancel&item=100001-1')
  expect(
    log.body.entries.map((entry: { correlation_id: string; response: string }) => [
      entry.correlation_id,
      JSON.parse(entry.response).status,
    ]),
  ).toEqual([
    ['cancel-100001-1-1', false],
    ['cancel-100001-1-2', true],
    ['cancel-100001-1-3', true],
  ])
  const one = await t.get('/admin/logs/partner?correlation=cancel-100001-1-2')
  expect(one.body.entries).toHaveLength(1)
  expect(JSON.parse(one.body.entries[0].request).orderReference).toBe('100001')
})

test('a cancel before the push is refused, the button stays, and the order is pushed', async () => {
  const t = await openArvindShop()
  await t.buyCod()
  expect((await t.press('cancel', '100001-1')).body).toMatchObject({
    accepted: false,
    error_code: 'ORDER_NOT_FOUND',
    buttons: { cancel: true },
  })
  expect((await t.runPush()).body.pushed).toBe(1)
  expect((await t.press('cancel', '100001-1')).body.accepted).toBe(true)
})

test('a lost answer leaves the button, and the second press learns that it is done', async () => {
  const t = await openArvindShop()
  await deliver(t)
  t.arvind.plan('return', 'answer-lost', { status: 503 })
  const lost = await t.press('return', '100001-1', { neftDetails: neft })
  expect(lost.body).toMatchObject({
    accepted: false,
    error_code: 'no-answer',
    buttons: { return: true },
  })
  expect((await t.arvindOrder('100001')).items[0]?.return_state).toBe('asked')
  await t.press('return', '100001-1', { neftDetails: neft })
  expect((await t.arvindOrder('100001')).items[0]?.return_state).toBe('asked')
  const again = await t.press('return', '100001-1', { neftDetails: neft })
  expect(again.body).toMatchObject({ accepted: true, buttons: { return: false } })
  expect(t.arvind.order('100001').returned.size).toBe(1)
})

test('neither an HTTP error nor a 503 at first ends the doubt about a cancellation', async () => {
  for (const status of [400, 401, 404, 429, 503]) {
    const t = await openArvindShop()
    await t.buyPushed()
    t.arvind.plan('cancel', 'answer-lost', { status })
    await t.press('cancel', '100001-1')
    const { body } = await t.press('cancel', '100001-1')
    expect(body, String(status)).toMatchObject({ accepted: false, buttons: { cancel: true } })
    expect((await t.arvindOrder('100001')).items[0]?.cancel_state, String(status)).toBe('asked')
    expect((await t.press('cancel', '100001-1')).body.accepted).toBe(true)
  }
  const t = await openArvindShop()
  await t.buyPushed()
  t.arvind.plan('cancel', { status: 503 }, { status: 404 })
  for (const state of ['asked', 'asked']) {
    await t.press('cancel', '100001-1')
    expect((await t.arvindOrder('100001')).items[0]?.cancel_state).toBe(state)
  }
})

test('a webhook ends the doubt about a lost answer', async () => {
  const t = await openArvindShop()
  await t.buyPushed()
  t.arvind.plan('cancel', 'answer-lost')
  await t.press('cancel', '100001-1')
  await t.tell('100001', 'CANCELLED')
  expect((await t.arvindOrder('100001')).items[0]).toMatchObject({
    status: 'CANCELLED',
    cancel_state: 'accepted',
  })
})

test('two presses at once are one call', async () => {
  const t = await openArvindShop()
  await t.buyPushed()
  const presses = await Promise.all([t.press('cancel', '100001-1'), t.press('cancel', '100001-1')])
  expect(presses.map((press) => press.body.accepted)).toEqual([true, true])
  expect(t.arvind.calls('cancel')).toHaveLength(1)
})

test('a prepaid return goes straight to Arvind, without bank details even when some are given', async () => {
  const t = await openArvindShop()
  await deliverPaid(t)
  const { body } = await t.press('return', '100001-1', { comment: 'Too small', neftDetails: neft })
  expect(body).toMatchObject({ accepted: true, return_id: 'RET-1', buttons: { return: false } })
  const sent = JSON.parse(t.arvind.calls('return')[0]?.body ?? '')
  expect(sent).toMatchObject({
    orderReference: '100001',
    paymentMode: 'PREPAID',
    returns: [{ itemId: '100001-1', comment: 'Too small', returnMode: 'PICKUP' }],
    pickupAddress: { zip: '560001' },
  })
  expect(sent).not.toHaveProperty('neftDetails')
  const order = await t.arvindOrder('100001')
  expect(order).toMatchObject({ refund_due_minor: 0, items: [{ return_id: 'RET-1' }] })
})

test('a COD return needs the whole form, and no call is made before it is right', async () => {
  const t = await openArvindShop()
  await deliver(t)
  const empty = await t.press('return', '100001-1')
  expect(empty.body).toMatchObject({
    page: 'neft-form',
    accepted: false,
    buttons: { return: true },
  })
  expect(Object.keys(empty.body.fields)).toEqual([
    'customerName',
    'bankName',
    'branchName',
    'branchAddress',
    'accountNature',
    'accountNumber',
    'ifscCode',
  ])
  for (const [field, value] of [
    ['ifscCode', 'EXAM1ABC123'],
    ['accountNumber', '12345678'],
    ['accountNumber', '1234567890123456789'],
    ['accountNature', 'LOAN'],
    ['bankName', ' '],
  ] as const) {
    const wrong = await t.press('return', '100001-1', { neftDetails: { ...neft, [field]: value } })
    expect(Object.keys(wrong.body.fields)).toEqual([field])
    expect(JSON.stringify(wrong.body)).not.toContain('12345678')
  }
  expect(t.arvind.calls('return')).toEqual([])
  const { body } = await t.press('return', '100001-1', { neftDetails: neft })
  expect(body.accepted).toBe(true)
  expect(JSON.parse(t.arvind.calls('return')[0]?.body ?? '').neftDetails).toMatchObject({
    accountNumber: '123456789012',
    ifscCode: 'EXAM0ABC123',
  })
})

test('no log, answer or table holds an account number, even when Arvind repeats it', async () => {
  const t = await openArvindShop()
  await deliver(t)
  t.arvind.plan('return', refusal('INVALID_IFSC', 'No bank for account 123456789012'))
  const { body } = await t.press('return', '100001-1', { neftDetails: neft })
  expect(body).toMatchObject({ error_code: 'INVALID_IFSC', buttons: { return: true } })
  expect(body.message).toBe('No bank for account ********9012')
  const log = await t.get('/admin/logs/partner?operation=return')
  expect(JSON.parse(log.body.entries[0].request).neftDetails.accountNumber).toBe('********9012')
  const order = await t.get('/admin/orders/100001')
  const tables = t.storage.all<{ name: string }>(
    `SELECT name FROM sqlite_master WHERE type = 'table'`,
  )
  const kept = tables.map(({ name }) => t.storage.all(`SELECT * FROM ${name}`))
  expect(JSON.stringify([body, log.body, order.body, kept])).not.toMatch(/1234 ?5678 ?9012/)
})

test('return refusals leave the button', async () => {
  const t = await openArvindShop()
  await deliverPaid(t)
  // The flag at the top may hide what is said of the item.
  for (const [code, status] of [
    ['NOT_RETURNABLE', false],
    ['RETURN_WINDOW_CLOSED', true],
    ['REVERSE_PICKUP_NOT_SERVICEABLE', false],
  ] as const) {
    t.arvind.plan('return', {
      status: 200,
      json: {
        status,
        message: 'no',
        data: { returns: [{ itemId: '100001-1', reason: code }] },
      },
    })
    const { body } = await t.press('return', '100001-1')
    expect(body).toMatchObject({ accepted: false, error_code: code, buttons: { return: true } })
  }
})

test('one item delivered and returnable, another one cancelled', async () => {
  const t = await openArvindShop()
  await t.buyPushed([{ sku: 'TEE-M', quantity: 2 }])
  await t.press('cancel', '100001-2')
  await t.tell('100001', 'DELIVERED', { items: [{ itemReference: '100001-1' }] })
  const { items } = await t.arvindOrder('100001')
  expect(items.map((item) => [item.status_display, item.buttons])).toEqual([
    ['Delivered', { cancel: false, return: true }],
    ['Cancelled', { cancel: false, return: false }],
  ])
})

test('strangers, unknown items and bad bodies get a clear refusal', async () => {
  const t = await openArvindShop()
  await t.buyPushed()
  const path = '/account/orders/100001/items/100001-1/cancel'
  const stranger = await t.call('POST', path, undefined, { 'x-customer': 'ravi' })
  expect(stranger.status).toBe(404)
  expect((await t.press('cancel', '100001-9')).body.error.code).toBe('unknown-item')
  expect((await t.press('cancel', '100001-1', { reason: '' })).status).toBe(400)
  expect((await t.call('POST', path, '{')).status).toBe(400)
  expect((await t.get('/account/orders')).body.orders).toMatchObject([{ id: '100001' }])
})

test('the operator looks at what Arvind has of an order', async () => {
  const t = await openArvindShop()
  await t.buyPushed()
  const { body } = await t.post('/admin/arvind/track-order', { order_id: '100001' })
  expect(body).toMatchObject({ status: 200, body: { data: { orderReference: '100001' } } })
  t.arvind.plan('track-order', 'hang')
  expect((await t.post('/admin/arvind/track-order', { order_id: '100001' })).status).toBe(502)
  expect((await t.post('/admin/arvind/track-order', { order_id: '1' })).status).toBe(404)
})
