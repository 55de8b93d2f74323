import { expect, test } from 'vitest'
import { byLocation, openTestSeller, type TestSeller } from '../testing/seller.ts'

const at = (operation: string) => `POST /oms/v3/shipment/${operation}`

/** An order that the seller knows of. */
async function open(options: Parameters<typeof openTestSeller>[0] = {}, order = {}) {
  const t = openTestSeller(options)
  const placed = t.stub.place(order)
  await t.job('order-poll')
  await t.job('returns-poll')
  const post = (work: string, body?: object) => t.post(`/seller/orders/${placed.id}/${work}`, body)
  const back = (work: string, body?: object) => t.post(`/seller/returns/${placed.id}/${work}`, body)
  return {
    t,
    placed,
    post,
    back,
    get: (what: string) => t.get(`/seller/orders/${placed.id}/${what}`),
  }
}

async function invoiced(options: Parameters<typeof openTestSeller>[0] = {}) {
  const seller = await open(options)
  await seller.post('confirm')
  await seller.post('invoice')
  return seller
}

const errorOf = (answer: { body: { error: { code: string } } }) => answer.body.error.code

test('an order goes from the channel to the courier, with its papers', async () => {
  const { t, placed, post, get } = await open()
  await t.stock([['BLR-01', 'TEE-M', 5]])
  expect((await post('confirm')).body).toMatchObject({ done: true, order: { status: 'CONFIRMED' } })
  expect((await post('invoice')).body.order).toMatchObject({
    status: 'PROCESSING',
    invoice_number: 'INV-1',
  })
  expect((await t.job('courier-poll')).body).toMatchObject({ asked: 1, assigned: 0, waiting: 1 })
  Object.assign(placed, { courier: 'Local-Test', awb: ['AWB-1'] })
  expect((await t.job('courier-poll')).body).toMatchObject({ asked: 1, assigned: 1 })
  expect((await post('pack')).body.order).toMatchObject({
    status: 'COMPLETED',
    courier: { name: 'Local-Test', awb_numbers: ['AWB-1'] },
  })
  const label = await get('label')
  expect(label.headers.get('content-type')).toBe('application/pdf')
  expect(label.body).toBe(`%PDF-1.4 labels of ${placed.id}`)
  expect((await get('invoice')).body).toBe(`%PDF-1.4 invoice of ${placed.id}`)
  expect((await post('dispatch')).body.order).toMatchObject({ reserved: false, shipped: true })
  expect((await t.get('/seller/stock')).body.items[0]).toMatchObject({ on_hand: 4, quantity: 4 })
  placed.status = 'DELIVERED'
  await t.job('order-poll')
  expect((await t.order(placed.id)).history.map((entry) => entry.status)).toEqual([
    'CREATED',
    'CONFIRMED',
    'PROCESSING',
    'COMPLETED',
    'DELIVERED',
  ])
  expect((await t.get('/seller/stock')).body.items[0].on_hand).toBe(4)
})

test('an invoice whose answer was lost is sent again under the same number, and IN453 is success', async () => {
  const { t, placed, post } = await open()
  await post('confirm')
  t.stub.plan(at('invoiceUpdate'), 'answer-lost')
  const answer = await post('invoice')
  expect(answer).toMatchObject({
    status: 200,
    body: { done: true, order: { invoice_number: 'INV-1' } },
  })
  expect(placed.invoices).toEqual(['INV-1'])
  const numbers = t.stub
    .calls(at('invoiceUpdate'))
    .map((call) => (call.body as { invoiceNumber: string }[])[0]?.invoiceNumber)
  expect(numbers).toEqual(['INV-1', 'INV-1'])
  // Asked again, it is done already: no call.
  expect((await post('invoice')).body.calls).toEqual([])
})

test('where Fynd has invoiced by itself, its number counts and ours was not taken', async () => {
  const { t, placed, post } = await open()
  await post('confirm')
  Object.assign(placed, { status: 'PROCESSING', invoices: ['FYND-77'] })
  const answer = await post('invoice')
  expect(answer).toMatchObject({
    status: 200,
    body: { done: true, order: { status: 'PROCESSING', invoice_number: 'FYND-77' } },
  })
  expect(placed.invoices).toEqual(['FYND-77'])
  await t.job('order-poll')
  expect((await t.order(placed.id)).invoice_number).toBe('FYND-77')
})

