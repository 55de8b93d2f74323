import { Refusal } from '../core/refusal.ts'

/** What a client's own arithmetic in binary fractions may leave over (0.1 + 0.2), in paise. */
const noiseMinor = 0.0001

/**
 * Rupees of the wire in paise. Refuses a part of a paisa (ASSUMED): rounded, it would be an amount that nobody named. `field` is where it
 * stands in the body, as `payment_methods/0/amount`.
 */
export function readMoney(rupees: number, field: string): number {
  const minor = Math.round(rupees * 100)
  if (Math.abs(rupees * 100 - minor) <= noiseMinor) return minor
  const message = `${rupees} has more than two decimals`
  throw new Refusal('invalid', `${field} ${message}`, { issues: [{ path: field, message }] })
}
