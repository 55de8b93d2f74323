import { z } from 'zod'
import type { Partner } from './core/partner.ts'
import { countProvenance, renderProvenance, renderTable } from './core/provenance.ts'
import { readWire } from './core/wire.ts'

/** Tables of a partner's README that are written from its code and document, by the name in their markers. */
export async function readmeTables(partner: Partner): Promise<Record<string, string>> {
  const { source } = await readWire(partner.wire)
  return {
    switches: renderSwitches(partner),
    provenance: renderProvenance(countProvenance(source)),
  }
}

interface Schema {
  type?: string
  enum?: unknown[]
  anyOf?: Schema[]
  default?: unknown
  description?: string
}

/** Every switch with its values and its default. */
function renderSwitches({ assumptions }: Partner): string {
  const { properties = {} } = z.toJSONSchema(assumptions, { io: 'input' })
  const rows = Object.entries(properties as Record<string, Schema>).map(([name, schema]) => [
    `\`${name}\``,
    code(schema.default),
    valuesOf(schema),
    (schema.description ?? '').replaceAll('|', '\\|'),
  ])
  return renderTable(['switch', 'default', 'values', 'what it decides'], rows)
}

/** Short enough for a cell. */
const code = (value: unknown): string => {
  const text = typeof value === 'string' ? value : JSON.stringify(value)
  return text.length > 40 ? `\`${text.slice(0, 20)}…\`` : `\`${text}\``
}

function valuesOf({ type, enum: values, anyOf }: Schema): string {
  if (values) return values.map(code).join(', ')
  if (anyOf) return anyOf.map(valuesOf).join(' or ')
  if (type === 'boolean') return '`true`, `false`'
  return type === 'null' ? '`null`' : (type ?? '')
}

const region = (name: string) =>
  new RegExp(`(<!-- generated: ${name} -->\\n)[^]*?(\\n<!-- end -->)`)

/** The README with its generated regions written anew; a README without markers stays as it is. */
export function writeTables(readme: string, tables: Record<string, string>): string {
  return Object.entries(tables).reduce(
    (text, [name, table]) =>
      text.replace(
        region(name),
        (_all, begin: string, end: string) => `${begin}\n${table}\n${end}`,
      ),
    readme,
  )
}
