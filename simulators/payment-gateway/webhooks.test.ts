import { createHmac } from 'node:crypto'
import { expect, test } from 'vitest'
import { type GatewayContext, settle } from './state.ts'
import { createRoom, openPayment, type Room } from './testing/create-room.ts'
import { forgeCallback, sendCallback, sendWebhook, webhooks } from './webhooks.ts'

const hmac = (text: string) => createHmac('sha256', 'FAKE-hook').update(text).digest('hex')
const form = (room: Room, at = 0) =>
  Object.fromEntries(new URLSearchParams(String(room.emissions[at]?.body)))

test.each([
  ['paid', 'success', 'true', 'payment.captured', 'captured'],
  ['failed', 'failed', 'false', 'payment.failed', 'failed_not_debited'],
  ['failed-debited', 'failed', 'true', 'payment.failed', 'failed_debited'],
  ['aborted', 'aborted', 'false', 'payment.failed', 'aborted'],
] as const)(
  '%s is told by a signed form and a webhook',
  (outcome, status, debited, type, state) => {
    const room = createRoom()
    const payment = openPayment(room)
    settle(room.ctx, payment, outcome)
    sendCallback(room.ctx, payment)
    sendWebhook(room.ctx, payment)
    expect(room.emissions).toMatchObject([
      {
        event: `callback.${status}`,
        channel: 'callback',
        delayMs: 0,
        url: 'http://127.0.0.1:4100/gateway/callback',
        contentType: 'application/x-www-form-urlencoded',
      },
      {
        event: type,
        channel: 'webhook',
        delayMs: 60_000,
        url: 'http://127.0.0.1:4100/gateway/webhook',
        body: {
          type,
          payment: {
            payment_id: payment.id,
            merchant_order_id: '100001',
            amount_minor: 49_900,
            status: state,
          },
          created_at: '2026-01-05T04:30:00.000Z',
        },
      },
    ])
    expect(form(room)).toEqual({
      payment_id: payment.id,
      merchant_order_id: '100001',
      status,
      debited,
      signature: hmac(`${payment.id}|100001|${status}|${debited}`),
    })
    expect(room.emissions[1]?.body).toMatchObject({ event_id: room.emissions[1]?.eventId })
  },
)

test('the webhook is signed over its bytes, the callback in its form', () => {
  const { ctx } = createRoom()
  const bytes = '{"a": 1}'
  expect(webhooks.channels.webhook?.sign(ctx, bytes, 'FAKE-key')).toEqual({
    'x-gateway-signature': hmac(bytes),
  })
  expect(webhooks.channels.callback?.sign(ctx, bytes, 'FAKE-key')).toEqual({})
})

test('a webhook is tried again after 1, 5 and 30 minutes, a callback never', () => {
  const { ctx } = createRoom()
  const gaps = (channel: string, context: GatewayContext = ctx) =>
    webhooks.channels[channel]?.ladder(context).gapsMs
  expect(gaps('webhook')).toEqual([60_000, 300_000, 1_800_000])
  expect(gaps('webhook', createRoom({ webhook_retry_minutes: [0.5] }).ctx)).toEqual([30_000])
  expect(gaps('callback')).toEqual([])
})

test.each([
  ['sent', [0], [60_000]],
  ['none', [], []],
  ['delayed', [600_000], [3_660_000]],
  ['duplicated', [0, 30_000], [60_000, 90_000]],
] as const)('the switches can have callback and webhook %s', (mode, callbacks, hooks) => {
  const room = createRoom({ callback: mode, webhook: mode })
  const payment = openPayment(room)
  settle(room.ctx, payment, 'paid')
  sendCallback(room.ctx, payment)
  sendWebhook(room.ctx, payment)
  const delays = (channel: string) =>
    room.emissions.filter((emission) => emission.channel === channel).map(({ delayMs }) => delayMs)
  expect(delays('callback')).toEqual(callbacks)
  expect(delays('webhook')).toEqual(hooks)
  const ids = (channel: string) =>
    room.emissions.filter((emission) => emission.channel === channel).map(({ eventId }) => eventId)
  expect(new Set(ids('webhook')).size).toBe(Math.min(1, hooks.length))
})

test.each([
  ['sent', []],
  ['none', []],
  ['delayed', [600_000]],
  ['duplicated', [30_000]],
] as const)('with callback %s the messenger does what the browser does not', (callback, delays) => {
  const room = createRoom({ callback })
  const payment = openPayment(room)
  settle(room.ctx, payment, 'paid')
  sendCallback(room.ctx, payment, true)
  expect(room.emissions.map(({ delayMs }) => delayMs)).toEqual(delays)
})

test('an open payment has no callback', () => {
  const room = createRoom()
  sendCallback(room.ctx, openPayment(room))
  expect(room.emissions).toEqual([])
})

test('a forged callback has the form and not the signature', () => {
  const room = createRoom()
  const payment = openPayment(room)
  forgeCallback(room.ctx, payment, 'success', true)
  const { signature, ...fields } = form(room)
  expect(fields).toMatchObject({ payment_id: payment.id, status: 'success', debited: 'true' })
  expect(signature).toMatch(/^[0-9a-f]{64}$/)
  expect(signature).not.toBe(hmac(`${payment.id}|100001|success|true`))
  expect(payment.status).toBe('created')
})
