import { MatchersV3 as M } from '@pact-foundation/pact'
import { expect, it } from 'vitest'
import { openPact, testCases } from './contract.ts'
import { fyndContract } from './fynd-cases.ts'
import { account, createShopUnderContract, step } from './shop-under-contract.ts'

const pact = openPact('fynd')

/** A value that the mock checks by its form and the verification replaces by what the state answered. */
const fromState = (expression: string, value: string, regex: string) => ({
  'pact:matcher:type': 'regex',
  regex,
  value,
  'pact:generator:type': 'ProviderState',
  expression,
})

const affiliatePath = (rest: string) =>
  fromState(
    `/gofynd/v1/affiliates/\${affiliate_id}${rest}`,
    `/gofynd/v1/affiliates/${account.affiliate_id}${rest}`,
    `^/gofynd/v1/affiliates/[0-9a-f]{24}${rest}$`,
  ) as unknown as string

const authorization = M.regex(
  '^Bearer [A-Za-z0-9+/]+=*$',
  `Bearer ${btoa(`${account.affiliate_id}:${account.affiliate_token}`)}`,
)

const stockOf = (sku: string) =>
  pact
    .addInteraction()
    .given('fynd.stock.set', { sku, store: 'BLR-01', quantity: 5 })
    .uponReceiving(`the stock status of ${sku}`)
    .withRequest('GET', affiliatePath('/inventory/stock-status'), (request) =>
      request.query({ sku_code: sku }).headers({ authorization }),
    )
    .willRespondWith(200, (answer) =>
      answer.jsonBody({
        items: M.eachLike({
          identifier: { sku_code: M.equal(sku) },
          quantity: M.integer(5),
          is_active: M.boolean(true),
        }),
      }),
    )

const serviceability = () =>
  pact
    .addInteraction()
    .given('fynd.stock.set', { sku: 'TEE-M', store: 'BLR-01', quantity: 5 })
    .given('fynd.pincode.set', { pincode: '560001' })
    .uponReceiving('whether a cart may go to a pincode by COD')
    .withRequest('POST', affiliatePath('/serviceability'), (request) =>
      request.headers({ authorization }).jsonBody({
        to_pincode: '560001',
        payment_mode: 'COD',
        order_value: M.number(499),
        shipping_address: M.like(address),
        cart_items: [{ sku_code: 'TEE-M', quantity: 1, price_effective: M.number(499) }],
      }),
    )
    .willRespondWith(200, (answer) =>
      answer.jsonBody({
        success: true,
        is_valid: true,
        is_cod_available: true,
        items: [
          {
            sku_code: 'TEE-M',
            availability: { deliverable: true, out_of_stock: false, is_valid: true },
          },
        ],
      }),
    )

const orderPlaced = (what: string, states: { sku: string; store: string; quantity: number }[]) => {
  const interaction = pact.addInteraction()
  for (const state of states) interaction.given('fynd.stock.set', state)
  return interaction
    .given('fynd.pincode.set', { pincode: '560001' })
    .uponReceiving(what)
    .withRequest('POST', affiliatePath('/orders'), (request) =>
      request
        .headers({
          authorization,
          'x-fp-date': M.regex('^\\d{8}T\\d{6}Z$', '20260105T043000Z'),
          'x-fp-signature': M.regex('^v1:[0-9a-f]{64}$', `v1:${'0'.repeat(64)}`),
        })
        .jsonBody(orderBody),
    )
}

const address = {
  first_name: 'Asha',
  last_name: 'Example',
  email: 'asha@shop.example',
  mobile: '9000000001',
  address1: '1 Example Road',
  address2: 'Indiranagar',
  city: 'Bengaluru',
  state: 'Karnataka',
  country: 'India',
  pincode: '560001',
}

/** FYND wants a second number; the shop knows one. */
const wireAddress = { ...address, phone: '9000000001' }

