import { createHmac } from 'node:crypto'
import { expect, test } from 'vitest'
import { payment, rehearse, returnUrl, webhookUrl } from './testing/rehearse.ts'

const minuteMs = 60_000

test('a shop opens a payment, is told by callback and webhook, and can ask', async () => {
  const { call, inbox, initiate, advance, world } = rehearse()
  const id = await initiate({ fynd_order_id: 'FY1' })
  expect(await call('GET', `/payments/${id}`)).toMatchObject({
    status: 200,
    json: {
      payment_id: id,
      merchant_order_id: '100001',
      amount_minor: 49_900,
      refunded_minor: 0,
      status: 'created',
      debited: false,
      created_at: '2026-01-05T04:30:00.000Z',
    },
  })
  world.act('payment-gateway.payment.pay', { payment_id: id, outcome: 'paid' })
  advance(minuteMs)
  const { webhook_secret = '' } = world.credentials('payment-gateway')
  expect(inbox.map(({ url, atMs }) => [url, atMs - world.clock.startMs])).toEqual([
    [returnUrl, 0],
    [webhookUrl, minuteMs],
  ])
  const hook = inbox[1]
  expect(hook?.headers['x-gateway-signature']).toBe(
    createHmac('sha256', webhook_secret)
      .update(hook?.body ?? '')
      .digest('hex'),
  )
  expect((await call('GET', '/payments?merchant_order_id=100001')).json).toMatchObject({
    items: [{ payment_id: id, status: 'captured', debited: true }],
  })
  expect((await call('GET', '/payments?merchant_order_id=other')).json).toEqual({ items: [] })
  expect(world.judge().green).toBe(true)
})

test('the address of the page carries the world', async () => {
  const { call } = rehearse()
  const { json } = await call('POST', '/payments/initiate', { body: payment() })
  const { payment_id, pay_url } = json as { payment_id: string; pay_url: string }
  expect(pay_url).toBe(`http://127.0.0.1:4040/pay/${payment_id}`)
})

test('a webhook that nobody takes is tried again after 1, 5 and 30 minutes, then given up', async () => {
  const { inbox, initiate, advance, world, shopAnswers } = rehearse({ callback: 'none' })
  await initiate()
  shopAnswers({ status: 500 })
  world.act('payment-gateway.payment.pay', { merchant_order_id: '100001' })
  advance(120 * minuteMs)
  expect(inbox.map(({ atMs }) => (atMs - world.clock.startMs) / minuteMs)).toEqual([1, 2, 7, 37])
  expect(world.deliveries()).toMatchObject([{ state: 'dead', deadLetter: 'ladder-ended' }])
  expect(world.judge().green).toBe(true)
})

test('a callback that nobody takes is not sent again', async () => {
  const { inbox, initiate, advance, world, shopAnswers } = rehearse({ webhook: 'none' })
  const id = await initiate()
  shopAnswers({ error: 'ECONNREFUSED' })
  world.act('payment-gateway.payment.pay', { payment_id: id, outcome: 'failed' })
  advance(120 * minuteMs)
  expect(inbox.map(({ url }) => url)).toEqual([returnUrl])
})

test('a fault can drop callback and webhook, and the payment is captured all the same', async () => {
  const { inbox, initiate, advance, world, call } = rehearse()
  const id = await initiate()
  world.arm({ partner: 'payment-gateway', name: 'drop', on: ['callback', 'webhook'] })
  world.act('payment-gateway.payment.pay', { payment_id: id })
  advance(120 * minuteMs)
  expect(inbox).toEqual([])
  expect((await call('GET', `/payments/${id}`)).json).toMatchObject({ status: 'captured' })
  expect(world.judge().green).toBe(true)
})

test('a failed payment that was debited is captured late, and the shop is told by webhook', async () => {
  const { inbox, initiate, advance, world } = rehearse()
  const id = await initiate()
  world.act('payment-gateway.payment.pay', { payment_id: id, outcome: 'failed-debited' })
  advance(10 * minuteMs)
  world.act('payment-gateway.payment.capture', { payment_id: id })
  advance(10 * minuteMs)
  expect(inbox.map(({ url, body }) => (url === webhookUrl ? JSON.parse(body).type : url))).toEqual([
    returnUrl,
    'payment.failed',
    'payment.captured',
  ])
})

test('the hosted page answers each press with a way back to the shop', async () => {
  const { call, initiate, press, inbox, advance } = rehearse()
  const id = await initiate()
  const open = await call('GET', `/pay/${id}`, { headers: { authorization: '' } })
  expect(open).toMatchObject({ status: 200, text: expect.stringContaining('value="paid"') })
  const pressed = await press(id, 'paid')
  expect(pressed.status).toBe(200)
  expect(pressed.text).toContain(`action="${returnUrl.replaceAll("'", '&#39;')}"`)
  expect(pressed.text).toContain('name="status" value="success"')
  advance(2 * minuteMs)
  // The browser posts the callback itself; only the webhook is the gateway's.
  expect(inbox.map(({ url }) => url)).toEqual([webhookUrl])
})

