import { readFileSync } from 'node:fs'
import { load } from 'js-yaml'

type Json = Record<string, unknown>

const kinds = ['source', 'documented', 'analogy', 'assumed'] as const
const here = (file: string): URL => new URL(file, import.meta.url)
const begin = '<!-- counted by write-provenance.ts -->'
const end = '<!-- end of count -->'

/**
 * Counts every `x-provenance` of a document: how much of it each kind of source covers. Parameters are those of the query and headers;
 * fields are those of bodies and answers.
 */
export function countProvenance(document: Json): string {
  const counts = {
    operations: new Map(),
    parameters: new Map(),
    fields: new Map(),
    webhooks: new Map(),
  }
  const count = (table: Map<string, number>, node: unknown) => {
    const said = (node as Json)['x-provenance']
    if (typeof said === 'string') table.set(said, (table.get(said) ?? 0) + 1)
  }
  for (const operation of operationsOf(document.paths)) {
    count(counts.operations, operation)
    for (const parameter of (operation.parameters ?? []) as Json[])
      count(counts.parameters, parameter)
    walk(operation.requestBody, (node) => count(counts.fields, node))
    walk(operation.responses, (node) => count(counts.fields, node))
  }
  for (const webhook of operationsOf(document.webhooks)) count(counts.webhooks, webhook)
  walk((document.components as Json).schemas, (node) => count(counts.fields, node))
  const rows = Object.entries(counts).map(([what, table]: [string, Map<string, number>]) => [
    what,
    ...kinds.map((kind) => String(table.get(kind) ?? 0)),
  ])
  return writeTable([['', ...kinds], ...rows])
}

/** The README with the table as the document has it now. */
export function withCount(readme: string, document: Json): string {
  const from = readme.indexOf(begin) + begin.length
  const to = readme.indexOf(end)
  if (from < begin.length || to < from) throw new Error(`README.md has no "${begin}" … "${end}"`)
  return `${readme.slice(0, from)}\n\n${countProvenance(document)}\n\n${readme.slice(to)}`
}

export const readDocument = (): Json => load(readFileSync(here('./openapi.yaml'), 'utf8')) as Json
export const readReadme = (): string => readFileSync(here('./README.md'), 'utf8')

function operationsOf(group: unknown): Json[] {
  const methods = ['get', 'put', 'post', 'delete', 'patch']
  return Object.values((group ?? {}) as Record<string, Json>).flatMap((path) =>
    methods.flatMap((method) => (path[method] ? [path[method] as Json] : [])),
  )
}

function walk(node: unknown, visit: (node: Json) => void): void {
  if (typeof node !== 'object' || node === null) return
  if (!Array.isArray(node)) visit(node as Json)
  for (const child of Object.values(node)) walk(child, visit)
}

function writeTable(rows: readonly (readonly string[])[]): string {
  const [head = [], ...rest] = rows
  const widths = head.map((_, at) => Math.max(...rows.map((row) => row[at]?.length ?? 0), 3))
  const line = (row: readonly string[]) =>
    `| ${row.map((cell, at) => (at === 0 ? cell.padEnd(widths[at] ?? 0) : cell.padStart(widths[at] ?? 0))).join(' | ')} |`
  const rule = widths.map((width, at) =>
    at === 0 ? '-'.repeat(width) : `${'-'.repeat(width - 1)}:`,
  )
  return [line(head), line(rule), ...rest.map(line)].join('\n')
}
