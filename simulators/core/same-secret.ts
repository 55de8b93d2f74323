import { timingSafeEqual } from 'node:crypto'

/** Whether a secret that was given is the right one. The time taken tells its length at most, which is no secret. */
export function isSameSecret(given: string, right: string): boolean {
  const [one, other] = [Buffer.from(given), Buffer.from(right)]
  return one.length === other.length && timingSafeEqual(one, other)
}
