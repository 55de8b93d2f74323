import type { TimerId, TimerKind } from './partner.ts'

/** `virtual` moves only when moved; `real` runs by itself and can still be pushed forward. */
export type ClockMode = 'virtual' | 'real'

/** Where a virtual world begins (design 4). */
export const virtualStartMs = Date.UTC(2026, 0, 5, 4, 30, 0)

/** Plain data: it finds its code by name. */
export interface Timer {
  id: TimerId
  dueMs: number
  kind: TimerKind
  name: string
  args: object
}

export interface WorldClock {
  readonly mode: ClockMode
  /** Epoch milliseconds. In real mode it follows the wall's clock plus every push. */
  readonly nowMs: number
  readonly startMs: number
  /** The earliest timer, of this kind or of any. */
  next(kind?: TimerKind): Timer | undefined
  /** Moves to the earliest timer and fires that one alone; false when there is none. */
  fireNext(): boolean
  /** Moves forward to this time and fires all that is due on the way, in order. Moving backwards is refused. */
  moveTo(toMs: number): void
  /** Journals (as an input) that somebody moves the clock; the moving itself follows by `moveTo` and `fireNext`. */
  announce(toMs: number): void
}

/** Timers in (due, id) order. Work apart from the rest, because `settle` asks for the next work. */
export interface Timers {
  add(timer: Timer): void
  /** The timer taken out, or undefined when it has fired or never was. */
  remove(id: TimerId): Timer | undefined
  next(kind?: TimerKind): Timer | undefined
  take(): Timer | undefined
  all(): Timer[]
  readonly size: number
}

export function createTimers(from: readonly Timer[] = []): Timers {
  const live = new Map<TimerId, Timer>()
  const heaps: Record<TimerKind, Timer[]> = { work: [], deadline: [], periodic: [] }
  const kinds: TimerKind[] = ['work', 'deadline', 'periodic']
  const peek = (kind: TimerKind): Timer | undefined => {
    const heap = heaps[kind]
    // Removed timers stay in the heap until they come up.
    while (heap[0] && live.get(heap[0].id) !== heap[0]) popHeap(heap)
    return heap[0]
  }
  const next = (kind?: TimerKind): Timer | undefined => {
    if (kind) return peek(kind)
    let first: Timer | undefined
    for (const each of kinds) {
      const timer = peek(each)
      if (timer && (!first || isBefore(timer, first))) first = timer
    }
    return first
  }
  const timers: Timers = {
    add(timer) {
      live.set(timer.id, timer)
      pushHeap(heaps[timer.kind], timer)
    },
    remove(id) {
      const timer = live.get(id)
      live.delete(id)
      return timer
    },
    next,
    take() {
      const timer = next()
      if (timer) {
        popHeap(heaps[timer.kind])
        live.delete(timer.id)
      }
      return timer
    },
    all: () => [...live.values()].sort((a, b) => (isBefore(a, b) ? -1 : 1)),
    get size() {
      return live.size
    },
  }
  for (const timer of from) timers.add(timer)
  return timers
}

const isBefore = (a: Timer, b: Timer): boolean =>
  a.dueMs < b.dueMs || (a.dueMs === b.dueMs && a.id < b.id)

function pushHeap(heap: Timer[], timer: Timer): void {
  let at = heap.push(timer) - 1
  while (at > 0) {
    const up = (at - 1) >> 1
    const parent = heap[up] as Timer
    if (!isBefore(timer, parent)) break
    heap[at] = parent
    heap[up] = timer
    at = up
  }
}

function popHeap(heap: Timer[]): void {
  const last = heap.pop()
  if (!last || heap.length === 0) return
  let at = 0
  for (;;) {
    let child = at * 2 + 1
    if (child >= heap.length) break
    const right = child + 1
    if (right < heap.length && isBefore(heap[right] as Timer, heap[child] as Timer)) child = right
    if (!isBefore(heap[child] as Timer, last)) break
    heap[at] = heap[child] as Timer
    at = child
  }
  heap[at] = last
}

/** The machine's own clock. Only this file asks it. */
export const wallNowMs = (): number => Date.now()

/** Monotonic, for measuring how long something took on the wall. */
export const wallElapsedMs = (): number => performance.now()

export const wallSleep = (delayMs: number, signal?: AbortSignal): Promise<void> =>
  new Promise((resolve, reject) => {
    if (signal?.aborted) {
      reject(signal.reason)
      return
    }
    const timer = setTimeout(resolve, delayMs)
    signal?.addEventListener('abort', () => {
      clearTimeout(timer)
      reject(signal.reason)
    })
  })

/** One turn of the event loop: when it resolves, every microtask has run. */
export const wallTurn = (): Promise<void> => new Promise((resolve) => setImmediate(resolve))

/**
 * Wakes a real world when its next timer is due. While it is set for an earlier time than the asked one, it stays so: waking too early
 * costs one look, and then the world asks again; setting it anew for each event of a busy world costs more.
 */
export interface Waker {
  wakeAt(dueMs: number | undefined): void
  close(): void
}

/** Node's timers hold at most 2^31 - 1 ms; a longer wait wakes early and is asked for again. */
const delayMaxMs = 2 ** 31 - 1

export function createWaker(wake: () => void, offsetMs: () => number): Waker {
  let timer: NodeJS.Timeout | undefined
  let armedForMs = 0
  return {
    wakeAt(dueMs) {
      if (dueMs === undefined) return
      const wallDueMs = dueMs - offsetMs()
      if (timer && wallDueMs >= armedForMs) return
      clearTimeout(timer)
      armedForMs = wallDueMs
      const delayMs = Math.min(Math.max(0, wallDueMs - wallNowMs()), delayMaxMs)
      timer = setTimeout(() => {
        timer = undefined
        wake()
      }, delayMs)
    },
    close() {
      clearTimeout(timer)
      timer = undefined
    },
  }
}
