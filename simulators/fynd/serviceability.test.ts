import { expect, test } from 'vitest'
import { createRehearsal, type Rehearsal } from './testing/rehearsal.ts'

interface Verdict {
  success: boolean
  is_valid: boolean
  message: string
  is_cod_available: boolean
  to_city: string
  items: {
    sku_code: string
    message: string
    availability: {
      deliverable: boolean
      out_of_stock: boolean
      is_valid: boolean
      other_store_quantity: number
    }
    delivery_promise: object | null
  }[]
  delivery_promise: {
    timestamp: { min: number; max: number }
    formatted: { min: string; max: string }
  } | null
  error?: { type: string | null; value: string | null; message: string | null }
}

async function ask(shop: Rehearsal, changes: object = {}): Promise<Verdict> {
  const { status, body } = await shop.post<Verdict>('/serviceability', {
    to_pincode: '560001',
    payment_mode: null,
    order_value: 499,
    cart_items: [{ sku_code: 'TEE-M', quantity: 1, price_effective: 499 }],
    ...changes,
  })
  expect(status).toBe(200)
  return body
}

const cart = (...items: [string, number][]) => ({
  cart_items: items.map(([sku_code, quantity]) => ({ sku_code, quantity })),
})

test('a good cart for a good pincode has a promise in days of the customer', async () => {
  const verdict = await ask(createRehearsal())
  expect(verdict).toMatchObject({
    success: true,
    is_valid: true,
    message: '',
    is_cod_available: true,
    to_city: 'Bengaluru',
    error: { type: null, value: null, message: null },
    delivery_promise: { formatted: { min: 'Tue, 6 Jan', max: 'Thu, 8 Jan' } },
  })
  expect(verdict.items[0]?.availability).toEqual({
    deliverable: true,
    out_of_stock: false,
    is_valid: true,
    other_store_quantity: 8,
  })
})

test('an unknown pincode is told as an error object, with HTTP 200', async () => {
  const verdict = await ask(createRehearsal(), { to_pincode: '999999' })
  expect(verdict).toMatchObject({
    success: false,
    is_valid: false,
    to_city: '',
    message: 'pincode 999999 does not exist',
    error: { type: 'DoesNotExist', value: '999999', message: 'pincode 999999 does not exist' },
    delivery_promise: null,
  })
})

test('a pincode that is not delivered to says so, and may still claim COD', async () => {
  const shop = createRehearsal()
  const verdict = await ask(shop, { to_pincode: '194101' })
  expect(verdict).toMatchObject({
    success: true,
    is_valid: false,
    is_cod_available: true,
    to_city: 'Leh',
    message: 'All of the items in your cart are not deliverable to 194101',
  })
  expect(verdict.items[0]).toMatchObject({ message: 'We are not delivering to 194101' })
  shop.world.setAssumptions('fynd', { cod_flag_when_undeliverable: false })
  expect((await ask(shop, { to_pincode: '194101' })).is_cod_available).toBe(false)
})

test('where COD is not possible a COD order is refused and a prepaid one is not', async () => {
  const shop = createRehearsal()
  const to = { to_pincode: '781001' }
  expect(await ask(shop, to)).toMatchObject({ is_valid: true, is_cod_available: false })
  expect(await ask(shop, { ...to, payment_mode: 'PREPAID' })).toMatchObject({ is_valid: true })
  expect(await ask(shop, { ...to, payment_mode: 'COD' })).toMatchObject({
    is_valid: false,
    is_cod_available: false,
    message: 'COD is not available for 781001',
  })
})

test('COD above the limit is refused, at the limit it is not', async () => {
  const shop = createRehearsal({ cod_limit: 5000 })
  const cod = { payment_mode: 'COD' }
  expect(await ask(shop, { ...cod, order_value: 5000 })).toMatchObject({ is_valid: true })
  expect(await ask(shop, { ...cod, order_value: 5000.5 })).toMatchObject({
    is_valid: false,
    is_cod_available: false,
  })
})

test('the top flag misleads when an item is out of stock, unless it is strict', async () => {
  const shop = createRehearsal()
  const items = cart(['TEE-M', 1], ['SOFA-1', 6])
  const misleading = await ask(shop, items)
  expect(misleading.is_valid).toBe(true)
  expect(misleading.items.map((item) => item.availability.is_valid)).toEqual([true, false])
  expect(misleading.items[1]).toMatchObject({
    message: 'Out of stock. Please remove item',
    delivery_promise: null,
  })
  shop.world.setAssumptions('fynd', { serviceability_top_flag: 'strict' })
  expect(await ask(shop, items)).toMatchObject({
    is_valid: false,
    message: 'Out of stock. Please remove item',
  })
})

