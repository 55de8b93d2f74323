import { logPartner, type Visit } from '../site.ts'
import { pollCouriers } from './courier-poll.ts'
import { currentPollMinutes, pollOrders, pollReturns } from './order-poll.ts'
import { checkParity } from './parity-check.ts'
import { pollJobs } from './product-jobs.ts'
import type { SellerSite } from './seller-site.ts'
import { pushInventory, pushPrices } from './seller-stock.ts'

export const sellerJobNames = [
  'inventory-push',
  'price-push',
  'order-poll',
  'courier-poll',
  'returns-poll',
  'catalogue-poll',
  'parity-check',
] as const
export type SellerJobName = (typeof sellerJobNames)[number]

type Job = {
  minutes(): number
  /** `byHand`: an operator or a test asks for it now. */
  run(visit: Visit, byHand: boolean): Promise<object>
}

export type SellerJobs = {
  /** Runs one job now. `undefined` when it is running already: an overlapping run is refused. */
  run(name: SellerJobName, visit: Visit): Promise<object> | undefined
  /** Starts them by the seller's clock. */
  start(): void
  close(): void
}

export function createSellerJobs(site: SellerSite): SellerJobs {
  const jobs = defineJobs(site)
  const running = new Set<SellerJobName>()
  const naps = new Set<AbortController>()
  let isClosed = false

  const runNow = async (name: SellerJobName, visit: Visit, byHand: boolean) => {
    running.add(name)
    try {
      return await jobs[name].run(visit, byHand)
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
  const repeat = async (name: SellerJobName) => {
    while (!isClosed) {
      try {
        if (!running.has(name)) await runNow(name, { trace: [] }, false)
      } catch (error) {
        // A job outlives its bad days; what happened is kept, and the next round tries again.
        if (site.storage.isDead()) throw error
        logFailure(site, name, error)
      }
      await nap(jobs[name].minutes() * 60_000)
    }
  }
  return {
    run: (name, visit) => (running.has(name) ? undefined : runNow(name, visit, true)),
    start() {
      for (const name of sellerJobNames) {
        site.ports.background(`cron:${name}`, () => repeat(name), { isPeriodic: true })
      }
    },
    close() {
      isClosed = true
      for (const waking of naps) waking.abort(new Error('Closed.'))
    },
  }
}

function defineJobs(site: SellerSite): Record<SellerJobName, Job> {
  return {
    'inventory-push': {
      minutes: () => 5,
      // A quantity is absolute: sent without knowing the latest orders it would sell their units again.
      async run(visit) {
        const { window: _, ...polled } = await pollOrders(site, visit)
        return { ...(await pushInventory(site, visit)), polled }
      },
    },
    'price-push': { minutes: () => 15, run: (visit) => pushPrices(site, visit) },
    'order-poll': {
      minutes: () => currentPollMinutes(site),
      run: (visit) => pollOrders(site, visit),
    },
    'courier-poll': {
      minutes: () => 1,
      run: (visit, byHand) => pollCouriers(site, visit, byHand ? 'all' : 'due'),
    },
    'returns-poll': { minutes: () => 15, run: (visit) => pollReturns(site, visit) },
    'catalogue-poll': { minutes: () => 1, run: (visit) => pollJobs(site, visit) },
    'parity-check': { minutes: () => 24 * 60, run: (visit) => checkParity(site, visit) },
  }
}

function logFailure(site: SellerSite, name: SellerJobName, error: unknown) {
  site.storage.transaction('log-job', () =>
    logPartner(site.storage, site.nowMs(), {
      direction: 'out',
      partner: 'konnect',
      operation: `cron:${name}`,
      orderId: null,
      attempt: 1,
      status: null,
      outcome: 'failed',
      detail: error instanceof Error ? error.message.slice(0, 500) : 'unknown error',
    }),
  )
}
