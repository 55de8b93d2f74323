import { Hono } from 'hono'
import { findOrder, orderRow } from '../orders.ts'
import type { Outbox } from '../outbox.ts'
import { callbackShape, gatewayEventShape } from '../partners/gateway.ts'
import { isHmac } from '../partners/hmac.ts'
import {
  applyPayment,
  isFromGateway,
  readPaymentStatus,
  takeGatewayEvent,
  tellPaid,
  unknownOrder,
} from '../payments.ts'
import { ShopRefusal } from '../refusal.ts'
import type { Site } from '../site.ts'
import {
  notVerified,
  page,
  parsed,
  parseJson,
  readBytes,
  type ShopContext,
  type ShopEnv,
} from './door.ts'

/** The gateway's two ways of telling (kartify.md 10.1). */
export function gatewayRoutes(site: Site, outbox: Outbox) {
  return new Hono<ShopEnv>()
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

/** The customer's browser comes back from the payment page: the answer is a page, so the partner is told while it loads. */
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
  await tellPaid(site, outbox, orderId, c.get('visit'))
  const isPaid = form.status === 'success'
  const order = orderRow(site.storage, orderId)
  return page(c, {
    page: isPaid ? 'success' : 'payment-failed',
    order_id: orderId,
    status: order.status,
  })
}
