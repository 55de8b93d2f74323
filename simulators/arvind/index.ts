import { z } from 'zod'
import { definePartner } from '../core/partner.ts'
import { acts } from './acts.ts'
import { assumptions } from './assumptions.ts'
import { authenticate } from './auth.ts'
import { buildCatalogue } from './catalogue.ts'
import { renderRefusal } from './errors.ts'
import { changeOperations } from './operations/changes.ts'
import { lookupOperations } from './operations/lookups.ts'
import { orderOperations } from './operations/orders.ts'
import { serviceabilityOperations } from './operations/serviceability.ts'
import { assignLater, bookLater } from './rules/booking.ts'
import { addNeighbours } from './rules/channels.ts'
import { pushChanges, scheduleTick, tick } from './rules/inventory-push.ts'
import { type ArvindContext, type ArvindTypes, createState } from './state.ts'
import { things, view } from './view.ts'
import { webhooks } from './webhooks.ts'

/** Arvind Internet's order service as Kartify uses it, and its pushes into the shop: facts/arvind.md 3 and 4. */
export const arvind = definePartner<ArvindTypes>({
  name: 'arvind',
  title: 'Arvind Internet order service',
  port: 4020,
  wire: new URL('./openapi.yaml', import.meta.url),
  baseUrl: (origin) => origin,
  catalogue: buildCatalogue,
  createState: (_catalogue, startMs) => createState(startMs),
  start: (ctx: ArvindContext) => {
    addNeighbours(ctx)
    scheduleTick(ctx)
  },
  periodic: ['arvind.inventory.push'],
  createCredentials: (random) => ({
    auth_token: `fake-token-${random.hex(40)}`,
    renewed_auth_token: `fake-token-${random.hex(40)}`,
    channel_id: String(random.int(10, 99)),
    warehouse_id: `Brand_${random.digits(4)}`,
    ordering_store_id: `OS${random.digits(5)}`,
    username: `fake-user-${random.hex(6)}`,
    password: `fake-password-${random.hex(24)}`,
  }),
  openCredentials: ['channel_id', 'warehouse_id', 'ordering_store_id', 'username'],
  site: z.strictObject({
    base_url: z.url().optional(),
    update_inventory_url: z.url().optional(),
    order_status_url: z.url().optional(),
    username: z.string().min(1).max(200).optional(),
    password: z.string().min(1).max(200).optional(),
  }),
  assumptions,
  authenticate,
  operations: {
    ...serviceabilityOperations,
    ...orderOperations,
    ...changeOperations,
    ...lookupOperations,
  },
  acts,
  timers: {
    'arvind.order.book': (ctx: ArvindContext, args: { orderId: string }) =>
      bookLater(ctx, args.orderId),
    'arvind.order.assign': (ctx: ArvindContext, args: { orderId: string }) =>
      assignLater(ctx, args.orderId),
    'arvind.inventory.push-changes': pushChanges,
    'arvind.inventory.tick': tick,
  },
  webhooks,
  renderRefusal,
  view,
  things,
})
