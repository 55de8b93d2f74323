import { z } from 'zod'
import type { PlannedDelivery } from '../fault.ts'
import { asAnotherEvent, rewriteBody } from './rewrite-body.ts'

/** Options of the faults that make up an event about something the receiver does not have. */
export const strangerOptions = z.object({
  /** Keys of the body whose values are made up; default: what the partner calls such things. */
  keys: z.array(z.string().min(1)).min(1).optional(),
  /** The real event is delivered too. */
  besides: z.boolean().default(true),
})

/**
 * Every event (and its made-up double, well signed and with an event id of its own). Nothing is made up where no key is known or none
 * occurs.
 */
export const withStrangers = (
  plan: readonly PlannedDelivery[],
  keys: readonly string[],
  { besides, salt }: { besides: boolean; salt: string },
): PlannedDelivery[] =>
  plan.flatMap((delivery) => {
    const body = rewriteBody(delivery.body, (key, value) =>
      keys.includes(key) ? strangeValue(value) : value,
    )
    if (body === delivery.body) return [delivery]
    const stranger = asAnotherEvent({ ...delivery, body }, salt)
    return besides ? [delivery, stranger] : [stranger]
  })

/** Of the same kind and length, so that no schema is broken: every digit becomes its complement to nine. */
export function strangeValue(value: unknown): unknown {
  if (typeof value === 'number') return Number(complement(String(value)))
  if (typeof value !== 'string' || value === '') return value
  const digits = complement(value)
  return digits === value ? `${value}-unknown` : digits
}

/** The first digit never becomes 0, so that a number keeps its length. */
const complement = (text: string): string => {
  const turned = text.replaceAll(/[0-9]/g, (digit) => String(9 - Number(digit)))
  return turned.replace(/^0/, '8')
}
