import { createHash } from 'node:crypto'
import type { PlannedDelivery } from '../fault.ts'

/**
 * Changes values of a JSON body: `change` is asked for every value that is neither object nor list, with the key that it (or the list
 * it is in) stands under. A body that is no JSON stays as it is, and so do the bytes of one in which nothing changed.
 */
export function rewriteBody(
  body: string,
  change: (key: string, value: unknown) => unknown,
): string {
  let isChanged = false
  const walk = (key: string, value: unknown): unknown => {
    if (Array.isArray(value)) return value.map((each) => walk(key, each))
    if (typeof value === 'object' && value !== null) {
      return Object.fromEntries(
        Object.entries(value).map(([name, each]) => [name, walk(name, each)]),
      )
    }
    const next = change(key, value)
    if (next !== value) isChanged = true
    return next
  }
  const parsed = parseObject(body)
  if (parsed === undefined) return body
  const changed = walk('', parsed)
  return isChanged ? JSON.stringify(changed) : body
}

/** Undefined when the body is no JSON object or list. */
export function parseObject(body: string): object | undefined {
  if (!/^\s*[[{]/.test(body)) return undefined
  try {
    return JSON.parse(body)
  } catch {
    return undefined
  }
}

/**
 * Another event that looks like this one: its own event id, in body and headers, so that receivers do not take it for a duplicate. The
 * same for the same event and `salt`.
 */
export function asAnotherEvent(delivery: PlannedDelivery, salt: string): PlannedDelivery {
  const { id: _, eventId, headers, ...rest } = delivery
  const fresh = freshId(eventId, salt)
  const replace = (value: unknown) => (value === eventId ? fresh : value)
  return {
    ...rest,
    eventId: fresh,
    body: rewriteBody(rest.body, (_key, value) => replace(value)),
    headers: Object.fromEntries(
      Object.entries(headers).map(([name, value]) => [name, replace(value) as string]),
    ),
  }
}

const uuid = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/

/** A UUID for a UUID, else the old id with a mark. */
function freshId(eventId: string, salt: string): string {
  const hex = createHash('sha256').update(`${salt} ${eventId}`).digest('hex')
  if (!uuid.test(eventId)) return `${eventId}-${hex.slice(0, 8)}`
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-4${hex.slice(13, 16)}-8${hex.slice(17, 20)}-${hex.slice(20, 32)}`
}
