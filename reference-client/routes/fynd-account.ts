import { Hono } from 'hono'
import type { FyndSite } from '../fynd-site.ts'
import { findOrder, type OrderRow } from '../orders.ts'
import { withRetries } from '../partners/call.ts'
import { PartnerError } from '../partners/errors.ts'
import { interactive } from '../partners/retry.ts'
import { unknownOrder } from '../payments.ts'
import type { Visit } from '../site.ts'
import { customerOf, page, type ShopEnv } from './door.ts'
import { listOwnOrders } from './order-lists.ts'

/** My Account (kartify.md 4.8): the order page shows what track order says, and nothing of the shop's own tables. */
export function fyndAccountRoutes(site: FyndSite) {
  return new Hono<ShopEnv>()
    .get('/account/orders', (c) => c.json({ orders: listOwnOrders(site.storage, c) }))
    .get('/account/orders/:id', async (c) => {
      const order = findOrder(site.storage, c.req.param('id'))
      if (order === undefined || order.customer !== customerOf(c)) {
        throw unknownOrder(c.req.param('id'))
      }
      return page(c, await showTrackedOrder(site, order, c.get('visit')))
    })
}

async function showTrackedOrder(site: FyndSite, order: OrderRow, visit: Visit) {
  const model = { page: 'order', order_id: order.id }
  const nothing = {
    ...model,
    details: 'not-available',
    message: 'The details of this order are not available at the moment.',
    items: [],
  }
  const { fynd_order_id: fyndOrderId } = order
  if (fyndOrderId === null) return nothing
  try {
    const track = await withRetries(site.ports, interactive, `track/${order.id}`, (attempt) =>
      site.fynd.trackOrder(fyndOrderId, { trace: visit.trace, attempt, orderId: order.id }),
    )
    const items = track.shipments.flatMap((shipment) =>
      shipment.bags.map((bag) => ({
        affiliate_bag_id: bag.affiliate_bag_id ?? null,
        bag_id: bag.bag_id,
        shipment_id: shipment.shipment_id,
        sku: bag.sku ?? null,
        size: bag.size ?? null,
        quantity: bag.quantity ?? 1,
        status: bag.status ?? null,
        status_display: bag.status_display ?? null,
        awb_no: shipment.awb_no ?? null,
        track_url: shipment.track_url ?? null,
        // Only a plain true makes a button (seed 000: "returnable" false, no button).
        buttons: { cancel: bag.cancellable === true, return: bag.returnable === true },
      })),
    )
    return { ...model, details: 'available', items }
  } catch (error) {
    if (!(error instanceof PartnerError)) throw error
    return nothing
  }
}
