import { isRecord } from '../difference.ts'
import type { Thing } from '../vocabulary.ts'
import type { Outcome } from './driver.ts'
import type { ShopSurface } from './shop-surface.ts'

export const listOf = (value: unknown): Outcome[] =>
  Array.isArray(value) ? value.filter(isRecord) : []

/** What stands where in the shop's answers; order as the shop gives it. */
const readers: Record<string, Thing & { read(shop: ShopSurface): Promise<unknown[]> }> = {
  'shop.order': {
    about: 'Orders as the admin panel shows them, missing ones too.',
    keys: [
      'id',
      'status',
      'customer',
      'payment_mode',
      'pincode',
      'total_minor',
      'fynd_order_id',
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
  },
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
    ],
    shorthand: 'page',
    read: async (shop) => shop.pages(),
  },
  'shop.mails': log('gofynd-email', 'E-mails that events of the partner caused.', [
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
  ]),
  'shop.outbox': {
    about: 'Calls that wait or are dead.',
    keys: ['id', 'operation', 'order_id', 'state', 'attempts', 'due_at', 'last_error'],
    shorthand: 'state',
    read: async (shop) => listOf((await shop.operate('GET', '/admin/outbox')).entries),
  },
}

function log(name: string, about: string, keys: string[]) {
  const shorthand = name === 'partner' ? 'operation' : 'event'
  const read = async (shop: ShopSurface) =>
    listOf((await shop.operate('GET', `/admin/logs/${name}`)).entries)
  return { about, keys, shorthand, read }
}

/** What an expectation can look at at the reference client. */
export const referenceThings: Record<string, Thing> = Object.fromEntries(
  Object.entries(readers).map(([name, { read: _, ...thing }]) => [name, thing]),
)

export async function readThings(shop: ShopSurface, thing: string): Promise<unknown[]> {
  const reader = readers[thing]
  if (!reader) throw new Error(`Nothing to look at as "${thing}".`)
  return reader.read(shop)
}
