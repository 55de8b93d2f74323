import { readFileSync } from 'node:fs'
import { expect, test } from 'vitest'
import { readWire } from '../core/wire.ts'
import { assumptions } from './assumptions.ts'
import { arvind } from './index.ts'

const wire = await readWire(arvind.wire)

test('the README lists every switch with its default, none more', () => {
  const readme = readFileSync(new URL('./README.md', import.meta.url), 'utf8')
  const listed = [...readme.matchAll(/^\| `([a-z_0-9]+)` +\| ([^|]+?) +\|/gm)].map(
    ([, name, value]) => [name, value?.replaceAll('`', '')],
  )
  const switches = Object.entries(assumptions.parse({})).map(([name, value]) => [
    name,
    Array.isArray(value) ? JSON.stringify(value) : String(value),
  ])
  expect(listed).toEqual(switches)
})

test('every example of a webhook is what its schema says', () => {
  const webhooks = wire.source.webhooks as Record<string, never>
  const examples = Object.entries(webhooks).map(([event, path]) => [
    event,
    (path as { post: { requestBody: { content: Record<string, { example?: object }> } } }).post
      .requestBody.content['application/json']?.example,
  ])
  expect(examples.filter(([, example]) => example !== undefined)).toHaveLength(18)
  for (const [event, example] of examples as [string, object | undefined][]) {
    if (example) expect(wire.checkWebhook(event, example), event).toBeNull()
  }
})

test('every example of a body is what its schema says', () => {
  const bodies = wire.operations.flatMap((operation) => {
    const paths = wire.source.paths as Record<string, Record<string, never>>
    const post = paths[operation.path]?.[operation.method.toLowerCase()] as
      | { requestBody?: { content: Record<string, { example?: object }> } }
      | undefined
    const example = post?.requestBody?.content['application/json']?.example
    return example ? [{ operation, example }] : []
  })
  expect(bodies).toHaveLength(4)
  for (const { operation, example } of bodies) {
    expect(operation.checkBody(example, 'application/json'), operation.id).toBeNull()
  }
})
