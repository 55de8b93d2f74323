import { readFileSync } from 'node:fs'
import { Validator } from '@seriousme/openapi-schema-validator'
import { load } from 'js-yaml'
import { expect, it } from 'vitest'
import { controlDocument, createControl } from './control.ts'
import { openControl, placeOrder } from './testing/open-control.ts'

interface Document {
  paths: Record<string, Record<string, { operationId?: string }>>
}

const methods = ['get', 'put', 'post', 'patch', 'delete']

it('is described by its document: no route more, none less', () => {
  const { paths } = load(readFileSync(controlDocument, 'utf8')) as Document
  const documented = Object.entries(paths).flatMap(([path, operations]) =>
    Object.keys(operations)
      .filter((key) => methods.includes(key))
      .map((method) => `${method.toUpperCase()} ${path.replaceAll(/\{(\w+)\}/g, ':$1')}`),
  )
  const app = createControl({ house: openControl().house })
  const routes = app.routes
    .filter(({ method }) => method !== 'ALL')
    .map(({ method, path }) => `${method} ${path}`)
  expect([...new Set(routes)].sort()).toEqual(documented.sort())
})

it('has a document that is valid OpenAPI 3.1', async () => {
  const source = load(readFileSync(controlDocument, 'utf8')) as Record<string, unknown>
  expect(await new Validator().validate(source)).toMatchObject({ valid: true })
})

it('gives base URL and credentials of every partner of the default world', async () => {
  const { call, world } = openControl()
  const { status, headers, body } = await call('GET', '/worlds/default')
  expect(status).toBe(200)
  expect(headers.get('content-type')).toBe('application/json; charset=utf-8')
  expect(body).toMatchObject({
    name: 'default',
    seed: 1,
    clock: { mode: 'virtual', now: '2026-01-05T04:30:00.000Z' },
    partners: {
      tiny: {
        base_url: 'http://127.0.0.1:4090/v1',
        credentials: { key: world.credentials('tiny').key },
      },
    },
    counts: { requests: 0, deliveries: 0 },
  })
})

it('names the worlds there are when one is unknown', async () => {
  const { call } = openControl()
  await call('POST', '/worlds', { name: 'blue' })
  const { status, error } = await call('GET', '/worlds/bleu')
  expect(status).toBe(404)
  expect(error.known).toEqual(['blue', 'default'])
  expect(error.message).toContain('Did you mean "blue"?')
})

it('answers 405 with Allow on a path that knows other methods, and 404 on no path', async () => {
  const { call } = openControl()
  const refused = await call('PUT', '/worlds/default/clock')
  expect(refused.status).toBe(405)
  expect(refused.headers.get('allow')).toBe('GET, POST')
  expect((await call('GET', '/worlds/default/nix')).status).toBe(404)
})

it('does an act, and lists acts with the JSON Schema of their input', async () => {
  const { call } = openControl()
  const done = await call('POST', '/worlds/default/acts/tiny.stock.set', {
    sku: 'BAG',
    quantity: 3,
  })
  expect(done.body).toMatchObject({ act: 'tiny.stock.set', result: { sku: 'BAG', quantity: 3 } })
  const { body } = await call('GET', '/worlds/default/acts')
  expect(body.acts).toContainEqual(
    expect.objectContaining({
      name: 'tiny.stock.set',
      input: expect.objectContaining({ required: ['sku', 'quantity'] }),
    }),
  )
})

it('passes a refusal of an act on as 409 with its reason', async () => {
  const { call } = openControl()
  const { status, error } = await call('POST', '/worlds/default/acts/tiny.order.hand-over', {
    order_id: 'A-1',
  })
  expect(status).toBe(409)
  expect(error).toEqual({ code: 'not-found', message: 'No order A-1' })
})

