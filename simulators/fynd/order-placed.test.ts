import { expect, test } from 'vitest'
import {
  createRehearsal,
  hourMs,
  minuteMs,
  type Placed,
  type RefusalBody,
} from './testing/rehearsal.ts'

const refusal = (reply: { status: number; body: unknown }) => [
  reply.status,
  (reply.body as RefusalBody).exception,
]

test('a COD order is placed at once: stock committed, webhook sent', async () => {
  const shop = createRehearsal()
  const { status, body } = await shop.place()
  expect(status).toBe(200)
  expect(body).toMatchObject({
    success: true,
    affiliate_order_id: '100234',
    order_status: 'placed',
    message: 'Order initiation completed',
    shipments: [
      {
        fulfilling_store: { id: 101, code: 'BLR-01', name: 'Bengaluru Indiranagar' },
        bags: [{ bag_id: 43880, affiliate_bag_id: '100234-1', sku: 'TEE-M', status: 'placed' }],
      },
    ],
  })
  expect(body).not.toHaveProperty('duplicate')
  expect(shop.events()).toEqual(['ORDER_PLACED'])
  expect(shop.things('stock')).toContainEqual(
    expect.objectContaining({ sku: 'TEE-M', store: 'BLR-01', sellable: 9, committed: 1 }),
  )
})

test('a prepaid order is pending: stock reserved, no webhook', async () => {
  const shop = createRehearsal()
  const { body } = await shop.place({ mode: 'PREPAID' })
  expect(body.order_status).toBe('pending')
  expect(body.shipments[0]?.bags[0]?.status).toBe('pending')
  expect(shop.events()).toEqual([])
  expect(shop.sellable('TEE-M', 'BLR-01')).toBe(9)
})

test('ids carry the time of the world and are in the shape of FYND', async () => {
  const shop = createRehearsal()
  const { body } = await shop.place()
  const seconds = shop.world.clock.nowMs / 1000
  expect(body.fynd_order_id).toMatch(/^FY[0-9A-F]{18}$/)
  expect(Number.parseInt(body.fynd_order_id.slice(2, 10), 16)).toBe(seconds)
  expect(body.shipments[0]?.shipment_id).toMatch(new RegExp(`^${seconds}[0-9]{10}$`))
})

test('the reservation of an unpaid order ends after 20 minutes, the order after 24 hours', async () => {
  const shop = createRehearsal()
  await shop.place({ mode: 'PREPAID' })
  shop.advance(20 * minuteMs - 1)
  expect(shop.sellable('TEE-M', 'BLR-01')).toBe(9)
  shop.advance(1)
  expect(shop.sellable('TEE-M', 'BLR-01')).toBe(10)
  shop.advance(23 * hourMs)
  expect(shop.things('order')).toHaveLength(1)
  shop.advance(hourMs)
  expect(shop.things('order')).toHaveLength(0)
  expect(shop.events()).toEqual([])
})

test('how long an unpaid order and its stock are kept are switches', async () => {
  const shop = createRehearsal({ reservation_minutes: 5, pending_ttl_hours: 1 })
  await shop.place({ mode: 'PREPAID' })
  shop.advance(5 * minuteMs)
  expect(shop.sellable('TEE-M', 'BLR-01')).toBe(10)
  shop.advance(55 * minuteMs)
  expect(shop.things('order')).toHaveLength(0)
})

test('the same order again gives the same ids, and says so', async () => {
  const shop = createRehearsal()
  const first = await shop.place({ meta: { website_id: 7 } })
  const again = await shop.place({ meta: { website_id: 7 } })
  expect(again.body).toEqual({ ...first.body, duplicate: true })
  expect(shop.events()).toEqual(['ORDER_PLACED'])
  expect(shop.sellable('TEE-M', 'BLR-01')).toBe(9)
  expect(refusal(await shop.place({ value: 998 }))).toEqual([409, 'DuplicateOrder'])
})

test('duplicate_mode reject refuses even the same body, create_new makes a second order', async () => {
  const strict = createRehearsal({ duplicate_mode: 'reject' })
  await strict.place()
  expect(refusal(await strict.place())).toEqual([409, 'DuplicateOrder'])
  const doubling = createRehearsal({ duplicate_mode: 'create_new' })
  const first = await doubling.place()
  const second = await doubling.place()
  expect(second.body.fynd_order_id).not.toBe(first.body.fynd_order_id)
  expect(doubling.sellable('TEE-M', 'BLR-01')).toBe(8)
})

