import { expect, test } from 'vitest'
import { openArvindShop } from './testing/arvind-shop.ts'
import { arvindAccount, basic } from './testing/arvind-stub.ts'

type T = Awaited<ReturnType<typeof openArvindShop>>
const product = async (t: T, id: string) => (await t.get(`/shop/products/${id}`)).body
const entries = (...inventories: object[]) => ({ inventories })

test('sets absolute quantities and reports each SKU', async () => {
  const t = await openArvindShop({ stock: null })
  const { status, body } = await t.pushStock({ 'TEE-S': 3, 'TEE-XL': 4, 'TEE-M': -1, 'TEE-L': 1.5 })
  expect(status).toBe(200)
  expect(body).toMatchObject({ status: true, successList: ['TEE-S'] })
  expect(
    body.failureList.map((row: { skuId: string; errorCode: string }) => [row.skuId, row.errorCode]),
  ).toEqual([
    ['TEE-XL', 'UNKNOWN_SKU'],
    ['TEE-M', 'NEGATIVE_QUANTITY'],
    ['TEE-L', 'INVALID_QUANTITY'],
  ])
  const { options } = await product(t, 'TEE')
  expect(options.map((option: { quantity: number }) => option.quantity)).toEqual([3, 0, 0])
  const log = await t.get('/admin/logs/partner?operation=update-inventory')
  expect(log.body.entries).toMatchObject([{ direction: 'in', outcome: 'partly-applied' }])
})

test('a product is there while the total of its options is above zero', async () => {
  const t = await openArvindShop({ stock: { 'TEE-S': 5, 'TEE-M': 0 } })
  expect((await product(t, 'TEE')).visible).toBe(true)
  await t.pushStock({ 'TEE-S': 0 })
  expect((await product(t, 'TEE')).visible).toBe(false)
  await t.pushStock({ 'TEE-M': 1 })
  expect((await product(t, 'TEE')).visible).toBe(true)
})

test('an older quantity that arrives last changes nothing', async () => {
  const t = await openArvindShop({ stock: null })
  await t.pushStock({}, entries({ skuId: 'TEE-S', quantity: 4, updatedAt: 2_000 }))
  const late = await t.pushStock({}, entries({ skuId: 'TEE-S', quantity: 9, updatedAt: 1_000 }))
  expect(late.body).toMatchObject({ successList: [], failureList: [{ errorCode: 'STALE' }] })
  const again = await t.pushStock({}, entries({ skuId: 'TEE-S', quantity: 4, updatedAt: 2_000 }))
  expect(again.body.successList).toEqual(['TEE-S'])
  await t.pushStock({ 'TEE-S': 7 })
  const older = await t.pushStock({}, entries({ skuId: 'TEE-S', quantity: 1, updatedAt: 1_999 }))
  expect(older.body.failureList).toMatchObject([{ errorCode: 'STALE' }])
  expect((await product(t, 'TEE')).options[0].quantity).toBe(7)
})

test('a row that is none fails alone, and the others are taken', async () => {
  const t = await openArvindShop({ stock: null })
  const { status, body } = await t.pushStock(
    {},
    entries(
      { skuId: 'TEE-S', quantity: '3' },
      { skuId: 'TEE-S', quantity: 4 },
      { quantity: 1 },
      { skuId: 7, quantity: 1 },
      [],
      { skuId: 'TEE-M', quantity: 1, updatedAt: 8.7e15 },
      { skuId: 'TEE-L', quantity: 2, updatedAt: 'yesterday' },
    ),
  )
  expect(status).toBe(200)
  expect(body.successList).toEqual(['TEE-S'])
  expect(
    body.failureList.map((row: { skuId: string; errorCode: string }) => [row.skuId, row.errorCode]),
  ).toEqual([
    ['TEE-S', 'INVALID_QUANTITY'],
    ['', 'INVALID_RECORD'],
    ['', 'INVALID_RECORD'],
    ['', 'INVALID_RECORD'],
    ['TEE-M', 'INVALID_UPDATED_AT'],
    ['TEE-L', 'INVALID_UPDATED_AT'],
  ])
})

