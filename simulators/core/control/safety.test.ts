import { expect, it } from 'vitest'
import { isLoopback } from './safety.ts'
import { openControl } from './testing/open-control.ts'

const act = '/worlds/default/acts/tiny.stock.set'
const input = { sku: 'BAG', quantity: 3 }

it.each(['127.0.0.1:4000', 'localhost:4000', '[::1]:4000', 'sim.localhost', 'LOCALHOST'])(
  'answers to the Host %s',
  async (host) => {
    const { call } = openControl()
    expect((await call('GET', '/worlds', undefined, { host })).status).toBe(200)
  },
)

it.each([
  'evil.example',
  'evil.example:4000',
  '127.0.0.1.evil.example',
  'localhost.evil.example',
  '',
])('refuses the Host %j, which somebody’s DNS may have rebound', async (host) => {
  const { call, world } = openControl()
  const { status, error } = await call('POST', act, input, { host })
  expect([status, error.code]).toEqual([421, 'host-not-allowed'])
  expect(world.counts().acts).toBe(0)
  expect((await call('GET', '/health', undefined, { host })).status).toBe(421)
})

it('answers to a Host that is allowed by name', async () => {
  const { call } = openControl({ allowedHosts: ['simulators'] })
  expect((await call('GET', '/worlds', undefined, { host: 'simulators:4000' })).status).toBe(200)
})

it.each(['http://evil.example', 'http://127.0.0.1:3000', 'null', 'http://localhost:4000'])(
  'refuses a page of the origin %s',
  async (origin) => {
    const { call, world } = openControl()
    const { status, error } = await call('POST', act, input, { origin, host: '127.0.0.1:4000' })
    expect([status, error.code]).toEqual([403, 'foreign-origin'])
    expect(world.counts().acts).toBe(0)
  },
)

it('serves pages of its own origin', async () => {
  const { call } = openControl()
  const headers = { origin: 'http://127.0.0.1:4000', host: '127.0.0.1:4000' }
  expect((await call('POST', act, input, headers)).status).toBe(200)
})

it.each(['text/plain', 'application/x-www-form-urlencoded', 'multipart/form-data', ''])(
  'reads no body of the type %j',
  async (type) => {
    const { call, world } = openControl()
    const { status } = await call('POST', act, input, { 'content-type': type })
    expect(status).toBe(415)
    expect(world.counts().acts).toBe(0)
  },
)

it('reads JSON with a charset, and takes no body for an empty object', async () => {
  const { call } = openControl()
  const type = { 'content-type': 'application/json; charset=utf-8' }
  expect((await call('POST', act, input, type)).status).toBe(200)
  expect((await call('POST', '/worlds/default/reset')).status).toBe(200)
})

it.each(['{', '[]', '"text"', 'null', '{"sku":1}'])('refuses the body %s', async (body) => {
  const { call } = openControl()
  expect((await call('POST', act, body)).status).toBe(400)
})

it('wants its token on every call but health', async () => {
  const { call, world } = openControl({ token: 'a-made-up-token' })
  const refused = await call('POST', act, input)
  expect([refused.status, refused.headers.get('www-authenticate')]).toEqual([401, 'Bearer'])
  for (const authorization of ['Bearer wrong', 'Basic a-made-up-token', 'a-made-up-token', '']) {
    expect((await call('GET', '/worlds', undefined, { authorization })).status).toBe(401)
  }
  expect((await call('GET', '/nowhere')).status).toBe(401)
  expect(world.counts().acts).toBe(0)
  expect((await call('GET', '/health')).status).toBe(200)
  const authorization = 'Bearer a-made-up-token'
  expect((await call('POST', act, input, { authorization })).status).toBe(200)
})

it.each([
  ['/worlds/default/clock', 1024 * 1024],
  [act, 16 * 1024 * 1024],
])('reads a body for %s only up to its limit', async (path, bytesMax) => {
  const { call } = openControl()
  const body = (bytes: number) => `{"pad":"${'x'.repeat(bytes - 10)}"}`
  expect((await call('POST', path, body(bytesMax))).status).toBe(400)
  const { status, error } = await call('POST', path, body(bytesMax + 1))
  expect([status, error.code]).toEqual([413, 'too-large'])
})

it('ignores keys that could reach a prototype', async () => {
  const { call, world } = openControl()
  const evil = '{"__proto__":{"polluted":1},"constructor":{"prototype":{"polluted":1}}'
  expect((await call('POST', act, `${evil},"sku":"BAG","quantity":3}`)).status).toBe(200)
  expect((await call('PUT', '/worlds/default/shop', `${evil}}`)).status).toBe(200)
  expect((await call('PATCH', '/worlds/default/assumptions/tiny', `${evil}}`)).status).toBe(200)
  expect((await call('POST', '/worlds/default/claims', `{"quantities":${evil}}}`)).status).toBe(200)
  expect(Object.hasOwn(Object.prototype, 'polluted')).toBe(false)
  expect(world.shop()).toEqual({})
})

it.each(['__proto__', 'constructor', 'toString', '%E0%A4%A', '..%2f..'])(
  'knows nothing by the name %s',
  async (name) => {
    const { call } = openControl()
    for (const path of [
      `/worlds/${name}`,
      `/worlds/default/acts/${name}`,
      `/worlds/default/state/${name}`,
      `/worlds/default/assumptions/${name}`,
    ]) {
      const { status } = await call(path.includes('/acts/') ? 'POST' : 'GET', path)
      expect([path, status]).toEqual([path, 404])
    }
  },
)

it('tells loopback from all else', () => {
  for (const host of ['127.0.0.1', '127.8.9.1', 'localhost', '::1', '[::1]', 'a.localhost']) {
    expect([host, isLoopback(host)]).toEqual([host, true])
  }
  for (const host of ['0.0.0.0', '::', '10.0.0.1', '1.127.0.0.1', 'localhost.example', '']) {
    expect([host, isLoopback(host)]).toEqual([host, false])
  }
})
