import { Hono } from 'hono'
import { z } from 'zod'
import { showTracked, showTrackedLine, trackOrder } from '../fynd-order-page.ts'
import type { FyndSite } from '../fynd-site.ts'
import { listReasons, pressButton } from '../fynd-wishes.ts'
import { findOrder, type OrderRow } from '../orders.ts'
import { unknownOrder } from '../payments.ts'
import {
  customerOf,
  limitOf,
  page,
  parsed,
  readJson,
  type ShopContext,
  type ShopEnv,
} from './door.ts'

const reasonShape = z.object({
  reason: z.object({ id: z.int().min(0), text: z.string().trim().min(1).max(500) }).optional(),
})

const wishes = z.enum(['cancel', 'return'])

/** My Account (kartify.md 4.8 and 7): which orders a customer has is the shop's to know, all that is shown of them is FYND's. */
export function fyndAccountRoutes(site: FyndSite) {
  return new Hono<ShopEnv>()
    .get('/account/orders', async (c) => {
      const max = limitOf(c, 10, 25)
      const rows = site.storage.all<OrderRow>(
        `SELECT * FROM orders WHERE customer = ? AND status <> 'missing' AND (? IS NULL OR number < CAST(? AS INTEGER))
         ORDER BY number DESC LIMIT ?`,
        customerOf(c),
        c.req.query('before') ?? null,
        c.req.query('before') ?? null,
        max + 1,
      )
      const shown = rows.slice(0, max)
      const orders = await Promise.all(
        shown.map(async (order) =>
          showTrackedLine(site, order, await trackOrder(site, order, c.get('visit'))),
        ),
      )
      const next = rows.length > max ? { next: shown.at(-1)?.id } : {}
      return page(c, { page: 'orders', orders, ...next })
    })
    .get('/account/orders/:id', async (c) => {
      const order = ownOrder(site, c)
      return page(c, showTracked(site, order, await trackOrder(site, order, c.get('visit'))))
    })
    .get('/account/orders/:id/items/:item/reasons', async (c) => {
      const order = ownOrder(site, c)
      const wish = parsed(wishes, c.req.query('for') ?? 'cancel')
      const itemId = c.req.param('item')
      const reasons = await listReasons(site, order, { itemId, wish }, c.get('visit'))
      return page(c, { reasons: reasons ?? [] }, reasons === undefined ? 502 : 200)
    })
    .post('/account/orders/:id/items/:item/cancel', (c) => press(c, 'cancel', c.req.param('item')))
    .post('/account/orders/:id/items/:item/return', (c) => press(c, 'return', c.req.param('item')))

  async function press(c: ShopContext, wish: z.infer<typeof wishes>, itemId: string) {
    const order = ownOrder(site, c)
    const hasBody = c.req.header('content-type') !== undefined
    const { reason } = hasBody ? await readJson(c, reasonShape) : {}
    return page(c, await pressButton(site, order, { itemId, wish, reason }, c.get('visit')))
  }
}

function ownOrder(site: FyndSite, c: ShopContext): OrderRow {
  const id = c.req.param('id') ?? ''
  const order = findOrder(site.storage, id)
  if (order === undefined || order.customer !== customerOf(c)) throw unknownOrder(id)
  return order
}