test('an invoice before the confirmation is refused in the partner’s words, and can be sent later', async () => {
  const { post } = await open()
  const early = await post('invoice')
  expect([early.status, errorOf(early)]).toEqual([409, 'IN403'])
  expect(early.body.order.invoice_number).toBeNull()
  await post('confirm')
  expect((await post('invoice')).body.order.invoice_number).toBe('INV-1')
})

test('an invoice number belongs to one order', async () => {
  const { t, post } = await open()
  const other = t.stub.place()
  await t.job('order-poll')
  await post('confirm')
  await post('invoice', { invoice_number: 'A-1' })
  await t.post(`/seller/orders/${other.id}/confirm`)
  const taken = await t.post(`/seller/orders/${other.id}/invoice`, { invoice_number: 'A-1' })
  expect(errorOf(taken)).toBe('number-taken')
})

test('packing waits for the courier, unless it is told not to', async () => {
  const { t, placed, post } = await invoiced()
  expect(errorOf(await post('pack'))).toBe('courier-pending')
  expect(t.stub.calls(at('pack'))).toHaveLength(0)
  expect(errorOf(await post('pack', { wait_for_courier: false }))).toBe('CR400')
  placed.awb = ['AWB-1']
  expect((await post('pack')).body.order.status).toBe('COMPLETED')
})

test('a refusal of what a lost answer has done already is success', async () => {
  const { t, placed, post } = await invoiced()
  placed.awb = ['AWB-1']
  for (const work of ['pack', 'dispatch']) {
    t.stub.plan(at(work), 'answer-lost')
    expect((await post(work)).body).toMatchObject({ done: true })
    expect(t.stub.calls(at(work))).toHaveLength(2)
  }
})

test('labels and invoices before packing are refusals, not papers', async () => {
  const { get } = await invoiced()
  expect(errorOf(await get('label'))).toBe('L403')
  expect(errorOf(await get('invoice'))).toBe('IN403')
})

test('an order that the customer cancelled cannot be confirmed, and the seller knows why', async () => {
  const { t, placed, post } = await open()
  placed.status = 'CANCELLED'
  for (const line of placed.lines) line.isCancelled = true
  const answer = await post('confirm')
  expect(errorOf(answer)).toBe('O400')
  expect(answer.body.order.status).toBe('CANCELLED')
  expect((await t.get('/admin/outbox')).body.entries).toMatchObject([
    { operation: 'confirm', state: 'refused', code: 'O400' },
  ])
})

test('the seller cancels lines before the invoice and the whole order until it is packed', async () => {
  const lines = [
    { id: 'A', sku: 'TEE-M', quantity: 2, isCancelled: false },
    { id: 'B', sku: 'MUG-1', quantity: 1, isCancelled: false },
  ]
  const { t, placed, post } = await open({}, { lines })
  await t.stock([['BLR-01', 'MUG-1', 1]])
  await post('cancel', { reason_code: '6', lines: [{ order_item_id: 'B' }] })
  expect(t.stub.calls(at('cancel'))[0]?.body).toEqual([
    { orderId: placed.id, orderItems: [{ orderItemId: 'B', quantity: 1, reasonCode: '6' }] },
  ])
  expect((await t.order(placed.id)).lines.map((line) => line.is_cancelled)).toEqual([false, true])
  expect((await t.get('/seller/stock')).body.items[0]).toMatchObject({ reserved: 0, quantity: 1 })
  await post('confirm')
  await post('invoice')
  const whole = await post('cancel', { reason_code: '9' })
  expect(whole.body.order).toMatchObject({ status: 'CANCELLED', reserved: false })
  expect((await post('cancel', { reason_code: '1' })).status).toBe(400)
})

test('cancelled after the invoice, the goods that never left are not put back twice', async () => {
  const { t, placed, post, back } = await invoiced()
  await t.stock([['BLR-01', 'TEE-M', 5]])
  await post('cancel', { reason_code: '6' })
  placed.status = 'RETURN_DELIVERED'
  await t.job('returns-poll')
  expect(await t.order(placed.id)).toMatchObject({ kind: 'rto', shipped: false })
  await back('qc')
  expect((await t.get('/seller/stock')).body.items[0]).toMatchObject({ on_hand: 5, quantity: 5 })
})

