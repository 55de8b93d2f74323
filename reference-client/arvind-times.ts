import type { Site } from './site.ts'

/** The last moment that a Date can be (ECMAScript). */
const latestMs = 8_640_000_000_000_000
/** Two clocks that are right differ by less than this. */
const skewMaxMs = 5 * 60_000

/**
 * A time that Arvind wrote, as the shop orders by it: one that has not come yet counts as of now, so that it makes nothing stale that
 * really happens later. Undefined for what is no time: not whole, negative, or no Date.
 */
export function readArvindTime(site: Pick<Site, 'nowMs'>, atMs: unknown): number | undefined {
  if (typeof atMs !== 'number' || !Number.isInteger(atMs)) return undefined
  const aheadMs = atMs - site.nowMs()
  if (atMs < 0 || atMs > latestMs) return undefined
  return aheadMs > skewMaxMs ? site.nowMs() : atMs
}
