import { listOf, type ShopThing } from './reference-site.ts'
import type { ShopSurface } from './shop-surface.ts'

/** What stands where in the answers of every website; order as the shop gives it. */
export const websiteThings: Record<string, ShopThing> = {
  'shop.product': {
    about: 'Products as customers see them.',
    keys: ['id', 'title', 'visible', 'options'],
    read: async (shop) => listOf((await shop.operate('GET', '/shop/products')).products),
  },
  'shop.stock': {
    about: 'One entry for each option that is sold: what the shop would sell of it.',
    keys: ['product', 'value', 'sku', 'price_minor', 'quantity'],
    read: async (shop) =>
      listOf((await shop.operate('GET', '/shop/products')).products).flatMap((product) =>
        listOf(product.options).map((option) => ({ product: product.id, ...option })),
      ),
  },
  'shop.page': {
    about: 'The page that a customer was led to last. Text is the name of the page.',
    keys: [
      'customer',
      'status',
      'page',
      'message',
      'calls',
      'lines',
      'order_id',
      'fynd_order_id',
      'payment_id',
      'pay_url',
      'total_minor',
      'details',
      'shipments',
      'buttons',
      'error',
      'accepted',
      'error_code',
      'return_id',
      'items',
      'item_id',
      'item_status',
      'fields',
      'order_status',
      'payment_mode',
      'ordered_at',
      'orders',
      'reasons',
      'coupon',
      'discount_minor',
    ],
    shorthand: 'page',
    read: async (shop) => shop.pages(),
  },
  'shop.answer': {
    about: 'What the shop answered last, to an operator or a customer, and which action asked.',
    keys: [
      'action',
      'id',
      'status',
      'body',
      'why',
      'why_hidden',
      'visible',
      'options',
      'unmapped',
      'rows',
      'ran',
      'skipped',
      'mode',
      'pages',
      'skus',
      'cursor',
      'refunded_minor',
      'refund_due_minor',
      'refunds',
      'calls',
      'error',
    ],
    shorthand: 'action',
    read: async (shop) => shop.answers(),
  },
  'shop.mails': log('email', 'E-mails that events of the partner caused.', [
    'id',
    'at',
    'order_id',
    'event',
    'event_id',
    'to',
    'text',
  ]),
  'shop.sms': log('sms', 'SMS that were sent.', [
    'id',
    'at',
    'order_id',
    'event',
    'event_id',
    'to',
    'text',
  ]),
  'shop.calls': log('partner', "The shop's own log of calls to and from its partners.", [
    'id',
    'at',
    'direction',
    'partner',
    'operation',
    'order_id',
    'attempt',
    'status',
    'outcome',
    'detail',
    'correlation_id',
    'item_id',
    'request',
    'response',
  ]),
  'shop.outbox': {
    about: 'Calls that wait or are dead.',
    keys: ['id', 'operation', 'order_id', 'state', 'attempts', 'due_at', 'last_error'],
    shorthand: 'state',
    read: async (shop) => listOf((await shop.operate('GET', '/admin/outbox')).entries),
  },
}

function log(name: string, about: string, keys: string[]): ShopThing {
  const shorthand = name === 'partner' ? 'operation' : 'event'
  const read = async (shop: ShopSurface) =>
    listOf((await shop.operate('GET', `/admin/logs/${name}`)).entries)
  return { about, keys, shorthand, read }
}

/** Orders of a website; `own` is what this partner adds to them. */
export const orderThing = (own: string[]): ShopThing => ({
  about: 'Orders as the admin panel shows them, missing ones too.',
  keys: [
    'id',
    'status',
    'customer',
    'payment_mode',
    'pincode',
    'total_minor',
    ...own,
    'created_at',
    'modified_at',
    'payment',
    'refund_due_minor',
    'refunded_minor',
    'refunds',
    'items',
    'history',
  ],
  read: async (shop) => listOf((await shop.operate('GET', '/admin/orders?status=any')).orders),
})