test('what Konnect did not answer is kept and sent later, in the order in which it was asked for', async () => {
  const { t, placed, post } = await open()
  t.stub.plan(at('confirm'), { status: 503 }, { status: 503 }, { status: 503 }, { status: 503 })
  expect(await post('confirm')).toMatchObject({ status: 202, body: { done: false } })
  t.stub.plan(at('confirm'), { status: 503 }, { status: 503 })
  expect((await post('invoice')).status).toBe(202)
  expect(t.stub.calls(at('invoiceUpdate'))).toHaveLength(0)
  await t.clock.settle()
  expect(placed).toMatchObject({ status: 'PROCESSING', invoices: ['INV-1'] })
  expect((await t.order(placed.id)).work.map((work) => work.state)).toEqual(['done', 'done'])
})

test('what waits travels in batches of 20, one token at a time, and a bad record fails alone', async () => {
  const t = openTestSeller({ settings: byLocation })
  const placed = Array.from({ length: 25 }, (_, index) =>
    t.stub.place(index < 3 ? { location: 'DEL-01' } : {}),
  )
  await t.job('order-poll')
  const confirm = (id: string) => t.post(`/seller/orders/${id}/confirm`)
  t.stub.override(at('confirm'), () => ({ status: 503, json: {} }))
  await Promise.all(placed.map(({ id }) => confirm(id)))
  const before = t.stub.calls(at('confirm')).length
  t.stub.override(at('confirm'), () => undefined)
  const [, , , first] = placed
  if (first !== undefined) first.status = 'CANCELLED'
  await t.clock.settle()
  const sizes = t.stub
    .calls(at('confirm'))
    .slice(before)
    .map((call) => (call.body as object[]).length)
  expect(Math.max(...sizes)).toBeLessThanOrEqual(20)
  expect(sizes.length).toBeLessThan(10)
  const { orders } = (await t.get('/seller/orders')).body
  const states = orders.map((order: { work: { state: string }[] }) => order.work[0]?.state)
  expect(states.filter((state: string) => state === 'done')).toHaveLength(24)
  expect(placed.filter((order) => order.status === 'CONFIRMED')).toHaveLength(24)
})

test('an answer whose counters do not add up is no answer: it is asked again', async () => {
  const { t, placed, post } = await open()
  const nothing = { payloadCount: 1, successCount: 0, failedCount: 0, errors: [] }
  let lies = 1
  t.stub.override(at('confirm'), () => {
    lies -= 1
    return lies < 0 ? undefined : { status: 200, json: nothing }
  })
  expect((await post('confirm')).body.done).toBe(true)
  expect(t.stub.calls(at('confirm'))).toHaveLength(2)
  expect(placed.status).toBe('CONFIRMED')
})

test('a shipment that Konnect holds is left alone', async () => {
  const { t, placed, post } = await open()
  placed.isLocked = true
  expect(errorOf(await post('confirm'))).toBe('locked')
  expect(t.stub.calls(at('confirm'))).toHaveLength(0)
  placed.isLocked = false
  expect((await post('confirm')).status).toBe(200)
})

test('self-ship with automatic dispatch needs only the delivery', async () => {
  const { t, placed, post } = await open({}, { isSelfShip: true })
  await t.stock([['BLR-01', 'TEE-M', 5]])
  await post('confirm')
  await post('invoice')
  const awb = { awb_number: 'OWN-1', courier_name: 'Own Van', auto_dispatch: true }
  expect((await post('awb', awb)).body.order).toMatchObject({
    status: 'TRANSIT',
    shipped: true,
    courier: { awb_numbers: ['OWN-1'] },
  })
  expect(t.stub.calls('PUT /oms/v3/shipment/awb')[0]?.body).toEqual([
    { orderId: placed.id, awbNumber: 'OWN-1', courierName: 'Own Van', autoDispatch: true },
  ])
  expect((await post('status', { status: 'delivery_done' })).body.order.status).toBe('DELIVERED')
  expect((await post('status', { status: 'DELIVERED' })).status).toBe(400)
  expect((await t.get('/seller/stock')).body.items[0].on_hand).toBe(4)
})

