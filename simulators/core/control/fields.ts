import { z } from 'zod'
import { parseDuration } from '../duration.ts'
import { parseInput } from './read-json.ts'

/** A length of time on the wire: `3d`, `1h30m`, `250ms`; read as milliseconds. */
export const duration = z.string().transform((text, context) => {
  const ms = parseDuration(text)
  if (ms !== undefined) return ms
  context.addIssue({
    code: 'custom',
    message: `"${text.slice(0, 40)}" is no duration up to a hundred years; write for example 10s, 15m, 1h30m or 3d`,
  })
  return z.NEVER
})

/** A moment on the wire: ISO 8601 with its offset; read as epoch milliseconds. */
export const moment = z.iso
  .datetime({ offset: true, error: 'write a moment like 2026-01-05T04:30:00Z' })
  .transform((text) => Date.parse(text))

/** At most this many entries in one answer. */
export const pageMax = 1000

/** How many entries to give, from a query. */
export const limit = z.coerce.number().int().min(1).max(pageMax).default(100)

/** A call waits for at most this long; a longer wait is asked for again. */
const waitMaxMs = 60_000

export const wait = duration
  .refine((ms) => ms <= waitMaxMs, { error: 'wait at most 60s; ask again for more' })
  .prefault('0s')

/** Checks query parameters; unknown ones are refused, because a misspelt filter would silently show everything. */
export const readQuery = <Schema extends z.ZodType>(
  schema: Schema,
  query: Record<string, string>,
): z.output<Schema> => parseInput(schema, query, 'The query')
