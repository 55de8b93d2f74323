import type { WireOperation } from './wire.ts'

type Schema = Record<string, unknown>

/**
 * Names of query parameters and body fields that the document does not know. Partners accept and ignore them; the journal notes them,
 * because a misspelt field is a common reason why a call does not do what was meant. Computed when the journal is read.
 */
export function unknownFields(
  operation: WireOperation,
  query: readonly string[],
  body: unknown,
): string[] {
  const found = query
    .filter((name) => !operation.queryNames.has(name))
    .map((name) => `query/${name}`)
  if (operation.bodySchema) walk(operation.bodySchema, body, '', found)
  return found.slice(0, fieldsMax)
}

const fieldsMax = 50
const depthMax = 12

function walk(schema: Schema, value: unknown, path: string, found: string[], depth = 0): void {
  if (typeof value !== 'object' || value === null || depth > depthMax || found.length > fieldsMax)
    return
  if (Array.isArray(value)) {
    const items = schema.items as Schema | undefined
    if (items)
      for (const [at, each] of value.entries()) walk(items, each, `${path}${at}/`, found, depth + 1)
    return
  }
  const properties = propertiesOf(schema)
  // A schema without properties takes anything.
  if (!properties) return
  for (const [key, each] of Object.entries(value)) {
    const inner = Object.hasOwn(properties, key) ? properties[key] : undefined
    if (inner) walk(inner, each, `${path}${key}/`, found, depth + 1)
    else if (schema.additionalProperties === undefined) found.push(`${path}${key}`)
  }
}

/** Of the schema and of the parts it is put together from. */
function propertiesOf(schema: Schema): Record<string, Schema> | undefined {
  const parts = ['allOf', 'oneOf', 'anyOf'].flatMap((word) => (schema[word] ?? []) as Schema[])
  const all = [schema.properties as Record<string, Schema> | undefined, ...parts.map(propertiesOf)]
  const known = all.filter((properties) => properties !== undefined)
  return known.length > 0 ? Object.assign({}, ...known) : undefined
}
