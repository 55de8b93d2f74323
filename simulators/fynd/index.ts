import { z } from 'zod'
import { definePartner } from '../core/partner.ts'
import { acts } from './acts.ts'
import { assumptions } from './assumptions.ts'
import { authenticate } from './auth.ts'
import { batches } from './batches.ts'
import { buildCatalogue } from './catalogue.ts'
import { renderRefusal } from './errors.ts'
import { inventoryOperations } from './operations/inventory.ts'
import { orderOperations } from './operations/orders.ts'
import { serviceabilityOperations } from './operations/serviceability.ts'
import { shipmentOperations } from './operations/shipments.ts'
import { trackOperations } from './operations/track.ts'
import { endReservation, expirePending } from './rules/orders.ts'
import { createState, type FyndContext, type FyndTypes } from './state.ts'
import { things, view } from './view.ts'
import { webhooks } from './webhooks.ts'

export { signRequest, writeSignatureDate } from './auth.ts'
export { signWebhook } from './webhooks.ts'

/** FYND's affiliate API as Kartify uses it: facts/fynd.md, F1 to F8, the whole machine of a bag, and its webhooks. */
export const fynd = definePartner<FyndTypes>({
  name: 'fynd',
  title: 'GoFynd affiliate API',
  port: 4010,
  wire: new URL('./openapi.yaml', import.meta.url),
  baseUrl: (origin) => `${origin}/gofynd`,
  catalogue: buildCatalogue,
  createState: () => createState(),
  createCredentials: (random) => ({
    affiliate_id: `fa4e${random.hex(20)}`,
    token: `fake-token-${random.hex(24)}`,
    secret: `fake-secret-${random.hex(24)}`,
  }),
  openCredentials: ['affiliate_id'],
  site: z.strictObject({
    base_url: z.url().optional(),
    webhook_url: z.url().optional(),
    secret: z.string().min(1).max(200).optional(),
  }),
  assumptions,
  authenticate,
  operations: {
    ...inventoryOperations,
    ...serviceabilityOperations,
    ...orderOperations,
    ...trackOperations,
    ...shipmentOperations,
  },
  batches,
  acts,
  timers: {
    'fynd.reservation.end': (ctx: FyndContext, args: { orderId: string }) =>
      endReservation(ctx, args.orderId),
    'fynd.order.expire': (ctx: FyndContext, args: { orderId: string }) =>
      expirePending(ctx, args.orderId),
  },
  webhooks,
  renderRefusal,
  view,
  things,
})
