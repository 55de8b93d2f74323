import { type Catalogue, defaultCatalogue } from './catalogue.ts'
import { openFrontDoor } from './front-door.ts'
import { createJobs } from './jobs.ts'
import { createSeller, type SellerOptions } from './konnect/seller.ts'
import type { ShopPorts } from './ports.ts'
import { openRange } from './products.ts'
import { adminRoutes } from './routes/admin.ts'
import { gatewayRoutes } from './routes/gateway.ts'
import {
  defaultSwitches,
  openSettings,
  type SettingsStore,
  type ShopSettings,
  type ShopSwitches,
} from './settings.ts'
import { createSite } from './site.ts'
import type { Storage } from './storage.ts'
import { type SiteName, websites } from './websites.ts'

export type { ArvindOrder, ArvindOrderItem } from './arvind-orders.ts'
export type { Catalogue } from './catalogue.ts'
export { defaultCatalogue } from './catalogue.ts'
export type { SellerOptions } from './konnect/seller.ts'
export type { SellerOrder } from './konnect/seller-orders.ts'
export {
  openSellerSettings,
  type SellerSettings,
  type SellerSettingsStore,
} from './konnect/seller-settings.ts'
export type { Order, OrderItem } from './model.ts'
export type { ShopClock, ShopPorts, ShopRequestInit } from './ports.ts'
export {
  openSettings,
  type SettingsStore,
  type ShopSettings,
  type ShopSwitches,
} from './settings.ts'
export { ShopStopped } from './site.ts'
export { openStorage, type Storage, StorageDead } from './storage.ts'

export type { SiteName } from './websites.ts'

export type ShopOptions = {
  site: SiteName
  ports: ShopPorts
  storage: Storage
  /** Plain settings, or a document that is kept somewhere (`openSettings`). */
  settings: ShopSettings | SettingsStore
  catalogue?: Catalogue
  switches?: Partial<ShopSwitches>
  /** Starts the crons with `start()`; off in scenarios, on for sockets. */
  crons?: boolean
  /** Opens `POST /admin/clock`, for tests only. */
  moveClock?: (advanceMs: number) => void
  /** The first order id; 100001 unless given. */
  firstOrderNumber?: number
}

/** A website: a Hono app plus jobs. `start` queues background work, `close` ends it. */
export type Shop = {
  /** Rejects with `ShopStopped` once the storage is dead or the shop is closed: a dead process answers nobody. */
  fetch(request: Request): Promise<Response>
  start(): void
  close(): void
}

/**
 * Builds one website with one partner, or the Konnect seller (kartify.md). Throws when the catalogue contradicts itself or the
 * partner's settings are missing or cannot work.
 */
export function createShop(options: ShopOptions | SellerOptions): Shop {
  return options.site === 'konnect' ? createSeller(options) : createWebsite(options)
}

function createWebsite(options: ShopOptions): Shop {
  const { storage } = options
  const settings = isStore(options.settings) ? options.settings : openSettings(options.settings)
  const base = createSite({
    ports: options.ports,
    storage,
    settings,
    switches: { ...defaultSwitches, ...options.switches },
    range: openRange(storage, options.catalogue ?? defaultCatalogue),
    firstOrderNumber: options.firstOrderNumber ?? 100_001,
  })
  const { site, outbox, crons, routes } = websites[options.site](base)
  const jobs = createJobs(site, crons)
  return {
    fetch: openFrontDoor({
      site: options.site,
      storage,
      nowMs: site.nowMs,
      report: (error) => options.ports.background('bug', () => Promise.reject(error)),
      rooms: [
        routes,
        gatewayRoutes(site, outbox),
        adminRoutes(site, outbox, jobs, options.moveClock),
      ],
    }),
    start() {
      outbox.wake()
      if (options.crons === true) jobs.start()
    },
    close() {
      jobs.close()
      outbox.close()
      storage.close()
    },
  }
}

function isStore(settings: ShopSettings | SettingsStore): settings is SettingsStore {
  return 'read' in settings
}
