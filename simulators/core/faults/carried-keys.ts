import { load } from 'js-yaml'

type Json = Record<string, unknown>

/** Names of what a call or an event can carry by its document: all that `where` can ask for. */
export interface CarriedKeys {
  keys: ReadonlySet<string>
  /** Some part of the body may have keys of anybody's making. */
  isOpen: boolean
}

/** Undefined: the document does not say. */
export interface CarriedBy {
  operation(id: string): CarriedKeys | undefined
  event(name: string): CarriedKeys | undefined
}

const methods = ['get', 'put', 'post', 'delete', 'patch', 'head', 'options']

/**
 * Reads names out of a partner's document: path and query parameters and every property of the body, at any depth. Headers are not
 * among them: `where` does not look at them. The document is read at the first question, because most faults have no `where`.
 */
export function createCarriedBy(text: () => string): CarriedBy {
  let source: Json | undefined
  const read = () => {
    source ??= load(text()) as Json
    return source
  }
  return {
    operation(id) {
      const document = read()
      for (const item of Object.values((document.paths ?? {}) as Record<string, Json>)) {
        const operation = methods
          .map((method) => item[method] as Json | undefined)
          .find((each) => each?.operationId === id)
        if (operation) return keysOf(document, operation, item)
      }
      return undefined
    },
    event(name) {
      const document = read()
      const webhooks = (document.webhooks ?? {}) as Record<string, Json>
      const post = Object.hasOwn(webhooks, name) ? webhooks[name]?.post : undefined
      // Parameters of a webhook are the URL's and the headers: an event carries its body alone.
      return post === undefined
        ? undefined
        : keysOf(document, { ...(post as Json), parameters: [] })
    },
  }
}

function keysOf(document: Json, operation: Json, item: Json = {}): CarriedKeys {
  const found = { keys: new Set<string>(), isOpen: false }
  for (const each of [item.parameters, operation.parameters].flat()) {
    const parameter = resolve(document, each)
    if (parameter?.in === 'path' || parameter?.in === 'query') {
      found.keys.add(String(parameter.name))
    }
  }
  const body = resolve(document, operation.requestBody)
  for (const { schema } of Object.values((body?.content ?? {}) as Record<string, Json>)) {
    gather(document, schema, found, new Set())
  }
  return found
}

function gather(
  document: Json,
  given: unknown,
  found: { keys: Set<string>; isOpen: boolean },
  seen: Set<Json>,
): void {
  const schema = resolve(document, given)
  // A schema may hold itself.
  if (!schema || seen.has(schema)) return
  seen.add(schema)
  const { properties, additionalProperties: more, items } = schema as Record<string, Json>
  for (const [key, property] of Object.entries(properties ?? {})) {
    found.keys.add(key)
    gather(document, property, found, seen)
  }
  const parts = [schema.allOf, schema.anyOf, schema.oneOf].flatMap((each) => each ?? [])
  for (const part of [...parts, items, more]) gather(document, part, found, seen)
  const isBare = schema.type === 'object' && !properties && parts.length === 0
  if (schema.patternProperties || (more ? true : isBare && more === undefined)) found.isOpen = true
}

/** Follows `$ref` inside the document. */
function resolve(document: Json, given: unknown): Json | undefined {
  let node = given
  for (let hops = 0; hops < 20; hops += 1) {
    if (typeof node !== 'object' || node === null) return undefined
    const { $ref } = node as Json
    if (typeof $ref !== 'string') return node as Json
    node = $ref
      .replace(/^#\//, '')
      .split('/')
      .map((part) => part.replaceAll('~1', '/').replaceAll('~0', '~'))
      .reduce<unknown>((at, part) => (at as Json | undefined)?.[part], document)
  }
  return undefined
}
