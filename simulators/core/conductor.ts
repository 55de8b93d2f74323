import { type ClientPorts, createClientPorts, originOf, type Receivers } from './client-ports.ts'
import { wallElapsedMs, wallTurn } from './clock.ts'
import {
  type ClientTimer,
  callingTask,
  queue,
  type ReadyCall,
  type RunningTask,
  type State,
  start,
  type Task,
} from './conductor-tasks.ts'
import { answerBytesMax, type OutgoingCall } from './messenger/delivery.ts'
import { createRandom } from './random.ts'
import type { World } from './world.ts'

/**
 * Lets an ordinary asynchronous client run on the world's virtual clock so that the order of inputs owes nothing to
 * microtask counts (design 4 "An in-process client that awaits", tried.md 3): calls at counted ports only queue; the conductor lets every
 * microtask run, applies ONE ready call drawn by the seed from a canonical order, and drains again. Idle with a wait outstanding: one
 * timer fires.
 */
export interface Conductor {
  /** Ports for a client that lives inside tasks of this conductor. A call outside a task refuses by name. */
  ports: ClientPorts
  /** Starts a counted task; nothing runs until `run`, `drain` or `settle`. */
  start<T>(name: string, work: () => Promise<T>): Task<T>
  /** Runs until these tasks are done (time moves as needed). Rejects with `Stuck` naming task and wait. */
  run(tasks: readonly Task[]): Promise<void>
  /** Runs all that can run without moving time: ready calls, timers due now. */
  drain(): Promise<void>
  /** Moves to the next `work` timer (world's or client's) until none is left and no task is open; `forMs` bounds it. */
  settle(bound?: { forMs?: number }): Promise<void>
  /** Moves time forward, firing all on the way, and drains. */
  advance(byMs: number): Promise<void>
  /** Errors of background jobs and deliveries that nobody awaited, oldest first. Reading empties the list. */
  failures(): { task: string; error: unknown }[]
  counts(): { steps: number; tasks: number }
}

export type { ClientPorts, Task }

export interface ConductorOptions {
  world: World
  seed: number
  /** Receivers in this process by origin (`http://127.0.0.1:4100`): deliveries and client calls to them go here. */
  receivers: Receivers
  /** Real milliseconds that an uncounted wait may last before the run is `stuck`; default 2000. */
  stuckMs?: number
}

/** A task waits on something that never comes. */
export class Stuck extends Error {
  readonly tasks: readonly string[]
  constructor(tasks: readonly RunningTask[]) {
    const waits = tasks.map(
      (task) =>
        `${task.name} (${task.waits > 0 ? `on a call that is never answered: ${task.lastCall}` : 'on something uncounted'})`,
    )
    super(`Stuck: ${waits.join(', ')}.`)
    this.name = 'Stuck'
    this.tasks = tasks.map(({ name }) => name)
  }
}

export function createConductor(options: ConductorOptions): Conductor {
  const chance = createRandom(options.seed)
  const state: State = {
    world: options.world,
    // A generator of its own: a world that is replayed without a conductor must draw the same.
    draw: () => chance.stream('conductor').next(),
    ready: [],
    timers: [],
    open: new Set(),
    failures: [],
    stuckMs: options.stuckMs ?? 2_000,
    steps: 0,
    tasks: 0,
    timerOrder: 0,
  }
  const ports = createClientPorts(state, options.receivers, chance)
  options.world.onOutgoing((call) => deliver(state, options.receivers, call))
  return {
    ports,
    start: (name, work) => start(state, name, work),
    run: (tasks) => runTasks(state, tasks),
    drain: () => pump(state, () => ({ untilMs: state.world.clock.nowMs })),
    settle: (bound = {}) => settle(state, bound.forMs),
    advance: (byMs) => advance(state, byMs),
    failures: () => state.failures.splice(0),
    counts: () => ({ steps: state.steps, tasks: state.tasks }),
  }
}

/** Applies one ready call: sleeps first, else the one that the seed draws from the canonical order. */
function applyOne(state: State): void {
  const { ready } = state
  ready.sort(compareCalls)
  const timerAt = ready.findIndex((call) => call.isTimer)
  const at = timerAt >= 0 ? timerAt : Math.floor(state.draw() * ready.length)
  const [call] = ready.splice(at, 1) as [ReadyCall]
  call.task.waits -= 1
  call.task.lastCall = call.key.slice(0, 200)
  state.steps += 1
  call.go()
}

const compareCalls = (a: ReadyCall, b: ReadyCall): number =>
  a.task.id - b.task.id || (a.key < b.key ? -1 : a.key > b.key ? 1 : a.order - b.order)

/** A webhook on its way is a task: the call to the receiver and the answer's return are applied like any other call. */
function deliver(state: State, receivers: Receivers, call: OutgoingCall): void {
  const name = `delivery ${call.deliveryId} attempt ${call.attempt}`
  const task = start(state, name, async () => {
    const outcome = await post(receivers, call)
    const running = callingTask(name)
    await new Promise<void>((resolve) => {
      queue(state, running, `answer ${JSON.stringify(outcome)}`, false, resolve)
    })
    state.world.answered(call.deliveryId, call.attempt, outcome)
  })
  task.result.catch((error: unknown) => state.failures.push({ task: name, error }))
}