test('after the silent expiry the same order is a new one', async () => {
  const shop = createRehearsal()
  const first = await shop.place({ mode: 'PREPAID' })
  shop.advance(24 * hourMs)
  const second = await shop.place({ mode: 'PREPAID' })
  expect(second.body).not.toHaveProperty('duplicate')
  expect(second.body.fynd_order_id).not.toBe(first.body.fynd_order_id)
})

test('one store serves the whole order if there is one, the customer’s city first', async () => {
  const shop = createRehearsal()
  const lines = [{ sku: 'TEE-M' }, { sku: 'SHOE-9' }]
  const stores = (placed: Placed) => placed.shipments.map((each) => each.fulfilling_store.code)
  expect(stores((await shop.place({ id: 'A', lines })).body)).toEqual(['BLR-01'])
  expect(stores((await shop.place({ id: 'B', lines, pincode: '110001' })).body)).toEqual(['DEL-01'])
  shop.act('fynd.stock.set', { sku: 'TEE-M', store: 'BLR-01', quantity: 0 })
  expect(stores((await shop.place({ id: 'C', lines })).body)).toEqual(['DEL-01'])
  shop.act('fynd.stock.set', { sku: 'SHOE-9', store: 'DEL-01', quantity: 0 })
  shop.act('fynd.stock.set', { sku: 'SHOE-9', store: 'BOM-01', quantity: 0 })
  expect(stores((await shop.place({ id: 'D', lines })).body)).toEqual(['DEL-01', 'BLR-01'])
})

test('bags of one store share a shipment, or none do', async () => {
  const lines = [{ sku: 'TEE-M' }, { sku: 'TEE-S' }]
  const together = await createRehearsal().place({ lines })
  expect(together.body.shipments.map((each) => each.bags.length)).toEqual([2])
  const apart = await createRehearsal({ grouping: 'per_bag' }).place({ lines })
  expect(apart.body.shipments.map((each) => each.bags.length)).toEqual([1, 1])
})

test('a line of three becomes three bags or one', async () => {
  const lines = [{ sku: 'TEE-M', quantity: 3, amount: 1000 }]
  const items = createRehearsal()
  expect((await items.place({ lines })).body.shipments[0]?.bags.map((bag) => bag.bag_id)).toEqual([
    43880, 43881, 43882,
  ])
  const one = createRehearsal({ bag_unit: 'line' })
  expect((await one.place({ lines })).body.shipments[0]?.bags).toHaveLength(1)
  for (const shop of [items, one]) expect(shop.sellable('TEE-M', 'BLR-01')).toBe(7)
})

test('with allocate_on payment a prepaid order has no shipment and reserves nothing', async () => {
  const shop = createRehearsal({ allocate_on: 'payment' })
  const { body } = await shop.place({ mode: 'PREPAID' })
  expect([body.order_status, body.shipments]).toEqual(['pending', []])
  expect(shop.sellable('TEE-M', 'BLR-01')).toBe(10)
  expect((await shop.place({ id: 'cod' })).body.shipments).toHaveLength(1)
})

test('what no store has is refused, and nothing of the order stays', async () => {
  const shop = createRehearsal()
  const before = shop.world.state('fynd')
  const reply = await shop.place({ lines: [{ sku: 'TEE-M' }, { sku: 'SOFA-1', quantity: 6 }] })
  expect(refusal(reply)).toEqual([409, 'OutOfStock'])
  expect(shop.world.state('fynd')).toEqual(before)
})

test('two bags of one order do not count on the same last piece', async () => {
  const shop = createRehearsal({ bag_unit: 'line' })
  for (const store of ['DEL-01', 'BOM-01']) {
    shop.act('fynd.stock.set', { sku: 'TEE-M', store, quantity: 0 })
  }
  shop.act('fynd.stock.set', { sku: 'TEE-M', store: 'BLR-01', quantity: 1 })
  const reply = await shop.place({ lines: [{ sku: 'TEE-M' }, { sku: 'TEE-M' }] })
  expect(refusal(reply)).toEqual([409, 'OutOfStock'])
})