test('a page that is pressed twice, or opened when all is over, shows the end and changes nothing', async () => {
  const { call, initiate, press, world } = rehearse()
  const id = await initiate()
  await press(id, 'failed')
  const before = world.state('payment-gateway')
  const again = await press(id, 'paid')
  expect(again).toMatchObject({ status: 409, text: expect.stringContaining('failed_not_debited') })
  const opened = await call('GET', `/pay/${id}`)
  expect(opened).toMatchObject({ status: 200, text: expect.stringContaining('Back to the shop') })
  expect(opened.text).not.toContain('.submit()')
  expect(world.state('payment-gateway')).toEqual(before)
  expect(world.counts().bugs).toBe(0)
})

test('closing the window leaves a payment that can still be paid', async () => {
  const { initiate, press } = rehearse()
  const id = await initiate()
  expect((await press(id, 'close')).text).toContain('still open')
  expect((await press(id, 'paid')).status).toBe(200)
})

test.each([
  ['an unknown payment', 'GET', '/pay/pay_none', undefined, 404],
  ['a press on an unknown payment', 'POST', '/pay/pay_none', 'outcome=paid', 404],
  ['an outcome that does not exist', 'POST', '/pay/:id', 'outcome=won', 400],
  ['two outcomes', 'POST', '/pay/:id', 'outcome=paid&outcome=failed', 400],
  ['no outcome', 'POST', '/pay/:id', '', 400],
] as const)('the browser gets a page for %s', async (_, method, path, text, status) => {
  const { call, initiate, world } = rehearse()
  const id = await initiate()
  const reply = await call(method, path.replace(':id', id), {
    ...(text !== undefined && { text }),
    headers: { 'content-type': 'application/x-www-form-urlencoded' },
  })
  expect(reply.status).toBe(status)
  expect(reply.text).toContain('<!doctype html>')
  expect(world.things('payment-gateway', 'payment')).toMatchObject([{ status: 'created' }])
})

test.each([
  ['a missing field', 'POST', '/payments/initiate', payment({ amount_minor: undefined }), 400],
  ['an amount in rupees', 'POST', '/payments/initiate', payment({ amount_minor: 499.5 }), 400],
  ['no money', 'POST', '/payments/initiate', payment({ amount_minor: 0 }), 400],
  ['another currency', 'POST', '/payments/initiate', payment({ currency: 'USD' }), 400],
  [
    'a return_url to a file',
    'POST',
    '/payments/initiate',
    payment({ return_url: 'file:///a' }),
    400,
  ],
  [
    'a script for an URL',
    'POST',
    '/payments/initiate',
    payment({ return_url: 'javascript:a()' }),
    400,
  ],
  ['an URL without a host', 'POST', '/payments/initiate', payment({ webhook_url: 'http://' }), 400],
  ['a list for a body', 'POST', '/payments/initiate', [], 400],
  ['an order that is not named', 'GET', '/payments', undefined, 400],
  ['an unknown payment', 'GET', '/payments/constructor', undefined, 404],
  [
    'a refund of nothing',
    'POST',
    '/payments/:id/refunds',
    { amount_minor: 100, idempotency_key: 'a' },
    409,
  ],
  ['a refund without a key', 'POST', '/payments/:id/refunds', { amount_minor: 100 }, 400],
  ['a path that is not there', 'GET', '/payment', undefined, 404],
  ['another method', 'DELETE', '/payments/:id', undefined, 405],
] as const)(
  'refuses %s in its dialect and changes nothing',
  async (_, method, path, body, status) => {
    const { call, initiate, world } = rehearse()
    const id = await initiate()
    const before = world.state('payment-gateway')
    const reply = await call(method, path.replace(':id', id), body === undefined ? {} : { body })
    expect(reply).toMatchObject({
      status,
      json: { error: { code: expect.any(String), message: expect.any(String) } },
    })
    expect(world.state('payment-gateway')).toEqual(before)
  },
)

test.each([
  ['no key', ''],
  ['another scheme', 'Bearer abc'],
  ['what is not base64', 'Basic ***'],
  ['a wrong secret', `Basic ${btoa('FAKE-gateway-key:guess')}`],
])('refuses %s with 401', async (_, authorization) => {
  const { call } = rehearse()
  const reply = await call('GET', '/payments?merchant_order_id=1', { headers: { authorization } })
  expect(reply).toMatchObject({ status: 401, json: { error: { code: 'unauthorized' } } })
})

