import { hmacSha256Hex } from '../core/hmac.ts'
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

/** The fourteen events that Kartify receives, and the test button's `ping` (facts/fynd.md 6.1). */
export const events = [
  'ORDER_PLACED',
  'BAG_CONFIRMED',
  'DELIVERY_PARTNER_ASSIGNED',
  'BAG_PICKED',
  'OUT_FOR_DELIVERY',
  'DELIVERY_DONE',
  'CUSTOMER_CANCELLED',
  'FYND_CANCELLED',
  'BAG_RETURN_INITIATED',
  'OUT_FOR_PICKUP',
  'RETURN_APPROVED',
  'REFUND_INITIATED',
  'RTO_BAG_IN_TRANSIT',
  'RTO_BAG_APPROVED',
  'ping',
] as const

/** The one channel: the affiliate's webhook. The subscriber is the affiliate, which is what gets blocked when the ladder ends. */
const webhook: Channel<FyndTypes> = {
  url: (ctx, subscriber) =>
    subscriber === ctx.credentials.affiliate_id
      ? siteUrl(ctx)
      : (ctx.state.bystanders.get(subscriber)?.webhookUrl ?? undefined),
  ladder: (ctx) => ({
    gapsMs: ctx.assumptions.retry_ladder.map((seconds) => Math.round(seconds * 1000)),
    timeoutMs,
    onExhausted: 'block',
  }),
  sign: (ctx, bytes, subscriber) => ({
    'x-fp-signature': signWebhook(secretOf(ctx, subscriber), bytes),
  }),
  ordering: (ctx) => ctx.assumptions.ordering,
}

export const webhooks: Webhooks<FyndTypes> = {
  events,
  channels: { webhook },
  names: {
    item: ['bag_id', 'affiliate_bag_id'],
    order: ['fynd_order_id', 'affiliate_order_id', 'shipment_id'],
    account: ['affiliate_id'],
    times: ['created_timestamp', 'updated_at'],
  },
}

const secretOf = (ctx: FyndContext, subscriber: string): string =>
  ctx.state.bystanders.get(subscriber)?.secret ??
  ctx.state.rotatedSecret ??
  ctx.site.secret ??
  ctx.credentials.secret

/** Hex HMAC-SHA256 over the raw body (facts/fynd.md 6.2). */
export const signWebhook = (secret: string, bytes: string): string => hmacSha256Hex(secret, bytes)

/** Puts an event in the outbox of the order's affiliate. One that named no URL has subscribed to nothing and is told nothing. */
export function announce(ctx: FyndContext, announcement: Announcement): void {
  const { affiliateId } = announcement.order
  if (!isListening(ctx, affiliateId)) return
  const eventId = ctx.random('ids/fynd.event').uuid()
  const body = renderEvent(ctx, announcement, eventId)
  send(ctx, { event: announcement.event, eventId, affiliateId, body })
}

const isListening = (ctx: FyndContext, affiliateId: string): boolean => {
  const bystander = ctx.state.bystanders.get(affiliateId)
  return bystander === undefined ? siteUrl(ctx) !== undefined : bystander.webhookUrl !== null
}

/** The test button: an event that says nothing (facts/fynd.md 6.2). */
export function ping(ctx: FyndContext, affiliateId: string): string {
  const eventId = ctx.random('ids/fynd.event').uuid()
  const body = {
    event: 'ping',
    event_id: eventId,
    created_timestamp: ctx.nowMs,
    affiliate_id: affiliateId,
  }
  send(ctx, { event: 'ping', eventId, affiliateId, body })
  return eventId
}

/** The ASSUMED legacy payload of facts/fynd.md 6.3. Amounts are rupees on the wire. */
export function renderEvent(ctx: FyndContext, what: Announcement, eventId: string): object {
  const { order, shipment, moved, refund } = what
  const store = shipment && storeOf(ctx, shipment.store)
  const courier = shipment && (shipment.returnCourier ?? shipment.courier)
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
    dp_details: courier && {
      name: courier.name,
      awb_no: courier.awb,
      track_url: trackUrl(courier.awb),
    },
    refund: refund
      ? {
          refund_id: refund.id,
          amount: refund.amountMinor / 100,
          mode: order.paymentMethod ?? order.request.paymentMode,
          journey_type: refund.journey,
          payment_id: order.paymentId,
        }
      : null,
    store: store && { id: store.id, code: store.code, name: store.name },
  }
}

/** Where anybody may look where a parcel is. */
export const trackUrl = (awb: string): string => `https://track.example/${encodeURIComponent(awb)}`

function send(
  ctx: FyndContext,
  {
    event,
    eventId,
    affiliateId,
    body,
  }: Record<'event' | 'eventId' | 'affiliateId', string> & {
    body: object
  },
): void {
  ctx.emit({
    event,
    channel: 'webhook',
    subscriber: affiliateId,
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