const orderBody = {
  affiliate_id: fromState(`\${affiliate_id}`, account.affiliate_id, '^[0-9a-f]{24}$'),
  order_info: {
    affiliate_order_id: M.string('100001'),
    payment_mode: 'COD',
    order_value: M.number(499),
    cod_charges: M.number(0),
    delivery_charges: M.number(0),
    discount: M.number(0),
    shipping_address: M.like(wireAddress),
    billing_address: M.like(wireAddress),
    bags: [
      {
        affiliate_bag_id: M.string('100001-1'),
        sku: 'TEE-M',
        seller_identifier: M.string('TEE-M'),
        item_size: 'M',
        quantity: 1,
        price_marked: M.number(499),
        price_effective: M.number(499),
        unit_price: M.number(499),
        amount_paid: M.number(499),
        discount: M.number(0),
        delivery_charge: M.number(0),
        transfer_price: M.number(499),
      },
    ],
  },
}

/** Cart to payment method; what the click then says is the test's own business. */
async function goToConfirm(partnerUrl: string) {
  const shop = createShopUnderContract(partnerUrl)
  const cart = await step(shop, 'POST', '/shop/cart', { items: [{ sku: 'TEE-M', quantity: 1 }] })
  expect(cart.page).toBe('address')
  await step(shop, 'POST', '/shop/checkout/address', address)
  const method = await step(shop, 'POST', '/shop/checkout/payment-method', { payment_mode: 'COD' })
  expect(method.page).toBe('confirm')
  return shop
}

it('reads the stock of a SKU from all stores', () =>
  stockOf('TEE-M').executeTest(async ({ url }) => {
    const cart = await step(createShopUnderContract(url), 'POST', '/shop/cart', {
      items: [{ sku: 'TEE-M', quantity: 5 }],
    })
    expect(cart).toMatchObject({
      page: 'address',
      lines: [{ sku: 'TEE-M', available: 5, ok: true }],
    })
  }))

it('takes a SKU that FYND leaves out as out of stock', () =>
  pact
    .addInteraction()
    .given('fynd.sku.take-off-sale', { sku: 'MUG-1' })
    .uponReceiving('the stock status of a SKU that is off sale')
    .withRequest('GET', affiliatePath('/inventory/stock-status'), (request) =>
      request.query({ sku_code: 'MUG-1' }).headers({ authorization }),
    )
    .willRespondWith(200, (answer) => answer.jsonBody({ items: [] }))
    .executeTest(async ({ url }) => {
      const cart = await step(createShopUnderContract(url), 'POST', '/shop/cart', {
        items: [{ sku: 'MUG-1', quantity: 1 }],
      })
      expect(cart).toMatchObject({
        page: 'cart',
        lines: [{ sku: 'MUG-1', available: 0, ok: false }],
      })
    }))

it('places a COD order after the click', () => {
  stockOf('TEE-M')
  serviceability()
  return orderPlaced('a COD order', [{ sku: 'TEE-M', store: 'BLR-01', quantity: 5 }])
    .willRespondWith(200, (answer) =>
      answer.jsonBody({
        success: true,
        fynd_order_id: M.regex('^FY[0-9A-F]{18}$', 'FY0000000000000000AA'),
        order_status: 'placed',
        shipments: M.eachLike({
          shipment_id: M.string('17676054000000000001'),
          bags: M.eachLike({ bag_id: M.integer(43880), affiliate_bag_id: M.string('100001-1') }),
        }),
      }),
    )
    .executeTest(async ({ url }) => {
      const shop = await goToConfirm(url)
      const placed = await step(shop, 'POST', '/shop/checkout/confirm')
      expect(placed.page).toBe('success')
      const order = await step(shop, 'GET', `/admin/orders/${placed.order_id}`)
      expect(order).toMatchObject({
        status: 'processed',
        fynd_order_id: 'FY0000000000000000AA',
        items: [{ bag_id: '43880', shipment_id: '17676054000000000001' }],
      })
    })
})

it('tells the customer when the stock is gone between cart and click', () => {
  stockOf('TEE-M')
  serviceability()
  const gone = ['BLR-01', 'DEL-01', 'BOM-01'].map((store) => ({ sku: 'TEE-M', store, quantity: 0 }))
  return orderPlaced('a COD order whose stock is gone', gone)
    .willRespondWith(409, (answer) =>
      answer.jsonBody({ exception: 'OutOfStock', message: M.string('Out of stock') }),
    )
    .executeTest(async ({ url }) => {
      const shop = await goToConfirm(url)
      const refused = await step(shop, 'POST', '/shop/checkout/confirm')
      expect(refused.page).not.toBe('success')
      expect(refused.calls).toContainEqual({ operation: 'order-placed', status: 409 })
    })
})

testCases(pact, fyndContract)