test('one item of two may be undeliverable by itself', async () => {
  const shop = createRehearsal()
  const verdict = await ask(shop, {
    to_pincode: '781001',
    ...cart(['TEE-M', 1], ['SOFA-1', 1]),
  })
  expect(verdict.items.map((item) => item.availability.deliverable)).toEqual([true, false])
  expect(verdict.items[1]?.message).toBe('We are not delivering to 781001')
  const alone = await ask(shop, { to_pincode: '781001', ...cart(['SOFA-1', 1]) })
  expect(alone.is_valid).toBe(false)
})

test('two lines of one SKU eat from the same shelf, an unknown SKU has no stock', async () => {
  const shop = createRehearsal()
  const verdict = await ask(shop, cart(['TEE-XL', 4], ['TEE-XL', 4], ['NO-SUCH', 1]))
  expect(verdict.items.map((item) => item.availability.out_of_stock)).toEqual([false, true, true])
})

test('without the quirk a good answer has no error object', async () => {
  const shop = createRehearsal({ empty_error_object: false })
  expect(await ask(shop)).not.toHaveProperty('error')
  expect(await ask(shop, { to_pincode: '999999' })).toHaveProperty('error.type', 'DoesNotExist')
})

test('asking changes nothing', async () => {
  const shop = createRehearsal()
  const before = shop.world.state('fynd')
  await ask(shop)
  expect(shop.world.state('fynd')).toEqual(before)
})

test.each([
  { to_pincode: '056000' },
  { to_pincode: 560001 },
  { to_pincode: undefined },
  { cart_items: [] },
  { cart_items: [{ sku_code: 'TEE-M', quantity: 0 }] },
  { cart_items: [{ quantity: 1 }] },
  { payment_mode: 'CASH' },
  { order_value: -1 },
])('refuses the question %j', async (changes) => {
  const shop = createRehearsal()
  const { status, body } = await shop.post('/serviceability', {
    to_pincode: '560001',
    cart_items: [{ sku_code: 'TEE-M', quantity: 1 }],
    ...changes,
  })
  expect([status, body.exception]).toEqual([400, 'ValidationError'])
})

test.each(['item', 'line'])(
  'bag_unit %s: a line is in stock just when order placed takes it',
  async (unit) => {
    for (const carts of [
      [8],
      [9],
      [12],
      [18],
      [19],
      [6, 6],
      [8, 6],
      [9, 6],
      [6, 6, 5],
      [4, 8, 6],
    ]) {
      const shop = createRehearsal({ bag_unit: unit })
      for (const [store, quantity] of Object.entries({ 'BLR-01': 8, 'DEL-01': 6, 'BOM-01': 4 })) {
        shop.act('fynd.stock.set', { sku: 'TEE-S', store, quantity })
      }
      const lines = carts.map((quantity) => ({ sku: 'TEE-S', quantity }))
      const verdict = await ask(shop, cart(...carts.map((n): [string, number] => ['TEE-S', n])))
      const isAllThere = verdict.items.every((item) => !item.availability.out_of_stock)
      const { status } = await shop.place({ lines })
      expect([carts, status]).toEqual([carts, isAllThere ? 200 : 409])
    }
  },
)

test('a bag that is a line is out of stock where no single store holds it', async () => {
  const shop = createRehearsal({ bag_unit: 'line' })
  for (const [store, quantity] of Object.entries({ 'BLR-01': 8, 'DEL-01': 6, 'BOM-01': 4 })) {
    shop.act('fynd.stock.set', { sku: 'TEE-S', store, quantity })
  }
  const outOfStock = async (...items: [string, number][]) =>
    (await ask(shop, cart(...items))).items.map((item) => item.availability.out_of_stock)
  expect(await outOfStock(['TEE-S', 12])).toEqual([true])
  expect(await outOfStock(['TEE-S', 8])).toEqual([false])
  expect(await outOfStock(['TEE-S', 9], ['TEE-S', 6])).toEqual([true, false])
  shop.world.setAssumptions('fynd', { bag_unit: 'item' })
  expect(await outOfStock(['TEE-S', 12])).toEqual([false])
})
