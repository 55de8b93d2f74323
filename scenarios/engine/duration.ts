export { parseDuration } from '../../simulators/core/duration.ts'

/** What a duration looks like, for messages and for the JSON Schema. */
export const durationPattern = /^\d+(?:\.\d+)?(?:ms|s|m|h|d)(?:\s+\d+(?:\.\d+)?(?:ms|s|m|h|d))*$/
export const durationHint = 'a duration such as 500ms, 30s, 15m, 3h, 2d or "1h 30m"'

const unitsMs = { d: 86_400_000, h: 3_600_000, m: 60_000, s: 1_000, ms: 1 } as const

/** The shortest exact text: `90000` is `1m 30s`. */
export function renderDuration(totalMs: number): string {
  if (totalMs === 0) return '0s'
  let restMs = Math.abs(totalMs)
  const parts: string[] = []
  for (const [unit, unitMs] of Object.entries(unitsMs)) {
    const count = Math.floor(restMs / unitMs)
    if (count > 0) parts.push(`${count}${unit}`)
    restMs -= count * unitMs
  }
  return `${totalMs < 0 ? '-' : ''}${parts.join(' ')}`
}
