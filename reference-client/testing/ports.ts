import { turn } from '../clock.ts'
import type { ShopPorts } from '../ports.ts'
import { createRandom } from '../random.ts'

type Timer = { dueAt: number; sequence: number; fire: () => void; isSleep: boolean }

/** Ports on a clock that moves only when nothing else can: a small stand-in for the scenario engine. */
export type TestPorts = {
  ports: ShopPorts
  nowMs(): number
  /** Lets `work` end, moving time as far as it needs. */
  drive<T>(work: Promise<T>): Promise<T>
  /** Lets everything in the background end; throws what a job threw. Not for crons, which never end. */
  settle(): Promise<void>
  /** Moves the clock, firing what is due on the way. */
  advance(delayMs: number): Promise<void>
}

const stepsMax = 100_000

export function createTestPorts(
  send: ShopPorts['fetch'],
  options: { seed?: string; startMs?: number } = {},
): TestPorts {
  let nowMs = options.startMs ?? 1_767_587_400_000
  let sequence = 0
  let running = 0
  const timers = new Set<Timer>()
  const errors: unknown[] = []

  const at = (delayMs: number, isSleep: boolean, fire: () => void) => {
    sequence += 1
    const timer = { dueAt: nowMs + Math.max(0, delayMs), sequence, fire, isSleep }
    timers.add(timer)
    return () => timers.delete(timer)
  }
  const ports: ShopPorts = {
    fetch: (url, init) => send(url, init),
    random: createRandom(options.seed ?? 'test'),
    background(_name, job) {
      running += 1
      job()
        .catch((error: unknown) => errors.push(error))
        .finally(() => {
          running -= 1
        })
    },
    clock: {
      nowMs: () => nowMs,
      sleep: (delayMs, signal) =>
        new Promise((resolve, reject) => {
          const cancel = at(delayMs, true, resolve)
          signal?.addEventListener('abort', () => {
            cancel()
            reject(signal.reason)
          })
        }),
      timeout(delayMs) {
        const controller = new AbortController()
        at(delayMs, false, () => controller.abort(new DOMException('late', 'TimeoutError')))
        return controller.signal
      },
    },
  }
  const fireNext = (untilMs: number): boolean => {
    const [next] = [...timers].sort((a, b) => a.dueAt - b.dueAt || a.sequence - b.sequence)
    if (next === undefined || next.dueAt > untilMs) return false
    timers.delete(next)
    nowMs = Math.max(nowMs, next.dueAt)
    next.fire()
    return true
  }
  const runUntil = async (isOver: () => boolean) => {
    for (let step = 0; step < stepsMax; step += 1) {
      await turn()
      if (isOver()) return
      if (!fireNext(Number.POSITIVE_INFINITY)) {
        await turn()
        if (isOver()) return
        throw new Error('Stuck: something waits and no timer is left.')
      }
    }
    throw new Error(`Not over after ${stepsMax} steps.`)
  }
  const rethrow = () => {
    if (errors.length > 0) throw errors[0]
  }
  return {
    ports,
    nowMs: () => nowMs,
    async drive(work) {
      let isOver = false
      const over = () => {
        isOver = true
      }
      work.then(over, over)
      await runUntil(() => isOver)
      return work
    },
    async settle() {
      await runUntil(() => running === 0)
      rethrow()
    },
    async advance(delayMs) {
      const untilMs = nowMs + delayMs
      await turn()
      while (fireNext(untilMs)) await turn()
      nowMs = untilMs
      rethrow()
    },
  }
}
