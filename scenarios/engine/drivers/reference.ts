import { createShop, openStorage } from '../../../reference-client/index.ts'
import type { ShopOrderView, ShopView } from '../../../simulators/core/judge/views.ts'
import { type Driver, type Outcome, ShopRefused, type ShopSession, type Stage } from './driver.ts'
import { type Hands, referenceActions } from './reference-actions.ts'
import { listOf, readThings, referenceThings } from './reference-things.ts'
import { createShopSurface, type ShopSurface } from './shop-surface.ts'

/** Where the reference client is reached in-process; the same as `up` gives its FYND site. */
const origin = 'http://127.0.0.1:4100'
const jobs = ['fynd-inventory', 'order-lookup'] as const

/**
 * Plays the reference client in-process on the virtual clock: only requests to its HTTP surface, which every shop could offer.
 */
export const referenceDriver: Driver = {
  name: 'reference',
  sites: ['fynd'],
  // The shop and the world share one clock here.
  has: ['shop-clock'],
  byPerson: false,
  actions: referenceActions,
  things: referenceThings,
  open: openReference,
}

function openReference(stage: Stage): ShopSession {
  const { world, ports } = stage
  world.setShop({ fynd: { base_url: origin } })
  const shop = createShop({
    site: 'fynd',
    ports,
    storage: openStorage({ file: ':memory:' }),
    settings: settingsFor(stage),
    crons: stage.crons,
  })
  const surface = createShopSurface(ports, origin)
  const hands: Hands = { shop: surface, stage }
  return {
    receivers: { [origin]: (request) => shop.fetch(request) },
    start: async () => shop.start(),
    perform: async (name, input) => {
      const action = referenceActions[name]
      if (!action) throw new Error(`No shop action "${name}".`)
      return action.perform(hands, action.input.parse(input))
    },
    look: (thing) => readThings(surface, thing),
    jobs,
    runJob: (job) => runJob(surface, ports, job),
    async refundList() {
      const { orders } = await surface.operate('GET', '/admin/orders?event=REFUND_INITIATED')
      return listOf(orders).map((order) => String(order.id))
    },
    async refund(orderId) {
      await surface.operate('POST', `/admin/orders/${encodeURIComponent(orderId)}/refund`)
    },
    view: () => readView(surface),
    close: () => shop.close(),
  }
}

const roundsMax = 600

/** A job that a cron is running already is waited for: what counts is what the next whole run finds. */
async function runJob(shop: ShopSurface, ports: Stage['ports'], job: string): Promise<void> {
  for (let round = 1; ; round += 1) {
    try {
      await shop.operate('POST', `/admin/cron/${job}`)
      return
    } catch (error) {
      const isRunning = error instanceof ShopRefused && error.outcome.skipped === true
      if (!isRunning || round >= roundsMax) throw error
    }
    await ports.clock.sleep(1_000)
  }
}

function settingsFor({ world }: Stage) {
  const fynd = world.credentials('fynd')
  const gateway = world.credentials('payment-gateway')
  const known = (from: Record<string, string>, name: string): string => {
    const value = from[name]
    if (value === undefined) throw new Error(`The world has no credential "${name}".`)
    return value
  }
  return {
    public_url: origin,
    gofynd: {
      api_url: world.baseUrl('fynd'),
      affiliate_id: known(fynd, 'affiliate_id'),
      affiliate_token: known(fynd, 'token'),
      secret_key: known(fynd, 'secret'),
    },
    gateway: {
      url: world.baseUrl('payment-gateway'),
      key_id: known(gateway, 'key_id'),
      key_secret: known(gateway, 'key_secret'),
      webhook_secret: known(gateway, 'webhook_secret'),
    },
  }
}

/** The judge's view, from what the shop itself says. */
async function readView(shop: ShopSurface): Promise<ShopView> {
  const { orders } = await shop.operate('GET', '/admin/orders?status=any')
  const { products } = await shop.operate('GET', '/shop/products')
  const settings = await shop.operate('GET', '/admin/settings/gofynd')
  const quantities: Record<string, number> = {}
  for (const option of listOf(products).flatMap((product) => listOf(product.options))) {
    if (typeof option.sku === 'string') quantities[option.sku] = Number(option.quantity)
  }
  return {
    partner: 'fynd',
    orders: listOf(orders).map(orderView),
    quantities,
    safety_stock: Number(settings.safety_stock ?? 0),
  }
}

const textOrNull = (value: unknown): string | null =>
  value === null || value === undefined ? null : String(value)

function orderView(order: Outcome): ShopOrderView {
  const status = String(order.status)
  return {
    id: String(order.id),
    partner: 'fynd',
    partner_order_id: textOrNull(order.fynd_order_id),
    status,
    // kartify.md 4: a success page is shown exactly when an order has become processing or processed.
    acknowledged: status === 'processing' || status === 'processed',
    payment_mode: order.payment_mode === 'COD' ? 'COD' : 'PREPAID',
    items: listOf(order.items).map((item) => ({
      id: String(item.affiliate_bag_id),
      partner_item_id: textOrNull(item.bag_id),
      sku: String(item.sku),
      quantity: Number(item.quantity),
      status: textOrNull(item.status),
    })),
  }
}
