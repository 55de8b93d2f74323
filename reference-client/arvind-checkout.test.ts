import { expect, test } from 'vitest'
import { readServiceability } from './arvind-checkout.ts'
import { openArvindShop } from './testing/arvind-shop.ts'
import { arvindAccount } from './testing/arvind-stub.ts'
import { callback } from './testing/partner-stub.ts'
import { address } from './testing/shop.ts'

test('a COD click makes the order processing and calls nobody', async () => {
  const t = await openArvindShop()
  const answer = await t.buyCod([{ sku: 'TEE-M', quantity: 2 }])
  expect(answer.body).toEqual({ page: 'success', order_id: '100001', calls: [] })
  expect(t.arvind.sent.map((sent) => sent.operation)).toEqual(['serviceability'])
  expect(JSON.parse(t.arvind.sent[0]?.body ?? '')).toEqual({
    location: '560001',
    channelId: '19',
    orderingStoreId: 'STORE-1',
    paymentMode: 'COD',
    items: [{ skuId: 'TEE-M', quantity: 2, warehouseId: 'Brand_1' }],
  })
  const order = await t.arvindOrder('100001')
  expect(order).toMatchObject({ status: 'processing', arvind_order_id: null, push: null })
  expect(order).not.toHaveProperty('fynd_order_id')
  expect(order.items.map((item) => [item.id, item.status, item.status_display])).toEqual([
    ['100001-1', null, 'Processing'],
    ['100001-2', null, 'Processing'],
  ])
})

test('a paid order is processing, and nothing about the payment is told to the partner', async () => {
  const t = await openArvindShop()
  const { id, payment } = await t.buyPrepaid()
  expect((await t.arvindOrder(id)).status).toBe('missing')
  payment.status = 'captured'
  const answer = await t.send(callback(payment, 'success'))
  expect(answer.body).toMatchObject({ page: 'success', status: 'processing' })
  expect((await t.get('/admin/outbox')).body.entries).toEqual([])
  expect(t.arvind.sent.map((sent) => sent.operation)).toEqual(['serviceability'])
})

test('the look-up cron makes a paid missing order processing', async () => {
  const t = await openArvindShop()
  const { id, payment } = await t.buyPrepaid()
  payment.status = 'captured'
  const { body } = await t.post('/admin/cron/order-lookup')
  expect(body).toMatchObject({ ran: true, checked: 1, paid: 1 })
  expect((await t.arvindOrder(id)).status).toBe('processing')
})

test('the checkout stops with the reason on screen', async () => {
  const t = await openArvindShop()
  t.arvind.stock.set('TEE-M', 1)
  t.arvind.stock.set('SHOE-9', 0)
  const cases = [
    [{ pincode: '999999' }, 'MUG-1', 1, 'We do not deliver MUG-1 to 999999.'],
    [{}, 'SHOE-9', 1, 'SHOE-9 is out of stock.'],
    [{}, 'TEE-M', 2, 'Only 1 of TEE-M left, you asked for 2.'],
    [{ pincode: '560099' }, 'MUG-1', 1, 'Cash on delivery is not available for this address.'],
  ] as const
  for (const [where, sku, quantity, message] of cases) {
    await t.post('/shop/cart', { items: [{ sku, quantity }] })
    await t.post('/shop/checkout/address', { ...address, ...where })
    const { body } = await t.post('/shop/checkout/payment-method', { payment_mode: 'COD' })
    expect(body).toMatchObject({ page: 'payment-method', message })
    expect((await t.post('/shop/checkout/confirm')).status).toBe(409)
  }
})

test('no answer on serviceability blocks, or lets through by switch', async () => {
  for (const [onServiceabilityError, page] of [
    ['block', 'payment-method'],
    ['allow', 'confirm'],
  ] as const) {
    const t = await openArvindShop({
      switches: { on_serviceability_error: onServiceabilityError },
    })
    t.arvind.plan('serviceability', 'hang', 'html', { status: 500 })
    const { body } = await t.fill('COD')
    expect(body.page).toBe(page)
    expect(body.calls.map((call: { status: unknown }) => call.status)).toEqual([
      'timeout',
      200,
      500,
    ])
  }
})

