import { z } from 'zod'
import { isRecord } from './difference.ts'
import { scenarioSchema } from './schema.ts'
import type { Vocabulary } from './vocabulary.ts'

/**
 * The JSON Schema of a scenario, for editors (`# yaml-language-server: $schema=../schema.json`). Wherever something other than
 * free text is wanted, a reference such as `${order.id}` is accepted as well.
 */
export function renderJsonSchema(words: Vocabulary): string {
  const schema = z.toJSONSchema(scenarioSchema(words), {
    io: 'input',
    unrepresentable: 'any',
    // Acts and actions may stand in several places.
    reused: 'ref',
  })
  return `${JSON.stringify(withReferences(schema, true), null, 2)}\n`
}

const reference = { type: 'string', pattern: '\\$\\{.+\\}' }

function withReferences(schema: unknown, isRoot = false): unknown {
  if (Array.isArray(schema)) return schema.map((one) => withReferences(one))
  if (!isRecord(schema)) return schema
  const inner = Object.fromEntries(
    Object.entries(schema).map(([key, value]) => [
      // A reference may stand where a word tells the alternatives apart, and fits them all then.
      key === 'oneOf' ? 'anyOf' : key,
      key === 'enum' || key === 'required' || key === 'const' ? value : withReferences(value),
    ]),
  )
  return wantsMoreThanText(schema) && !isRoot ? { anyOf: [inner, reference] } : inner
}

/** True where a reference would break the schema although it may stand there. */
function wantsMoreThanText(schema: Record<string, unknown>): boolean {
  const { type } = schema
  if (schema.oneOf !== undefined) return true
  if (typeof type === 'string' && type !== 'string') return true
  return (
    type === 'string' &&
    (schema.enum !== undefined ||
      schema.const !== undefined ||
      schema.pattern !== undefined ||
      schema.format !== undefined)
  )
}
