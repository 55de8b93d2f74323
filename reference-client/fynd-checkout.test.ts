import { expect, test } from 'vitest'
import { address, openTestShop, testSettings } from './testing/shop.ts'

test('takes a COD order to processed with one call of each kind', async () => {
  const t = openTestShop()
  const answer = await t.buyCod([
    { sku: 'TEE-M', quantity: 2 },
    { sku: 'SHOE-9', quantity: 1 },
  ])
  expect(answer.body).toMatchObject({ page: 'success', order_id: '100001' })
  expect(t.stub.sent.map((sent) => sent.operation)).toEqual([
    'stock-status',
    'serviceability',
    'order-placed',
  ])
  const order = await t.order('100001')
  expect(order).toMatchObject({
    status: 'processed',
    total_minor: 2 * 49900 + 129950,
    fynd_order_id: 'FY00000001',
  })
  expect(order.items.map((item) => [item.sku, item.affiliate_bag_id, item.bag_id])).toEqual([
    ['TEE-M', '100001-1', '100'],
    ['TEE-M', '100001-2', '101'],
    ['SHOE-9', '100001-3', '102'],
  ])
  expect(JSON.parse(t.stub.order('100001').body).order_info.order_value).toBe(2297.5)
})

test('stops the cart at the line that the partner cannot fill', async () => {
  const t = openTestShop()
  t.stub.stock.set('TEE-M', 1)
  const { body } = await t.post('/shop/cart', {
    items: [
      { sku: 'TEE-M', quantity: 2 },
      { sku: 'MUG-1', quantity: 1 },
    ],
  })
  expect(body).toMatchObject({
    page: 'cart',
    message: 'Only 1 of TEE-M left, you asked for 2.',
    lines: [
      { sku: 'TEE-M', available: 1, ok: false },
      { sku: 'MUG-1', ok: true },
    ],
    calls: [{ operation: 'stock-status', status: 200 }],
  })
})

test('keeps the safety stock back in the cart, unless switched off', async () => {
  const safe = { ...testSettings, gofynd: { ...testSettings.gofynd, safety_stock: 2 } }
  for (const [applyOnCart, page] of [
    [true, 'cart'],
    [false, 'address'],
  ] as const) {
    const t = openTestShop({ settings: safe, switches: { apply_on_cart: applyOnCart } })
    t.stub.stock.set('TEE-M', 3)
    const { body } = await t.post('/shop/cart', { items: [{ sku: 'TEE-M', quantity: 2 }] })
    expect(body.page).toBe(page)
  }
})

test('blocks the cart when the partner does not answer, or lets it through by switch', async () => {
  for (const [onStockError, page] of [
    ['block', 'cart'],
    ['allow', 'address'],
  ] as const) {
    const t = openTestShop({ switches: { on_stock_error: onStockError } })
    t.stub.plan('stock-status', 'hang', 'html', { status: 500 })
    const { body } = await t.post('/shop/cart', { items: [{ sku: 'TEE-M', quantity: 1 }] })
    expect(body.page).toBe(page)
    expect(body.calls.map((call: { status: unknown }) => call.status)).toEqual([
      'timeout',
      200,
      500,
    ])
  }
})

test('goes one step back when one item cannot be had, although the top flag says yes', async () => {
  const t = openTestShop()
  t.stub.answers.set('serviceability', () => ({
    status: 200,
    json: {
      success: true,
      is_valid: true,
      message: '',
      is_cod_available: true,
      items: [
        {
          sku_code: 'TEE-M',
          message: 'Out of stock. Please remove item',
          availability: { deliverable: true, out_of_stock: true, is_valid: false },
        },
      ],
    },
  }))
  const { body } = await t.fill('COD')
  expect(body).toMatchObject({ page: 'cart', message: 'Out of stock. Please remove item' })
  expect((await t.post('/shop/checkout/confirm')).status).toBe(409)
})

