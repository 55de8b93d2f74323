import { z } from 'zod'
import { definePartner } from '../core/partner.ts'
import { acts } from './acts.ts'
import { assumptions } from './assumptions.ts'
import { authenticate, createCredentials, openCredentials } from './auth.ts'
import { batches } from './batches.ts'
import { buildCatalogue } from './catalogue.ts'
import { renderRefusal } from './errors.ts'
import { documentOperations } from './operations/documents.ts'
import { orderWriteOperations } from './operations/order-writes.ts'
import { orderOperations } from './operations/orders.ts'
import { productOperations } from './operations/products.ts'
import { referenceOperations } from './operations/reference.ts'
import { returnOperations } from './operations/returns.ts'
import { selfShipOperations } from './operations/self-ship.ts'
import { stockOperations } from './operations/stock.ts'
import { tokenOperations } from './operations/token.ts'
import { assignTimer, tryAssign } from './rules/couriers.ts'
import { jobTimer, processNext } from './rules/jobs.ts'
import { aggregators, createState, type KonnectTypes } from './state.ts'
import { things, view } from './view.ts'
import { webhooks } from './webhooks.ts'

export { signWebhook } from './webhooks.ts'

/** Fynd Konnect's partner API: 31 operations, three sandboxes, one seller (facts/konnect.md). */
export const konnect = definePartner<KonnectTypes>({
  name: 'konnect',
  title: 'Fynd Konnect',
  port: 4030,
  wire: new URL('./openapi.yaml', import.meta.url),
  baseUrl: (origin) => origin,
  servers: aggregators.map((name) => `/a/${name}`),
  catalogue: buildCatalogue,
  createState: () => createState(),
  createCredentials,
  openCredentials,
  site: z.strictObject({
    base_url: z.url().optional(),
    webhook_url: z.url().optional(),
    webhook_secret: z.string().min(1).max(200).optional(),
  }),
  assumptions,
  authenticate,
  operations: {
    ...tokenOperations,
    ...referenceOperations,
    ...productOperations,
    ...stockOperations,
    ...orderOperations,
    ...orderWriteOperations,
    ...selfShipOperations,
    ...documentOperations,
    ...returnOperations,
  },
  batches,
  acts,
  timers: { [assignTimer]: tryAssign, [jobTimer]: processNext },
  webhooks,
  renderRefusal,
  view,
  things,
})
