const istOffsetMs = 330 * 60_000
const dayMs = 86_400_000

const isoSeconds = (atMs: number): string => new Date(atMs).toISOString().slice(0, 19)

/** `2026-01-15T07:00:00+00:00`: times of orders (facts/konnect.md 4). */
export const writeOrderTime = (atMs: number): string => `${isoSeconds(atMs)}+00:00`

/** `2026-01-15T08:30:00.123+00:00`: `meta.time`. */
export const writeMetaTime = (atMs: number): string =>
  `${new Date(atMs).toISOString().slice(0, 23)}+00:00`

/** `2026-01-15T08:30:05.123000000Z`: nanoseconds, `last_updated_on` of catalogue jobs. */
export const writeNanoTime = (atMs: number): string =>
  `${new Date(atMs).toISOString().slice(0, 23)}000000Z`

/**
 * A date of an order filter, in one of the three forms that the pages show: `15-01-2026`, `2026-01-15`, `2026-01-15T10:00:00`. Without an
 * offset it is Indian time (facts/konnect.md 2.18). A day without a time is its beginning, or with `end` its last millisecond.
 * Undefined when it is no such date.
 */
export function parseOrderDate(text: string, end: boolean): number | undefined {
  const backwards = /^(\d{2})-(\d{2})-(\d{4})$/.exec(text)
  const form = /^(\d{4}-\d{2}-\d{2})(?:[T ](\d{2}:\d{2}:\d{2})(?:\.\d{1,9})?(Z|[+-]\d{2}:\d{2})?)?$/
  const day = backwards ? `${backwards[3]}-${backwards[2]}-${backwards[1]}` : text
  const [, date, time, offset] = form.exec(day) ?? []
  if (date === undefined) return undefined
  const naiveMs = Date.parse(`${date}T${time ?? '00:00:00'}Z`)
  // Date.parse rolls February 30th over into March.
  if (Number.isNaN(naiveMs) || isoSeconds(naiveMs) !== `${date}T${time ?? '00:00:00'}`) {
    return undefined
  }
  const atMs = offset === undefined ? naiveMs - istOffsetMs : Date.parse(`${date}T${time}${offset}`)
  // There is no offset of 99 hours.
  if (Number.isNaN(atMs)) return undefined
  const lastMs = time === undefined ? dayMs - 1 : 999
  return end ? atMs + lastMs : atMs
}
