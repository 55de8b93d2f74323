import { z } from 'zod'
import {
  credential,
  defineAction,
  type Hands,
  type ShopAction,
  textOrNull,
} from './reference-site.ts'
import { gatewaySettings, website } from './website.ts'
import { customer, id, runCron } from './website-actions.ts'
import { orderThing } from './website-things.ts'

const origin = 'http://127.0.0.1:4101'

const pressed = {
  customer,
  order_id: id,
  item_id: id,
  reason: z.string().optional(),
  comment: z.string().optional(),
}

const press = (
  { shop }: Hands,
  button: 'cancel' | 'return',
  input: z.output<typeof returnInput>,
) => {
  const { customer: who, order_id, item_id, ...wish } = input
  const item = `${encodeURIComponent(order_id)}/items/${encodeURIComponent(item_id)}`
  return shop.browse(who, 'POST', `/account/orders/${item}/${button}`, wish)
}

const returnInput = z.strictObject({
  ...pressed,
  return_mode: z.enum(['PICKUP', 'STORE']).optional(),
  neftDetails: z
    .record(z.string(), z.string())
    .optional()
    .describe('What the customer of a COD order types into the NEFT form.'),
})

/** What only a website of Arvind Internet has. */
const actions: Record<string, ShopAction> = {
  'shop.run-cron': runCron(['arvind-push', 'order-lookup']),
  'shop.push-orders': defineAction({
    about: 'Push orders to Arvind, run by hand: the orders of 30 days.',
    input: z.strictObject({}),
    perform: ({ shop }) => shop.operate('POST', '/admin/cron/arvind-push?window=30d'),
  }),
  'shop.cancel-item': defineAction({
    about: 'Presses Cancel beside an item under My account.',
    input: z.strictObject(pressed),
    perform: (hands, input) => press(hands, 'cancel', input),
  }),
  'shop.return-item': defineAction({
    about: 'Presses Return beside an item under My account.',
    input: returnInput,
    perform: (hands, input) => press(hands, 'return', input),
  }),
  'shop.track-order': defineAction({
    about: 'What Arvind has of an order; the raw answer.',
    input: z.strictObject({ order_id: id }),
    perform: ({ shop }, input) => shop.operate('POST', '/admin/arvind/track-order', input),
  }),
  'shop.settings': defineAction({
    about: 'Changes the module Arvind Internet.',
    input: z.strictObject({
      status: z.enum(['enabled', 'disabled']).optional(),
      username: z.string().optional(),
      password: z.string().optional(),
      auth_token: z.string().optional(),
      channel_id: z.string().optional(),
      warehouse_id: z.string().optional(),
      api_url: z.string().optional(),
      ordering_store_id: z.string().optional(),
    }),
    perform: ({ shop }, input) => shop.operate('PUT', '/admin/settings/arvind', input),
  }),
  'shop.use-credentials': defineAction({
    about: 'Types into the module what Arvind gave: by setting, the name of the credential.',
    input: z.record(z.string(), z.string()),
    perform: ({ shop, stage }, names) => {
      const typed = Object.entries(names).map(([setting, name]) => [
        setting,
        credential(stage, 'arvind', name),
      ])
      return shop.operate('PUT', '/admin/settings/arvind', Object.fromEntries(typed))
    },
  }),
}

/** The website of a brand whose stock and orders Arvind Internet keeps. */
export const arvindSite = website({
  name: 'arvind',
  origin,
  actions,
  things: { 'shop.order': orderThing(['arvind_order_id', 'push']) },
  jobs: ['order-lookup', 'arvind-push'],
  settings: (stage) => ({
    public_url: origin,
    arvind: {
      username: credential(stage, 'arvind', 'username'),
      password: credential(stage, 'arvind', 'password'),
      auth_token: credential(stage, 'arvind', 'auth_token'),
      channel_id: credential(stage, 'arvind', 'channel_id'),
      warehouse_id: credential(stage, 'arvind', 'warehouse_id'),
      ordering_store_id: credential(stage, 'arvind', 'ordering_store_id'),
      api_url: stage.world.baseUrl('arvind'),
    },
    gateway: gatewaySettings(stage),
  }),
  partnerOrderId: (order) => textOrNull(order.arvind_order_id),
  // Arvind keeps the shop's item ids and has none of its own that it tells.
  itemView: (item) => ({ id: String(item.id), partner_item_id: null }),
  // Only FYND sites hold some back (kartify.md 9).
  safetyStock: async () => 0,
})
