import { readFileSync } from 'node:fs'
import { expect, test } from 'vitest'
import { readWire } from '../core/wire.ts'
import { settle } from './state.ts'
import { createRoom, openPayment } from './testing/create-room.ts'
import { events, sendCallback, sendWebhook } from './webhooks.ts'

const wire = await readWire(new URL('./openapi.yaml', import.meta.url))
const readme = readFileSync(new URL('./README.md', import.meta.url), 'utf8')

test('the README lists each operation with its statuses', () => {
  const rows = [...readme.matchAll(/^\| `(\w+)` +\| `(\w+ [^`]+)` +\| ([\d, ]+?) +\|$/gm)]
  const paths = wire.source.paths as Record<string, Record<string, { responses: object }>>
  expect(rows.map(([, id, call, statuses]) => ({ id, call, statuses }))).toEqual(
    wire.operations.map(({ id, method, path }) => ({
      id,
      call: `${method} ${path}`,
      statuses: Object.keys(paths[path]?.[method.toLowerCase()]?.responses ?? {}).join(', '),
    })),
  )
})

test('the document describes each event, and nothing else', () => {
  expect(Object.keys(wire.source.webhooks as object)).toEqual([...events])
})

test.each(['paid', 'failed', 'failed-debited', 'aborted'] as const)(
  'what is sent after %s is what the document says',
  (outcome) => {
    const room = createRoom()
    const payment = openPayment(room)
    settle(room.ctx, payment, outcome)
    sendCallback(room.ctx, payment)
    sendWebhook(room.ctx, payment)
    expect(room.emissions).toHaveLength(2)
    for (const { event, body } of room.emissions) {
      const read = typeof body === 'string' ? Object.fromEntries(new URLSearchParams(body)) : body
      expect(wire.checkWebhook(event, read), event).toBeNull()
    }
  },
)