test('goes one step back for a pincode that nobody delivers to', async () => {
  const t = openTestShop()
  await t.post('/shop/cart', { items: [{ sku: 'TEE-M', quantity: 1 }] })
  await t.post('/shop/checkout/address', { ...address, pincode: '999999' })
  const { body } = await t.post('/shop/checkout/payment-method', { payment_mode: 'PREPAID' })
  expect(body).toMatchObject({ page: 'cart', message: 'We are not delivering to 999999' })
})

test('shows the same prepaid order on reload and a new one for another address', async () => {
  const t = openTestShop()
  await t.fill('PREPAID')
  const first = await t.get('/shop/checkout/confirm')
  const again = await t.get('/shop/checkout/confirm')
  expect(again.body.fynd_order_id).toBe(first.body.fynd_order_id)
  expect(again.body.calls).toEqual([])
  await t.post('/shop/checkout/address', { ...address, pincode: '110001' })
  await t.post('/shop/checkout/payment-method', { payment_mode: 'PREPAID' })
  const moved = await t.get('/shop/checkout/confirm')
  expect(moved.body.order_id).toBe('100002')
  expect((await t.order('100001')).status).toBe('missing')
})

test('opens one confirm page for two reloads at once', async () => {
  const t = openTestShop()
  await t.fill('PREPAID')
  const pages = await Promise.all([
    t.get('/shop/checkout/confirm'),
    t.get('/shop/checkout/confirm'),
  ])
  expect(new Set(pages.map((page) => page.body.fynd_order_id)).size).toBe(1)
  expect(t.stub.calls('order-placed')).toHaveLength(1)
})

test('sends a customer back to the cart when the stock went between cart and order', async () => {
  const t = openTestShop()
  await t.fill('PREPAID')
  t.stub.stock.set('TEE-M', 0)
  const { body } = await t.get('/shop/checkout/confirm')
  expect(body).toMatchObject({ page: 'cart', message: 'TEE-M is gone' })
  expect((await t.post('/shop/checkout/confirm')).body.page).toBe('cart')
})

test('repeats the same bytes when the answer of order placed was lost', async () => {
  const t = openTestShop()
  await t.fill('COD')
  t.stub.plan('order-placed', 'answer-lost')
  const { body } = await t.post('/shop/checkout/confirm')
  expect(body.page).toBe('success')
  const [one, other] = t.stub.calls('order-placed')
  expect(one?.body).toBe(other?.body)
  expect(t.stub.orders.size).toBe(1)
})

test('lets the outbox finish a COD order whose answers were all lost', async () => {
  const t = openTestShop()
  await t.fill('COD')
  t.stub.plan('order-placed', 'answer-lost', 'hang', { status: 503 }, { status: 500 })
  const { body } = await t.post('/shop/checkout/confirm')
  expect(body).toMatchObject({ page: 'confirm', order_id: '100001' })
  expect((await t.order('100001')).status).toBe('missing')
  await t.clock.settle()
  expect((await t.order('100001')).status).toBe('processed')
  expect(t.stub.orders.size).toBe(1)
})

test('leaves a COD order missing, and does not place it later, when it was certainly not taken', async () => {
  const t = openTestShop()
  await t.fill('COD')
  t.stub.plan('order-placed', 'refused-connection', { status: 503 }, { status: 503 })
  const { body } = await t.post('/shop/checkout/confirm')
  expect(body).toMatchObject({
    page: 'confirm',
    message: 'We cannot take your order at the moment. Please try again.',
  })
  await t.clock.settle()
  expect((await t.order('100001')).status).toBe('missing')
  expect(t.stub.orders.size).toBe(0)
  const again = await t.post('/shop/checkout/confirm')
  expect(again.body).toMatchObject({ page: 'success', order_id: '100001' })
})

test('takes a COD order on trust when the switch says so', async () => {
  const t = openTestShop({ switches: { on_order_placed_error: 'processing' } })
  await t.fill('COD')
  t.stub.plan('order-placed', { status: 503 }, { status: 503 }, { status: 503 })
  expect((await t.post('/shop/checkout/confirm')).body.page).toBe('success')
  expect((await t.order('100001')).status).toBe('processing')
  await t.clock.settle()
  expect((await t.order('100001')).status).toBe('processed')
})

