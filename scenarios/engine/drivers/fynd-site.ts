import { z } from 'zod'
import {
  credential,
  defineAction,
  type Hands,
  type ShopAction,
  textOrNull,
} from './reference-site.ts'
import { gatewaySettings, website } from './website.ts'
import { customer, id, runCron, sku } from './website-actions.ts'
import { orderThing } from './website-things.ts'

const origin = 'http://127.0.0.1:4100'

const item = { customer, order_id: id, item_id: id }

const pressed = z.strictObject({
  ...item,
  reason: z
    .strictObject({ id: z.int().min(0), text: z.string().min(1) })
    .optional()
    .describe('One of shop.reasons; left out: the shop names one.'),
})

const pathOf = ({ order_id, item_id }: { order_id: string; item_id: string }): string =>
  `/account/orders/${encodeURIComponent(order_id)}/items/${encodeURIComponent(item_id)}`

const press = (
  { shop }: Hands,
  button: 'cancel' | 'return',
  { customer: who, reason, ...named }: z.output<typeof pressed>,
) => shop.browse(who, 'POST', `${pathOf(named)}/${button}`, reason && { reason })

/** What only a website that sells through FYND has. */
const actions: Record<string, ShopAction> = {
  'shop.run-cron': runCron(['fynd-inventory', 'order-lookup']),
  'shop.reasons': defineAction({
    about: 'Looks which reasons there are to cancel an item or to give it back.',
    input: z.strictObject({ ...item, for: z.enum(['cancel', 'return']).default('cancel') }),
    perform: ({ shop }, { customer: who, for: wish, ...named }) =>
      shop.browse(who, 'GET', `${pathOf(named)}/reasons?for=${wish}`),
  }),
  'shop.cancel-item': defineAction({
    about: 'Presses Cancel beside an item under My account.',
    input: pressed,
    perform: (hands, input) => press(hands, 'cancel', input),
  }),
  'shop.return-item': defineAction({
    about: 'Presses Return beside an item under My account.',
    input: pressed,
    perform: (hands, input) => press(hands, 'return', input),
  }),
  'shop.confirm-payment': defineAction({
    about: 'Confirm Payment by hand, for a FYND order id as typed.',
    input: z.strictObject({
      fynd_order_id: id,
      amount_minor: z.int().min(1).optional().describe('Left out: what the shop knows.'),
    }),
    perform: ({ shop }, input) => shop.operate('POST', '/admin/fynd/confirm-payment', input),
  }),
  'shop.track-order': defineAction({
    about: 'Track order by hand, for a FYND order id.',
    input: z.strictObject({ fynd_order_id: id }),
    perform: ({ shop }, input) => shop.operate('POST', '/admin/fynd/track-order', input),
  }),
  'shop.stock-status': defineAction({
    about: 'Stock status by hand; the raw answer.',
    input: z.strictObject({ sku_codes: z.array(sku).min(1) }),
    perform: ({ shop }, input) => shop.operate('POST', '/admin/fynd/stock-status', input),
  }),
  'shop.serviceability': defineAction({
    about: 'Serviceability by hand, for an order of the shop.',
    input: z.strictObject({ order_id: id }),
    perform: ({ shop }, input) => shop.operate('POST', '/admin/fynd/serviceability', input),
  }),
  'shop.settings': defineAction({
    about: 'Changes the Gofynd API section.',
    input: z.strictObject({
      api_url: z.string().optional(),
      affiliate_id: z.string().optional(),
      affiliate_token: z.string().optional(),
      secret_key: z.string().optional(),
      safety_stock: z.int().min(0).optional(),
      page_size: z.int().min(1).max(500).optional(),
      timestamps: z.enum(['ist_labelled_utc', 'true_utc']).optional(),
      report_refunds: z.boolean().optional(),
    }),
    perform: ({ shop }, input) => shop.operate('PUT', '/admin/settings/gofynd', input),
  }),
}

/** The website whose stock and orders live at FYND. */
export const fyndSite = website({
  name: 'fynd',
  origin,
  actions,
  things: { 'shop.order': orderThing(['fynd_order_id']) },
  jobs: ['fynd-inventory', 'order-lookup'],
  settings: (stage) => ({
    public_url: origin,
    gofynd: {
      api_url: stage.world.baseUrl('fynd'),
      affiliate_id: credential(stage, 'fynd', 'affiliate_id'),
      affiliate_token: credential(stage, 'fynd', 'token'),
      secret_key: credential(stage, 'fynd', 'secret'),
    },
    gateway: gatewaySettings(stage),
  }),
  partnerOrderId: (order) => textOrNull(order.fynd_order_id),
  itemView: (item) => ({
    id: String(item.affiliate_bag_id),
    partner_item_id: textOrNull(item.bag_id),
  }),
  safetyStock: async (shop) => {
    const settings = await shop.operate('GET', '/admin/settings/gofynd')
    return Number(settings.safety_stock ?? 0)
  },
})
