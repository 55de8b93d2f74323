/**
 * Plain data: JSON values, `Map` and `Set`. A world holds nothing else, so that it can be written down, compared by bytes and
 * made again. Maps and sets are written as `{"$map": [[key, value], …]}` and `{"$set": […]}`, in their order of insertion.
 */
export const writePlain = (value: unknown): string => JSON.stringify(encode(value, ''))

export const readPlain = <T>(text: string): T => decode(JSON.parse(text)) as T

/** A deep copy by way of the text, so that nothing is shared. */
export const copyPlain = <T>(value: T): T => readPlain<T>(writePlain(value))

/** For people: maps as objects, sets as arrays. Not meant to be read back. */
export function showPlain(value: unknown): unknown {
  if (value instanceof Map) {
    return Object.fromEntries([...value].map(([key, each]) => [String(key), showPlain(each)]))
  }
  if (value instanceof Set) return [...value].map(showPlain)
  if (Array.isArray(value)) return value.map(showPlain)
  if (typeof value !== 'object' || value === null) return value
  return Object.fromEntries(Object.entries(value).map(([key, each]) => [key, showPlain(each)]))
}

/** Freezes all that can be reached. For catalogues, which worlds share. Maps and sets inside are not frozen by the language. */
export function freezeDeep<T>(value: T): T {
  if (typeof value !== 'object' || value === null || Object.isFrozen(value)) return value
  Object.freeze(value)
  const inner = value instanceof Map || value instanceof Set ? value.values() : Object.values(value)
  for (const each of inner) freezeDeep(each)
  return value
}

const tags = ['$map', '$set', '$object']

function encode(value: unknown, path: string): unknown {
  if (value === null || typeof value === 'string' || typeof value === 'boolean') return value
  if (typeof value === 'number') {
    if (Number.isFinite(value)) return value
    throw new Error(`Not plain data at "${path}": the number ${value}.`)
  }
  if (value === undefined) return undefined
  if (typeof value !== 'object') throw new Error(`Not plain data at "${path}": a ${typeof value}.`)
  if (value instanceof Map) {
    return { $map: [...value].map(([key, each]) => [key, encode(each, `${path}/${String(key)}`)]) }
  }
  if (value instanceof Set) return { $set: [...value] }
  if (Array.isArray(value)) return value.map((each, at) => encode(each, `${path}/${at}`))
  return encodeObject(value, path)
}

function encodeObject(value: object, path: string): unknown {
  const prototype = Object.getPrototypeOf(value)
  if (prototype !== Object.prototype && prototype !== null) {
    throw new Error(
      `Not plain data at "${path}": a ${prototype.constructor?.name ?? 'strange object'}.`,
    )
  }
  const written: Record<string, unknown> = {}
  for (const [key, each] of Object.entries(value)) {
    const encoded = encode(each, `${path}/${key}`)
    if (encoded !== undefined) define(written, key, encoded)
  }
  return tags.some((tag) => Object.hasOwn(written, tag)) ? { $object: written } : written
}

function decode(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(decode)
  if (typeof value !== 'object' || value === null) return value
  if (Object.hasOwn(value, '$map')) {
    const entries = (value as { $map: [unknown, unknown][] }).$map
    return new Map(entries.map(([key, each]) => [key, decode(each)]))
  }
  if (Object.hasOwn(value, '$set')) return new Set((value as { $set: unknown[] }).$set)
  const source = Object.hasOwn(value, '$object') ? (value as { $object: object }).$object : value
  const read: Record<string, unknown> = {}
  for (const [key, each] of Object.entries(source)) define(read, key, decode(each))
  return read
}

/** A plain assignment to `__proto__` would set the prototype. */
function define(target: Record<string, unknown>, key: string, value: unknown): void {
  if (key === '__proto__') {
    Object.defineProperty(target, key, {
      value,
      enumerable: true,
      configurable: true,
      writable: true,
    })
  } else {
    target[key] = value
  }
}