test('names of prototypes are values like any other', async () => {
  const { call, initiate } = rehearse()
  const text = JSON.stringify(payment({ merchant_order_id: '__proto__' })).replace(
    '{',
    '{"__proto__": {"polluted": true}, "constructor": 1, ',
  )
  expect((await call('POST', '/payments/initiate', { text })).status).toBe(200)
  expect((await call('GET', '/payments?merchant_order_id=__proto__')).json).toMatchObject({
    items: [{ merchant_order_id: '__proto__' }],
  })
  await initiate({ merchant_order_id: 'constructor' })
  expect(({} as Record<string, unknown>).polluted).toBeUndefined()
})

test('a refund is made once for each key, and a second one for the same cause is a breach', async () => {
  const { call, initiate, world } = rehearse({ callback: 'none', webhook: 'none' })
  const id = await initiate()
  world.act('payment-gateway.payment.pay', { payment_id: id })
  const give = (amount_minor: number, idempotency_key: string) =>
    call('POST', `/payments/${id}/refunds`, { body: { amount_minor, idempotency_key } })
  const first = await give(20_000, 'bag-1')
  expect(first).toMatchObject({ status: 200, json: { amount_minor: 20_000, status: 'processed' } })
  expect(await give(20_000, 'bag-1')).toEqual(first)
  expect(await give(10_000, 'bag-1')).toMatchObject({
    status: 409,
    json: { error: { code: 'idempotency_key_reused' } },
  })
  expect(await give(29_901, 'bag-2')).toMatchObject({
    status: 409,
    json: { error: { code: 'refund_exceeds_payment' } },
  })
  expect(world.judge().breaches).toEqual([])
  expect((await give(20_000, 'bag-1#again')).status).toBe(200)
  expect(world.judge().breaches).toMatchObject([
    { invariant: 'refunded-once', subject: `payment ${id}` },
  ])
})

test('acts of bank and dashboard give money back for causes of their own', async () => {
  const { initiate, world } = rehearse()
  const failed = await initiate()
  world.act('payment-gateway.payment.pay', { payment_id: failed, outcome: 'failed-debited' })
  world.act('payment-gateway.payment.reverse', { payment_id: failed })
  const paid = await initiate()
  world.act('payment-gateway.payment.pay', { payment_id: paid })
  world.act('payment-gateway.payment.refund', { merchant_order_id: '100001', amount_minor: 100 })
  expect(world.things('payment-gateway', 'refund')).toMatchObject([
    { payment_id: failed, amount_minor: 49_900, cause: 'bank-reversal' },
    { payment_id: paid, amount_minor: 100, cause: 'dashboard' },
  ])
})

test('an act refuses what cannot be, and names what is missing', async () => {
  const { initiate, world } = rehearse()
  const id = await initiate()
  const act = (name: string, input: object) => () => world.act(`payment-gateway.${name}`, input)
  expect(act('payment.pay', {})).toThrow('Give payment_id or merchant_order_id')
  expect(act('payment.pay', { merchant_order_id: 'none' })).toThrow('No payment for order none')
  expect(act('payment.capture', { payment_id: id })).toThrow('only failed_debited')
  expect(act('payment.reverse', { payment_id: id })).toThrow('only failed_debited')
  expect(act('payment.refund', { payment_id: id })).toThrow('nothing to give back')
  expect(act('callback.send', { payment_id: id })).toThrow('still open')
})

test('a payment made by an act has nobody listening unless it says where', async () => {
  const { world, advance, inbox } = rehearse()
  world.act('payment-gateway.payment.initiate', { merchant_order_id: '7', amount_minor: 100 })
  world.act('payment-gateway.payment.pay', { merchant_order_id: '7' })
  advance(2 * minuteMs)
  expect(inbox).toEqual([])
  expect(world.deliveries().map(({ deadLetter }) => deadLetter)).toEqual([
    'no-receiver',
    'no-receiver',
  ])
})

test('a webhook to a host that is not allowed never leaves', async () => {
  const { world, initiate, advance, inbox } = rehearse()
  await initiate({
    return_url: 'http://shop.example/back',
    webhook_url: 'http://shop.example/hook',
  })
  world.act('payment-gateway.payment.pay', { merchant_order_id: '100001' })
  advance(2 * minuteMs)
  expect(inbox).toEqual([])
  expect(new Set(world.deliveries().map(({ deadLetter }) => deadLetter))).toEqual(
    new Set(['host-not-allowed']),
  )
})

test('the same seed gives the same bytes, another seed other ids', async () => {
  const play = async (seed: number) => {
    const { initiate, world, advance, inbox } = rehearse({}, seed)
    await initiate()
    world.act('payment-gateway.payment.pay', { merchant_order_id: '100001' })
    advance(2 * minuteMs)
    return JSON.stringify([inbox, world.state('payment-gateway')])
  }
  expect(await play(1)).toBe(await play(1))
  expect(await play(1)).not.toBe(await play(2))
})
