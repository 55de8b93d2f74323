import { createTimers, virtualStartMs } from '../clock.ts'
import type { Machine } from '../machine.ts'
import { createRandom } from '../random.ts'

export interface TestEntry {
  seq: number
  kind: string
  data: Record<string, unknown>
  cause: number | undefined
}

/** A machine without a world: its clock moves only by hand, and its journal is a list. */
export interface TestMachine extends Machine {
  readonly startMs: number
  readonly entries: TestEntry[]
  /** Code of timers, by name. */
  code: Record<string, (args: object) => void>
  /** Fires what is due up to then, in order, and moves there. */
  advance(byMs: number): void
  /** Fires all timers, however late; fails after `timersMax`. */
  settle(timersMax?: number): void
  /** The timers that wait, as plain data. */
  timers(): object[]
  /** Continues where another machine stood. */
  resume(from: TestMachine): void
}

export function createTestMachine(seed = 1): TestMachine {
  let nowMs = virtualStartMs
  let timers = createTimers()
  let nextTimer = 1
  let cause = 0
  const fire = () => {
    const timer = timers.take()
    if (!timer) return false
    nowMs = Math.max(nowMs, timer.dueMs)
    const code = machine.code[timer.name]
    if (!code) throw new Error(`No code for a timer named "${timer.name}".`)
    code(timer.args)
    return true
  }
  const machine: TestMachine = {
    startMs: virtualStartMs,
    entries: [],
    code: {},
    random: createRandom(seed),
    get nowMs() {
      return nowMs
    },
    get cause() {
      return cause
    },
    schedule({ name, kind, dueMs, args }) {
      const id = nextTimer
      nextTimer += 1
      timers.add({ id, name, kind, dueMs, args })
      return id
    },
    cancel: (id) => void timers.remove(id),
    journal(kind, data, by = cause) {
      const seq = machine.entries.length + 1
      machine.entries.push({ seq, kind, data: { ...data }, cause: by === 0 ? undefined : by })
      return seq
    },
    causedBy(by, work) {
      const before = cause
      cause = by
      try {
        return work()
      } finally {
        cause = before
      }
    },
    advance(byMs) {
      const toMs = nowMs + byMs
      while ((timers.next()?.dueMs ?? Number.POSITIVE_INFINITY) <= toMs) fire()
      nowMs = toMs
    },
    settle(timersMax = 10_000) {
      for (let fired = 0; fire(); fired += 1) {
        if (fired >= timersMax) throw new Error(`More than ${timersMax} timers fired.`)
      }
    },
    timers: () => timers.all(),
    resume(from) {
      nowMs = from.nowMs
      timers = createTimers(structuredClone(from.timers()) as never)
      nextTimer = 1 + Math.max(0, ...timers.all().map(({ id }) => id))
      machine.random.restore(from.random.positions())
    },
  }
  return machine
}
