import { CommandError } from './command-error.ts'

/** The part of a JSON Schema that decides how a value on the command line is read. */
export interface ValueSchema {
  type?: string | string[]
  properties?: Record<string, ValueSchema>
  anyOf?: ValueSchema[]
  enum?: unknown[]
}

/**
 * `sku=TEE-M address.pincode=560001 items=[…]` as one object: dotted keys nest, a value is JSON where it parses, unless the schema wants
 * text there. Throws `CommandError` naming the word that is wrong.
 */
export function parseAssignments(
  words: readonly string[],
  schema: ValueSchema = {},
): Record<string, unknown> {
  const input: Record<string, unknown> = {}
  for (const word of words) {
    const at = word.indexOf('=')
    if (at <= 0) {
      throw new CommandError(`"${word}" is no key=value. Write for example sku=TEE-M quantity=5`, 2)
    }
    const path = word.slice(0, at).split('.')
    if (path.some((key) => key === '' || key === '__proto__')) {
      throw new CommandError(`"${word.slice(0, at)}" is no key.`, 2)
    }
    put(input, path, readValue(word.slice(at + 1), schemaAt(schema, path)), word)
  }
  return input
}

function put(input: Record<string, unknown>, path: string[], value: unknown, word: string): void {
  let object = input
  for (const key of path.slice(0, -1)) {
    if (!Object.hasOwn(object, key)) object[key] = {}
    const inner = object[key]
    if (typeof inner !== 'object' || inner === null || Array.isArray(inner)) {
      throw new CommandError(`"${word}": ${key} has a value already and cannot hold another.`, 2)
    }
    object = inner as Record<string, unknown>
  }
  const last = path.at(-1) as string
  if (Object.hasOwn(object, last)) throw new CommandError(`"${word}": given twice.`, 2)
  object[last] = value
}

function schemaAt(schema: ValueSchema, path: readonly string[]): ValueSchema | undefined {
  let found: ValueSchema | undefined = schema
  for (const key of path) {
    const here: ValueSchema | undefined = found
    found =
      here?.properties && Object.hasOwn(here.properties, key)
        ? here.properties[key]
        : here?.anyOf?.map((each) => each.properties?.[key]).find((each) => each !== undefined)
  }
  return found
}

/** `560001` is a pincode where text is wanted and a number elsewhere. */
function readValue(text: string, schema: ValueSchema | undefined): unknown {
  let value: unknown
  try {
    value = JSON.parse(text)
  } catch {
    // Not JSON: plain words need no quotes.
    return text
  }
  return typeof value !== 'string' && schema && wantsText(schema) ? text : value
}

function wantsText(schema: ValueSchema): boolean {
  const types = [schema.type ?? []].flat()
  if (types.length > 0) return types.every((type) => type === 'string')
  if (schema.enum) return schema.enum.every((each) => typeof each === 'string')
  return schema.anyOf?.every(wantsText) ?? false
}
