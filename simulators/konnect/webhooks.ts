import { createHmac } from 'node:crypto'
import type { Channel, Webhooks } from '../core/partner.ts'
import { renderOrder } from './render-order.ts'
import { omsStates } from './rules/oms-machine.ts'
import type { KonnectContext, KonnectTypes, Order } from './state.ts'
import { writeMetaTime } from './times.ts'

const timeoutMs = 5_000

/** One subscriber: the seller's system. */
const subscriber = 'seller'

/** Order Event Notifications (facts/konnect.md 2.33): optional, and no more than a hint to fetch. Payload and delivery are ASSUMED. */
const webhook: Channel<KonnectTypes> = {
  url: urlOf,
  ladder: (ctx) => ({
    gapsMs: ctx.assumptions.webhook_ladder.map((seconds) => Math.round(seconds * 1000)),
    timeoutMs,
    onExhausted: 'dead-letter',
  }),
  sign: (ctx, bytes) =>
    ctx.assumptions.webhook_signature === 'hmac'
      ? { 'x-konnect-signature': signWebhook(secretOf(ctx), bytes) }
      : {},
  ordering: (ctx) => ctx.assumptions.webhook_order,
}

/** Every state is a trigger, by its own name. */
export const webhooks: Webhooks<KonnectTypes> = {
  events: omsStates,
  channels: { webhook },
  names: {
    item: ['orderItemId'],
    order: ['id', 'forwardId', 'marketplaceOrderId'],
    account: ['locationCode'],
    times: ['time', 'orderDate'],
  },
}

/** Hex HMAC-SHA256 over the raw body. */
export const signWebhook = (secret: string, bytes: string): string =>
  createHmac('sha256', secret).update(bytes).digest('hex')

/** Named by the seller, or the usual place on its site. */
function urlOf(ctx: KonnectContext): string | undefined {
  const { base_url, webhook_url } = ctx.site
  if (webhook_url !== undefined || base_url === undefined) return webhook_url
  return `${base_url.replace(/\/+$/, '')}/webhooks/konnect`
}

const secretOf = (ctx: KonnectContext): string =>
  ctx.site.webhook_secret ?? ctx.credentials.webhook_secret ?? ''

/** Tells the state that an order has just entered, to sellers who subscribed. */
export function announce(ctx: KonnectContext, order: Order): void {
  if (ctx.assumptions.order_events === 'off' || urlOf(ctx) === undefined) return
  const eventId = ctx.random('ids/konnect.event').uuid()
  ctx.emit({
    event: order.state,
    channel: 'webhook',
    subscriber,
    eventId,
    body: {
      event: order.state,
      shipment: renderOrder(ctx, order),
      time: writeMetaTime(ctx.nowMs),
    },
    headers: { 'x-konnect-event-id': eventId },
  })
}
