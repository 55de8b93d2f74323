import { expect, test } from 'vitest'
import { credentials } from './testing/partner-stub.ts'
import { openTestShop } from './testing/shop.ts'

test('missing orders are listed and exported only when asked for', async () => {
  const t = openTestShop()
  await t.buyPrepaid()
  await t.buyCod([{ sku: 'MUG-1', quantity: 1 }])
  const ids = async (query: string) =>
    (await t.get(`/admin/orders${query}`)).body.orders.map((order: { id: string }) => order.id)
  expect(await ids('')).toEqual(['100002'])
  expect(await ids('?status=missing')).toEqual(['100001'])
  expect(await ids('?status=any')).toEqual(['100001', '100002'])
  expect((await t.get('/admin/orders?status=nope')).status).toBe(400)
  const csv = await t.get('/admin/orders/export')
  expect(csv.body.trim().split('\r\n')).toHaveLength(2)
  expect(csv.body).not.toContain('100001')
  expect((await t.get('/admin/orders/export?status=missing')).body).toContain('100001')
})

test('a list longer than the limit says where it goes on', async () => {
  const t = openTestShop()
  for (let count = 0; count < 3; count += 1) await t.buyCod([{ sku: 'MUG-1', quantity: 1 }])
  const first = await t.get('/admin/orders?limit=2')
  expect(first.body.orders).toHaveLength(2)
  const rest = await t.get(`/admin/orders?limit=2&after=${first.body.next}`)
  expect(rest.body.orders).toMatchObject([{ id: '100003' }])
  expect(rest.body.next).toBeUndefined()
})

test('a customer name cannot become a formula in a spreadsheet', async () => {
  const t = openTestShop()
  await t.call('POST', '/shop/cart', { items: [] })
  t.storage.transaction('plant', () =>
    t.storage.run(
      `INSERT INTO orders (number, id, status, customer, payment_mode, address, total_minor, fingerprint, created_at, modified_at)
       VALUES (1, '1', 'processed', '=1+1,"x"', 'COD', '{}', 1, '', 0, 0)`,
    ),
  )
  expect((await t.get('/admin/orders/export')).body).toContain(`"'=1+1,""x"""`)
})

test('secrets are masked in answers, a masked value sent back changes nothing', async () => {
  const t = openTestShop()
  const { body } = await t.get('/admin/settings/gofynd')
  expect(JSON.stringify(body)).not.toContain(credentials.secretKey)
  expect(body.affiliate_id).toBe(credentials.affiliateId)
  await t.call('PUT', '/admin/settings/gofynd', { ...body, safety_stock: 1 })
  const page = await t.post('/shop/cart', { items: [{ sku: 'TEE-M', quantity: 1 }] })
  expect(page.body).toMatchObject({ page: 'address', lines: [{ available: 4 }] })
  await t.call('PUT', '/admin/settings/gofynd', { affiliate_token: 'another-fake-token' })
  const refused = await t.post('/shop/cart', { items: [{ sku: 'TEE-M', quantity: 1 }] })
  expect(refused.body).toMatchObject({
    page: 'cart',
    calls: [{ operation: 'stock-status', status: 401 }],
  })
  expect((await t.call('PUT', '/admin/settings/gofynd', { nonsense: 1 })).status).toBe(400)
})

test('no secret reaches the partner log, even when a partner repeats it', async () => {
  const t = openTestShop()
  t.stub.plan('stock-status', {
    status: 400,
    json: { message: `bad token ${credentials.affiliateToken}` },
  })
  await t.post('/shop/cart', { items: [{ sku: 'TEE-M', quantity: 1 }] })
  await t.buyPrepaid()
  const { body } = await t.get('/admin/logs/partner')
  expect(body.entries[0]).toMatchObject({
    operation: 'stock-status',
    status: 400,
    outcome: 'refused',
  })
  for (const secret of [
    credentials.affiliateToken,
    credentials.secretKey,
    credentials.keySecret,
    credentials.webhookSecret,
  ]) {
    expect(JSON.stringify(body)).not.toContain(secret)
  }
})

test('the operator calls FYND by hand and sees what it says', async () => {
  const t = openTestShop()
  await t.buyCod()
  const stock = await t.post('/admin/fynd/stock-status', { sku_codes: ['TEE-M', 'NOPE'] })
  expect(stock.body.body.items).toHaveLength(1)
  const service = await t.post('/admin/fynd/serviceability', { order_id: '100001' })
  expect(service.body).toMatchObject({ status: 200, body: { is_valid: true } })
  t.stub.plan('track-order', 'html')
  const track = await t.post('/admin/fynd/track-order', { fynd_order_id: 'FY00000001' })
  expect(track.body).toEqual({ status: 200, body: '<html>Maintenance</html>' })
  t.stub.plan('stock-status', 'hang')
  expect((await t.post('/admin/fynd/stock-status', { sku_codes: ['TEE-M'] })).status).toBe(502)
  // An id that the shop does not know is sent as typed: what FYND says about it is what the operator wants to see.
  const unknown = await t.post('/admin/fynd/track-order', { fynd_order_id: 'FY1' })
  expect(unknown.body).toMatchObject({ status: 404, body: { exception: 'DoesNotExist' } })
  const pay = (body: object) => t.post('/admin/fynd/confirm-payment', body)
  expect((await pay({ fynd_order_id: 'FY1' })).status).toBe(404)
  expect((await pay({ fynd_order_id: 'FY1', amount_minor: 100 })).body.status).toBe(404)
})

test('unknown ids, crons and routes get a clear refusal', async () => {
  const t = openTestShop()
  const status = async (method: string, path: string, body?: object) =>
    (await t.call(method, path, body)).status
  expect(await status('GET', '/admin/orders/1')).toBe(404)
  expect(await status('GET', '/admin/products/NOPE')).toBe(404)
  expect(await status('GET', '/shop/products/NOPE')).toBe(404)
  expect(await status('POST', '/admin/cron/nope')).toBe(404)
  expect(await status('POST', '/admin/orders/1/status', { status: 'processed' })).toBe(404)
  expect(await status('POST', '/admin/clock', { advance_ms: 1 })).toBe(404)
  expect(await status('GET', '/admin/orders?limit=0')).toBe(400)
  const wrong = await t.call('DELETE', '/admin/orders/1')
  expect([wrong.status, wrong.headers.get('allow')]).toEqual([405, 'GET'])
})

test('moves its clock only when it was started for tests', async () => {
  const moved: number[] = []
  const t = openTestShop({ moveClock: (advanceMs) => moved.push(advanceMs) })
  expect((await t.post('/admin/clock', { advance_ms: 60_000 })).status).toBe(200)
  expect(moved).toEqual([60_000])
})
