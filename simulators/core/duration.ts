const unitsMs: Record<string, number> = {
  ms: 1,
  s: 1000,
  m: 60_000,
  h: 3_600_000,
  d: 86_400_000,
  w: 604_800_000,
}

/** A hundred years: farther than any window, and far from where dates end. */
const durationMaxMs = 100 * 365 * 86_400_000

/**
 * Milliseconds of `3d`, `1h30m`, `1h 30m`, `250ms`, `0`. Undefined when it is no duration, longer than a hundred years, or no whole
 * number of milliseconds.
 */
export function parseDuration(text: string): number | undefined {
  const written = text.trim()
  if (written === '0') return 0
  if (!/^(\d+(\.\d+)?(ms|[smhdw])\s*)+$/.test(written)) return undefined
  let totalMs = 0
  for (const [, count, unit] of written.matchAll(/(\d+(?:\.\d+)?)(ms|[smhdw])/g)) {
    totalMs += Number(count) * (unitsMs[unit ?? ''] ?? 0)
  }
  const wholeMs = Math.round(totalMs)
  // Decimal parts have no exact binary form, so `0.07s` is not 70 to the last bit.
  const isWhole = Math.abs(totalMs - wholeMs) < 0.001
  return totalMs <= durationMaxMs && isWhole ? wholeMs : undefined
}
