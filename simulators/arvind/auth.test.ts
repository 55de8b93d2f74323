import { expect, test } from 'vitest'
import { createRehearsal, hourMs } from './testing/rehearsal.ts'

const no = { status: false, errorCode: 'UNAUTHORIZED', message: 'Invalid auth token' }
const path = '/v1/order/checkServiceability'
const text = '{"location":"560001"}'

test('the auth token is taken after Bearer and bare', async () => {
  const shop = createRehearsal()
  const { auth_token = '' } = shop.world.credentials('arvind')
  expect((await shop.send('POST', path, { text })).status).toBe(200)
  expect((await shop.send('POST', path, { text, token: auth_token })).status).toBe(200)
})

test('the bare token is refused when the switch says so', async () => {
  const shop = createRehearsal({ bare_token: false })
  const { auth_token = '' } = shop.world.credentials('arvind')
  expect(await shop.send('POST', path, { text, token: auth_token })).toEqual({
    status: 401,
    body: no,
  })
  expect((await shop.send('POST', path, { text })).status).toBe(200)
})

test.each(['', 'Bearer', 'Bearer wrong', 'Basic wrong', 'two words', 'Bearer  '])(
  'the token %j is refused before the body is looked at',
  async (token) => {
    const shop = createRehearsal()
    expect(await shop.send('POST', path, { text: '{', token })).toEqual({ status: 401, body: no })
  },
)

test('a token expires after the calls that are left to it, in the middle of a batch', async () => {
  const shop = createRehearsal()
  shop.act('arvind.token.expire', { afterCalls: 2 })
  const statuses = []
  for (const id of ['A', 'B', 'C', 'D']) statuses.push((await shop.push({ id })).status)
  expect(statuses).toEqual([200, 200, 401, 401])
  expect(shop.things('order')).toHaveLength(2)
  shop.act('arvind.token.renew')
  expect((await shop.push({ id: 'C' })).status).toBe(200)
})

test('a token that expired is refused until it is renewed', async () => {
  const shop = createRehearsal()
  shop.act('arvind.token.expire')
  expect((await shop.ask()).status).toBe(401)
  expect(shop.act('arvind.token.renew')).toEqual({ credential: 'auth_token' })
  expect((await shop.ask()).status).toBe(200)
})

test('a rotated token takes the place of the old one, and back again', async () => {
  const shop = createRehearsal()
  const { renewed_auth_token = '' } = shop.world.credentials('arvind')
  const token = `Bearer ${renewed_auth_token}`
  expect((await shop.send('POST', path, { text, token })).status).toBe(401)
  expect(shop.act('arvind.token.renew', { rotate: true })).toEqual({
    credential: 'renewed_auth_token',
  })
  expect((await shop.send('POST', path, { text, token })).status).toBe(200)
  expect((await shop.ask()).status).toBe(401)
  shop.act('arvind.token.renew', { rotate: true })
  expect((await shop.ask()).status).toBe(200)
})

test('a token lives for as long as the switch says', async () => {
  const shop = createRehearsal({ auth_token_ttl_hours: 2 })
  shop.advance(2 * hourMs - 1)
  expect((await shop.ask()).status).toBe(200)
  shop.advance(1)
  expect((await shop.ask()).status).toBe(401)
  shop.act('arvind.token.renew')
  expect((await shop.ask()).status).toBe(200)
})

test('no token shows in the journal', async () => {
  const shop = createRehearsal({ inventory_auth: 'body' })
  await shop.push()
  shop.advance(hourMs)
  const text = JSON.stringify(shop.world.journal())
  const { auth_token = '', password = '' } = shop.world.credentials('arvind')
  expect(text).toContain('{{arvind.auth_token}}')
  expect(text).not.toContain(auth_token)
  expect(text).not.toContain(password)
})
