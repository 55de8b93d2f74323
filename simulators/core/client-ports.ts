import {
  type ClientTimer,
  callingTask,
  currentTask,
  queue,
  type RunningTask,
  type State,
  start,
} from './conductor-tasks.ts'
import type { Random } from './random.ts'

/** Receivers in this process by origin (`http://127.0.0.1:4100`). */
export type Receivers = Record<string, (request: Request) => Promise<Response>>

export interface ClientPorts {
  fetch(
    url: string,
    init?: {
      method?: string
      headers?: Record<string, string>
      body?: string
      signal?: AbortSignal
    },
  ): Promise<Response>
  clock: {
    nowMs(): number
    sleep(delayMs: number, signal?: AbortSignal): Promise<void>
    timeout(delayMs: number): AbortSignal
  }
  /** Keyed chance in [0, 1): pure in (seed, use). */
  random(use: string): number
  /** Counted work that nobody awaits. One that `isPeriodic` sleeps for ever between its rounds: it keeps nothing open. */
  background(name: string, job: () => Promise<void>, options?: { isPeriodic?: boolean }): void
}

/** The doors of a client that lives inside tasks: every call only queues, so that the conductor decides the order. */
export function createClientPorts(state: State, receivers: Receivers, chance: Random): ClientPorts {
  return {
    fetch: createFetchPort(state, receivers),
    clock: createClockPort(state),
    random: (use) => chance.at(`client/${use}`, 0),
    background: (name, job, { isPeriodic = false } = {}) => {
      const parent = callingTask(`background ${name}`)
      const task = start(state, `${parent.name} > ${name}`, job, isPeriodic)
      void task.result.catch((error: unknown) => {
        state.failures.push({ task: name, error })
      })
    },
  }
}

function createClockPort(state: State): ClientPorts['clock'] {
  const setTimer = (task: RunningTask, delayMs: number, isSleep: boolean, fire: () => void) => {
    const order = state.timerOrder
    state.timerOrder += 1
    const dueMs = state.world.clock.nowMs + Math.max(0, delayMs)
    const timer: ClientTimer = { dueMs, order, task, isSleep, fire }
    state.timers.push(timer)
    return () => {
      const at = state.timers.indexOf(timer)
      if (at >= 0) state.timers.splice(at, 1)
      return at >= 0
    }
  }
  return {
    nowMs: () => state.world.clock.nowMs,
    sleep(delayMs, signal) {
      const key = `sleep ${delayMs}`
      const task = callingTask(key)
      return new Promise((resolve, reject) => {
        if (signal?.aborted) {
          reject(signal.reason)
          return
        }
        let cancel = () => false
        const unqueue = queue(state, task, key, true, () => {
          task.waits += 1
          task.sleeps += 1
          cancel = setTimer(task, delayMs, true, () => {
            task.waits -= 1
            task.sleeps -= 1
            resolve()
          })
        })
        signal?.addEventListener('abort', () => {
          unqueue()
          if (cancel()) {
            task.waits -= 1
            task.sleeps -= 1
          }
          reject(signal.reason)
        })
      })
    },
    timeout(delayMs) {
      const key = `timeout ${delayMs}`
      const task = callingTask(key)
      const controller = new AbortController()
      queue(state, task, key, true, () => {
        setTimer(task, delayMs, false, () => {
          controller.abort(new DOMException('The operation timed out.', 'TimeoutError'))
        })
      })
      return controller.signal
    },
  }
}

function createFetchPort(state: State, receivers: Receivers): ClientPorts['fetch'] {
  return (url, init = {}) => {
    const method = init.method ?? 'GET'
    const key = `${method} ${url} ${init.body ?? ''}`
    const task = callingTask(key)
    const { signal } = init
    return new Promise((resolve, reject) => {
      if (signal?.aborted) {
        reject(signal.reason)
        return
      }
      let isOver = false
      let isCounted = false
      const end = (settle: () => void) => {
        if (isOver) return
        isOver = true
        if (isCounted) task.waits -= 1
        settle()
      }
      const unqueue = queue(state, task, key, false, () => {
        const receiver = receivers[originOf(url)]
        const request = new Request(url, {
          method,
          headers: init.headers ?? {},
          ...(init.body !== undefined && { body: init.body }),
        })
        // A receiver in this process runs inside the caller's task: its own waits are counted there.
        isCounted = receiver === undefined
        if (isCounted) task.waits += 1
        const answer = receiver
          ? currentTask.run(task, () => receiver(request))
          : state.world.fetch(request)
        answer.then(
          (response) => end(() => resolve(response)),
          (error: unknown) => end(() => reject(error)),
        )
      })
      signal?.addEventListener('abort', () => {
        unqueue()
        end(() => reject(signal.reason))
      })
    })
  }
}

export const originOf = (url: string): string => {
  const slash = url.indexOf('/', url.indexOf('//') + 2)
  return slash < 0 ? url : url.slice(0, slash)
}
