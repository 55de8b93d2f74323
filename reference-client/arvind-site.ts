import { Hono } from 'hono'
import { arvindCheckout } from './arvind-checkout.ts'
import { showArvindOrder } from './arvind-orders.ts'
import { pushCron } from './arvind-push.ts'
import { lookupCron } from './order-lookup.ts'
import { createOutbox } from './outbox.ts'
import { type Arvind, createArvind } from './partners/arvind.ts'
import { refundHandler } from './payments.ts'
import { arvindAccountRoutes } from './routes/arvind-account.ts'
import { arvindAdminRoutes } from './routes/arvind-admin.ts'
import { arvindInboundRoutes } from './routes/arvind-inbound.ts'
import type { ShopEnv } from './routes/door.ts'
import { shopRoutes } from './routes/shop.ts'
import { arvindOf } from './settings.ts'
import type { Site, SiteBase } from './site.ts'
import type { Website } from './websites.ts'

export type ArvindSite = Site & { arvind: Arvind }

/**
 * A website whose partner is Arvind Internet (kartify.md 5): stock is pushed into it, orders leave by a cron. The partner is told of no
 * payment, and an order that is processing is itself the note that it has to be pushed.
 */
export function openArvindSite(base: SiteBase): Website {
  const account = () => arvindOf(base.settings)
  const site: ArvindSite = {
    ...base,
    arvind: createArvind(base.ports, base.caller, account),
    paidCall: null,
    // Only FYND sites have a safety stock (kartify.md 9).
    safetyStock: () => 0,
    showOrder: (row) => showArvindOrder(site, row),
  }
  account()
  const outbox = createOutbox(site, { refund: refundHandler(site) })
  return {
    site,
    outbox,
    crons: [pushCron(site), lookupCron(site, outbox)],
    routes: new Hono<ShopEnv>()
      .route('/', shopRoutes(site, arvindCheckout(site)))
      .route('/', arvindInboundRoutes(site))
      .route('/', arvindAccountRoutes(site))
      .route('/', arvindAdminRoutes(site)),
  }
}

/** False when the operator switched the module off: nothing is sent, and update inventory is closed (arvind.md 2). */
export function isModuleOn(site: ArvindSite): boolean {
  return arvindOf(site.settings).status !== 'disabled'
}
