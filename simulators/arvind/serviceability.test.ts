import { expect, test } from 'vitest'
import { createRehearsal } from './testing/rehearsal.ts'

const line = { skuId: 'TEE-M', quantity: 1 }

test('a cart that is there and may be sent is serviceable, with the ways to deliver and pay it', async () => {
  const { status, body } = await createRehearsal().ask()
  expect(status).toBe(200)
  expect(body).toMatchObject({
    status: true,
    message: 'Serviceable',
    data: {
      serviceable: true,
      codAvailable: true,
      items: [
        {
          skuId: 'TEE-M',
          requestedQuantity: 1,
          availableQuantity: 18,
          serviceable: true,
          inventoryAvailable: true,
          reason: null,
          deliveryModes: [
            { paymentType: 'PREPAID', deliveryTime: '2 Days' },
            { paymentType: 'COD', deliveryCost: { currencyIso: 'INR', value: 0 } },
          ],
        },
      ],
    },
  })
  expect(body.data).not.toHaveProperty('stores')
})

test.each([
  ['an unknown pincode', { location: '999999' }, 'PINCODE_NOT_SERVICEABLE', false, true],
  ['a pincode that is not served', { location: '194101' }, 'PINCODE_NOT_SERVICEABLE', false, true],
  [
    'an item that does not go there',
    { location: '781001', items: [{ skuId: 'SOFA-1', quantity: 1 }] },
    'PINCODE_NOT_SERVICEABLE',
    false,
    true,
  ],
  [
    'COD where it is off',
    { location: '781001', paymentMode: 'COD' },
    'COD_NOT_AVAILABLE',
    false,
    true,
  ],
  ['an unknown SKU', { items: [{ skuId: 'NO-SUCH', quantity: 1 }] }, 'UNKNOWN_SKU', false, false],
  [
    'too many pieces',
    { items: [{ skuId: 'TEE-M', quantity: 19 }] },
    'INSUFFICIENT_INVENTORY',
    true,
    false,
  ],
])('%s is not serviceable, and says why', async (_name, changes, reason, serviceable, inStock) => {
  const { status, body } = await createRehearsal().ask(changes)
  expect(status).toBe(200)
  expect(body.status).toBe(true)
  expect(body.message).not.toBe('Serviceable')
  expect(body.data.serviceable).toBe(false)
  expect(body.data.items[0]).toMatchObject({
    reason,
    serviceable,
    inventoryAvailable: inStock,
    deliveryModes: [],
  })
})

test('stock 0, and stock 1 with quantity 2', async () => {
  const shop = createRehearsal()
  shop.act('arvind.inventory.set', { skuId: 'TEE-M', quantity: 1 })
  expect((await shop.ask()).body.data.serviceable).toBe(true)
  const two = await shop.ask({ items: [{ ...line, quantity: 2 }] })
  expect(two.body.data.items[0]).toMatchObject({ availableQuantity: 1, inventoryAvailable: false })
  shop.act('arvind.inventory.set', { skuId: 'TEE-M', quantity: 0 })
  expect((await shop.ask()).body.data).toMatchObject({
    serviceable: false,
    items: [{ availableQuantity: 0, reason: 'INSUFFICIENT_INVENTORY' }],
  })
})

test('two lines of one SKU are asked for together', async () => {
  const shop = createRehearsal()
  shop.act('arvind.inventory.set', { skuId: 'TEE-M', quantity: 1 })
  const { body } = await shop.ask({ items: [line, line] })
  expect(body.data.items.map(({ reason }) => reason)).toEqual([null, 'INSUFFICIENT_INVENTORY'])
})

test('without items it is about the pincode and lists the stores', async () => {
  const shop = createRehearsal()
  shop.act('arvind.centre.switch-off', { centre: 'DEL-01' })
  const stores = [
    { storeId: 'BLR-01', name: 'Bengaluru Indiranagar', pincode: '560001' },
    { storeId: 'BOM-01', name: 'Mumbai Bandra', pincode: '400001' },
  ]
  expect((await shop.ask({ items: [] })).body.data).toEqual({
    serviceable: true,
    codAvailable: true,
    items: [],
    stores,
  })
  expect((await shop.ask({ items: undefined, location: '194101' })).body.data).toMatchObject({
    serviceable: false,
    stores: [],
  })
  const cod = await shop.ask({ items: [], location: '781001', paymentMode: 'COD' })
  expect(cod.body.data).toMatchObject({ serviceable: false, codAvailable: false })
})

test('COD that is not asked for does not stop a cart', async () => {
  const { body } = await createRehearsal().ask({ location: '781001' })
  expect(body.data).toMatchObject({ serviceable: true, codAvailable: false })
})

test('a pincode that the office changed is judged anew', async () => {
  const shop = createRehearsal()
  shop.act('arvind.pincode.set', { pincode: '999999' })
  expect((await shop.ask({ location: '999999' })).body.data.serviceable).toBe(true)
  shop.act('arvind.pincode.set', { pincode: '560001', deliverable: false })
  expect((await shop.ask()).body.data.serviceable).toBe(false)
})

test.each([
  [{ location: '56000' }, 'INVALID_REQUEST'],
  [{ items: [{ skuId: 'TEE-M', quantity: 0 }] }, 'INVALID_REQUEST'],
  [{ paymentMode: 'WISH' }, 'INVALID_REQUEST'],
  [{ channelId: 'no-such' }, 'INVALID_CHANNEL'],
  [{ orderingStoreId: 'no-such' }, 'INVALID_ORDERING_STORE'],
  [{ items: [{ ...line, warehouseId: 'no-such' }] }, 'INVALID_WAREHOUSE'],
])('%j is a 400 with %s', async (changes, errorCode) => {
  const { status, body } = await createRehearsal().ask(changes)
  expect(body).toMatchObject({ status: false, errorCode })
  expect(status).toBe(400)
})
