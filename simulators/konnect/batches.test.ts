import { expect, test } from 'vitest'
import { batches } from './batches.ts'
import { konnect } from './index.ts'
import { createRehearsal } from './testing/rehearsal.ts'

const row = (location_id: string, sku: string) => ({ location_id, sku, quantity: 9 })
const arm = (seller: ReturnType<typeof createRehearsal>, fault: object) =>
  seller.world.arm({ partner: 'konnect', ...fault } as never)

test('every operation that is described here is one of Konnect', () => {
  const unknown = Object.keys(batches).filter((id) => !Object.hasOwn(konnect.operations, id))
  expect(unknown).toEqual([])
})

test('records that a fault strikes are not applied and are named in the envelope of the call', async () => {
  const seller = createRehearsal()
  arm(seller, {
    name: 'records-fail',
    on: 'updateInventory',
    code: 'I500',
    records: { sku: 'MUG-1' },
  })
  const body = [row('BLR-01', 'TEE-M'), row('BLR-01', 'MUG-1'), row('BLR-01', 'NO-SUCH')]
  const { body: answer } = await seller.call('PUT', '/ims/v3/inventory', { body })
  expect(answer).toMatchObject({
    data: {
      payload_count: 3,
      success_count: 1,
      failed_count: 2,
      errors: [
        { sku: 'NO-SUCH', code: 'I422' },
        { location_id: 'BLR-01', sku: 'MUG-1', code: 'I500' },
      ],
    },
    meta: { status: 'PARTIAL_SUCCESS' },
  })
  expect(seller.stock('MUG-1')).toMatchObject({ sellable: 20 })
  expect(seller.stock('TEE-M')).toMatchObject({ sellable: 9 })
})

test('an order that a fault strikes is named in camel case', async () => {
  const seller = createRehearsal()
  const { order_id } = seller.world.act('konnect.order.place', {
    lines: [{ sku: 'TEE-M' }],
  }) as { order_id: string }
  arm(seller, { name: 'records-fail', on: 'confirmOrder', code: 'O500' })
  const body = [{ orderId: order_id }]
  const { body: answer } = await seller.call('POST', '/oms/v3/shipment/confirm', { body })
  expect(answer).toMatchObject({
    payloadCount: 1,
    successCount: 0,
    failedCount: 1,
    status: 'FAILED',
    errors: [{ orderId: order_id, code: 'O500' }],
  })
})

test('of a batch whose tail is dropped only the head is counted', async () => {
  const seller = createRehearsal()
  arm(seller, { name: 'tail-dropped', on: 'updateInventory', keep: 1 })
  const body = [row('BLR-01', 'TEE-M'), row('BLR-01', 'MUG-1')]
  const { body: answer } = await seller.call('PUT', '/ims/v3/inventory', { body })
  expect(answer).toMatchObject({ data: { payload_count: 1, success_count: 1, errors: [] } })
  expect(seller.stock('MUG-1')).toMatchObject({ sellable: 20 })
})

test('pages come twice or not at all', async () => {
  const seller = createRehearsal()
  const path = '/v3/catalog/departments?page_size=1&page_number='
  const nameOn = async (page: number) => {
    const { body } = await seller.call<{ items: { name: string }[] }>('GET', `${path}${page}`)
    return body.items[0]?.name
  }
  const names = [await nameOn(1), await nameOn(2), await nameOn(3)]
  const { id } = arm(seller, { name: 'duplicate-page', on: 'fetchDepartments' })
  expect([await nameOn(1), await nameOn(2)]).toEqual([names[0], names[0]])
  seller.world.disarm(id)
  arm(seller, { name: 'missing-page', on: 'fetchDepartments' })
  expect([await nameOn(1), await nameOn(2)]).toEqual([names[1], names[2]])
})

test('a product that a fault strikes at intake is what the job says later, too', async () => {
  const seller = createRehearsal()
  arm(seller, {
    name: 'records-fail',
    on: 'deleteProduct',
    code: 'X1',
    records: { item_code: 'MUG' },
  })
  const tee = { slug: 'crew-neck-tee', brand: 'Northbound', item_code: 'TEE' }
  const body = { template: 'tops', products: [tee, { ...tee, item_code: 'MUG' }] }
  const { body: ack } = await seller.call('DELETE', '/v3/catalog/product', { body })
  const errors = { MUG: ['X1: The record could not be processed'] }
  const intake = { total: 2, success: 1, failed: 1, errors }
  expect(ack).toMatchObject({ ...intake, status: 'PARTIAL_SUCCESS' })
  seller.advance(2)
  expect(await seller.get(`/v3/catalog/status?trace_id=${ack.trace_id}`)).toMatchObject({
    ...intake,
    status: 'completed',
    meta: { succeed: 1, failed: 0 },
  })
})

test('pages of listings, counted in texts, come twice or not at all', async () => {
  const seller = createRehearsal()
  const skuOn = async (page: string) => {
    const path = `/ims/v3/listings?page_size=1${page}`
    const { data } = await seller.get<{ data: { location_id: string }[] }>(path)
    return data[0]?.location_id
  }
  const pages = ['', '&page_no=1', '&page_no=2', '&page_no=3']
  const read = async () => [await skuOn(''), await skuOn('&page_no=1'), await skuOn('&page_no=2')]
  const [, one, two, three] = await Promise.all(pages.map(skuOn))
  expect(new Set([one, two, three]).size).toBe(3)
  const { id } = arm(seller, { name: 'duplicate-page', on: 'fetchListings' })
  expect(await read()).toEqual([one, one, one])
  seller.world.disarm(id)
  arm(seller, { name: 'missing-page', on: 'fetchListings' })
  expect(await read()).toEqual([two, two, three])
})
