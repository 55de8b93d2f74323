import { readFileSync } from 'node:fs'
import { serve } from '@hono/node-server'
import { Validator } from '@seriousme/openapi-schema-validator'
import { Ajv } from 'ajv'
import formatsPlugin from 'ajv-formats'
import { expect, it } from 'vitest'
import { z } from 'zod'
import { Refusal } from './core/refusal.ts'
import { createKnocker } from './core/testing/knock.ts'
import { tiny } from './core/testing/tiny/index.ts'
import { readWire } from './core/wire.ts'
import { createWorld } from './core/world.ts'
import { partners } from './index.ts'

/** What every partner must do; the tiny one, which others are copied from, first. */
const all = [tiny, ...partners].map((partner) => [partner.name, partner] as const)

type Json = Record<string, unknown>

const open = async (name: string) => {
  const partner = all.find(([each]) => each === name)?.[1] ?? tiny
  const world = createWorld({ partners: [partner], seed: 7 })
  const wire = await readWire(partner.wire)
  return { partner, world, wire, knock: createKnocker(world, name, wire) }
}

it.each(all)('%s: the document is sound OpenAPI 3.1', async (_name, partner) => {
  const { text, source } = await readWire(partner.wire)
  expect(source.openapi).toMatch(/^3\.1/)
  const { valid, errors } = await new Validator().validate(text)
  expect(errors ?? []).toEqual([])
  expect(valid).toBe(true)
})

it.each(all)(
  '%s: every schema compiles strictly, so no keyword or format is misspelt',
  async (_name, partner) => {
    const { source } = await readWire(partner.wire)
    const ajv = new Ajv({
      strict: true,
      strictTypes: false,
      strictRequired: false,
      allowUnionTypes: true,
    })
    const addFormats = formatsPlugin as unknown as typeof formatsPlugin.default
    addFormats(ajv)
    for (const word of [
      'x-provenance',
      'example',
      'x-each-record',
      'components',
      'xml',
      'discriminator',
    ]) {
      ajv.addKeyword(word)
    }
    let compiled = 0
    for (const schema of schemasIn(source)) {
      ajv.compile({ ...schema, components: source.components })
      compiled += 1
    }
    expect(compiled).toBeGreaterThan(0)
    // Such names fail to compile when a component is used twice (tried.md 1).
    expect(propertyNames(source).filter((property) => /[/%]/.test(property))).toEqual([])
  },
)

it.each(all)('%s: every operation and webhook tells its provenance', async (_name, partner) => {
  const { source } = await readWire(partner.wire)
  const known = ['source', 'documented', 'analogy', 'assumed']
  const said = [source.paths, source.webhooks ?? {}].flatMap((group) =>
    Object.values(group as Json).flatMap((path) =>
      ['get', 'put', 'post', 'delete', 'patch'].flatMap((method) => {
        const operation = (path as Json)[method] as Json | undefined
        return operation ? [operation['x-provenance']] : []
      }),
    ),
  )
  expect(said.length).toBeGreaterThan(0)
  for (const provenance of said) expect(known).toContain(provenance)
})

it.each(all)('%s: events, webhooks of the document, and handlers agree', async (_name, partner) => {
  const { source, operations } = await readWire(partner.wire)
  const webhooks = Object.keys((source.webhooks ?? {}) as Json)
  expect([...partner.webhooks.events].sort()).toEqual(webhooks.sort())
  expect(Object.keys(partner.operations).sort()).toEqual(operations.map(({ id }) => id).sort())
})