test('a second click after the first one shows the success page again and orders nothing', async () => {
  const t = openTestShop()
  await t.buyCod()
  const again = await t.post('/shop/checkout/confirm')
  expect(again.body).toMatchObject({ page: 'success', order_id: '100001' })
  expect(t.stub.calls('order-placed')).toHaveLength(1)
})

test('the same cart bought twice on purpose makes two orders', async () => {
  const t = openTestShop()
  await t.buyCod()
  const second = await t.buyCod()
  expect(second.body.order_id).toBe('100002')
  expect(t.stub.orders.size).toBe(2)
})

test('waits as long as the partner asks, when that is short', async () => {
  const t = openTestShop()
  const before = t.clock.nowMs()
  t.stub.plan('stock-status', { status: 429, headers: { 'retry-after': '2' } })
  const { body } = await t.post('/shop/cart', { items: [{ sku: 'TEE-M', quantity: 1 }] })
  expect(body.page).toBe('address')
  expect(t.clock.nowMs() - before).toBe(2_000)
})

test('refuses what is not a cart, an address, a customer or a step in order', async () => {
  const t = openTestShop()
  const code = async (answer: Promise<{ status: number; body: { error?: { code: string } } }>) => {
    const { status, body } = await answer
    return `${status} ${body.error?.code}`
  }
  expect(await code(t.post('/shop/cart', { items: [{ sku: 'NOPE', quantity: 1 }] }))).toBe(
    '400 unknown-sku',
  )
  expect(await code(t.post('/shop/cart', { items: [{ sku: 'TEE-M', quantity: 0 }] }))).toBe(
    '400 invalid',
  )
  expect(await code(t.call('POST', '/shop/cart', '{"items": ['))).toBe('400 bad-json')
  expect(await code(t.post('/shop/checkout/address', address))).toBe('409 cart-empty')
  expect(await code(t.post('/shop/checkout/confirm'))).toBe('409 cart-empty')
  expect(await code(t.call('POST', '/shop/cart', { items: [] }, { 'x-customer': '' }))).toBe(
    '401 customer-missing',
  )
  expect(await code(t.call('POST', '/shop/cart', 'a=b', { 'content-type': 'text/plain' }))).toBe(
    '415 not-json',
  )
  expect(await code(t.call('POST', '/shop/cart', `"${'x'.repeat(300_000)}"`))).toBe('413 too-large')
  expect(await code(t.call('DELETE', '/shop/cart'))).toBe('405 method-not-allowed')
  expect(await code(t.get('/shop/nothing'))).toBe('404 not-found')
  expect(t.stub.sent).toEqual([])
})

test('a key like __proto__ is an unknown field and reaches nothing', async () => {
  const t = openTestShop()
  const body =
    '{"items":[{"sku":"TEE-M","quantity":1,"__proto__":{"quantity":9}}],"__proto__":{"x":1}}'
  expect((await t.call('POST', '/shop/cart', body)).body.page).toBe('address')
  expect(Object.hasOwn(Object.prototype, 'x')).toBe(false)
})

test('the order is missing from the confirm page on, and stays so when the customer leaves', async () => {
  const t = openTestShop()
  await t.fill('COD')
  const page = await t.get('/shop/checkout/confirm')
  expect(page.body).toMatchObject({ order_id: '100001', fynd_order_id: null, calls: [] })
  await t.clock.advance(3_600_000)
  expect((await t.order('100001')).status).toBe('missing')
  expect(t.stub.orders.size).toBe(0)
})

test('a partner that refuses the repeat of a lost order gets a new id for the next try', async () => {
  const t = openTestShop()
  await t.fill('PREPAID')
  t.stub.plan('order-placed', 'answer-lost', {
    status: 409,
    json: { exception: 'DuplicateOrder', message: 'known already' },
  })
  expect((await t.get('/shop/checkout/confirm')).body.page).toBe('cart')
  const again = await t.get('/shop/checkout/confirm')
  expect(again.body).toMatchObject({ page: 'confirm', order_id: '100002' })
})
