import { expect, test } from 'vitest'
import { account } from '../testing/konnect-stub.ts'
import { byLocation, openTestSeller } from '../testing/seller.ts'
import { readRecords } from './konnect-records.ts'
import { createTokens } from './konnect-token.ts'

const tokenCall = 'GET /aggregator/v1/token'

test('one token serves everybody until its time is up, and is asked for once at a time', async () => {
  let nowMs = 0
  let fetched = 0
  const tokens = createTokens(
    async () => {
      fetched += 1
      return { token: `token-${fetched}`, lifetimeMs: 3_600_000 }
    },
    () => nowMs,
  )
  const both = await Promise.all([tokens.get('', []), tokens.get('', [])])
  expect(both).toEqual(['token-1', 'token-1'])
  nowMs = 3_539_999
  expect(await tokens.get('', [])).toBe('token-1')
  nowMs = 3_540_000
  expect(await tokens.get('', [])).toBe('token-2')
  tokens.drop('', 'token-1')
  expect(await tokens.get('', [])).toBe('token-2')
  tokens.dropAll()
  expect(await tokens.get('', [])).toBe('token-3')
})

test('a token that was fetched with credentials that changed meanwhile is not kept', async () => {
  const waiting: ((token: string) => void)[] = []
  const tokens = createTokens(
    () =>
      new Promise((resolve) => {
        waiting.push((token) => resolve({ token, lifetimeMs: 3_600_000 }))
      }),
    () => 0,
  )
  const old = tokens.get('', [])
  tokens.dropAll()
  const fresh = tokens.get('', [])
  waiting[0]?.('old')
  waiting[1]?.('fresh')
  expect([await old, await fresh]).toEqual(['old', 'fresh'])
  expect(await tokens.get('', [])).toBe('fresh')
})

test('a refused token is renewed once; refused again, it is said', async () => {
  const t = openTestSeller()
  await t.job('order-poll')
  t.stub.revokeTokens()
  expect((await t.job('order-poll')).status).toBe(200)
  expect(t.stub.calls(tokenCall)).toHaveLength(2)
  t.stub.override('GET /oms/v3/shipment', () => ({ status: 401, json: { status: 'FAILED' } }))
  expect(await t.job('order-poll')).toMatchObject({
    status: 502,
    body: { error: { code: 'unauthorized' } },
  })
  expect(t.stub.calls(tokenCall)).toHaveLength(3)
})

test('expiry is counted by the clock, before Konnect has to refuse', async () => {
  const t = openTestSeller()
  await t.job('catalogue-poll')
  await t.job('order-poll')
  await t.clock.advance(3_600_000)
  const { body } = await t.job('order-poll')
  expect(t.stub.calls(tokenCall)).toHaveLength(2)
  expect(body.calls.some((call: { status: number }) => call.status === 401)).toBe(false)
})

test('each store has a token of its own where access is by location', async () => {
  const t = openTestSeller({ settings: byLocation })
  await t.job('order-poll')
  const users = t.stub.calls(tokenCall).map((call) => call.query.get('username'))
  expect(users).toEqual(['fake-blr', 'fake-del'])
})

test('credentials travel whole, and stand in no log', async () => {
  const t = openTestSeller()
  t.stub.plan(tokenCall, { status: 400, json: { message: `no ${account.password}` } })
  await t.job('order-poll')
  await t.job('order-poll')
  expect(t.stub.calls(tokenCall)[1]?.query.get('password')).toBe(account.password)
  expect(t.stub.calls(tokenCall)[1]?.url).toContain('password=fake%20company%26password')
  const log = JSON.stringify((await t.get('/admin/logs/partner')).body)
  expect(log).toContain('[secret]')
  expect(log).not.toContain(account.password)
  expect(log).not.toContain('fake-token-')
})

test('settings are masked, a masked value changes nothing, a change drops the tokens', async () => {
  const t = openTestSeller({ settings: byLocation })
  const { body } = await t.get('/admin/settings/konnect')
  expect(JSON.stringify(body)).not.toContain('fake-blr-password')
  await t.put('/admin/settings/konnect', { locations: body.locations, api_url: body.api_url })
  expect((await t.job('order-poll')).status).toBe(200)
  const [first] = body.locations
  const changed = [{ ...first, password: 'fake-other-password' }]
  await t.put('/admin/settings/konnect', { locations: changed })
  expect((await t.job('order-poll')).status).toBe(502)
  const bare = await t.put('/admin/settings/konnect', { locations: [{ code: 'BLR-01' }] })
  expect(bare.status).toBe(400)
})

test('only what the counters vouch for is done', () => {
  const keyOf = (error: { orderId?: string | null | undefined }) => error.orderId ?? undefined
  const read = (succeeded: number | undefined, failed: number | undefined, named: string[]) => {
    const errors = named.map((orderId) => ({ orderId, code: 'X1', message: 'no' }))
    const result = readRecords({ succeeded, failed, errors }, ['a', 'b', 'c'], keyOf)
    return [result.done, [...result.failed.keys()], result.doubtful]
  }
  expect(read(2, 1, ['b'])).toEqual([['a', 'c'], ['b'], []])
  expect(read(3, 0, [])).toEqual([['a', 'b', 'c'], [], []])
  // The tail was not processed, an error names nobody, or somebody else.
  expect(read(2, 0, [])).toEqual([[], [], ['a', 'b', 'c']])
  expect(read(1, 2, ['b'])).toEqual([[], ['b'], ['a', 'c']])
  expect(read(2, 1, ['z'])).toEqual([[], [], ['a', 'b', 'c']])
  expect(read(undefined, undefined, ['a'])).toEqual([['b', 'c'], ['a'], []])
})

test('an error of a single record needs no name', () => {
  const counters = { succeeded: 0, failed: 1, errors: [{ code: 'CR400', message: 'not yet' }] }
  const result = readRecords(counters, ['a'], () => undefined)
  expect(result.failed.get('a')).toEqual({ code: 'CR400', message: 'not yet' })
})
