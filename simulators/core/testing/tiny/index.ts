import { z } from 'zod'
import { definePartner } from '../../partner.ts'
import { tinyActs } from './acts.ts'
import { tinyAssumptions } from './assumptions.ts'
import { authenticate } from './auth.ts'
import { createCatalogue } from './catalogue.ts'
import { renderRefusal } from './errors.ts'
import { orderOperations } from './operations/orders.ts'
import { createState, expireOrder, type Tiny, viewOf } from './state.ts'
import { tinyWebhooks } from './webhooks.ts'

/** The smallest complete partner: the one to copy. A shop asks it to keep an item, a clerk hands it over, the shop hears of it. */
export const tiny = definePartner<Tiny>({
  name: 'tiny',
  title: 'Tiny Left Luggage',
  port: 4090,
  wire: new URL('./openapi.yaml', import.meta.url),
  baseUrl: (origin) => `${origin}/v1`,
  catalogue: createCatalogue,
  createState,
  createCredentials: (random) => ({ key: `fake-key-${random.hex(12)}` }),
  openCredentials: [],
  site: z.strictObject({ webhook_url: z.url().optional() }),
  assumptions: tinyAssumptions,
  authenticate,
  operations: orderOperations,
  acts: tinyActs,
  timers: { 'tiny.order.expire': expireOrder },
  webhooks: tinyWebhooks,
  renderRefusal,
  view: viewOf,
})
