import { listOf, type ShopThing } from './reference-site.ts'
import { websiteThings } from './website-things.ts'

/** What stands where in the answers of the seller. */
export const konnectThings: Record<string, ShopThing> = {
  'shop.order': {
    about: 'Orders and returns as the seller knows them.',
    keys: [
      'id',
      'kind',
      'forward_id',
      'location',
      'ordering_channel',
      'marketplace_order_id',
      'status',
      'is_self_ship',
      'order_date',
      'invoice_number',
      'credit_note_number',
      'courier',
      'reserved',
      'shipped',
      'lines',
      'work',
      'history',
      'modified_at',
    ],
    read: async (shop) => listOf((await shop.operate('GET', '/seller/orders')).orders),
  },
  'shop.stock': {
    about: 'What the warehouse has, location by location, and what Konnect was told of it.',
    keys: ['location', 'sku', 'on_hand', 'reserved', 'quantity', 'pushed', 'state', 'error'],
    shorthand: 'sku',
    read: async (shop) => listOf((await shop.operate('GET', '/seller/stock')).items),
  },
  'shop.price': {
    about: 'Prices of the seller, and whether Konnect took them.',
    keys: ['location', 'sku', 'esp_minor', 'mrp_minor', 'currency', 'state', 'error'],
    shorthand: 'sku',
    read: async (shop) => listOf((await shop.operate('GET', '/seller/prices')).items),
  },
  'shop.product-job': {
    about: 'Jobs by which the seller creates, changes and deletes products.',
    keys: [
      'id',
      'operation',
      'state',
      'trace_id',
      'item_codes',
      'intake',
      'processing',
      'last_error',
      'created_at',
      'ended_at',
    ],
    read: async (shop) => listOf((await shop.operate('GET', '/seller/product-jobs')).jobs),
  },
  'shop.calls': {
    ...(websiteThings['shop.calls'] as ShopThing),
  },
  'shop.outbox': {
    about: 'Work that waits, was refused or is dead.',
    keys: ['id', 'operation', 'order_id', 'state', 'attempts', 'due_at', 'code', 'last_error'],
    shorthand: 'state',
    read: async (shop) => listOf((await shop.operate('GET', '/admin/outbox')).entries),
  },
}
