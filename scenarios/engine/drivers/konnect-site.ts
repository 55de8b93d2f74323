import { createShop, openStorage } from '../../../reference-client/index.ts'
import type { ShopView } from '../../../simulators/core/judge/views.ts'
import { konnectActions } from './konnect-actions.ts'
import { konnectThings } from './konnect-things.ts'
import { credential, listOf, type ReferenceSite, textOrNull } from './reference-site.ts'
import type { ShopSurface } from './shop-surface.ts'

const origin = 'http://127.0.0.1:4102'

/** Where the seller ships from: the locations that Konnect's small catalogue names. */
const locations = ['BLR-01', 'DEL-01', 'BOM-01']

/** The back room of a seller on Fynd Konnect: no storefront, no customers, no money. */
export const konnectSite: ReferenceSite = {
  name: 'konnect',
  origin,
  actions: konnectActions,
  things: konnectThings,
  jobs: [
    'inventory-push',
    'price-push',
    'order-poll',
    'courier-poll',
    'returns-poll',
    'catalogue-poll',
  ],
  jobPath: (job) => `/seller/jobs/${job}`,
  open(stage) {
    stage.world.setShop({ konnect: { base_url: origin } })
    return createShop({
      site: 'konnect',
      ports: stage.ports,
      storage: openStorage({ file: ':memory:' }),
      settings: {
        public_url: origin,
        konnect: {
          api_url: stage.world.baseUrl('konnect'),
          access: 'company',
          username: credential(stage, 'konnect', 'username'),
          password: credential(stage, 'konnect', 'password'),
          locations: locations.map((code) => ({ code })),
        },
      },
      crons: stage.crons,
    })
  },
  // Channels take the customers' money and give it back.
  refundList: async () => [],
  refund: async () => {},
  view: readView,
}

async function readView(shop: ShopSurface): Promise<ShopView> {
  const { orders } = await shop.operate('GET', '/seller/orders')
  const { quantities } = await shop.operate('GET', '/seller/stock')
  const numbers = (value: unknown) => (typeof value === 'string' ? [value] : [])
  return {
    partner: 'konnect',
    orders: listOf(orders).map((order) => ({
      id: String(order.id),
      partner: 'konnect',
      partner_order_id: String(order.id),
      status: String(order.status),
      is_cancelled: order.status === 'CANCELLED',
      // Nobody was told anything: the order is the channel's.
      acknowledged: false,
      payment_mode: 'PREPAID',
      invoices: numbers(order.invoice_number),
      credit_notes: numbers(order.credit_note_number),
      items: listOf(order.lines).map((line) => ({
        id: String(line.order_item_id),
        partner_item_id: String(line.order_item_id),
        sku: String(line.sku),
        quantity: Number(line.quantity),
        status: textOrNull(line.status),
      })),
    })),
    quantities: quantities as Record<string, number>,
  }
}
