import { currentIntervalMinutes, syncInventory } from './inventory.ts'
import { lookUpOrders } from './order-lookup.ts'
import type { Outbox } from './outbox.ts'
import { type LogRow, logPartner, type Site, type Visit } from './site.ts'

export const cronNames = ['fynd-inventory', 'order-lookup'] as const
export type CronName = (typeof cronNames)[number]

export type Jobs = {
  /** Runs one cron now. `undefined` when it is running already: an overlapping run is refused. */
  run(name: CronName, visit: Visit): Promise<object> | undefined
  /** Starts the crons by the shop's clock. */
  start(): void
  close(): void
}

const lookupMinutes = 15

export function createJobs(site: Site, outbox: Outbox): Jobs {
  const running = new Set<CronName>()
  const naps = new Set<AbortController>()
  let isClosed = false

  const work: Record<CronName, (visit: Visit) => Promise<object>> = {
    'fynd-inventory': (visit) => syncInventory(site, visit),
    'order-lookup': (visit) => lookUpOrders(site, outbox, visit),
  }
  const minutes: Record<CronName, () => number> = {
    'fynd-inventory': () => currentIntervalMinutes(site),
    'order-lookup': () => lookupMinutes,
  }
  const runNow = async (name: CronName, visit: Visit) => {
    running.add(name)
    try {
      return await work[name](visit)
    } finally {
      running.delete(name)
    }
  }
  const nap = async (delayMs: number) => {
    const waking = new AbortController()
    naps.add(waking)
    try {
      await site.ports.clock.sleep(delayMs, waking.signal)
    } catch (error) {
      if (!waking.signal.aborted) throw error
    } finally {
      naps.delete(waking)
    }
  }
  const repeat = async (name: CronName) => {
    while (!isClosed) {
      try {
        if (!running.has(name)) await runNow(name, { trace: [] })
      } catch (error) {
        // A cron outlives its bad days; what happened is kept, and the next round tries again.
        if (site.storage.isDead()) throw error
        site.storage.transaction('log-cron', () =>
          logPartner(site.storage, site.nowMs(), broken(name, error)),
        )
      }
      await nap(minutes[name]() * 60_000)
    }
  }
  return {
    run: (name, visit) => (running.has(name) ? undefined : runNow(name, visit)),
    start() {
      for (const name of cronNames) site.ports.background(`cron:${name}`, () => repeat(name))
    },
    close() {
      isClosed = true
      for (const waking of naps) waking.abort(new Error('Closed.'))
    },
  }
}

function broken(name: CronName, error: unknown): LogRow {
  const detail = error instanceof Error ? error.message.slice(0, 500) : 'unknown error'
  const operation = `cron:${name}`
  return {
    direction: 'out',
    partner: 'fynd',
    operation,
    orderId: null,
    attempt: 1,
    status: null,
    outcome: 'failed',
    detail,
  }
}
