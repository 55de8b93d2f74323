/** What a call or an event carries, for `where`. */
export interface Carried {
  path?: Record<string, unknown>
  query?: Record<string, unknown>
  /** Parsed, or text: JSON and forms in text are read. */
  body?: unknown
}

/**
 * Looks up each key of interest with each value that stands under it: path parameters, query parameters (lists at commas too), body at
 * any depth. A list under a key counts as each of its entries. `found` may hear of one pair several times.
 */
export function walkCarried(
  carried: Carried,
  isWanted: (key: string) => boolean,
  found: (key: string, value: string) => void,
): void {
  for (const [key, value] of Object.entries(carried.path ?? {})) {
    if (isWanted(key)) found(key, String(value))
  }
  for (const [key, value] of Object.entries(carried.query ?? {})) {
    if (isWanted(key)) eachListed(value, key, found)
  }
  const { body } = carried
  walkBody(typeof body === 'string' ? readText(body) : body, isWanted, found)
}

/**
 * Without recursion: a body may be nested as deep as its bytes allow. Every call comes by here, so it makes no lists on the way, and the
 * flat records of a batch are read where they stand.
 */
function walkBody(
  body: unknown,
  isWanted: (key: string) => boolean,
  found: (key: string, value: string) => void,
): void {
  if (!isOpen(body)) return
  const open: object[] = [body]
  for (let value = open.pop(); value; value = open.pop()) {
    if (!Array.isArray(value)) readFields(value, open, isWanted, found)
    else {
      for (const each of value) {
        if (Array.isArray(each)) open.push(each)
        else if (isOpen(each)) readFields(each, open, isWanted, found)
      }
    }
  }
}

/** Plain data, which inherits no field. */
function readFields(
  fields: object,
  open: object[],
  isWanted: (key: string) => boolean,
  found: (key: string, value: string) => void,
): void {
  for (const key in fields) {
    const value = (fields as Record<string, unknown>)[key]
    if (isOpen(value)) open.push(value)
    if (isWanted(key)) eachEntry(value, key, found)
  }
}

const isOpen = (value: unknown): value is object => typeof value === 'object' && value !== null

function eachEntry(value: unknown, key: string, found: (key: string, value: string) => void): void {
  if (Array.isArray(value)) for (const each of value) foundOne(each, key, found)
  else foundOne(value, key, found)
}

function foundOne(value: unknown, key: string, found: (key: string, value: string) => void): void {
  if (!isOpen(value) && value !== undefined) found(key, String(value))
}

/** `a,b` is the list and each of its parts. */
function eachListed(
  value: unknown,
  key: string,
  found: (key: string, value: string) => void,
): void {
  eachEntry(value, key, (_, entry) => {
    found(key, entry)
    if (entry.includes(',')) for (const part of entry.split(',')) found(key, part.trim())
  })
}

function readText(text: string): unknown {
  if (/^\s*[[{]/.test(text)) {
    try {
      return JSON.parse(text)
    } catch {
      // No JSON after all: it carries no values that have names.
      return undefined
    }
  }
  return text.includes('=') ? Object.fromEntries(new URLSearchParams(text)) : undefined
}
