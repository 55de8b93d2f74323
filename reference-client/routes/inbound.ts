import { Hono } from 'hono'
import { takeFyndEvent } from '../fynd-inbox.ts'
import { findOrder, orderRow } from '../orders.ts'
import type { Outbox } from '../outbox.ts'
import { isFromFynd, isHmac, webhookShape } from '../partners/fynd.ts'
import { callbackShape, gatewayEventShape } from '../partners/gateway.ts'
import {
  applyPayment,
  isFromGateway,
  readPaymentStatus,
  takeGatewayEvent,
  unknownOrder,
} from '../payments.ts'
import { ShopRefusal } from '../refusal.ts'
import type { Site } from '../site.ts'
import { page, parsed, parseJson, readBytes, type ShopContext, type ShopEnv } from './door.ts'

/** What others send to the shop: the gateway's two ways of telling, and FYND's events (kartify.md 8 and 10.1). */
export function inboundRoutes(site: Site, outbox: Outbox) {
  return new Hono<ShopEnv>()
    .post('/webhooks/gofynd', async (c) => {
      const bytes = await readBytes(c)
      const { secret_key } = site.settings.read().gofynd
      if (!isFromFynd(secret_key, bytes, c.req.header('x-fp-signature'))) return notVerified(c)
      const event = parsed(webhookShape, parseJson(bytes))
      const eventId = event.event_id ?? c.req.header('x-fp-event-id')
      if (eventId === undefined) throw new ShopRefusal(400, 'invalid', 'event_id: missing')
      const { outcome, retry } = takeFyndEvent(site, outbox, event, eventId)
      if (!retry) return c.json({ accepted: true, outcome })
      throw unknownOrder(event.affiliate_order_id ?? event.fynd_order_id ?? '')
    })
    .post('/gateway/webhook', async (c) => {
      const bytes = await readBytes(c)
      const { webhook_secret } = site.settings.read().gateway
      if (!isHmac(webhook_secret, bytes, c.req.header('x-gateway-signature'))) return notVerified(c)
      const event = parsed(gatewayEventShape, parseJson(bytes))
      const status = readPaymentStatus(event.payment.status, event.payment.debited)
      const orderId = event.payment.merchant_order_id
      const outcome = takeGatewayEvent(site, outbox, {
        eventId: event.event_id,
        type: event.type,
        orderId,
        news:
          status === undefined || status === 'created'
            ? undefined
            : {
                paymentId: event.payment.payment_id,
                orderId,
                status,
                amountMinor: event.payment.amount_minor,
              },
      })
      if (outcome === 'unknown-order') throw unknownOrder(orderId)
      outbox.wake()
      return c.json({ accepted: true, ...(outcome === 'duplicate' && { duplicate: true }) })
    })
    .post('/gateway/callback', (c) => takeCallback(site, outbox, c))
}

/** The customer's browser comes back from the payment page: the answer is a page, so F5 is tried while it loads. */
async function takeCallback(site: Site, outbox: Outbox, c: ShopContext) {
  const type = c.req.header('content-type') ?? ''
  if (!/^application\/x-www-form-urlencoded\s*(;|$)/i.test(type)) {
    throw new ShopRefusal(415, 'not-a-form', 'Send application/x-www-form-urlencoded.')
  }
  const fields = new URLSearchParams(Buffer.from(await readBytes(c)).toString('utf8'))
  const form = parsed(callbackShape, Object.fromEntries(fields))
  const { webhook_secret } = site.settings.read().gateway
  if (!isFromGateway(webhook_secret, form, form.signature)) return notVerified(c)
  const orderId = form.merchant_order_id
  if (findOrder(site.storage, orderId) === undefined) throw unknownOrder(orderId)
  const word = form.status === 'success' ? 'captured' : form.status
  const status = readPaymentStatus(word, form.debited === 'true')
  site.storage.transaction('gateway-callback', () => {
    if (status !== undefined) {
      applyPayment(site, outbox, { paymentId: form.payment_id, orderId, status })
    }
  })
  if (outbox.find('confirm-payment', orderId)?.state === 'waiting') {
    await outbox.attemptNow('confirm-payment', orderId, c.get('visit').trace, 1)
    outbox.wake()
  }
  const isPaid = form.status === 'success'
  const order = orderRow(site.storage, orderId)
  return page(c, {
    page: isPaid ? 'success' : 'payment-failed',
    order_id: orderId,
    status: order.status,
  })
}

/** Normal weather: anybody can post to a public address. */
function notVerified(c: ShopContext) {
  return c.json({ accepted: false, why: 'bad-signature' }, 401)
}
