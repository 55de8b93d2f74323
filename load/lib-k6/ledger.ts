import { sleep } from 'k6'
import { secondsOf } from '../lib/profiles.ts'
import { asked, run } from './control.ts'

/** What is read of a delivery, as the control plane shows it. */
export interface Delivery {
  id: string
  state: string
  created_at: string
  attempts: { ended_at: string | null }[]
  body: string
}

/** What is still under way when the last iteration has begun is waited for this long. */
const patienceSeconds = 120
const pauseSeconds = 0.5
const pageMax = 1_000

/** A user of its own, who reads the ledger while the run goes on, and then to its end. */
export const ledgerReader = (exec: string): object => ({
  exec,
  executor: 'per-vu-iterations',
  vus: 1,
  iterations: 1,
  maxDuration: `${secondsOf(run) + patienceSeconds}s`,
  gracefulStop: '10s',
})

/**
 * Hands over a partner's deliveries as they settle, each once, oldest first: one that is not settled yet holds those behind it back. Returns when
 * the time of the run is over and nothing is under way.
 */
export function readLedger(partner: string, take: (settled: Delivery[]) => void): void {
  const endMs = Date.now() + secondsOf(run) * 1_000
  let last = 'd-0'
  for (let isOver = false; !isOver; ) {
    const isLate = Date.now() > endMs
    const page = asked('GET', `/deliveries?partner=${partner}&limit=${pageMax}&after=${last}`) as {
      deliveries: Delivery[]
      has_more: boolean
    }
    const open = page.deliveries.findIndex(({ state }) => openStates.includes(state))
    const settled = open < 0 ? page.deliveries : page.deliveries.slice(0, open)
    take(settled)
    last = settled[settled.length - 1]?.id ?? last
    isOver = isLate && open < 0 && !page.has_more
    if (!page.has_more || settled.length === 0) sleep(pauseSeconds)
  }
}

const openStates = ['waiting', 'under-way']