test.each([
  ['an unknown pincode', { pincode: '999999' }, 422, 'NotServiceable'],
  ['an undeliverable pincode', { pincode: '194101' }, 422, 'NotServiceable'],
  ['COD where there is none', { pincode: '781001' }, 422, 'NotServiceable'],
  [
    'a sofa to Guwahati',
    { pincode: '781001', mode: 'PREPAID', lines: [{ sku: 'SOFA-1' }] },
    422,
    'NotServiceable',
  ],
  ['an unknown SKU', { lines: [{ sku: 'NO-SUCH' }] }, 400, 'ValidationError'],
  ['a SKU named like a prototype', { lines: [{ sku: '__proto__' }] }, 400, 'ValidationError'],
  ['no bags', { lines: [] }, 400, 'ValidationError'],
  [
    'one bag id twice',
    {
      lines: [
        { sku: 'TEE-M', id: 'x' },
        { sku: 'TEE-S', id: 'x' },
      ],
    },
    400,
    'ValidationError',
  ],
  ['a negative value', { value: -1 }, 400, 'ValidationError'],
] as const)('refuses %s', async (_what, changes, status, exception) => {
  const shop = createRehearsal()
  const before = shop.world.state('fynd')
  expect(refusal(await shop.place(changes as object))).toEqual([status, exception])
  expect(shop.world.state('fynd')).toEqual(before)
})

test('COD above the limit is refused, prepaid is not', async () => {
  const shop = createRehearsal({ cod_limit: 400 })
  expect(refusal(await shop.place())).toEqual([400, 'ValidationError'])
  expect((await shop.place({ mode: 'PREPAID' })).status).toBe(200)
})

test('the affiliate of the body must be the one of the path', async () => {
  const shop = createRehearsal()
  const body = { ...shop.order(), affiliate_id: 'fa4efa4efa4efa4efa4efa4e' }
  expect(refusal(await shop.post('/orders', body))).toEqual([403, 'AffiliateMismatch'])
})

test('charges, discount and coupon may be left out or named, unknown fields are ignored', async () => {
  const shop = createRehearsal()
  const order = shop.order() as { order_info: Record<string, unknown> }
  const full = {
    ...order.order_info,
    cod_charges: 20,
    delivery_charges: 0,
    discount: 20.5,
    coupon: 'TEN',
    surprise: 1,
  }
  const text = JSON.stringify({ ...order, order_info: full }).replace(
    '{',
    '{"__proto__":{"a":1},"constructor":2,',
  )
  expect((await shop.send('POST', '/orders', { text })).status).toBe(200)
  expect(({} as Record<string, unknown>).a).toBeUndefined()
})

test('plain values of meta are echoed, nothing in it reaches a prototype', async () => {
  const shop = createRehearsal()
  const text = JSON.stringify(shop.order({ meta: { website_id: 7, odd: [1] } })).replace(
    '"website_id"',
    '"__proto__":{"polluted":1},"website_id"',
  )
  const { body } = await shop.send<Placed & { meta: object }>('POST', '/orders', { text })
  expect(body.meta).toEqual({ website_id: 7 })
  expect(({} as Record<string, unknown>).polluted).toBeUndefined()
})

test('transport mistakes are refused in the dialect', async () => {
  const shop = createRehearsal()
  const text = JSON.stringify(shop.order())
  const cases = [
    [{ text: '{' }, 400, 'ValidationError'],
    [{ text: '[]' }, 400, 'ValidationError'],
    [{}, 400, 'ValidationError'],
    [{ text, headers: { 'content-type': 'text/plain' } }, 415, 'UnsupportedMediaType'],
    [{ text: `{"a":"${'x'.repeat(3_000_000)}"}` }, 413, 'PayloadTooLarge'],
  ] as const
  for (const [options, status, exception] of cases) {
    expect(refusal(await shop.send('POST', '/orders', options))).toEqual([status, exception])
  }
  const put = await shop.send('PUT', '/orders', { text })
  expect([...refusal(put), put.headers.get('allow')]).toEqual([405, 'MethodNotAllowed', 'POST'])
  expect(refusal(await shop.send('GET', '/no/such/path'))).toEqual([404, 'DoesNotExist'])
  expect(shop.things('order')).toEqual([])
})