test('a quantity of tomorrow makes none of today stale', async () => {
  const t = await openArvindShop({ stock: null })
  const told = (quantity: number, updatedAt: number) =>
    t.pushStock({}, entries({ skuId: 'TEE-S', quantity, updatedAt }))
  const nowMs = t.clock.nowMs()
  expect((await told(4, nowMs + 23 * 3_600_000)).body.successList).toEqual(['TEE-S'])
  await t.clock.advance(60_000)
  expect((await told(2, nowMs + 60_000)).body.successList).toEqual(['TEE-S'])
  expect((await product(t, 'TEE')).options[0].quantity).toBe(2)
})

test('of an SKU that stands twice the newest counts, else the first', async () => {
  const t = await openArvindShop({ stock: null })
  const { body } = await t.pushStock(
    {},
    entries(
      { skuId: 'TEE-S', quantity: 1 },
      { skuId: 'TEE-S', quantity: 2 },
      { skuId: 'TEE-M', quantity: 3, updatedAt: 10 },
      { skuId: 'TEE-M', quantity: 4, updatedAt: 20 },
    ),
  )
  expect(body.successList).toEqual(['TEE-S', 'TEE-M'])
  expect(body.failureList).toMatchObject([
    { skuId: 'TEE-S', errorCode: 'DUPLICATE_IN_BATCH' },
    { skuId: 'TEE-M', errorCode: 'DUPLICATE_IN_BATCH' },
  ])
  const { options } = await product(t, 'TEE')
  expect(options.map((option: { quantity: number }) => option.quantity)).toEqual([1, 4, 0])
})

test('refuses strangers, other websites and bodies that are none, and changes nothing', async () => {
  const t = await openArvindShop({ stock: null })
  const code = async (answer: Promise<{ status: number; body: { errorCode?: string } }>) => {
    const { status, body } = await answer
    return `${status} ${body.errorCode}`
  }
  const one = { 'TEE-S': 1 }
  expect(await code(t.pushStock(one, {}, basic('nobody')))).toBe('401 UNAUTHORIZED')
  expect(await code(t.pushStock(one, {}, basic(undefined, 'wrong')))).toBe('401 UNAUTHORIZED')
  expect(await code(t.pushStock(one, {}, { authorization: 'Bearer x' }))).toBe('401 UNAUTHORIZED')
  expect(await code(t.pushStock(one, { channelId: '20' }))).toBe('400 INVALID_CHANNEL')
  expect(await code(t.pushStock(one, { warehouseId: 'other' }))).toBe('400 INVALID_WAREHOUSE')
  expect(await code(t.pushStock({}))).toBe('400 INVALID')
  expect(await code(t.api('update-inventory', '{"channelId"'))).toBe('400 BAD_JSON')
  const many = Array.from({ length: 201 }, (_, number) => ({ skuId: `X-${number}`, quantity: 1 }))
  expect(await code(t.pushStock({}, entries(...many)))).toBe('400 INVALID')
  expect((await t.pushStock({}, entries(...many.slice(1)))).status).toBe(200)
  expect((await t.call('GET', '/api/arvind/update-inventory')).status).toBe(405)
  expect((await product(t, 'TEE')).visible).toBe(false)
  const log = await t.get('/admin/logs/partner?partner=arvind')
  expect(log.body.entries).toHaveLength(9)
  expect(JSON.stringify(log.body)).not.toContain(arvindAccount.password)
})

test('a module that is off reads no body', async () => {
  for (const inventoryAuth of ['basic', 'body'] as const) {
    const t = await openArvindShop({ stock: null, switches: { inventory_auth: inventoryAuth } })
    await t.call('PUT', '/admin/settings/arvind', { status: 'disabled' })
    const { status, body } = await t.api('update-inventory', '{"channelId"')
    expect([status, body.errorCode]).toEqual([403, 'MODULE_DISABLED'])
  }
})

test('takes the password from the body when the switch says so', async () => {
  const t = await openArvindShop({ stock: null, switches: { inventory_auth: 'body' } })
  const { username, password } = arvindAccount
  expect((await t.pushStock({ 'TEE-S': 1 })).status).toBe(401)
  expect((await t.pushStock({ 'TEE-S': 1 }, { username, password })).status).toBe(200)
  expect((await t.pushStock({ 'TEE-S': 1 }, { username, password: 'x' })).status).toBe(401)
})
