import type { ShopClock } from './ports.ts'

export type WallClock = ShopClock & {
  /** Pushes the clock forward, and with it everything that sleeps by it: for tests over sockets. */
  advance(advanceMs: number): void
}

/** The longest delay that the machine's timers take; longer sleeps are slept in parts. */
const timerMaxMs = 2_000_000_000

/** The machine's clock plus an offset that only `advance` moves. */
export function createWallClock(): WallClock {
  let offsetMs = 0
  const sleepers = new Set<() => void>()
  const nowMs = () => Date.now() + offsetMs
  return {
    nowMs,
    sleep(delayMs, signal) {
      return new Promise((resolve, reject) => {
        const dueAt = nowMs() + delayMs
        let timer: ReturnType<typeof setTimeout>
        const end = () => {
          clearTimeout(timer)
          sleepers.delete(look)
          signal?.removeEventListener('abort', abort)
        }
        const abort = () => {
          end()
          reject(signal?.reason)
        }
        const look = () => {
          clearTimeout(timer)
          const leftMs = dueAt - nowMs()
          if (leftMs > 0) {
            timer = setTimeout(look, Math.min(leftMs, timerMaxMs))
            return
          }
          end()
          resolve()
        }
        if (signal?.aborted === true) {
          reject(signal.reason)
          return
        }
        signal?.addEventListener('abort', abort, { once: true })
        sleepers.add(look)
        look()
      })
    },
    // A time limit guards against a partner that hangs in real time, so it is not moved.
    timeout: (delayMs) => AbortSignal.timeout(delayMs),
    advance(advanceMs) {
      offsetMs += advanceMs
      for (const look of [...sleepers]) look()
    },
  }
}

/** Lets everything run that can run now: every microtask, and one turn of the event loop. */
export function turn(): Promise<void> {
  return new Promise((resolve) => {
    setImmediate(resolve)
  })
}
