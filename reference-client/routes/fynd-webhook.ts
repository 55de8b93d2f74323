import { Hono } from 'hono'
import { takeFyndEvent } from '../fynd-inbox.ts'
import type { FyndSite } from '../fynd-site.ts'
import type { Outbox } from '../outbox.ts'
import { webhookShape } from '../partners/fynd.ts'
import { isHmac } from '../partners/hmac.ts'
import { unknownOrder } from '../payments.ts'
import { ShopRefusal } from '../refusal.ts'
import { gofyndOf } from '../settings.ts'
import { notVerified, parsed, parseJson, readBytes, type ShopEnv } from './door.ts'

/** FYND's events (kartify.md 8), verified by the HMAC of the raw body (fynd.md 6.2). */
export function fyndWebhookRoutes(site: FyndSite, outbox: Outbox) {
  return new Hono<ShopEnv>().post('/webhooks/gofynd', async (c) => {
    const bytes = await readBytes(c)
    const { secret_key } = gofyndOf(site.settings)
    if (!isHmac(secret_key, bytes, c.req.header('x-fp-signature'))) return notVerified(c)
    const event = parsed(webhookShape, parseJson(bytes))
    const eventId = event.event_id ?? c.req.header('x-fp-event-id')
    if (eventId === undefined) throw new ShopRefusal(400, 'invalid', 'event_id: missing')
    const { outcome, retry } = takeFyndEvent(site, outbox, event, eventId)
    if (!retry) return c.json({ accepted: true, outcome })
    throw unknownOrder(event.affiliate_order_id ?? event.fynd_order_id ?? '')
  })
}