async function post(receivers: Receivers, call: OutgoingCall) {
  const receiver = receivers[originOf(call.url)]
  if (!receiver) return { error: 'ECONNREFUSED' }
  const { url, method, headers, body } = call
  try {
    const response = await receiver(new Request(url, { method, headers, body }))
    if (!call.wantsBody) return { status: response.status }
    return { status: response.status, body: (await response.text()).slice(0, answerBytesMax) }
  } catch (error) {
    // The receiver died while it worked: its client saw the connection end.
    return { error: error instanceof Error ? error.message : String(error) }
  }
}

/** The earlier of the world's next timer and the client's; the world's first when both are due at once. */
function nextTimer(state: State): { dueMs: number; fire: () => void } | undefined {
  const own = state.world.clock.next()
  const client = nextClientTimer(state, () => true)
  if (own && (!client || own.dueMs <= client.dueMs)) {
    return { dueMs: own.dueMs, fire: () => void state.world.clock.fireNext() }
  }
  if (!client) return undefined
  return {
    dueMs: client.dueMs,
    fire: () => {
      state.timers.splice(state.timers.indexOf(client), 1)
      state.world.clock.moveTo(Math.max(client.dueMs, state.world.clock.nowMs))
      client.fire()
    },
  }
}

function nextClientTimer(
  state: State,
  counts: (timer: ClientTimer) => boolean,
): ClientTimer | undefined {
  let first: ClientTimer | undefined
  for (const timer of state.timers) {
    if (!counts(timer)) continue
    const isEarlier =
      !first ||
      timer.dueMs < first.dueMs ||
      (timer.dueMs === first.dueMs && timer.order < first.order)
    if (isEarlier) first = timer
  }
  return first
}

/**
 * The one loop. `bound` says after each drain how far time may move: up to `untilMs` (nothing later fires); undefined: stop.
 */
async function pump(state: State, bound: () => { untilMs: number } | undefined): Promise<void> {
  for (;;) {
    await wallTurn()
    if (state.ready.length > 0) {
      applyOne(state)
      continue
    }
    const limit = bound()
    if (!limit) return
    const timer = nextTimer(state)
    if (timer && timer.dueMs <= limit.untilMs) {
      state.steps += 1
      timer.fire()
      continue
    }
    if (!(await wakes(state))) return
  }
}

/**
 * Whether something uncounted (a file, a socket, an ambient timer) comes back within real time. Only asked while a task is open that has
 * no counted wait; a task that leans on another's promise is looked after by that one's wait.
 */
async function wakes(state: State): Promise<boolean> {
  const isUncounted = () => isBusy(state) && !busyTasks(state).some((task) => task.waits > 0)
  if (!isUncounted()) return false
  const since = wallElapsedMs()
  while (wallElapsedMs() - since < state.stuckMs) {
    await wallTurn()
    if (state.ready.length > 0 || !isUncounted()) return true
  }
  throw new Stuck([...state.open])
}

/** Open tasks but for crons that sleep until their next round. */
const busyTasks = (state: State): RunningTask[] =>
  [...state.open].filter(
    (task) => !(task.isPeriodic && task.sleeps > 0 && task.waits === task.sleeps),
  )

const isBusy = (state: State): boolean => busyTasks(state).length > 0

/** What a wait may end by: work of the world, sleeps and timeouts of the client. Deadlines and crons end no wait. */
function nextHelp(state: State): number | undefined {
  const work = state.world.clock.next('work')?.dueMs
  const client = nextClientTimer(state, ({ task, isSleep }) => !(task.isPeriodic && isSleep))?.dueMs
  return work === undefined ? client : client === undefined ? work : Math.min(work, client)
}

async function runTasks(state: State, tasks: readonly Task[]): Promise<void> {
  const isDone = () => tasks.every((task) => task.isDone)
  for (;;) {
    await pump(state, () => {
      if (isDone()) return undefined
      const help = nextHelp(state)
      return { untilMs: help ?? state.world.clock.nowMs }
    })
    if (isDone()) return
    if (state.ready.length === 0 && nextHelp(state) === undefined) throw new Stuck([...state.open])
  }
}

async function settle(state: State, forMs: number | undefined): Promise<void> {
  const endMs = forMs === undefined ? Number.POSITIVE_INFINITY : state.world.clock.nowMs + forMs
  for (;;) {
    await pump(state, () => {
      const next = nextWork(state)
      return { untilMs: Math.min(next ?? state.world.clock.nowMs, endMs) }
    })
    const next = nextWork(state)
    if (next === undefined || next > endMs) break
  }
  if (isBusy(state) && forMs === undefined) throw new Stuck(busyTasks(state))
  if (forMs !== undefined) state.world.clock.moveTo(endMs)
}

/** While a task waits, its timeouts count; else only work and sleeps. */
function nextWork(state: State): number | undefined {
  if (isBusy(state)) return nextHelp(state)
  return state.world.clock.next('work')?.dueMs
}

async function advance(state: State, byMs: number): Promise<void> {
  const endMs = state.world.clock.nowMs + byMs
  state.world.clock.announce(endMs)
  await pump(state, () => ({ untilMs: endMs }))
  if (state.world.clock.nowMs < endMs) state.world.clock.moveTo(endMs)
  await pump(state, () => ({ untilMs: endMs }))
}