it.each(all)('%s: the README lists the routes, none more, none less', async (_name, partner) => {
  const { operations } = await readWire(partner.wire)
  const readme = readFileSync(new URL('./README.md', partner.wire), 'utf8')
  const simulated = readme.split(/^## /m).find((part) => part.startsWith('Simulated')) ?? ''
  const listed = [...simulated.matchAll(/`(GET|POST|PUT|DELETE|PATCH) ([^`?]+)/g)].map(
    ([, method, path]) => `${method} ${path?.trim()}`,
  )
  // A README may say once what all paths begin with, and leave it out of the table.
  const base = /below `([^`]+)`/.exec(simulated)?.[1] ?? ''
  const routes = operations.map(({ method, path }) => `${method} ${path.replace(base, '')}`)
  expect([...new Set(listed)].sort()).toEqual(routes.sort())
})

it.each(all)(
  '%s: acts and assumptions say what they do and have a JSON Schema',
  (_name, partner) => {
    expect(Object.keys(partner.acts).length).toBeGreaterThan(0)
    for (const act of Object.values(partner.acts)) {
      expect(act.about).toMatch(/\w.*\.$/)
      expect(z.toJSONSchema(act.input, { io: 'input' })).toHaveProperty('type', 'object')
    }
    const { properties = {} } = z.toJSONSchema(partner.assumptions, { io: 'input' })
    for (const [name, property] of Object.entries(properties)) {
      expect((property as Json).description, name).toMatch(/\w/)
      expect(property, name).toHaveProperty('default')
    }
  },
)

it.each(all)('%s: bad input gets a refusal in dialect and changes nothing', async (name) => {
  const { world, wire, knock } = await open(name)
  const before = world.state(name)
  const json = { 'content-type': 'application/json' }
  for (const operation of wire.operations) {
    const bodies =
      operation.bodyTypes.length === 0
        ? []
        : [
            { headers: json, body: '{"broken":' },
            { headers: json, body: '[]' },
            { headers: json, body: '"text"' },
            { headers: json, body: '{"__proto__": {"polluted": 1}, "constructor": 7}' },
            { headers: { 'content-type': 'text/csv' }, body: 'a,b' },
            { headers: json, body: `{"big": "${'x'.repeat(3_000_000)}"}` },
            { headers: json },
          ]
    const knocks = [
      ...bodies,
      { stranger: true, body: bodies.length > 0 ? '{}' : undefined },
      { method: 'PATCH', body: '{}' },
      { pathSuffix: '/nowhere' },
      { param: '../../etc' },
      { param: '%00' },
    ]
    for (const { body, ...rest } of knocks) {
      const response = await knock({ operation, ...rest, ...(body !== undefined && { body }) })
      const text = await response.text()
      const said = `${operation.id} ${JSON.stringify(rest).slice(0, 80)}: ${response.status} ${text.slice(0, 200)}`
      expect(response.status, said).toBeGreaterThanOrEqual(200)
      expect(response.status, said).toBeLessThan(500)
      expect(response.headers.get('content-type'), said).toMatch(
        /^(application\/json; charset=utf-8|text\/html; charset=utf-8)$/,
      )
    }
  }
  expect(world.state(name)).toEqual(before)
  expect(world.counts().bugs).toBe(0)
  expect(({} as { polluted?: number }).polluted).toBeUndefined()
})

it.each(all)('%s: another method answers 405 with Allow, an unknown path 404', async (name) => {
  const { wire, knock } = await open(name)
  for (const operation of wire.operations) {
    const response = await knock({ operation, method: 'PATCH', body: '{}' })
    expect(response.status).toBe(405)
    expect(response.headers.get('allow')).toContain(operation.method)
    expect((await knock({ operation, pathSuffix: '/no/where' })).status).toBe(404)
  }
})

it.each(all)('%s: refuses a stranger wherever the document asks for credentials', async (name) => {
  const { wire, knock, world } = await open(name)
  let asked = 0
  for (const operation of wire.operations) {
    const isOpen = JSON.stringify(securityOf(wire.source, operation.id)) === '[]'
    if (isOpen) continue
    asked += 1
    const response = await knock({ operation, stranger: true })
    expect(response.status, operation.id).toBe(401)
    // The same knock with what the docs console is filled with gets in, whatever is said there.
    expect((await knock({ operation })).status, operation.id).not.toBe(401)
  }
  expect(asked).toBeGreaterThan(0)
  expect(world.counts().bugs).toBe(0)
})

it.each(all)('%s: says in its own words that it is busy, down, or knows nobody', async (name) => {
  const { partner, world, wire, knock } = await open(name)
  for (const [fault, status] of [
    ['rate-limit', 429],
    ['outage', 503],
    ['token-revoked', 401],
  ] as const) {
    world.arm({ partner: name, name: fault })
    for (const operation of wire.operations) {
      const response = await knock({ operation })
      const said = `${operation.id} under ${fault}`
      expect(response.status, said).toBe(status)
      expect(response.headers.has('retry-after'), said).toBe(status === 429)
      // What it says to bad input shows how it speaks.
      const call = { operationId: operation.id, requestId: 'r' }
      const { json, contentType } = partner.renderRefusal(new Refusal('invalid', 'no'), call)
      if (json === undefined) expect(response.headers.get('content-type'), said).toBe(contentType)
      else expect(shapeOf(await response.json()), said).toEqual(shapeOf(json))
    }
    world.disarm()
  }
  expect(world.counts().bugs).toBe(0)
})

it.each(all)('%s: snapshot, restore and reset give the same world', async (name, partner) => {
  const { world, wire, knock } = await open(name)
  const fresh = world.snapshot()
  for (const operation of wire.operations) await knock({ operation })
  const later = world.snapshot()
  expect(later).not.toBe(fresh)
  expect(createWorld({ partners: [partner] }, later).snapshot()).toBe(later)
  world.reset()
  expect(world.snapshot()).toBe(fresh)
})

it.each(all)('%s: sockets opened elsewhere in the process change no byte', async (name) => {
  const say = async () => {
    const { wire, knock } = await open(name)
    const said: string[] = []
    for (const operation of wire.operations) {
      const response = await knock({ operation })
      said.push(
        `${response.status} ${JSON.stringify([...response.headers])} ${await response.text()}`,
      )
    }
    return said
  }
  const before = await say()
  const server = serve({ fetch: () => new Response('x'), port: 0, hostname: '127.0.0.1' })
  try {
    expect(await say()).toEqual(before)
  } finally {
    server.close()
  }
})

/** Keys, and the type of what stands there. */
const shapeOf = (value: unknown): unknown =>
  typeof value === 'object' && value !== null
    ? Object.fromEntries(Object.entries(value).map(([key, each]) => [key, shapeOf(each)]))
    : value === null
      ? 'null'
      : typeof value

/** Every schema of bodies, answers and parameters. */
function* schemasIn(node: unknown): Generator<Json> {
  if (typeof node !== 'object' || node === null) return
  for (const [key, value] of Object.entries(node)) {
    if (key === 'schema' && typeof value === 'object') yield value as Json
    else if (key === 'schemas') yield* Object.values(value as Record<string, Json>)
    else yield* schemasIn(value)
  }
}

function propertyNames(node: unknown): string[] {
  if (typeof node !== 'object' || node === null) return []
  return Object.entries(node).flatMap(([key, value]) => [
    ...(key === 'properties' ? Object.keys(value as object) : []),
    ...propertyNames(value),
  ])
}

function securityOf(source: Json, operationId: string): unknown {
  for (const path of Object.values(source.paths as Record<string, Record<string, Json>>)) {
    for (const operation of Object.values(path)) {
      if (operation?.operationId === operationId) return operation.security ?? source.security ?? []
    }
  }
  return []
}
