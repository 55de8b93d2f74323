import type { Catalogue } from './catalogue.ts'
import type { ShopPorts } from './ports.ts'
import type { ShopSettings, ShopSwitches } from './settings.ts'
import type { Storage } from './storage.ts'

export type { Catalogue } from './catalogue.ts'
export type { Order, OrderItem } from './model.ts'
export type { ShopClock, ShopPorts, ShopRequestInit } from './ports.ts'
export type { ShopSettings, ShopSwitches } from './settings.ts'
export { openStorage, type Storage } from './storage.ts'

export type ShopOptions = {
  site: 'fynd'
  ports: ShopPorts
  storage: Storage
  settings: ShopSettings
  catalogue?: Catalogue
  switches?: Partial<ShopSwitches>
  /** Starts the crons with `start()`; off in scenarios, on for sockets. */
  crons?: boolean
  /** Opens `POST /admin/clock`, for tests only. */
  moveClock?: (advanceMs: number) => void
}

/** A website: a Hono app plus jobs. `start` queues background work, `close` ends it. */
export type Shop = {
  fetch(request: Request): Promise<Response>
  start(): void
  close(): void
}

/** Builds one website with one partner (facts of the FYND site: kartify.md). */
export function createShop(_options: ShopOptions): Shop {
  throw new Error('The reference client is not built yet.')
}
