import { z } from 'zod'

const unitMs = { ms: 1, s: 1_000, m: 60_000, h: 3_600_000, d: 86_400_000 } as const
const shape = /^(\d+(?:\.\d+)?)(ms|s|m|h|d)$/

/** Milliseconds of `250ms`, `10m` or `1h 30m`; undefined when it is no duration or no whole number of milliseconds. */
export function parseDuration(text: string): number | undefined {
  let totalMs = 0
  for (const part of text.trim().split(/\s+/)) {
    const found = shape.exec(part)
    if (!found) return undefined
    totalMs += Number(found[1]) * unitMs[found[2] as keyof typeof unitMs]
  }
  return Number.isSafeInteger(totalMs) ? totalMs : undefined
}

/** A duration in an option of a fault: text with its unit, milliseconds after parsing. */
export const duration = z.string().transform((text, context) => {
  const totalMs = parseDuration(text)
  if (totalMs !== undefined) return totalMs
  context.addIssue({
    code: 'custom',
    message: `"${text}" is no duration. Write one such as 250ms, 10s, 5m, 2h, 3d or "1h 30m".`,
  })
  return z.NEVER
})
