/** How much is known of a behaviour, best first (design 2). */
export const provenances = ['source', 'documented', 'analogy', 'assumed'] as const

export type Provenance = (typeof provenances)[number]

export interface ProvenanceCount {
  /** What was counted: operations, webhooks, parameters, fields. */
  kind: string
  counts: Record<Provenance, number>
  /** Where nobody says it. */
  unmarked: string[]
}

type Json = Record<string, unknown>

const methods = ['get', 'put', 'post', 'delete', 'patch']

/**
 * Counts what a document says of its operations, webhooks, parameters and fields. A field without a word of its own has the nearest one
 * above it in its schema.
 */
export function countProvenance(source: Json): ProvenanceCount[] {
  const operations = counter('operations')
  const webhooks = counter('webhooks')
  const parameters = counter('parameters')
  const fields = counter('fields')
  const { components = {} } = source as { components?: Json }
  const schemas = (components.schemas ?? {}) as Record<string, Json>
  for (const [group, count] of [
    [source.paths, operations],
    [source.webhooks, webhooks],
  ] as const) {
    for (const [path, item] of entries(group)) {
      for (const method of methods) {
        const operation = (item as Json)[method] as Json | undefined
        if (!operation) continue
        const said = operation['x-provenance']
        count.add(said, `${method.toUpperCase()} ${path}`)
        for (const parameter of listOf(operation.parameters)) {
          if (!('$ref' in parameter))
            parameters.add(parameter['x-provenance'], `${path} ${parameter.name}`)
        }
        // Fields of a body that stands in the operation itself; what it refers to is counted below, once.
        walkSchemas(operation, path, { schemas, add: fields.add })
      }
    }
  }
  for (const [name, parameter] of entries(components.parameters)) {
    // A path parameter names a thing and says nothing by itself.
    const { in: place, 'x-provenance': said } = parameter as Json
    if (place !== 'path') parameters.add(said, `parameter ${name}`)
  }
  for (const [name, schema] of Object.entries(schemas)) {
    walkFields(schema, undefined, name, { schemas, add: fields.add })
  }
  return [operations, webhooks, parameters, fields].map(({ count }) => count)
}

type Add = (said: unknown, where: string) => void

interface Walk {
  schemas: Record<string, Json>
  add: Add
}

function counter(kind: string): { count: ProvenanceCount; add: Add } {
  const counts = { source: 0, documented: 0, analogy: 0, assumed: 0 }
  const count: ProvenanceCount = { kind, counts, unmarked: [] }
  return {
    count,
    add(said, where) {
      const known = provenances.find((each) => each === said)
      if (known) counts[known] += 1
      else count.unmarked.push(where)
    },
  }
}

/** Finds the schemas in an operation and walks each. */
function walkSchemas(node: unknown, where: string, walk: Walk): void {
  for (const [key, value] of entries(node)) {
    if (key === 'schema') walkFields(value as Json, undefined, where, walk)
    else if (key !== 'example' && key !== 'parameters') walkSchemas(value, where, walk)
  }
}

/** Every property once, with its own word, that of the schema it refers to, or the nearest above it. */
function walkFields(schema: Json, above: unknown, where: string, walk: Walk): void {
  const said = schema['x-provenance'] ?? above
  for (const [name, property] of entries(schema.properties)) {
    const place = `${where}.${name}`
    const { $ref, 'x-provenance': own } = property as Json
    const meant = typeof $ref === 'string' ? walk.schemas[$ref.split('/').at(-1) ?? ''] : undefined
    walk.add(own ?? meant?.['x-provenance'] ?? said, place)
    walkFields(property as Json, said, place, walk)
  }
  for (const word of ['items', 'additionalProperties']) {
    const inner = schema[word]
    if (typeof inner === 'object' && inner !== null) walkFields(inner as Json, said, where, walk)
  }
  for (const word of ['oneOf', 'anyOf', 'allOf']) {
    for (const part of listOf(schema[word])) walkFields(part, said, where, walk)
  }
}

/** Markdown: one row a kind and one for all, for a README. */
export function renderProvenance(counts: readonly ProvenanceCount[]): string {
  const total = { source: 0, documented: 0, analogy: 0, assumed: 0 }
  const rows = counts.map(({ kind, counts: each }) => {
    for (const provenance of provenances) total[provenance] += each[provenance]
    return [kind, ...provenances.map((provenance) => String(each[provenance]))]
  })
  return renderTable(
    ['', 'source', 'documented', 'analogous', 'assumed'],
    [...rows, ['all', ...provenances.map((provenance) => String(total[provenance]))]],
  )
}

/** Columns as wide as their widest cell. */
export function renderTable(header: readonly string[], rows: readonly string[][]): string {
  const widths = header.map((_, at) =>
    Math.max(...[header, ...rows].map((cells) => (cells[at] ?? '').length), 3),
  )
  const line = (cells: readonly string[]) =>
    `| ${widths.map((width, at) => (cells[at] ?? '').padEnd(width)).join(' | ')} |`
  return [line(header), line(widths.map((width) => '-'.repeat(width))), ...rows.map(line)].join(
    '\n',
  )
}

const entries = (node: unknown): [string, unknown][] =>
  typeof node === 'object' && node !== null ? Object.entries(node) : []

const listOf = (node: unknown): Json[] => (Array.isArray(node) ? node : [])