test('a flag at the top does not hide an item that cannot be had', () => {
  const lines = [
    { sku: 'TEE-M', quantity: 1 },
    { sku: 'MUG-1', quantity: 1 },
  ]
  const item = { skuId: 'TEE-M', serviceable: true, inventoryAvailable: true, availableQuantity: 3 }
  const read = (items: object[]) =>
    readServiceability(
      { message: null, data: { serviceable: true, codAvailable: true, items: items as never } },
      lines,
      '560001',
      'COD',
    )
  expect(read([item, { ...item, skuId: 'MUG-1' }])).toBeUndefined()
  expect(read([item])?.items).toMatchObject([{ sku: 'MUG-1', reason: 'NOT_ANSWERED' }])
  expect(read([item, { ...item, skuId: 'MUG-1', availableQuantity: 0 }])?.message).toBe(
    'MUG-1 is out of stock.',
  )
})

test('the cart sells only what was pushed', async () => {
  const t = await openArvindShop({ stock: null })
  const cart = (sku: string, quantity: number) =>
    t.post('/shop/cart', { items: [{ sku, quantity }] })
  expect((await cart('TEE-M', 1)).body).toMatchObject({
    page: 'cart',
    lines: [{ available: 0, ok: false }],
  })
  await t.pushStock({ 'TEE-M': 1 })
  expect((await cart('TEE-M', 1)).body).toMatchObject({ page: 'address', calls: [] })
  expect((await cart('TEE-M', 2)).body.message).toBe('Only 1 of TEE-M left, you asked for 2.')
  const open = await openArvindShop({ stock: null, switches: { cart_stock: 'unchecked' } })
  const { body } = await open.post('/shop/cart', { items: [{ sku: 'TEE-M', quantity: 9 }] })
  expect(body.page).toBe('address')
})

test('a module that is off asks nothing, pushes nothing and takes no stock', async () => {
  const t = await openArvindShop()
  await t.call('PUT', '/admin/settings/arvind', { status: 'disabled' })
  expect((await t.buyCod()).body.page).toBe('success')
  expect((await t.runPush()).body).toMatchObject({ ran: true, disabled: true, found: 0 })
  expect(await t.pushStock({ 'TEE-M': 9 })).toMatchObject({
    status: 403,
    body: { status: false, errorCode: 'MODULE_DISABLED' },
  })
  expect(t.arvind.sent).toEqual([])
  await t.call('PUT', '/admin/settings/arvind', { status: 'enabled' })
  expect((await t.runPush()).body).toMatchObject({ found: 1, pushed: 1 })
})

test('shows its settings masked, and a masked value sent back changes nothing', async () => {
  const t = await openArvindShop()
  const { body } = await t.get('/admin/settings/arvind')
  expect(body).toMatchObject({
    status: 'enabled',
    channel_id: '19',
    username: arvindAccount.username,
  })
  expect(JSON.stringify(body)).not.toContain(arvindAccount.password)
  expect(JSON.stringify(body)).not.toContain(arvindAccount.auth_token)
  await t.call('PUT', '/admin/settings/arvind', { ...body, channel_id: '19' })
  await t.buyCod()
  expect((await t.runPush()).body.pushed).toBe(1)
  expect((await t.call('PUT', '/admin/settings/arvind', { nonsense: 1 })).status).toBe(400)
  expect((await t.get('/admin/settings/gofynd')).status).toBe(404)
})

test('a mistake of the shop’s own is told to whoever runs it, and no answer says what broke', async () => {
  const t = await openArvindShop()
  t.storage.transaction('break', () => t.storage.run('ALTER TABLE carts RENAME TO elsewhere'))
  const { status, body } = await t.post('/shop/cart', { items: [{ sku: 'TEE-M', quantity: 1 }] })
  expect([status, body.error.code]).toEqual([500, 'bug'])
  expect(JSON.stringify(body)).not.toMatch(/table|carts|SQL/i)
  await expect(t.clock.settle()).rejects.toThrow('carts')
})
