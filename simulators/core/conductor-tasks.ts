import { AsyncLocalStorage } from 'node:async_hooks'
import type { World } from './world.ts'

export interface Task<T = unknown> {
  readonly name: string
  readonly isDone: boolean
  /** Rejects with the task's own error; read it after `run`. */
  readonly result: Promise<T>
}

export interface RunningTask {
  name: string
  id: number
  /** Counted waits outstanding: queued calls, calls without an answer, sleeps. */
  waits: number
  calls: number
  lastCall: string
  isDone: boolean
  /** A cron of the client: its sleeps end no wait and keep nothing open. */
  isPeriodic: boolean
  /** How many of its waits are sleeps. */
  sleeps: number
}

/** A call at a port, waiting to be applied. */
export interface ReadyCall {
  task: RunningTask
  key: string
  order: number
  /** Sleeps and timeouts only set a timer and go first. */
  isTimer: boolean
  go: () => void
}

export interface ClientTimer {
  dueMs: number
  order: number
  task: RunningTask
  /** A sleep is waited for; a timeout only matters while its task waits for something else. */
  isSleep: boolean
  fire: () => void
}

/** One for the process: on Node 20 every live instance taxes every promise. */
export const currentTask = new AsyncLocalStorage<RunningTask>()

/** What a conductor keeps: its tasks, the calls that are ready, the timers that the client waits for. */
export interface State {
  world: World
  draw: () => number
  ready: ReadyCall[]
  timers: ClientTimer[]
  open: Set<RunningTask>
  failures: { task: string; error: unknown }[]
  stuckMs: number
  steps: number
  tasks: number
  timerOrder: number
}

export function callingTask(what: string): RunningTask {
  const task = currentTask.getStore()
  if (!task) throw new Error(`Port called outside a counted task: ${what}.`)
  return task
}

/** Opens a counted task; its work begins when the conductor applies its start. */
export function start<T>(
  state: State,
  name: string,
  work: () => Promise<T>,
  isPeriodic = false,
): Task<T> {
  const task: RunningTask = {
    name,
    id: state.tasks,
    waits: 0,
    calls: 0,
    lastCall: 'none yet',
    isDone: false,
    isPeriodic,
    sleeps: 0,
  }
  state.tasks += 1
  state.open.add(task)
  const result = new Promise<T>((resolve, reject) => {
    queue(state, task, 'start', false, () => {
      currentTask.run(task, () => {
        work().then(resolve, reject)
      })
    })
  })
  const ended = () => {
    task.isDone = true
    state.open.delete(task)
    state.timers = state.timers.filter((timer) => timer.task !== task)
  }
  result.then(ended, ended)
  return {
    name,
    get isDone() {
      return task.isDone
    },
    result,
  }
}

/** Queues a call; returns how to take it back. */
export function queue(
  state: State,
  task: RunningTask,
  key: string,
  isTimer: boolean,
  go: () => void,
): () => void {
  const call: ReadyCall = { task, key, order: task.calls, isTimer, go }
  task.calls += 1
  task.waits += 1
  state.ready.push(call)
  return () => {
    const at = state.ready.indexOf(call)
    if (at < 0) return
    state.ready.splice(at, 1)
    task.waits -= 1
  }
}
