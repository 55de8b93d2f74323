import { Hono } from 'hono'
import { z } from 'zod'
import { cancelItem, returnItem } from '../arvind-asks.ts'
import { showArvindOrder } from '../arvind-orders.ts'
import type { ArvindSite } from '../arvind-site.ts'
import { findOrder } from '../orders.ts'
import { unknownOrder } from '../payments.ts'
import { customerOf, page, readJson, type ShopContext, type ShopEnv } from './door.ts'
import { listOwnOrders } from './order-lists.ts'

const wishShape = z.object({
  reason: z.string().trim().min(1).max(200).optional(),
  comment: z.string().trim().max(500).optional(),
})

const returnShape = wishShape.extend({
  return_mode: z.enum(['PICKUP', 'STORE']).optional(),
  neftDetails: z.unknown().optional(),
})

/** My Account (kartify.md 7): what the webhooks told, and the buttons that follow from it. */
export function arvindAccountRoutes(site: ArvindSite) {
  return new Hono<ShopEnv>()
    .get('/account/orders', (c) => c.json({ orders: listOwnOrders(site.storage, c) }))
    .get('/account/orders/:id', (c) => {
      const order = findOrder(site.storage, c.req.param('id'))
      if (order === undefined || order.customer !== customerOf(c)) {
        throw unknownOrder(c.req.param('id'))
      }
      const { id, status, payment_mode, items } = showArvindOrder(site, order)
      const shown = { order_id: id, status, payment_mode, details: 'available', items }
      return page(c, { page: 'order', ...shown })
    })
    .post('/account/orders/:id/items/:item/cancel', async (c) => {
      const wish = await readWish(c, wishShape)
      const { id, item } = c.req.param()
      return page(c, await cancelItem(site, customerOf(c), id, item, wish, c.get('visit')))
    })
    .post('/account/orders/:id/items/:item/return', async (c) => {
      const wish = await readWish(c, returnShape)
      const { id, item } = c.req.param()
      return page(c, await returnItem(site, customerOf(c), id, item, wish, c.get('visit')))
    })
}

/** A button pressed without a word has no body. */
async function readWish<T>(c: ShopContext, shape: z.ZodType<T>): Promise<T> {
  if (c.req.header('content-type') === undefined) return shape.parse({})
  return readJson(c, shape)
}