it('says by path what is wrong with the input of an act, and which acts there are', async () => {
  const { call, world } = openControl()
  const wrong = await call('POST', '/worlds/default/acts/tiny.stock.set', { sku: 3 })
  expect(wrong.status).toBe(400)
  expect(wrong.error.issues?.map(({ path }) => path)).toEqual(['sku', 'quantity'])
  expect(wrong.error.message).toContain('sku: Invalid input: expected string')
  const unknown = await call('POST', '/worlds/default/acts/tiny.stok.set', {})
  expect(unknown.status).toBe(404)
  expect(unknown.error.known?.[0]).toBe('tiny.stock.set')
  expect(world.counts().acts).toBe(0)
})

it('arms, counts and disarms faults, and names the faults there are', async () => {
  const { call } = openControl()
  const path = '/worlds/default/faults'
  const armed = await call('POST', path, { partner: 'tiny', name: 'status', status: 503 })
  expect(armed.status).toBe(201)
  expect(armed.body).toMatchObject({ name: 'status', partner: 'tiny', matched: 0 })
  await call('POST', path, { partner: 'tiny', name: 'drop' })
  expect((await call('GET', path)).body.faults).toHaveLength(2)
  expect((await call('DELETE', `${path}/${armed.body.id}`)).body).toEqual({ disarmed: 1 })
  expect((await call('DELETE', `${path}/${armed.body.id}`)).status).toBe(404)
  expect((await call('DELETE', path)).body).toEqual({ disarmed: 1 })
  const unknown = await call('POST', path, { partner: 'tiny', name: 'dropp' })
  expect(unknown.status).toBe(400)
  expect(unknown.error.message).toContain('drop')
  const where = { order_idd: 'A-1' }
  const astray = await call('POST', path, { partner: 'tiny', name: 'hang', where })
  expect(astray.status).toBe(400)
  expect(astray.error.message).toMatch(/"order_idd"\. Did you mean "order_id"\? Known: /)
})

it('reads and sets assumptions, and refuses unknown switches and values', async () => {
  const { call, world } = openControl()
  const path = '/worlds/default/assumptions/tiny'
  const { body } = await call('PATCH', path, { keep_minutes: 5 })
  expect(body.assumptions).toMatchObject({ keep_minutes: { value: 5, default: 60 } })
  expect((await call('PATCH', path, { keep_minute: 5 })).error.message).toContain('keep_minutes')
  expect((await call('PATCH', path, { keep_minutes: 'long' })).status).toBe(400)
  expect((await call('GET', '/worlds/default/assumptions')).body).toHaveProperty(
    'assumptions.tiny.keep_minutes.about',
  )
  expect(world.assumptions('tiny').keep_minutes).toBe(5)
})

it('shows the state of a partner, one part of it, and no collection without end', async () => {
  const { call, world } = openControl()
  for (const id of ['A-1', 'A-2', 'A-3']) await placeOrder(world, id)
  const path = '/worlds/default/state/tiny'
  expect((await call('GET', `${path}?at=/orders/A-2/status`)).body.state).toBe('kept')
  const { body } = await call('GET', `${path}?at=/orders&limit=2`)
  expect(Object.keys(body.state as object)).toEqual(['A-1', 'A-2'])
  expect(body.truncated).toEqual(['/orders'])
  expect((await call('GET', `${path}?at=/orders/A-9`)).error.known).toContain('A-1')
  expect((await call('GET', '/worlds/default/state/tinny')).error.known).toEqual(['tiny'])
  expect((await call('GET', `${path}?at=/constructor`)).status).toBe(404)
})

it('takes claims and asks the judge about them', async () => {
  const { call } = openControl()
  const order = {
    id: 'A-1',
    partner: 'tiny',
    status: 'processed',
    acknowledged: true,
    payment_mode: 'COD',
  }
  expect((await call('POST', '/worlds/default/claims', { orders: [order] })).body).toEqual({
    claimed: { orders: 1 },
  })
  const { body } = await call('GET', '/worlds/default/judge')
  expect(body.green).toBe(false)
  expect(body.breaches).toContainEqual(
    expect.objectContaining({ invariant: 'order-exists-once', partner: 'tiny' }),
  )
  expect((await call('POST', '/worlds/default/claims', { order: [] })).status).toBe(400)
})
