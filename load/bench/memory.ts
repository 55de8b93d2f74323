import { type Finding, renderMet } from './finding.ts'
import type { Options } from './options.ts'
import { requestsOf, startSimulator } from './pair.ts'
import { askOrder, type Question, questions } from './questions.ts'
import { fire } from './raw-client.ts'
import { spreadOf } from './rounds.ts'
import type { Usage } from './talk.ts'

/** After the last request against after the fifth of them: at most 10 % more. */
const timesTarget = 1.1
const requestsOfVolley = 5_000
const ordersFixed = 1_000
const connections = 8

/** The same thousand orders placed over and over: each is known after the first time and answered from memory. */
const fixedOrders: Question = {
  name: 'fixed-orders',
  title: 'orders that are known',
  ratioTarget: 0,
  requests: requestsOfVolley,
  calls: 1,
  ask: (target, number, nowMs) => askOrder(target, number % ordersFixed, nowMs),
}

/** Resident memory after many requests over a fixed set of orders. */
export async function findMemory(options: Options): Promise<Finding[]> {
  const total = options.isQuick ? 20_000 : 1_000_000
  const simulator = await startSimulator({ skus: 1_000, orders: 0, faults: 0 }, options)
  const changes = questions.find(({ name }) => name === 'changes') ?? fixedOrders
  try {
    let sent = 0
    const residentBytes: number[] = []
    while (sent < total) {
      // One page of changes for nine orders.
      const question = (sent / requestsOfVolley) % 10 === 9 ? changes : fixedOrders
      const requests = requestsOf(question, simulator, requestsOfVolley)
      await fire({ port: simulator.port, requests, connections, statuses: [200] })
      sent += requestsOfVolley
      residentBytes.push((await simulator.child.ask<Usage>('usage')).residentBytes)
    }
    const { early, late } = earlyAndLate(residentBytes)
    const times = late / early
    const isMet = times <= timesTarget
    const mib = (bytes: number) => `${(bytes / 1024 / 1024).toFixed(0)} MiB`
    return [
      {
        title: `memory after ${total} requests over ${ordersFixed} orders`,
        lines: [
          `after ${total / 5}     ${mib(early)}`,
          `after ${total}    ${mib(late)}: ${times.toFixed(2)} times, target ${timesTarget}: ${renderMet(isMet)}`,
        ],
        figures: { target: timesTarget, times, earlyBytes: early, lateBytes: late, total },
        isMet,
      },
    ]
  } finally {
    await simulator.child.close()
  }
}

/**
 * What stood in memory after a fifth of the way and at its end. The collector lets it swing by half from one volley to the next, so each is the
 * median of a tenth of all.
 */
export function earlyAndLate(values: readonly number[]): { early: number; late: number } {
  const many = Math.max(1, Math.floor(values.length / 10))
  const endingAt = (end: number) => spreadOf(values.slice(Math.max(0, end - many), end)).median
  return { early: endingAt(Math.ceil(values.length / 5)), late: endingAt(values.length) }
}
