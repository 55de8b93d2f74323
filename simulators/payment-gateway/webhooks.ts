import { createHmac } from 'node:crypto'
import type { Channel, Webhooks } from '../core/partner.ts'
import type { GatewayAssumptions } from './assumptions.ts'
import type { GatewayContext, GatewayTypes, Payment, PaymentStatus } from './state.ts'

/** A browser or a webhook receiver that says nothing for so long has not answered (ASSUMED). */
const timeoutMs = 5_000

/** What the browser carries back to the shop; the text form of each field is what is signed. */
export interface CallbackFields {
  payment_id: string
  merchant_order_id: string
  status: 'success' | 'failed' | 'aborted'
  debited: 'true' | 'false'
  signature: string
}

export const events = [
  'callback.success',
  'callback.failed',
  'callback.aborted',
  'payment.captured',
  'payment.failed',
] as const

const callback: Channel<GatewayTypes> = {
  url: () => undefined,
  // A browser posts once; nobody presses for it again.
  ladder: () => ({ gapsMs: [], timeoutMs, onExhausted: 'dead-letter' }),
  // The signature is a field of the form.
  sign: () => ({}),
}

const webhook: Channel<GatewayTypes> = {
  url: () => undefined,
  ladder: (ctx) => ({
    gapsMs: ctx.assumptions.webhook_retry_minutes.map((minutes) => Math.round(minutes * 60_000)),
    timeoutMs,
    onExhausted: 'dead-letter',
  }),
  sign: (ctx, bytes) => ({ 'x-gateway-signature': hmac(ctx.credentials.webhook_secret, bytes) }),
}

/** Both know their target from the payment: a shop names its URLs with each initiate. */
export const webhooks: Webhooks<GatewayTypes> = {
  events,
  channels: { callback, webhook },
  names: { order: ['merchant_order_id', 'payment_id'], times: ['created_at'] },
}

const hmac = (secret: string, text: string): string =>
  createHmac('sha256', secret).update(text).digest('hex')

const told: Partial<Record<PaymentStatus, CallbackFields['status']>> = {
  captured: 'success',
  failed_not_debited: 'failed',
  failed_debited: 'failed',
  aborted: 'aborted',
  part_refunded: 'success',
  refunded: 'success',
}

/**
 * The signed form of facts/kartify.md 10.1: hex HMAC-SHA256(webhook secret, `payment_id|merchant_order_id|status|debited`). Undefined
 * while the payment is open.
 */
export function callbackFields(ctx: GatewayContext, payment: Payment): CallbackFields | undefined {
  const status = told[payment.status]
  if (!status) return undefined
  return sign(ctx.credentials.webhook_secret, payment, status, payment.debited)
}

function sign(
  secret: string,
  payment: Payment,
  status: CallbackFields['status'],
  isDebited: boolean,
): CallbackFields {
  const debited = isDebited ? 'true' : 'false'
  const text = [payment.id, payment.merchantOrderId, status, debited].join('|')
  return {
    payment_id: payment.id,
    merchant_order_id: payment.merchantOrderId,
    status,
    debited,
    signature: hmac(secret, text),
  }
}

/**
 * The customer's browser comes back to the shop, as the switch `callback` says. `byPage`: a real browser does it itself, and only what
 * it does not do is left to the messenger.
 */
export function sendCallback(ctx: GatewayContext, payment: Payment, byPage = false): void {
  const fields = callbackFields(ctx, payment)
  if (!fields) return
  const { callback: mode, callback_late_seconds, duplicate_gap_seconds } = ctx.assumptions
  const delaysMs = plan(mode, 0, callback_late_seconds, duplicate_gap_seconds)
  const left = byPage && mode !== 'delayed' ? delaysMs.slice(1) : delaysMs
  const eventId = `cb_${ctx.random('ids/payment-gateway.event').hex(16)}`
  for (const delayMs of left) post(ctx, payment, fields, eventId, delayMs)
}

/** Somebody who does not know the secret claims that a payment came to this end. */
export function forgeCallback(
  ctx: GatewayContext,
  payment: Payment,
  status: CallbackFields['status'],
  isDebited: boolean,
): void {
  const eventId = `cb_${ctx.random('ids/payment-gateway.event').hex(16)}`
  const fields = sign(`not-${ctx.credentials.webhook_secret}`, payment, status, isDebited)
  post(ctx, payment, fields, eventId, 0)
}

function post(
  ctx: GatewayContext,
  payment: Payment,
  fields: CallbackFields,
  eventId: string,
  delayMs: number,
): void {
  ctx.emit({
    event: `callback.${fields.status}`,
    channel: 'callback',
    subscriber: ctx.credentials.key_id,
    body: new URLSearchParams({ ...fields }).toString(),
    contentType: 'application/x-www-form-urlencoded',
    eventId,
    delayMs,
    ...(payment.returnUrl === null ? {} : { url: payment.returnUrl }),
  })
}

/** The webhook about what just happened, as the switch `webhook` says (facts/kartify.md 10.1: 60 s later). */
export function sendWebhook(ctx: GatewayContext, payment: Payment): void {
  const eventId = `evt_${ctx.random('ids/payment-gateway.event').hex(16)}`
  const event = payment.status === 'captured' ? 'payment.captured' : 'payment.failed'
  const body = {
    event_id: eventId,
    type: event,
    payment: {
      payment_id: payment.id,
      merchant_order_id: payment.merchantOrderId,
      amount_minor: payment.amountMinor,
      status: payment.status,
    },
    created_at: new Date(ctx.nowMs).toISOString(),
  }
  const { webhook: mode, webhook_lag_seconds, webhook_late_seconds } = ctx.assumptions
  const lateSeconds = webhook_lag_seconds + webhook_late_seconds
  const gapSeconds = ctx.assumptions.duplicate_gap_seconds
  for (const delayMs of plan(mode, webhook_lag_seconds, lateSeconds, gapSeconds)) {
    ctx.emit({
      event,
      channel: 'webhook',
      subscriber: ctx.credentials.key_id,
      body,
      eventId,
      delayMs,
      ...(payment.webhookUrl === null ? {} : { url: payment.webhookUrl }),
    })
  }
}

/** When it is sent, counted from now, once for each time. */
function plan(
  mode: GatewayAssumptions['callback'],
  usualSeconds: number,
  lateSeconds: number,
  gapSeconds: number,
): number[] {
  const seconds = {
    sent: [usualSeconds],
    none: [],
    delayed: [lateSeconds],
    duplicated: [usualSeconds, usualSeconds + gapSeconds],
  }[mode]
  return seconds.map((count) => Math.round(count * 1000))
}
