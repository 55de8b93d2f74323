import { Hono } from 'hono'
import { openFrontDoor } from '../front-door.ts'
import { PartnerError } from '../partners/errors.ts'
import type { ShopPorts } from '../ports.ts'
import type { ShopEnv } from '../routes/door.ts'
import { sellerAdminRoutes } from '../routes/seller-admin.ts'
import { sellerCatalogueRoutes } from '../routes/seller-catalogue.ts'
import { sellerOrderRoutes } from '../routes/seller-orders.ts'
import { sellerStockRoutes } from '../routes/seller-stock.ts'
import type { Storage } from '../storage.ts'
import { createOrderHint } from './order-hint.ts'
import { orderHandler, orderOperations } from './order-operations.ts'
import { createOrderWork, type WorkHandler } from './order-work.ts'
import { productHandler, productOperations } from './product-jobs.ts'
import { createSellerJobs } from './seller-jobs.ts'
import {
  openSellerSettings,
  type SellerSettings,
  type SellerSettingsStore,
} from './seller-settings.ts'
import { createSellerSite, type SellerSite } from './seller-site.ts'

export type SellerOptions = {
  site: 'konnect'
  ports: ShopPorts
  storage: Storage
  /** Plain settings, or a document that is kept somewhere (`openSellerSettings`). */
  settings: SellerSettings | SellerSettingsStore
  /** Starts the jobs with `start()`; off in scenarios, on for sockets. */
  crons?: boolean
  /** Opens `POST /admin/clock`, for tests only. */
  moveClock?: (advanceMs: number) => void
  /** The first invoice number; 1 unless given. */
  firstOrderNumber?: number
}

/** Builds the Konnect seller (design.md 8): stock and prices out, orders in, order work, catalogue. Throws when the settings cannot work. */
export function createSeller(options: SellerOptions) {
  const { storage, settings: given } = options
  const settings = 'read' in given ? given : openSellerSettings(given)
  const site = createSellerSite({
    ports: options.ports,
    storage,
    settings,
    firstInvoiceNumber: options.firstOrderNumber ?? 1,
  })
  const handlers = workHandlers(site)
  const work = createOrderWork(site, (operation) => {
    const handler = handlers.get(operation)
    if (handler === undefined) throw new Error(`No work is called "${operation}".`)
    return handler
  })
  const hint = createOrderHint(site)
  const jobs = createSellerJobs(site)
  const rooms = new Hono<ShopEnv>()
    .route('/', sellerStockRoutes(site))
    .route('/', sellerOrderRoutes({ site, work, hint }))
    .route('/', sellerCatalogueRoutes(site, work))
    .route('/', sellerAdminRoutes(site, jobs, hint, options.moveClock))
  rooms.onError((error, c) => {
    if (!(error instanceof PartnerError)) throw error
    const { kind, message } = error.failure
    const text = site.redact(message)
    return c.json({ error: { code: kind, message: text }, calls: c.get('visit').trace }, 502)
  })
  return {
    fetch: openFrontDoor({
      site: 'konnect',
      storage,
      nowMs: site.nowMs,
      report: (error) => options.ports.background('bug', () => Promise.reject(error)),
      rooms: [rooms],
    }),
    start() {
      work.wake()
      hint.wake()
      if (options.crons === true) jobs.start()
    },
    close() {
      jobs.close()
      hint.close()
      work.close()
      storage.close()
    },
  }
}

function workHandlers(site: SellerSite): Map<string, WorkHandler> {
  return new Map([
    ...orderOperations.map((name) => [name, orderHandler(site, name)] as const),
    ...productOperations.map((name) => [`${name}-products`, productHandler(site, name)] as const),
  ])
}
