import { expect, test } from 'vitest'
import { createRehearsal } from './testing/rehearsal.ts'

const departments = '/v3/catalog/departments'
const denied = { status: 'FAILED', message: 'Invalid or expired access token' }

test('credentials in the query give a token for the header', async () => {
  const seller = createRehearsal()
  const { username = '', password = '' } = seller.world.credentials('konnect')
  const query = new URLSearchParams({ username, password }).toString()
  const { body } = await seller.call('GET', `/aggregator/v1/token?${query}`, { token: null })
  expect(body).toEqual({ access_token: body.token, token: body.token, status: 'SUCCESS' })
  const { status } = await seller.call('GET', departments, { token: String(body.token) })
  expect(status).toBe(200)
})

test.each([
  ['an unknown user', { username: 'nobody', password: 'x' }],
  ['a wrong password', { username: 'fake-seller-fyndkonnect', password: 'x' }],
  ['a location of no catalogue', { username: 'fake-seller-fyndkonnect.NO-01', password: 'x' }],
  ['a prototype name', { username: '__proto__', password: 'x' }],
])('%s gets no token', async (_what, login) => {
  const seller = createRehearsal()
  const path = `/aggregator/v1/token?${new URLSearchParams(login)}`
  const reply = await seller.call('GET', path, { token: null })
  expect([reply.status, reply.body]).toEqual([
    401,
    { status: 'FAILED', message: 'Invalid username or password' },
  ])
})

test.each(['', '?username=a', '?password=b'])('"%s" lacks a credential: 400', async (query) => {
  const seller = createRehearsal()
  const reply = await seller.call('GET', `/aggregator/v1/token${query}`, { token: null })
  expect(reply).toMatchObject({ status: 400, body: { status: 'FAILED' } })
})

test('a missing, strange or expired token is refused', async () => {
  const seller = createRehearsal()
  const token = await seller.login()
  for (const bad of [null, '', 'nobody', `${token}x`, '__proto__']) {
    const { status, body } = await seller.call('GET', departments, { token: bad })
    expect([status, body]).toEqual([401, denied])
  }
  seller.advance(3599)
  expect((await seller.call('GET', departments, { token })).status).toBe(200)
  seller.advance(1)
  expect(await seller.call('GET', departments, { token })).toMatchObject({ status: 401 })
})

test('a new token leaves the old one alone, unless the switch says otherwise', async () => {
  const seller = createRehearsal()
  const first = await seller.login('BLR-01')
  const other = await seller.login('DEL-01')
  await seller.login('BLR-01')
  expect((await seller.call('GET', departments, { token: first })).status).toBe(200)
  seller.world.setAssumptions('konnect', { token_reissue: 'replace' })
  await seller.login('BLR-01')
  expect((await seller.call('GET', departments, { token: first })).status).toBe(401)
  expect((await seller.call('GET', departments, { token: other })).status).toBe(200)
})

test('the three sandboxes share the seller, not logins and tokens', async () => {
  const seller = createRehearsal()
  seller.place()
  const list = '/oms/v3/shipment?orderStatus=CREATED'
  for (const name of ['fyndkonnect', 'ginesys', 'unicommerce']) {
    const token = await seller.login('BLR-01', name)
    for (const door of ['', '/a/fyndkonnect', '/a/ginesys', '/a/unicommerce']) {
      const reply = await seller.call<unknown[]>('GET', list, { token, server: door })
      const isOwn = (door || '/a/fyndkonnect') === `/a/${name}`
      expect(reply.status, `${name} at ${door}`).toBe(isOwn ? 200 : 401)
      if (isOwn) expect(reply.body).toHaveLength(1)
    }
  }
  const { username = '', password = '' } = seller.world.credentials('konnect')
  const path = `/aggregator/v1/token?${new URLSearchParams({ username, password })}`
  expect((await seller.call('GET', path, { token: null, server: '/a/ginesys' })).status).toBe(401)
  const other = await seller.call('GET', path, { server: '/a/nobody' })
  expect(other.status).toBe(404)
})

test('revoked tokens are dead; without a filter the console’s too', async () => {
  const seller = createRehearsal()
  const blr = await seller.login('BLR-01')
  const company = await seller.login()
  const status = async (token?: string) => (await seller.call('GET', departments, { token })).status
  expect(seller.act('konnect.token.revoke', { location: 'BLR-01' })).toEqual({ revoked: 1 })
  expect([await status(blr), await status(company), await status()]).toEqual([401, 200, 200])
  seller.act('konnect.token.revoke')
  expect([await status(company), await status()]).toEqual([401, 401])
  expect(await status(await seller.login())).toBe(200)
})

test('the rate limit is off, and when on tells how long to wait', async () => {
  const seller = createRehearsal()
  const token = await seller.login()
  for (let n = 0; n < 5; n += 1) await seller.call('GET', departments, { token })
  seller.world.setAssumptions('konnect', { rate_limit_per_minute: 2 })
  const status = async () => (await seller.call('GET', departments, { token })).status
  expect([await status(), await status()]).toEqual([200, 200])
  seller.advance(10)
  const refused = await seller.call('GET', departments, { token })
  expect([refused.status, refused.headers.get('retry-after')]).toEqual([429, '50'])
  expect(refused.body).toMatchObject({ status: 'FAILED' })
  // Another caller has a minute of its own.
  expect((await seller.call('GET', departments)).status).toBe(200)
  seller.advance(50)
  expect(await status()).toBe(200)
})

test('neither passwords nor tokens stand in the journal', async () => {
  const seller = createRehearsal()
  const token = await seller.login('BLR-01')
  const { password } = seller.act<{ password: string }>('konnect.login.show', {})
  await seller.login()
  await seller.call('GET', departments, { token })
  const text = JSON.stringify(seller.world.journal({ kind: 'request' }))
  for (const secret of [token, password]) expect(text).not.toContain(secret)
  expect(text).toContain('{{konnect.token_key}}')
  expect(text).toContain('{{konnect.location_key}}')
})
