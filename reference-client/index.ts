import { Hono } from 'hono'
import { type Catalogue, defaultCatalogue } from './catalogue.ts'
import { createJobs } from './jobs.ts'
import type { ShopPorts } from './ports.ts'
import { openRange } from './products.ts'
import { ShopRefusal } from './refusal.ts'
import { adminRoutes } from './routes/admin.ts'
import type { ShopEnv } from './routes/door.ts'
import { gatewayRoutes } from './routes/gateway.ts'
import {
  defaultSwitches,
  openSettings,
  redact,
  type SettingsStore,
  type ShopSettings,
  type ShopSwitches,
} from './settings.ts'
import { createSite, ShopStopped } from './site.ts'
import type { Storage } from './storage.ts'
import { type SiteName, websites } from './websites.ts'

export type { Catalogue } from './catalogue.ts'
export { defaultCatalogue } from './catalogue.ts'
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

/** Builds one website with one partner (kartify.md). Throws when the catalogue contradicts itself or the partner's settings are missing. */
export function createShop(options: ShopOptions): Shop {
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
  const app = new Hono<ShopEnv>()
    .use(async (c, next) => {
      c.set('visit', { trace: [] })
      await next()
    })
    .get('/health', (c) => c.json({ ok: true, site: options.site, now_ms: site.nowMs() }))
    .route('/', routes)
    .route('/', gatewayRoutes(site, outbox))
    .route('/', adminRoutes(site, outbox, jobs, options.moveClock))
  app.notFound((c) => {
    const allowed = methodsOf(app, c.req.path)
    const error = (code: string, message: string) => ({ error: { code, message } })
    if (allowed.length === 0) return c.json(error('not-found', `Nothing at ${c.req.path}.`), 404)
    c.header('allow', allowed.join(', '))
    return c.json(error('method-not-allowed', `${c.req.method} is not for ${c.req.path}.`), 405)
  })
  app.onError((error, c) => {
    if (storage.isDead()) throw error
    if (error instanceof ShopRefusal) {
      const { code, message, status } = error
      return c.json({ error: { code, message }, calls: c.get('visit').trace }, status)
    }
    const message = redact(settings.read(), error.message).slice(0, 300)
    return c.json({ error: { code: 'bug', message } }, 500)
  })

  return {
    async fetch(request) {
      if (storage.isDead()) throw new ShopStopped()
      const response = await app.fetch(request)
      if (storage.isDead()) throw new ShopStopped()
      return response
    },
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

/** The methods that a path has; a path with parameters matches segment by segment. */
function methodsOf(app: Hono<ShopEnv>, path: string): string[] {
  const segments = path.split('/')
  const matching = app.routes.filter(({ method, path: pattern }) => {
    const wanted = pattern.split('/')
    return (
      method !== 'ALL' &&
      wanted.length === segments.length &&
      wanted.every((part, index) => part.startsWith(':') || part === segments[index])
    )
  })
  return [...new Set(matching.map((route) => route.method))]
}

function isStore(settings: ShopSettings | SettingsStore): settings is SettingsStore {
  return 'read' in settings
}
