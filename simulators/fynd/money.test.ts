import { expect, test } from 'vitest'
import { readMoney } from './money.ts'
import { createRehearsal } from './testing/rehearsal.ts'

test.each([
  [0, 0],
  [649.5, 64_950],
  [998.01, 99_801],
  [0.1 + 0.2, 30],
  [3 * 33.1, 9_930],
  [1_000_000_000, 100_000_000_000],
  [999_999_999.99, 99_999_999_999],
])('%d rupees are %d paise', (rupees, minor) => {
  expect(readMoney(rupees, 'amount')).toBe(minor)
})

test.each([249.005, 998.004, 0.001, 999_999_999.999])(
  '%d rupees are no amount of paise: refused, never rounded',
  (rupees) => {
    expect(() => readMoney(rupees, 'amount')).toThrow(`amount ${rupees} has more than two decimals`)
  },
)

const bagFields = [
  'price_marked',
  'price_effective',
  'unit_price',
  'amount_paid',
  'discount',
  'delivery_charge',
  'transfer_price',
]

test.each([
  ...['order_value', 'cod_charges', 'delivery_charges', 'discount'].map((field) => [field]),
  ...bagFields.map((field) => ['bags', '1', field]),
])('F4 refuses a third decimal at %s %s %s', async (...at) => {
  const shop = createRehearsal()
  const body = shop.order({ lines: [{ sku: 'TEE-M' }, { sku: 'TEE-S' }] }) as { order_info: object }
  const before = shop.world.state('fynd')
  let place = body.order_info as Record<string, unknown>
  for (const key of at.slice(0, -1)) place = place[key] as Record<string, unknown>
  place[at.at(-1) ?? ''] = 249.005
  const path = ['order_info', ...at].join('/')
  expect(await shop.post('/orders', body)).toMatchObject({
    status: 400,
    body: { exception: 'ValidationError', info: [{ path }] },
  })
  expect(shop.world.state('fynd')).toEqual(before)
})

test('F3, F5 and F8 refuse a third decimal, and nothing is done', async () => {
  const shop = createRehearsal()
  const { body: placed } = await shop.place({ mode: 'PREPAID' })
  const ask = (changes: object) =>
    shop.post('/serviceability', {
      to_pincode: '560001',
      cart_items: [{ sku_code: 'TEE-M', quantity: 1, price_effective: 499 }],
      ...changes,
    })
  const cart = [{ sku_code: 'TEE-M', quantity: 1, price_effective: 499.001 }]
  const refused = (path: string) => ({
    status: 400,
    body: { exception: 'ValidationError', info: [{ path }] },
  })
  expect(await ask({ order_value: 499.001 })).toMatchObject(refused('order_value'))
  expect(await ask({ cart_items: cart })).toMatchObject(refused('cart_items/0/price_effective'))
  expect(await shop.pay(placed, 499.004)).toMatchObject(refused('payment_methods/0/amount'))
  expect(shop.things('order')).toMatchObject([{ order_status: 'pending' }])
  expect((await shop.pay(placed)).status).toBe(200)
  shop.act('fynd.order.cancel', { affiliate_order_id: '100234' })
  const report = (amount: number) =>
    shop.post('/refunds/43880/done', { refund_id: 'rfnd_1', amount })
  expect(await report(498.999)).toMatchObject(refused('amount'))
  expect((await report(499)).status).toBe(200)
})
