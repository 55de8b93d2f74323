import type { CommonOrder } from './model.ts'
import type { OrderRow } from './orders.ts'
import type { OutboxOperation } from './outbox.ts'
import { type Caller, createCaller, type LoggedBodies, type Trace } from './partners/call.ts'
import { createGateway, type Gateway } from './partners/gateway.ts'
import type { ShopPorts } from './ports.ts'
import type { Range } from './products.ts'
import { redact, type SettingsStore, type ShopSwitches } from './settings.ts'
import type { Storage } from './storage.ts'

/** What every room of the shop is given, whichever partner the website has. */
export type Site = SiteBase & {
  /** The call that a captured payment owes the partner; null when the partner is not told of payments. */
  paidCall: OutboxOperation | null
  /** What is held back of the partner's quantities. */
  safetyStock(): number
  /** The order as the admin panel of this website shows it. */
  showOrder(row: OrderRow): CommonOrder & { items: object[] }
}

/** A website before it has a partner. */
export type SiteBase = {
  ports: ShopPorts
  storage: Storage
  settings: SettingsStore
  switches: ShopSwitches
  range: Range
  gateway: Gateway
  /** The one way out to a partner. */
  caller: Caller
  nowMs(): number
  /** Runs `work` once at a time for each key; whoever comes meanwhile gets the same answer. */
  once<T>(key: string, work: () => Promise<T>): Promise<T>
  firstOrderNumber: number
}

/** What one request knows: the calls that it cost. */
export type Visit = { trace: Trace }

const partnerLogRowsMax = 20_000

export function createSite(parts: {
  ports: ShopPorts
  storage: Storage
  settings: SettingsStore
  switches: ShopSwitches
  range: Range
  firstOrderNumber: number
}): SiteBase {
  const { storage, settings } = parts
  const ports = whileAlive(parts.ports, storage)
  const open = (text: string | null) => (text === null ? null : redact(settings.read(), text))
  const caller = createCaller(ports, ({ bodies, ...call }) => {
    storage.transaction('log-call', () => {
      const row: LogRow = { ...call, direction: 'out', detail: open(call.detail) }
      logPartner(storage, ports.clock.nowMs(), row)
      if (bodies === undefined) return
      const { request, response } = bodies
      logBodies(storage, { ...bodies, request: open(request), response: open(response) })
    })
  })
  const running = new Map<string, Promise<unknown>>()
  return {
    ...parts,
    ports,
    caller,
    gateway: createGateway(ports, caller, () => settings.read().gateway),
    nowMs: () => ports.clock.nowMs(),
    once<T>(key: string, work: () => Promise<T>): Promise<T> {
      const known = running.get(key)
      if (known !== undefined) return known as Promise<T>
      const run = work().finally(() => running.delete(key))
      running.set(key, run)
      return run
    },
  }
}

export type LogRow = {
  direction: 'in' | 'out'
  partner: string
  operation: string
  orderId: string | null
  attempt: number
  status: number | null
  outcome: string
  detail: string | null
}

/** One line of the partner log; inside a transaction. Old lines make room. */
export function logPartner(storage: Storage, nowMs: number, row: LogRow) {
  storage.run(
    `INSERT INTO partner_log (at, direction, partner, operation, order_id, attempt, status, outcome, detail)
     VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)`,
    nowMs,
    row.direction,
    row.partner,
    row.operation,
    row.orderId,
    row.attempt,
    row.status,
    row.outcome,
    row.detail,
  )
  storage.run(
    'DELETE FROM partner_log WHERE number <= (SELECT max(number) FROM partner_log) - ?',
    partnerLogRowsMax,
  )
}

/** Request and response of the line that was just logged; inside the same transaction. */
function logBodies(storage: Storage, bodies: LoggedBodies) {
  storage.run(
    `INSERT INTO partner_bodies (log_number, correlation_id, item_id, request, response)
     SELECT max(number), ?, ?, ?, ? FROM partner_log`,
    bodies.correlationId,
    bodies.itemId,
    bodies.request,
    bodies.response,
  )
  storage.run(
    'DELETE FROM partner_bodies WHERE log_number <= (SELECT max(number) FROM partner_log) - ?',
    partnerLogRowsMax,
  )
}

/** A dead process sends nothing and hears nothing: whatever still runs in its name ends here. */
export function whileAlive(ports: ShopPorts, storage: Storage): ShopPorts {
  const alive = () => {
    if (storage.isDead()) throw new ShopStopped()
  }
  const guarded = async <T>(work: () => Promise<T>): Promise<T> => {
    alive()
    try {
      return await work()
    } finally {
      alive()
    }
  }
  return {
    random: (use) => ports.random(use),
    fetch: (url, init) => guarded(() => ports.fetch(url, init)),
    background: (name, job, options) => {
      alive()
      const quietly = async () => {
        try {
          await job()
        } catch (error) {
          // The end of a process is not an error of its jobs.
          if (!storage.isDead()) throw error
        }
      }
      ports.background(name, quietly, options)
    },
    clock: {
      nowMs: () => ports.clock.nowMs(),
      timeout: (delayMs) => ports.clock.timeout(delayMs),
      sleep: (delayMs, signal) => guarded(() => ports.clock.sleep(delayMs, signal)),
    },
  }
}

/** The shop was closed or died while something ran in its name. */
export class ShopStopped extends Error {
  override name = 'ShopStopped'
  constructor() {
    super('The shop has stopped.')
  }
}
