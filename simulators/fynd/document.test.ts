import { Ajv } from 'ajv'
import formatsPlugin from 'ajv-formats'
import { expect, test } from 'vitest'
import { readWire } from '../core/wire.ts'
import { fynd } from './index.ts'
import { transitions } from './rules/bag-machine.ts'

type Json = Record<string, unknown>

const { source } = await readWire(fynd.wire)

/** Every object in the document, with where it stands. */
function* walk(node: unknown, path = '#'): Generator<[string, Json]> {
  if (typeof node !== 'object' || node === null) return
  if (!Array.isArray(node)) yield [path, node as Json]
  for (const [key, child] of Object.entries(node)) yield* walk(child, `${path}/${key}`)
}

test('every example of the document fits its schema', () => {
  const ajv = new Ajv({ strict: false, allErrors: true })
  const addFormats = formatsPlugin as unknown as typeof formatsPlugin.default
  addFormats(ajv)
  const examples = [...walk(source)].filter(([, node]) => 'schema' in node && 'example' in node)
  for (const [path, { schema, example }] of examples) {
    const validate = ajv.compile({ ...(schema as Json), components: source.components })
    expect(validate(example), `${path}: ${ajv.errorsText(validate.errors)}`).toBe(true)
  }
  expect(examples.length).toBeGreaterThan(20)
})

test('the document knows every state of a bag', () => {
  const { schemas } = source.components as { schemas: Record<string, { enum?: string[] }> }
  expect(schemas.BagStatus?.enum?.toSorted()).toEqual(Object.keys(transitions).sort())
})
