import type { Wall } from './control-routes.ts'

/** How often a waiting call looks. */
const lookEveryMs = 20

/** Looks until `isDone`, the time is up (by the wall's clock), or the caller has gone. */
export async function waitUntil(
  isDone: () => boolean,
  waitMs: number,
  wall: Wall,
  signal: AbortSignal,
): Promise<void> {
  const untilMs = wall.nowMs() + waitMs
  while (!isDone() && !signal.aborted) {
    const leftMs = untilMs - wall.nowMs()
    if (leftMs <= 0) return
    await wall.sleep(Math.min(lookEveryMs, leftMs))
  }
}
