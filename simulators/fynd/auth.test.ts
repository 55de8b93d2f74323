import { expect, test } from 'vitest'
import { createRehearsal, type Rehearsal, sign } from './testing/rehearsal.ts'

const stockPath = '/inventory/stock-status?sku_code=TEE-M'

const basic = (id: string, token: string, scheme = 'Bearer') => ({
  authorization: `${scheme} ${btoa(`${id}:${token}`)}`,
})

const credentials = (shop: Rehearsal) =>
  shop.world.credentials('fynd') as Record<'affiliate_id' | 'token', string>

test('Bearer and Basic are both taken', async () => {
  const shop = createRehearsal()
  const { affiliate_id, token } = credentials(shop)
  for (const scheme of ['Bearer', 'Basic', 'bearer']) {
    const { status } = await shop.get(stockPath, basic(affiliate_id, token, scheme))
    expect(status, scheme).toBe(200)
  }
})

test('a wrong token, id, scheme or encoding is an authentication error', async () => {
  const shop = createRehearsal()
  const { affiliate_id, token } = credentials(shop)
  const wrong = [
    basic(affiliate_id, 'fake-token-wrong'),
    basic('fa4efa4efa4efa4efa4efa4e', token),
    basic('__proto__', token),
    basic(affiliate_id, token, 'Digest'),
    { authorization: 'Bearer %%%' },
    { authorization: `Bearer ${btoa('no colon')}` },
    { authorization: '' },
  ]
  for (const headers of wrong) {
    const { status, body } = await shop.get(stockPath, headers)
    expect([status, body.exception], headers.authorization).toEqual([401, 'AuthenticationError'])
  }
})

test('the affiliate of the path must be the authenticated one', async () => {
  const shop = createRehearsal()
  const { affiliate_id: other, token } = shop.act<{ affiliate_id: string; token: string }>(
    'fynd.affiliate.create',
  )
  const { status, body } = await shop.get(stockPath, basic(other, token))
  expect([status, body.exception]).toEqual([403, 'AffiliateMismatch'])
  const own = await shop.send('GET', stockPath, {
    affiliateId: other,
    headers: basic(other, token),
  })
  expect(own.status).toBe(200)
})

test('a disabled affiliate is refused until it is enabled', async () => {
  const shop = createRehearsal()
  shop.act('fynd.affiliate.disable')
  const { status, body } = await shop.get(stockPath)
  expect([status, body.exception]).toEqual([403, 'AffiliateDisabled'])
  shop.act('fynd.affiliate.enable')
  expect((await shop.get(stockPath)).status).toBe(200)
})

test('a signature is verified when it is there', async () => {
  const shop = createRehearsal()
  const text = JSON.stringify(shop.order())
  const good = sign(shop, '/orders', text)
  const tampered = text.replace('"quantity":1', '"quantity":9')
  const cases: [string, string, Record<string, string>, number][] = [
    ['another body', tampered, good, 401],
    ['another secret', text, sign(shop, '/orders', text, { secret: 'fake-secret-wrong' }), 401],
    ['another method', text, sign(shop, '/orders', text, { method: 'PUT' }), 401],
    ['another path', text, sign(shop, '/orders?x=1', text), 401],
    ['no date', text, { 'x-fp-signature': good['x-fp-signature'] ?? '' }, 401],
    ['a bad date', text, { ...good, 'x-fp-date': '20261305T043000Z' }, 401],
    [
      'without v1',
      text,
      { ...good, 'x-fp-signature': good['x-fp-signature']?.slice(3) ?? '' },
      401,
    ],
    ['an old date', text, sign(shop, '/orders', text, { atMs: 0 }), 200],
    ['right', text, good, 200],
  ]
  for (const [what, body, headers, status] of cases) {
    expect((await shop.send('POST', '/orders', { text: body, headers })).status, what).toBe(status)
  }
})

test('the query belongs to what is signed', async () => {
  const shop = createRehearsal()
  const headers = sign(shop, stockPath, '', { method: 'GET' })
  expect((await shop.get(stockPath, headers)).status).toBe(200)
  expect((await shop.get(`${stockPath},TEE-S`, headers)).status).toBe(401)
})

test('signature_mode off looks at no signature', async () => {
  const shop = createRehearsal({ signature_mode: 'off' })
  const { status } = await shop.post('/orders', shop.order(), { 'x-fp-signature': 'v1:wrong' })
  expect(status).toBe(200)
})

test('signature_mode required wants a fresh signature on writes alone', async () => {
  const shop = createRehearsal({ signature_mode: 'required' })
  const text = JSON.stringify(shop.order())
  const nowMs = shop.world.clock.nowMs
  const post = (headers: Record<string, string>) => shop.send('POST', '/orders', { text, headers })
  expect((await shop.get(stockPath)).status).toBe(200)
  expect((await post({})).status).toBe(401)
  expect((await post(sign(shop, '/orders', text, { atMs: nowMs - 301_000 }))).status).toBe(401)
  expect((await post(sign(shop, '/orders', text, { atMs: nowMs + 301_000 }))).status).toBe(401)
  expect((await post(sign(shop, '/orders', text, { atMs: nowMs - 300_000 }))).status).toBe(200)
})

test('the request id is in the header and in an error body', async () => {
  const shop = createRehearsal()
  const good = await shop.get(stockPath)
  const bad = await shop.get('/inventory/changes')
  expect(good.headers.get('x-request-id')).toMatch(/^[0-9a-f]{24}$/)
  expect(bad.headers.get('x-request-id')).toBe(bad.body.request_id)
  expect(bad.body.request_id).not.toBe(good.headers.get('x-request-id'))
})

test('an error body has all members of the public shape', async () => {
  const shop = createRehearsal()
  const { body } = await shop.get('/inventory/changes')
  expect(Object.keys(body)).toEqual([
    'status',
    'code',
    'message',
    'exception',
    'info',
    'meta',
    'request_id',
    'stack_trace',
  ])
})
