import { readFileSync } from 'node:fs'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { arvind } from './arvind/index.ts'
import type { Partner } from './core/partner.ts'
import { countProvenance } from './core/provenance.ts'
import { readWire } from './core/wire.ts'
import { fynd } from './fynd/index.ts'
import { konnect } from './konnect/index.ts'
import { readmeTables, writeTables } from './readme-tables.ts'
import { openSimulators, type Simulators } from './server.ts'

const readme = readFileSync(new URL('./README.md', fynd.wire), 'utf8')
const wire = await readWire(fynd.wire)
let simulators: Simulators

beforeAll(async () => {
  simulators = await openSimulators({ partners: [fynd], port: 0 })
})

afterAll(() => simulators.close())

const control = async <Body>(path: string): Promise<Body> =>
  (await (await fetch(`${simulators.controlUrl}/_sim${path}`)).json()) as Body

/** Rows of the first table under a heading, cell by cell, without the backticks. */
function tableUnder(heading: string): string[][] {
  const [, part = ''] = readme.split(heading)
  const lines = part.split('\n')
  const first = lines.findIndex((line) => line.startsWith('|'))
  const rows = lines.slice(first)
  const end = rows.findIndex((line) => !line.startsWith('|'))
  return rows
    .slice(2, end)
    .map((line) => line.split(/(?<!\\)\|/).slice(1, -1))
    .map((cells) => cells.map((cell) => cell.trim().replaceAll('`', '')))
}

test('calls: README table, document and handlers have the same rows', () => {
  const base = '/gofynd/v1/affiliates/{affiliate_id}'
  const listed = tableUnder('## Simulated').map(([, call, id]) => `${id} ${call}`)
  const documented = wire.operations.map(
    ({ id, method, path }) => `${id} ${method} ${path.slice(base.length)}`,
  )
  expect(listed.sort()).toEqual(documented.sort())
  expect(wire.operations.map(({ id }) => id).sort()).toEqual(Object.keys(fynd.operations).sort())
})

test('webhooks: README, document and partner have the same names', () => {
  const [, part = ''] = readme.split('Webhooks: ')
  const listed = [...(part.split('\n\n')[0]?.matchAll(/`(\w+)`/g) ?? [])].map(([, name]) => name)
  expect(listed.sort()).toEqual([...fynd.webhooks.events].sort())
  expect(Object.keys(wire.source.webhooks as object).sort()).toEqual(
    [...fynd.webhooks.events].sort(),
  )
})

test('switches: README table, code and control plane have the same rows', async () => {
  const listed = tableUnder('### Switches').map(([name]) => name)
  const known = Object.keys(fynd.assumptions.parse({}) as object)
  expect(listed).toEqual(known)
  const shown = await control<{ assumptions: Record<string, { default: unknown; about: string }> }>(
    '/worlds/default/assumptions/fynd',
  )
  expect(Object.keys(shown.assumptions)).toEqual(known)
  const defaults = Object.entries(shown.assumptions).map(([name, each]) => [name, each.default])
  expect(Object.fromEntries(defaults)).toEqual(fynd.assumptions.parse({}))
})

test('acts: the control plane lists them all, with a schema each', async () => {
  const { acts } = await control<{ acts: { name: string }[] }>('/worlds/default/acts')
  expect(acts.map(({ name }) => name).sort()).toEqual(Object.keys(fynd.acts).sort())
})

test('the document that is served is this one', async () => {
  const served = await fetch(`${simulators.controlUrl}/_sim/openapi/fynd.yaml`)
  expect(await served.text()).toContain('operationId: updateShipmentStatus')
})

test('the tables of the README are up to date (npx tsx simulators/write-readmes.ts)', async () => {
  const tables = await readmeTables(fynd)
  for (const name of Object.keys(tables)) expect(readme).toContain(`<!-- generated: ${name} -->`)
  expect(writeTables(readme, tables)).toBe(readme)
})

test('every operation, webhook, parameter and field says how much is known of it', () => {
  const counts = countProvenance(wire.source)
  for (const { kind, unmarked } of counts) expect(unmarked, kind).toEqual([])
  const [operations, webhooks] = counts
  const sum = (count: (typeof counts)[number] | undefined) =>
    Object.values(count?.counts ?? {}).reduce((total, each) => total + each, 0)
  expect(sum(operations)).toBe(wire.operations.length)
  expect(sum(webhooks)).toBe(fynd.webhooks.events.length)
})

test('acts that the README names exist', () => {
  const named = [...readme.matchAll(/`(fynd(?:\.[a-z-]+){2})`/g)].map(([, name]) => name ?? '')
  expect(named.length).toBeGreaterThan(10)
  for (const name of named) expect(Object.keys(fynd.acts)).toContain(name)
})

test.each([arvind, konnect] as unknown as Partner[])(
  'the switches in the README of $name are up to date (npx tsx simulators/write-readmes.ts)',
  async (partner) => {
    const text = readFileSync(new URL('./README.md', partner.wire), 'utf8')
    expect(text).toContain('<!-- generated: switches -->')
    expect(writeTables(text, await readmeTables(partner))).toBe(text)
  },
)