test('an AWB whose answer was lost is not an error when it is there', async () => {
  const { t, placed, post } = await open({}, { isSelfShip: true })
  await post('confirm')
  await post('invoice')
  t.stub.plan('PUT /oms/v3/shipment/awb', 'answer-lost')
  const awb = { awb_number: 'OWN-1', courier_name: 'Own Van', auto_dispatch: true }
  expect((await post('awb', awb)).body).toMatchObject({ done: true, order: { status: 'TRANSIT' } })
  expect(placed.awb).toEqual(['OWN-1'])
})

test('self-ship calls on an order of the marketplace’s courier are refused', async () => {
  const { post } = await invoiced()
  expect(errorOf(await post('awb', { awb_number: 'X', courier_name: 'Y' }))).toBe('AW403')
  expect(errorOf(await post('status', { status: 'bag_picked' }))).toBe('SS403')
})

test('a return is checked line by line, good units come back, one credit note goes out', async () => {
  const lines = [{ id: 'R', sku: 'TEE-M', quantity: 3, isCancelled: false }]
  const { t, placed, back } = await open(
    {},
    { isReturn: true, forwardId: '17000000000000000099', status: 'RETURN_DELIVERED', lines },
  )
  await t.stock([['BLR-01', 'TEE-M', 5]])
  expect(errorOf(await back('credit-note'))).toBe('IN403')
  const bad = { order_item_id: 'R', quantity: 1, reason: 'seal_opened' }
  expect((await back('qc', { lines: [{ ...bad, quantity: 4 }] })).status).toBe(400)
  expect((await back('qc', { lines: [bad] })).body.order.status).toBe('RETURN_COMPLETED')
  expect(placed.qc).toEqual([
    { orderItemId: 'R', quantity: 1, reasonCode: 'seal_opened' },
    { orderItemId: 'R', quantity: 2, reasonCode: '' },
  ])
  expect((await t.get('/seller/stock')).body.items[0]).toMatchObject({
    on_hand: 7,
    state: 'waiting',
  })
  t.stub.plan(at('invoiceUpdate'), 'answer-lost')
  const done = await back('credit-note')
  expect(done.body.order).toMatchObject({ status: 'CREDIT_NOTE_GENERATED', invoice_number: null })
  expect(placed.creditNotes).toEqual([done.body.order.credit_note_number])
  expect(t.stub.calls(at('invoiceUpdate')).at(-1)?.body).toMatchObject([{ invoiceType: 'return' }])
})

test('tracking is kept for five minutes', async () => {
  const { t, placed, get } = await open()
  expect((await get('track')).body.tracking).toMatchObject({ operational_status: 'bag_picked' })
  await get('track')
  expect(t.stub.calls(at('track')).map((call) => call.body)).toEqual([{ shipment_id: placed.id }])
  await t.clock.advance(300_000)
  await get('track')
  expect(t.stub.calls(at('track'))).toHaveLength(2)
})

test('unknown orders, unknown jobs and wrong methods are refused plainly', async () => {
  const t: TestSeller = openTestSeller()
  expect((await t.post('/seller/orders/1/confirm')).status).toBe(404)
  expect((await t.job('everything')).status).toBe(404)
  const wrong = await t.call('DELETE', '/seller/stock')
  expect([wrong.status, wrong.headers.get('allow')]).toEqual([405, 'GET, PUT'])
  t.stub.override('POST /oms/v3/shipment/track', () => ({ status: 500, json: {} }))
  t.stub.place()
  await t.job('order-poll')
  expect((await t.get('/seller/orders/17000000000000000001/track')).status).toBe(502)
})

test('a cancellation that is refused for one item cancels what is left, and is not done before', async () => {
  const lines = [
    { id: 'line-1', sku: 'TEE-M', quantity: 1, isCancelled: false },
    { id: 'line-2', sku: 'SHOE-9', quantity: 1, isCancelled: false },
  ]
  const { t, placed, post } = await open({}, { lines })
  Object.assign(placed.lines[1] ?? {}, { isCancelled: true })
  expect((await post('cancel', { reason_code: '6' })).body).toMatchObject({ done: true })
  expect(placed.status).toBe('CANCELLED')
  const sent = t.stub
    .calls(at('cancel'))
    .map((call) => (call.body as { orderItems: object[] }[])[0])
  expect(sent).toMatchObject([
    { orderItems: [{ orderItemId: 'line-1' }, { orderItemId: 'line-2' }] },
    { orderItems: [{ orderItemId: 'line-1' }] },
  ])
})
