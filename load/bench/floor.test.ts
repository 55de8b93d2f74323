import type { AddressInfo } from 'node:net'
import { afterAll, expect, it } from 'vitest'
import { createFloor } from './floor.ts'

const row = (code: string) => ({
  uid: '',
  identifier: { sku_code: '' },
  quantity: 5,
  store: { id: 1, code, name: code },
})
const server = createFloor({ rows: [row('S-1'), row('S-2')], skus: ['A', 'B'], orders: 2 })
const begun = new Promise<string>((resolve) => {
  server.listen(0, '127.0.0.1', () => {
    resolve(`http://127.0.0.1:${(server.address() as AddressInfo).port}`)
  })
})
afterAll(() => {
  server.closeAllConnections()
  server.close()
})

async function call(method: string, path: string, body?: object | string) {
  const text = typeof body === 'object' ? JSON.stringify(body) : body
  const answer = await fetch((await begun) + path, { method, ...(text && { body: text }) })
  return (await answer.json()) as Record<string, unknown>
}

const order = (id: string, skus: string[]) => ({
  order_info: {
    affiliate_order_id: id,
    bags: skus.map((sku, at) => ({ affiliate_bag_id: `${id}-${at}`, sku, quantity: 1 })),
  },
})

it('stock, orders placed before, orders and changes agree', async () => {
  const stock = async () => {
    const { items } = await call('GET', '/inventory/stock-status?sku_code=A,B,C')
    return (items as { uid: string; quantity: number }[]).map(({ uid, quantity }) => [
      uid,
      quantity,
    ])
  }
  // Of two orders that were there from the beginning each took one.
  const before = [
    ['1_A', 4],
    ['1_A', 5],
    ['1_B', 4],
    ['1_B', 5],
  ]
  expect(await stock()).toEqual(before)
  expect(await call('POST', '/orders', order('K-1', ['A', 'A', 'B']))).toMatchObject({
    fynd_order_id: 'FY000000000000000003',
    affiliate_order_id: 'K-1',
    shipments: [{ fulfilling_store: { code: 'S-1' }, bags: [{}, {}, { sku: 'B' }] }],
  })
  expect((await stock()).map(([, quantity]) => quantity)).toEqual([2, 5, 3, 5])
  const changes = '/inventory/changes?timestamp=2020-01-01T00:00:00Z&page_size=1'
  expect(await call('GET', changes)).toMatchObject({
    items: [{ sku_code: 'A' }],
    page: { has_next: true, item_total: 2, size: 1 },
  })
})

it('takes a payment from its beginning to its confirmation', async () => {
  const cart = { cart_items: [{ sku_code: 'A', quantity: 1 }] }
  expect(await call('POST', '/serviceability', cart)).toMatchObject({ is_valid: true })
  const { payment_id } = await call('POST', '/payments/initiate', {})
  expect(await call('POST', `/pay/${payment_id}`, 'outcome=paid')).toEqual({})
  const confirmation = {
    order_id: 'FY000000000000000001',
    payment_methods: [{ meta: { payment_id } }],
  }
  expect(await call('POST', '/orders/FY1/payment/confirm', confirmation)).toMatchObject({
    success: true,
  })
})

it('counts the records that it writes', async () => {
  const records = [{ location_id: 'S-1', sku: 'A', quantity: 3 }]
  expect(await call('PUT', '/ims/v3/inventory', records)).toMatchObject({
    data: { payload_count: 1, success_count: 1, errors: [] },
  })
})
