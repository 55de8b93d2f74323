import type { FyndAssumptions } from './assumptions.ts'

const istOffsetMs = 330 * 60_000
const days = ['Sun', 'Mon', 'Tue', 'Wed', 'Thu', 'Fri', 'Sat']
const months = 'Jan Feb Mar Apr May Jun Jul Aug Sep Oct Nov Dec'.split(' ')

const isoSeconds = (atMs: number): string => new Date(atMs).toISOString().slice(0, 19)

/** Real UTC to the second, `2024-01-31T06:58:37Z`: what F1 speaks. */
export const writeUtc = (atMs: number): string => `${isoSeconds(atMs)}Z`

/** Order, bag and shipment times: Indian local time that claims to be UTC, unless the switch `timestamps` is `true_utc` (7). */
export const writeBusinessTime = (
  atMs: number,
  timestamps: FyndAssumptions['timestamps'],
): string => `${isoSeconds(timestamps === 'true_utc' ? atMs : atMs + istOffsetMs)}+00:00`

/** Epoch milliseconds of a UTC time with `Z`, fractions allowed; undefined when it is none. */
export function parseUtc(text: string): number | undefined {
  const match = /^(\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2})(?:\.(\d{1,9}))?Z$/.exec(text)
  if (!match?.[1]) return undefined
  const atMs = Date.parse(`${match[1]}Z`)
  // Date.parse rolls February 30th over into March.
  if (Number.isNaN(atMs) || isoSeconds(atMs) !== match[1]) return undefined
  return atMs + Math.floor(Number(`0.${match[2] ?? '0'}`) * 1000)
}

/** "Sat, 14 Nov", by the customer's calendar. */
export function writeDay(atMs: number): string {
  const local = new Date(atMs + istOffsetMs)
  return `${days[local.getUTCDay()]}, ${local.getUTCDate()} ${months[local.getUTCMonth()]}`
}
