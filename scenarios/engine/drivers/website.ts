import {
  createShop,
  openStorage,
  type ShopSettings,
  type SiteName,
} from '../../../reference-client/index.ts'
import type { ShopOrderView, ShopView } from '../../../simulators/core/judge/views.ts'
import type { Outcome, Stage } from './driver.ts'
import {
  credential,
  listOf,
  type ReferenceSite,
  type ShopAction,
  type ShopThing,
  textOrNull,
} from './reference-site.ts'
import type { ShopSurface } from './shop-surface.ts'
import { websiteActions } from './website-actions.ts'
import { websiteThings } from './website-things.ts'

/** What one partner makes of a website; all else is the same for every one of them. */
export interface WebsiteParts {
  name: SiteName
  origin: string
  /** Beside those of every website. */
  actions: Record<string, ShopAction>
  things: Record<string, ShopThing>
  jobs: readonly string[]
  settings(stage: Stage): ShopSettings
  /** The partner's id in an order as the shop shows it. */
  partnerOrderId(order: Outcome): string | null
  /** The ids of an item as the shop shows it. */
  itemView(item: Outcome): { id: string; partner_item_id: string | null }
  safetyStock(shop: ShopSurface): Promise<number>
}

/** A website with a storefront, an admin panel and a payment gateway. */
export function website(parts: WebsiteParts): ReferenceSite {
  const { name, origin } = parts
  return {
    name,
    origin,
    actions: { ...websiteActions, ...parts.actions },
    things: { ...websiteThings, ...parts.things },
    jobs: parts.jobs,
    jobPath: (job) => `/admin/cron/${job}`,
    open(stage, catalogue) {
      stage.world.setShop({ [name]: { base_url: origin } })
      return createShop({
        site: name,
        ports: stage.ports,
        storage: openStorage({ file: ':memory:' }),
        settings: parts.settings(stage),
        crons: stage.crons,
        ...(catalogue && { catalogue }),
      })
    },
    async refundList(shop) {
      const { orders } = await shop.operate('GET', '/admin/orders?event=REFUND_INITIATED')
      // Where the gateway has nothing to give back (the partner pays a cash order by NEFT) nobody presses.
      const hasMoney = (order: Outcome) =>
        Number(order.refund_due_minor) > 0 || listOf(order.refunds).length > 0
      return listOf(orders)
        .filter(hasMoney)
        .map((order) => String(order.id))
    },
    async refund(shop, orderId) {
      await shop.operate('POST', `/admin/orders/${encodeURIComponent(orderId)}/refund`)
    },
    view: (shop) => readView(shop, parts),
  }
}

/** The account at the gateway, which every website has. */
export const gatewaySettings = (stage: Stage): ShopSettings['gateway'] => ({
  url: stage.world.baseUrl('payment-gateway'),
  key_id: credential(stage, 'payment-gateway', 'key_id'),
  key_secret: credential(stage, 'payment-gateway', 'key_secret'),
  webhook_secret: credential(stage, 'payment-gateway', 'webhook_secret'),
})

async function readView(shop: ShopSurface, parts: WebsiteParts): Promise<ShopView> {
  const { orders } = await shop.operate('GET', '/admin/orders?status=any')
  const { products } = await shop.operate('GET', '/shop/products')
  const quantities: Record<string, number> = {}
  for (const option of listOf(products).flatMap((product) => listOf(product.options))) {
    if (typeof option.sku === 'string') quantities[option.sku] = Number(option.quantity)
  }
  return {
    partner: parts.name,
    orders: listOf(orders).map((order) => orderView(order, parts)),
    quantities,
    safety_stock: await parts.safetyStock(shop),
  }
}

function orderView(order: Outcome, parts: WebsiteParts): ShopOrderView {
  const status = String(order.status)
  return {
    id: String(order.id),
    partner: parts.name,
    partner_order_id: parts.partnerOrderId(order),
    status,
    // kartify.md 4: a success page is shown exactly when an order has become processing or processed.
    acknowledged: status === 'processing' || status === 'processed',
    payment_mode: order.payment_mode === 'COD' ? 'COD' : 'PREPAID',
    items: listOf(order.items).map((item) => ({
      ...parts.itemView(item),
      sku: String(item.sku),
      quantity: Number(item.quantity),
      status: textOrNull(item.status),
    })),
  }
}
