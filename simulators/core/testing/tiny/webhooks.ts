import { createHmac } from 'node:crypto'
import type { Emission, PartnerContext, Webhooks } from '../../partner.ts'
import type { Order, Tiny } from './state.ts'

/** Receivers compute the same over the raw body. */
export const sign = (key: string, bytes: string): string =>
  createHmac('sha256', key).update(bytes).digest('hex')

export const tinyWebhooks: Webhooks<Tiny> = {
  events: ['order.handed-over'],
  channels: {
    webhook: {
      url: (ctx) => ctx.site.webhook_url,
      ladder: (ctx) => ({
        gapsMs: ctx.assumptions.retry_ladder_ms,
        timeoutMs: 5_000,
        onExhausted: 'block',
      }),
      sign: (ctx, bytes) => ({ 'x-tiny-signature': sign(ctx.credentials.key, bytes) }),
    },
  },
}

export function renderEvent(ctx: PartnerContext<Tiny>, order: Order): Emission {
  const event = 'order.handed-over'
  const eventId = ctx.random('ids/tiny.event').uuid()
  return {
    event,
    channel: 'webhook',
    subscriber: 'shop',
    eventId,
    body: { event, event_id: eventId, order: { ...order } },
    headers: { 'x-tiny-event-id': eventId },
  }
}
