/** The part of a JSON Schema that is told to a person. */
export interface ShownSchema {
  type?: string | string[]
  const?: unknown
  enum?: unknown[]
  anyOf?: ShownSchema[]
  oneOf?: ShownSchema[]
  items?: ShownSchema
  properties?: Record<string, ShownSchema>
  required?: string[]
  default?: unknown
  description?: string
}

/** One line for each field: name, type, whether it must be given, and what it decides. Fields of fields are indented. */
export function renderFields(schema: ShownSchema, indent = '    '): string[] {
  const { properties = {}, required = [] } = schema
  return Object.entries(properties).flatMap(([name, field]) => {
    const given = required.includes(name)
      ? 'required'
      : field.default === undefined
        ? 'optional'
        : `default ${JSON.stringify(field.default)}`
    const about = field.description === undefined ? '' : `: ${field.description}`
    const inner = field.properties ? field : (field.items ?? {})
    return [
      `${indent}${name} (${renderType(field)}, ${given})${about}`,
      ...renderFields(inner, `${indent}  `),
    ]
  })
}

/** `string`, `COD | PREPAID`, `list of object`, `integer or null`. */
export function renderType(schema: ShownSchema): string {
  const { type, anyOf, oneOf, items } = schema
  if (schema.const !== undefined) return JSON.stringify(schema.const)
  if (schema.enum) return schema.enum.map(String).join(' | ')
  const choices = anyOf ?? oneOf
  if (choices) return choices.map(renderType).join(' or ')
  if (type === 'array') return `list of ${items ? renderType(items) : 'anything'}`
  return type === undefined ? 'anything' : [type].flat().join(' or ')
}
