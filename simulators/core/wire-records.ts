type Json = Record<string, unknown>

const mark = 'x-each-record'

/**
 * A copy of the document in which arrays marked `x-each-record` check only their envelope (array, size, objects): a bad record must fail
 * alone, in the partner's words, and not the whole batch.
 */
export function withoutRecords(node: unknown): unknown {
  if (Array.isArray(node)) return node.map(withoutRecords)
  if (typeof node !== 'object' || node === null) return node
  const copy: Json = {}
  for (const [key, child] of Object.entries(node)) copy[key] = withoutRecords(child)
  if (copy[mark] === true) copy.items = { type: 'object' }
  return copy
}

/** Schemas of single records by the property that holds the array ('' when the body itself is the array). */
export function recordSchemas(source: Json, bodySchema: unknown): Map<string, Json> {
  const found = new Map<string, Json>()
  const body = resolve(source, bodySchema)
  if (body?.[mark] === true) found.set('', body.items as Json)
  for (const [name, property] of Object.entries((body?.properties ?? {}) as Json)) {
    const array = resolve(source, property)
    if (array?.[mark] === true) found.set(name, array.items as Json)
  }
  return found
}

/** Follows `$ref` inside the document. */
function resolve(source: Json, schema: unknown): Json | undefined {
  let node = schema as Json | undefined
  for (let hops = 0; node && typeof node.$ref === 'string' && hops < 20; hops += 1) {
    const parts = node.$ref.replace(/^#\//, '').split('/')
    node = parts.reduce<unknown>(
      (at, part) => (at as Json | undefined)?.[part.replaceAll('~1', '/').replaceAll('~0', '~')],
      source,
    ) as Json | undefined
  }
  return node
}
