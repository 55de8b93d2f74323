/** What the letters behind a time of FYND's mean (fynd.md 7, switch `timestamps`). */
export type FyndTimestamps = 'ist_labelled_utc' | 'true_utc'

const istOffsetMs = 330 * 60_000
const pattern = /^(\d{4}-\d{2}-\d{2}[T ]\d{2}:\d{2}:\d{2}(?:\.\d{1,9})?)(Z|[+-]\d{2}:\d{2})?$/

/**
 * A time of an order, bag or shipment as epoch milliseconds; undefined when it is none. FYND writes the clock on the wall in India and
 * calls it UTC, which is 5 h 30 min too late; a time that names another offset means what it says. Never for F1 and epoch fields.
 */
export function readFyndTime(
  text: string | null | undefined,
  timestamps: FyndTimestamps,
): number | undefined {
  const match = pattern.exec(text ?? '')
  if (match?.[1] === undefined) return undefined
  const label = match[2] ?? 'Z'
  const atMs = Date.parse(`${match[1].replace(' ', 'T')}${label}`)
  if (Number.isNaN(atMs)) return undefined
  const claimsUtc = label === 'Z' || label === '+00:00' || label === '-00:00'
  return claimsUtc && timestamps === 'ist_labelled_utc' ? atMs - istOffsetMs : atMs
}
