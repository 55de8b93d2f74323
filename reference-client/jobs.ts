import { type LogRow, logPartner, type Site, type Visit } from './site.ts'

/** Work that a website repeats by itself and an operator can start. */
export type Cron = {
  name: string
  /** Whose line in the partner log a broken run is. */
  partner: string
  everyMinutes(): number
  /** `windowWord` is what the operator asked for; the schedule asks for nothing. Throws a `ShopRefusal` for a word that means nothing. */
  run(visit: Visit, windowWord?: string): Promise<object>
}

export type Jobs = {
  names: string[]
  /** Runs one cron now. `undefined` when it is running already: an overlapping run is refused. */
  run(name: string, visit: Visit, windowWord?: string): Promise<object> | undefined
  /** Starts the crons by the shop's clock. */
  start(): void
  close(): void
}

export function createJobs(site: Site, crons: Cron[]): Jobs {
  const running = new Set<Cron>()
  const naps = new Set<AbortController>()
  let isClosed = false

  const runNow = async (cron: Cron, visit: Visit, windowWord?: string) => {
    running.add(cron)
    try {
      return await cron.run(visit, windowWord)
    } finally {
      running.delete(cron)
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
  const repeat = async (cron: Cron) => {
    while (!isClosed) {
      try {
        if (!running.has(cron)) await runNow(cron, { trace: [] })
      } catch (error) {
        // A cron outlives its bad days; what happened is kept, and the next round tries again.
        if (site.storage.isDead()) throw error
        site.storage.transaction('log-cron', () =>
          logPartner(site.storage, site.nowMs(), broken(cron, error)),
        )
      }
      await nap(cron.everyMinutes() * 60_000)
    }
  }
  return {
    names: crons.map((cron) => cron.name),
    run(name, visit, windowWord) {
      const cron = crons.find((candidate) => candidate.name === name)
      if (cron === undefined) throw new Error(`No cron ${name}.`)
      return running.has(cron) ? undefined : runNow(cron, visit, windowWord)
    },
    start() {
      for (const cron of crons) {
        site.ports.background(`cron:${cron.name}`, () => repeat(cron), { isPeriodic: true })
      }
    },
    close() {
      isClosed = true
      for (const waking of naps) waking.abort(new Error('Closed.'))
    },
  }
}

function broken(cron: Cron, error: unknown): LogRow {
  const detail = error instanceof Error ? error.message.slice(0, 500) : 'unknown error'
  const operation = `cron:${cron.name}`
  return {
    direction: 'out',
    partner: cron.partner,
    operation,
    orderId: null,
    attempt: 1,
    status: null,
    outcome: 'failed',
    detail,
  }
}
