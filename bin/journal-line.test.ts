import { readdirSync, readFileSync } from 'node:fs'
import { expect, it } from 'vitest'
import { journalKinds } from '../simulators/core/journal.ts'
import { renderLine } from './journal-line.ts'

const at = '2026-01-05T04:30:00.250Z'

it.each([
  [
    'a call with its answer, its refusal and the faults on it',
    'request',
    {
      partner: 'acme',
      method: 'POST',
      target: '/orders',
      status: 409,
      refused: 'conflict: taken',
      faults: ['late'],
    },
    'acme POST /orders -> 409 conflict: taken [late]',
  ],
  ['an act', 'act', { name: 'acme.order.cancel', input: { id: 1 } }, 'acme.order.cancel {"id":1}'],
  [
    'an act that was refused',
    'act',
    { name: 'acme.order.cancel', input: {}, refused: 'conflict: too late' },
    'acme.order.cancel {} refused: conflict: too late',
  ],
  [
    'an attempt that ended',
    'attempt-ended',
    { delivery: 'd-1', attempt: 2, error: 'ECONNREFUSED', state: 'waiting' },
    'd-1 attempt 2: ECONNREFUSED, waiting',
  ],
  ['a move of the clock', 'clock', { toMs: Date.UTC(2026, 0, 6) }, 'to 2026-01-06T00:00:00.000Z'],
  ['a kind that it does not know', 'news', { a: 1 }, '{"a":1}'],
])('tells %s', (_, kind, data, said) => {
  const line = renderLine({ seq: 7, at, kind, cause: null, data })
  expect(line).toBe(`    7 2026-01-05 04:30:00.250 ${kind.padEnd(13)} ${said}`)
})

it('names the cause and cuts what is long', () => {
  const data = { text: 'x'.repeat(500) }
  const line = renderLine({ seq: 8, at, kind: 'state', cause: 7, data })
  expect(line.endsWith('… (because of 7)')).toBe(true)
  expect(line.length).toBeLessThan(260)
})

it('lets no text of a client steer the terminal', () => {
  const data = { name: 'acme.order.cancel', input: {}, refused: 'no order \u001b[2J\r\n' }
  const line = renderLine({ seq: 9, at, kind: 'act', cause: null, data })
  expect(line).toContain('no order \\u001b[2J\\u000d\\u000a')
})

it('knows every kind of entry that the core writes', () => {
  const core = new URL('../simulators/core/', import.meta.url)
  const files = readdirSync(core, { recursive: true, encoding: 'utf8' })
  const written = files
    .filter((file) => /(?<!\.test)\.ts$/.test(file) && !file.includes('testing'))
    .flatMap((file) => [...readFileSync(new URL(file, core), 'utf8').matchAll(writes)])
    .map(([, kind]) => kind)
  expect([...new Set(written)].sort()).toEqual([...journalKinds].sort())
})

/** `note(core, 'state', …)`, `machine.journal('event', …)` */
const writes = /(?:(?:enter|note)\(core|journal\()[,\s]*'([a-z-]+)'/g
