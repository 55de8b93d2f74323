import { z } from 'zod'
import { parseDuration } from '../duration.ts'

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
