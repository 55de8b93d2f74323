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
    if (isWanted(key)) eachListed(value, (each) => found(key, each))
  }
  const { body } = carried
  walkBody(typeof body === 'string' ? readText(body) : body, isWanted, found)
}

/** Without recursion: a body may be nested as deep as its bytes allow. */
function walkBody(
  body: unknown,
  isWanted: (key: string) => boolean,
  found: (key: string, value: string) => void,
): void {
  const open: unknown[] = [body]
  while (open.length > 0) {
    const value = open.pop()
    if (Array.isArray(value)) {
      for (const each of value) if (isOpen(each)) open.push(each)
    } else if (isOpen(value)) {
      for (const [key, each] of Object.entries(value)) {
        if (isOpen(each)) open.push(each)
        if (isWanted(key)) eachEntry(each, (entry) => found(key, entry))
      }
    }
  }
}

const isOpen = (value: unknown): value is object => typeof value === 'object' && value !== null

function eachEntry(value: unknown, found: (entry: string) => void): void {
  for (const each of Array.isArray(value) ? value : [value]) {
    if (!isOpen(each) && each !== undefined) found(String(each))
  }
}

/** `a,b` is the list and each of its parts. */
function eachListed(value: unknown, found: (entry: string) => void): void {
  eachEntry(value, (entry) => {
    found(entry)
    if (entry.includes(',')) for (const part of entry.split(',')) found(part.trim())
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
