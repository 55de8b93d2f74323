import { Hono } from 'hono'
import { fyndCheckout } from './fynd-checkout.ts'
import { confirmHandler } from './fynd-confirming.ts'
import { currentIntervalMinutes, syncInventory } from './fynd-inventory.ts'
import { showFyndOrder } from './fynd-orders.ts'
import { placingHandler } from './fynd-placing.ts'
import { reportHandler, reportingRefunds } from './fynd-refund-reports.ts'
import { lookupCron } from './order-lookup.ts'
import { createOutbox, type Outbox } from './outbox.ts'
import { createFynd, type Fynd } from './partners/fynd.ts'
import { refundHandler } from './payments.ts'
import type { ShopEnv } from './routes/door.ts'
import { fyndAccountRoutes } from './routes/fynd-account.ts'
import { fyndAdminRoutes } from './routes/fynd-admin.ts'
import { fyndManualRoutes } from './routes/fynd-manual-calls.ts'
import { fyndWebhookRoutes } from './routes/fynd-webhook.ts'
import { shopRoutes } from './routes/shop.ts'
import { gofyndOf } from './settings.ts'
import type { Site, SiteBase } from './site.ts'
import type { Website } from './websites.ts'

export type FyndSite = Site & { fynd: Fynd }

/** A website whose partner is FYND (kartify.md 4): asked in real time, told of payments, stock fetched by a cron. */
export function openFyndSite(base: SiteBase): Website {
  const account = () => gofyndOf(base.settings)
  const site: FyndSite = {
    ...base,
    fynd: createFynd(base.ports, base.caller, account),
    paidCall: 'confirm-payment',
    safetyStock: () => account().safety_stock ?? 0,
    showOrder: (row) => showFyndOrder(base.storage, row),
  }
  account()
  const outbox: Outbox = createOutbox(site, {
    'order-placed': placingHandler(site),
    'confirm-payment': confirmHandler(site),
    refund: reportingRefunds(site, refundHandler(site), () => outbox),
    'refund-report': reportHandler(site),
  })
  return {
    site,
    outbox,
    crons: [
      {
        name: 'fynd-inventory',
        partner: 'fynd',
        everyMinutes: () => currentIntervalMinutes(site),
        run: (visit) => syncInventory(site, visit),
      },
      lookupCron(site, outbox),
    ],
    routes: new Hono<ShopEnv>()
      .route('/', shopRoutes(site, fyndCheckout(site, outbox)))
      .route('/', fyndWebhookRoutes(site, outbox))
      .route('/', fyndAccountRoutes(site))
      .route('/', fyndManualRoutes(site, outbox))
      .route('/', fyndAdminRoutes(site)),
  }
}
