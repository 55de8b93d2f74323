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
  counts(): { steps: number; tasks: number }
}

export interface Task<T = unknown> {
  readonly name: string
  readonly isDone: boolean
  /** Rejects with the task's own error; read it after `run`. */
  readonly result: Promise<T>
}

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
  background(name: string, job: () => Promise<void>): void
}

export interface ConductorOptions {
  world: World
  seed: number
  /** Receivers in this process by origin (`http://127.0.0.1:4100`): deliveries and client calls to them go here. */
  receivers: Record<string, (request: Request) => Promise<Response>>
  /** Real milliseconds that an uncounted wait may last before the run is `stuck`; default 2000. */
  stuckMs?: number
}
