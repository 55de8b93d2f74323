import { createHmac } from 'node:crypto'
import type { Channel, Webhooks } from '../core/partner.ts'
import type { BagStatus } from './rules/bag-machine.ts'
import { storeOf } from './rules/stock.ts'
import type { Bag, FyndContext, FyndTypes, Order, Shipment } from './state.ts'
import { writeBusinessTime } from './times.ts'

/** Success is a 2xx within this time (facts/fynd.md 6.2, ASSUMED). */
const timeoutMs = 5_000

/** What happened, as the rules see it. `moved` are the bags that the event is about, with the state they came from. */
export interface Announcement {
  event: string
  order: Order
  /** Null: an order that is placed with several shipments. */
  shipment: Shipment | null
  moved: readonly { bag: Bag; previousStatus: BagStatus | null }[]
  refund?: { id: string; amountMinor: number; journey: 'cancel' | 'return' | 'rto' }
}

/** The events that Kartify receives, as far as they are simulated, and the test button's `ping` (facts/fynd.md 6.1). */
export const events = [
  'ORDER_PLACED',
  'BAG_CONFIRMED',
  'DELIVERY_PARTNER_ASSIGNED',
  'BAG_PICKED',
  'OUT_FOR_DELIVERY',
  'DELIVERY_DONE',
  'FYND_CANCELLED',
  'REFUND_INITIATED',
  'ping',
] as const

/** The one channel: the affiliate's webhook. The subscriber is the affiliate, which is what gets blocked when the ladder ends. */
const webhook: Channel<FyndTypes> = {
  url: (ctx, subscriber) =>
    subscriber === ctx.credentials.affiliate_id ? siteUrl(ctx) : undefined,
  ladder: (ctx) => ({
    gapsMs: ctx.assumptions.retry_ladder.map((seconds) => Math.round(seconds * 1000)),
    timeoutMs,
    onExhausted: 'block',
  }),
  sign: (ctx, bytes) => ({
    'x-fp-signature': signWebhook(ctx.site.secret ?? ctx.credentials.secret, bytes),
  }),
  ordering: (ctx) => ctx.assumptions.ordering,
}

export const webhooks: Webhooks<FyndTypes> = { events, channels: { webhook } }

/** Hex HMAC-SHA256 over the raw body (facts/fynd.md 6.2). */
export const signWebhook = (secret: string, bytes: string): string =>
  createHmac('sha256', secret).update(bytes).digest('hex')

/** Puts an event in the outbox of the order's affiliate. Other channels than the shop under test have nobody listening. */
export function announce(ctx: FyndContext, announcement: Announcement): void {
  if (announcement.order.affiliateId !== ctx.credentials.affiliate_id) return
  const eventId = ctx.random('ids/fynd.event').uuid()
  send(ctx, announcement.event, eventId, renderEvent(ctx, announcement, eventId))
}

/** The test button: an event that says nothing (facts/fynd.md 6.2). */
export function ping(ctx: FyndContext): string {
  const eventId = ctx.random('ids/fynd.event').uuid()
  send(ctx, 'ping', eventId, {
    event: 'ping',
    event_id: eventId,
    created_timestamp: ctx.nowMs,
    affiliate_id: ctx.credentials.affiliate_id,
  })
  return eventId
}

/** The ASSUMED legacy payload of facts/fynd.md 6.3. Amounts are rupees on the wire. */
export function renderEvent(ctx: FyndContext, what: Announcement, eventId: string): object {
  const { order, shipment, moved, refund } = what
  const store = shipment && storeOf(ctx, shipment.store)
  const { timestamps } = ctx.assumptions
  return {
    event: what.event,
    event_id: eventId,
    created_timestamp: ctx.nowMs,
    affiliate_id: order.affiliateId,
    fynd_order_id: order.id,
    affiliate_order_id: order.request.affiliateOrderId,
    shipment_id: shipment?.id ?? null,
    previous_shipment_id: shipment?.previousId ?? null,
    status: moved[0]?.bag.status ?? null,
    bags: moved.map(({ bag, previousStatus }) => ({
      bag_id: bag.id,
      affiliate_bag_id: bag.affiliateBagId,
      sku: bag.sku,
      size: bag.size,
      quantity: bag.quantity,
      status: bag.status,
      previous_status: previousStatus,
      updated_at: writeBusinessTime(bag.updatedAtMs, timestamps),
      reason: bag.reason && { id: bag.reason.id, text: bag.reason.text },
    })),
    dp_details: shipment?.courier
      ? {
          name: shipment.courier.name,
          awb_no: shipment.courier.awb,
          track_url: `https://track.example/${encodeURIComponent(shipment.courier.awb)}`,
        }
      : null,
    refund: refund
      ? {
          refund_id: refund.id,
          amount: refund.amountMinor / 100,
          mode: order.paymentMethod ?? 'PREPAID',
          journey_type: refund.journey,
          payment_id: order.paymentId,
        }
      : null,
    store: store && { id: store.id, code: store.code, name: store.name },
  }
}

function send(ctx: FyndContext, event: string, eventId: string, body: object): void {
  ctx.emit({
    event,
    channel: 'webhook',
    subscriber: ctx.credentials.affiliate_id,
    body,
    headers: { 'x-fp-event-id': eventId, 'user-agent': 'gofynd-webhook-sim' },
    eventId,
  })
}

/** A shop that names only its base URL listens where Kartify does (facts/kartify.md 11). */
function siteUrl(ctx: FyndContext): string | undefined {
  const { base_url, webhook_url } = ctx.site
  if (webhook_url !== undefined) return webhook_url
  return base_url === undefined ? undefined : `${base_url.replace(/\/+$/, '')}/webhooks/gofynd`
}
