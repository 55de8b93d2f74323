import { expect, it } from 'vitest'
import { openControl, placeOrder } from './testing/open-control.ts'

it('makes a world with credentials of its own, under its own prefix', async () => {
  const { call, world } = openControl()
  const { status, body } = await call('POST', '/worlds', { name: 'blue' })
  expect(status).toBe(201)
  expect(body).toMatchObject({
    name: 'blue',
    partners: { tiny: { base_url: 'http://127.0.0.1:4090/w/blue/v1' } },
  })
  expect(JSON.stringify(body)).not.toContain(world.credentials('tiny').key)
  expect((await call('GET', '/worlds')).body.worlds).toHaveLength(2)
})

it('makes the same world for the same seed', async () => {
  const { call } = openControl()
  const one = await call('POST', '/worlds', { name: 'one', seed: 5 })
  const two = await call('POST', '/worlds', { name: 'two', seed: 5 })
  const key = 'partners.tiny.credentials.key'
  expect(two.body).toHaveProperty(key, get(one.body, key))
})

it('finds the world and the partner of a target', async () => {
  const { house, call } = openControl()
  await call('POST', '/worlds', { name: 'blue' })
  const find = (target: string, door?: string) => {
    const room = house.find(target, door)
    return room && [room.world.name, room.partner.name, room.route.path, room.route.query]
  }
  expect(find('/v1/orders?a=1', 'tiny')).toEqual(['default', 'tiny', '/v1/orders', 'a=1'])
  expect(find('/w/blue/v1/orders', 'tiny')).toEqual(['blue', 'tiny', '/v1/orders', ''])
  expect(find('/w/default/v1', 'tiny')).toEqual(['default', 'tiny', '/v1', ''])
  expect(find('/tiny/v1/orders')).toEqual(['default', 'tiny', '/v1/orders', ''])
  expect(find('/w/blue/tiny/v1')).toEqual(['blue', 'tiny', '/v1', ''])
  expect(find('/w/blue/tinier/v1')).toBeUndefined()
  expect(find('/tiny/v1', 'tiny')).toEqual(['default', 'tiny', '/tiny/v1', ''])
  expect(() => find('/w/bleu/v1', 'tiny')).toThrow('Did you mean "blue"?')
  expect(() => find('/w/%E0%A4%A/v1', 'tiny')).toThrow('Unknown world')
  expect(() => find('/w/__proto__/v1', 'tiny')).toThrow('Unknown world')
})

it('keeps worlds apart', async () => {
  const { call, house } = openControl()
  await call('POST', '/worlds', { name: 'blue' })
  await placeOrder(house.get('blue').world, 'A-1')
  expect((await call('GET', '/worlds/blue/state/tiny?at=/orders')).body.state).toHaveProperty('A-1')
  expect((await call('GET', '/worlds/default/state/tiny?at=/orders')).body.state).toEqual({})
})

it.each(['Blue', '-blue', 'a/b', '', 'a'.repeat(41), '__proto__'])(
  'refuses the name %j',
  async (name) => {
    const { call, house } = openControl()
    expect((await call('POST', '/worlds', { name })).status).toBe(400)
    expect(house.list()).toHaveLength(1)
  },
)

it('refuses a name that is taken, and more worlds than it may hold', async () => {
  const { call } = openControl({ worlds: { worldsMax: 2 } })
  expect((await call('POST', '/worlds', { name: 'default' })).status).toBe(409)
  expect((await call('POST', '/worlds')).status).toBe(201)
  const { status, error } = await call('POST', '/worlds')
  expect([status, error.code]).toEqual([409, 'too-many'])
})

it('drops a world, but never the default one', async () => {
  const { call } = openControl()
  await call('POST', '/worlds', { name: 'blue' })
  expect((await call('DELETE', '/worlds/blue')).body).toEqual({ dropped: 'blue' })
  expect((await call('GET', '/worlds/blue')).status).toBe(404)
  expect((await call('DELETE', '/worlds/default')).status).toBe(409)
})

it('drops a world when its time to live is over', async () => {
  const { call, wall } = openControl()
  const { body } = await call('POST', '/worlds', { name: 'blue', ttl: '10m' })
  expect(body.expires_at).toBe(new Date(wall.nowMs() + 600_000).toISOString())
  wall.passMs(599_999)
  expect((await call('GET', '/worlds/blue')).status).toBe(200)
  wall.passMs(1)
  expect((await call('GET', '/worlds/blue')).status).toBe(404)
})

it.each([
  ['the same site', 'http://127.0.0.1:4100/hook', 409],
  ['a page of it', 'http://127.0.0.1:4100/hook/more', 409],
  ['another path of the same host', 'http://127.0.0.1:4100/other', 200],
  ['another port', 'http://127.0.0.1:4101/hook', 200],
])('lets a site belong to one world at a time: %s', async (_, url, status) => {
  const { call } = openControl()
  await call('POST', '/worlds', { name: 'blue' })
  const mine = { tiny: { webhook_url: 'http://127.0.0.1:4100/hook' } }
  expect((await call('PUT', '/worlds/default/shop', mine)).body).toEqual({ shop: mine })
  const theirs = { tiny: { webhook_url: url } }
  expect((await call('PUT', '/worlds/blue/shop', theirs)).status).toBe(status)
  await call('PUT', '/worlds/default/shop', {})
  expect((await call('PUT', '/worlds/blue/shop', theirs)).status).toBe(200)
})

it('refuses a shop that its partner does not know', async () => {
  const { call } = openControl()
  expect((await call('PUT', '/worlds/default/shop', { tiny: { webhook: 'x' } })).status).toBe(400)
  expect((await call('PUT', '/worlds/default/shop', { tinny: {} })).error.message).toContain('tiny')
})

it('begins a world where a snapshot of another was taken', async () => {
  const { call, world, house } = openControl()
  await placeOrder(world, 'A-1')
  const { body } = await call('GET', '/worlds/default/snapshot')
  expect((await call('POST', '/worlds', { name: 'copy', from: body.snapshot })).status).toBe(201)
  expect(house.get('copy').world.state('tiny')).toEqual(world.state('tiny'))
  expect((await call('POST', '/worlds', { from: 'nonsense' })).status).toBe(400)
})

it('resets a world: same credentials, nothing left, and what was under way is void', async () => {
  const voided: string[] = []
  const { call, world } = openControl({ worlds: { onReset: ({ name }) => voided.push(name) } })
  const { key } = world.credentials('tiny')
  await placeOrder(world, 'A-1')
  const { body } = await call('POST', '/worlds/default/reset')
  expect(body).toMatchObject({
    counts: { requests: 0 },
    partners: { tiny: { credentials: { key } } },
  })
  expect(world.state('tiny')).toMatchObject({ orders: {} })
  expect(voided).toEqual(['default'])
})

const get = (value: unknown, path: string): unknown =>
  path.split('.').reduce((found, key) => (found as Record<string, unknown>)[key], value)
