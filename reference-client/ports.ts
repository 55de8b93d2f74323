/** The clock that a shop lives by: nothing in the shop asks the machine for the time. */
export type ShopClock = {
  /** Milliseconds since the epoch, by the shop's own clock. */
  nowMs(): number
  /** Resolves after `delayMs`; rejects with the signal's reason when the signal aborts first. */
  sleep(delayMs: number, signal?: AbortSignal): Promise<void>
  /** A signal that aborts with a `TimeoutError` after `delayMs`. */
  timeout(delayMs: number): AbortSignal
}

/** What a shop sends: the part of `RequestInit` that every transport can carry. */
export type ShopRequestInit = {
  method?: string
  headers?: Record<string, string>
  body?: string
  signal?: AbortSignal
}

/**
 * The outside world of a shop. Everything that awaits goes through these four doors, so that a player can count it,
 * order it and run it on a virtual clock (`clock.ts` and `random.ts` make the ones for sockets).
 */
export type ShopPorts = {
  fetch(url: string, init?: ShopRequestInit): Promise<Response>
  clock: ShopClock
  /** In [0, 1): a pure function of (seed, use). A use names what it is for, the order and the attempt. */
  random(use: string): number
  /** Counted work that no handler awaits. One that `isPeriodic` sleeps for ever between its rounds: nobody waits for its end. */
  background(name: string, job: () => Promise<void>, options?: { isPeriodic?: boolean }): void
}
