import { expect, test } from 'vitest'
import { createRehearsal, type Rehearsal } from './testing/rehearsal.ts'

interface Written {
  data: {
    payload_count: number
    success_count: number
    failed_count: number
    errors: { location_id: string | null; sku: string | null; code: string; message: string }[]
  }
  meta: { ack_id: string; integrationId: string; time: string; status: string }
}

const put = (seller: Rehearsal, what: 'price' | 'inventory', body: unknown, token?: string) =>
  seller.call<Written>('PUT', `/ims/v3/${what}`, { body, token })

const row = { location_id: 'BLR-01', sku: 'TEE-M', quantity: 4 }
const price = { location_id: 'BLR-01', sku: 'TEE-M', esp: 450.5, mrp: 900, currency: 'INR' }

test('quantities are absolute and answered in snake_case', async () => {
  const seller = createRehearsal()
  const { status, body } = await put(seller, 'inventory', [row])
  expect(status).toBe(200)
  expect(body.data).toEqual({ payload_count: 1, success_count: 1, failed_count: 0, errors: [] })
  expect(body.meta).toEqual({
    ack_id: expect.stringMatching(/^[0-9a-f]{24}$/),
    integrationId: '65bb00000000000000000001',
    time: '2026-01-05T04:30:00.000+00:00',
    status: 'SUCCESS',
  })
  expect(seller.stock('TEE-M')).toMatchObject({ sellable: 4, opening: 10, adjusted: -6 })
  await put(seller, 'inventory', [
    { ...row, quantity: 0 },
    { ...row, quantity: 7 },
  ])
  expect(seller.stock('TEE-M').sellable).toBe(7)
})

test.each([
  ['a negative quantity', { ...row, quantity: -1 }, 'I400'],
  ['a fraction', { ...row, quantity: 1.5 }, 'I400'],
  ['no quantity', { location_id: 'BLR-01', sku: 'TEE-M' }, 'I400'],
  ['a text', { ...row, quantity: '5' }, 'I400'],
  ['an unknown SKU', { ...row, sku: 'NO-SUCH' }, 'I422'],
  ['a prototype name', { ...row, sku: '__proto__' }, 'I422'],
  ['an unknown location', { ...row, location_id: 'WH99' }, 'I422'],
])('inventory: %s fails alone', async (_what, bad, code) => {
  const seller = createRehearsal()
  const good = { ...row, location_id: 'DEL-01', quantity: 3 }
  const { status, body } = await put(seller, 'inventory', [bad, good])
  expect([status, body.meta.status]).toEqual([200, 'PARTIAL_SUCCESS'])
  expect(body.data).toMatchObject({ payload_count: 2, success_count: 1, failed_count: 1 })
  expect(body.data.errors).toMatchObject([{ sku: bad.sku, location_id: bad.location_id, code }])
  expect(seller.stock('TEE-M', 'DEL-01').sellable).toBe(3)
  expect(seller.stock('TEE-M').sellable).toBe(10)
  expect((await put(seller, 'inventory', [bad])).body.meta.status).toBe('FAILED')
})

test.each([
  ['esp above mrp', { ...price, esp: 901 }, 'P400'],
  ['a negative price', { ...price, mrp: -1 }, 'P400'],
  ['a thousandth of a rupee', { ...price, esp: 0.001 }, 'P400'],
  ['no currency', { ...price, currency: undefined }, 'P400'],
  ['another currency', { ...price, currency: 'USD' }, 'P400'],
  ['an unknown SKU', { ...price, sku: 'NO-SUCH' }, 'P422'],
])('price: %s fails alone', async (_what, bad, code) => {
  const seller = createRehearsal()
  const { body } = await put(seller, 'price', [price, bad])
  expect(body.data).toMatchObject({ success_count: 1, failed_count: 1, errors: [{ code }] })
  expect(seller.stock('TEE-M')).toMatchObject({ mrp: 900, esp: 450.5 })
})

test('prices are per location, and the next order is sold at them', async () => {
  const seller = createRehearsal()
  const before = seller.place({ location: 'BLR-01' })
  await put(seller, 'price', [price])
  const after = seller.place({ location: 'BLR-01' })
  expect(seller.order(after.order_id).orderPrice).toMatchObject({ amountPaid: 450.5 })
  expect(seller.order(before.order_id).orderPrice).toMatchObject({ amountPaid: 499 })
  expect(seller.stock('TEE-M', 'DEL-01')).toMatchObject({ mrp: 999, esp: 499 })
})

test('a batch of 500 with 37 bad records applies 463 and names the 37; 501 are refused', async () => {
  const seller = createRehearsal({}, { size: { skus: 600 } })
  const skus = seller.things<{ sku: string }>('sku').map(({ sku }) => sku)
  const records = skus.slice(0, 500).map((sku, at) => ({
    location_id: 'BLR-01',
    sku: at % 13 === 0 && at < 481 ? `BAD-${at}` : sku,
    quantity: 77,
  }))
  const { body } = await put(seller, 'inventory', records)
  expect(body.data).toMatchObject({ payload_count: 500, success_count: 463, failed_count: 37 })
  expect(body.data.errors.every(({ sku }) => sku?.startsWith('BAD-'))).toBe(true)
  const applied = seller.things<{ sellable: number }>('stock').filter((r) => r.sellable === 77)
  expect(applied).toHaveLength(463)
  const before = seller.world.state('konnect')
  for (const what of ['price', 'inventory'] as const) {
    for (const wrong of [[...records, row], [], { records }, ['x'], 'null']) {
      const reply = await put(seller, what, wrong)
      expect([reply.status, (reply.body as unknown as { status: string }).status]).toEqual([
        400,
        'FAILED',
      ])
    }
  }
  expect(seller.world.state('konnect')).toEqual(before)
})

test('a location’s token writes its own rows only', async () => {
  const seller = createRehearsal()
  const token = await seller.login('DEL-01')
  const { body } = await put(seller, 'inventory', [row, { ...row, location_id: 'DEL-01' }], token)
  expect(body.data).toMatchObject({ success_count: 1, errors: [{ code: 'I422' }] })
})

test('an EAN names the SKU too', async () => {
  const seller = createRehearsal()
  const { body } = await put(seller, 'inventory', [{ ...row, sku: '8900000000001' }])
  expect(body.data.failed_count).toBe(0)
  expect(seller.stock('TEE-M').sellable).toBe(4)
})

interface Listings {
  data: Record<string, unknown>[]
  meta: Written['meta']
}

test('listings are rows of SKU and location, paged by texts', async () => {
  const seller = createRehearsal()
  const all = await seller.get<Listings>('/ims/v3/listings?page_size=500')
  expect(all.meta.ack_id).toMatch(/^[0-9a-f]{8}-/)
  expect(all.data).toHaveLength(24)
  expect(all.data[0]).toEqual({
    sku: 'TEE-S',
    name: 'Crew Neck Tee',
    item_code: 'TEE',
    brand: 'Northbound',
    size: 'S',
    location_id: 'BLR-01',
    mrp: 999,
    esp: 499,
    currency: 'INR',
    quantity: 8,
    is_active: true,
    is_batch: false,
  })
  const pages = await Promise.all(
    [1, 2, 3].map((page) => seller.get<Listings>(`/ims/v3/listings?page_no=${page}&page_size=10`)),
  )
  expect(pages.flatMap(({ data }) => data)).toEqual(all.data)
  expect(pages.map(({ data }) => data.length)).toEqual([10, 10, 4])
  expect((await seller.get<Listings>('/ims/v3/listings?page_no=9')).data).toEqual([])
  const token = await seller.login('BLR-01')
  expect((await seller.get<Listings>('/ims/v3/listings', token)).data).toHaveLength(8)
  const some = await seller.get<Listings>('/ims/v3/listings?skus=TEE-M,NO-SUCH,MUG-1')
  expect(some.data).toHaveLength(6)
})

test.each([
  ['page_size=501', 400],
  ['page_size=0', 400],
  ['page_no=0', 400],
  ['page_size=string', 200],
  ['page_no=string', 200],
  [`skus=${Array.from({ length: 11 }, (_, n) => `S${n}`)}`, 400],
  [`skus=${Array.from({ length: 10 }, (_, n) => `S${n}`)}`, 200],
])('listings?%s answers %i', async (query, status) => {
  expect((await createRehearsal().call('GET', `/ims/v3/listings?${query}`)).status).toBe(status)
})

test('the count is of SKUs; x-batch-product counts batch articles', async () => {
  const seller = createRehearsal()
  const count = async (flag?: string) => {
    const headers: Record<string, string> = flag === undefined ? {} : { 'x-batch-product': flag }
    const reply = await seller.call<{ data: { listing_count: number } }>(
      'GET',
      '/ims/v3/listings/count',
      { headers },
    )
    return reply.status === 200 ? reply.body.data.listing_count : reply.status
  }
  expect([await count(), await count('FALSE'), await count('TRUE')]).toEqual([8, 8, 1])
  expect([await count('true'), await count('')]).toEqual([400, 400])
  seller.act('konnect.article.set-batch', { sku: 'MUG-1' })
  seller.act('konnect.article.set-batch', { sku: 'SOAP-1', batch: false })
  expect(await count('TRUE')).toBe(1)
  seller.act('konnect.article.set-batch', { sku: 'TEE-M' })
  expect(await count('TRUE')).toBe(2)
  seller.world.setAssumptions('konnect', { listing_count: 'rows' })
  expect([await count(), await count('TRUE')]).toEqual([24, 6])
})

test('stock acts change what is on sale, and damage takes it away', () => {
  const seller = createRehearsal()
  const place = { sku: 'TEE-M', location: 'BLR-01' }
  seller.act('konnect.stock.set', { ...place, quantity: 5 })
  seller.act('konnect.stock.damage', { ...place, quantity: 2 })
  expect(seller.stock('TEE-M')).toMatchObject({ sellable: 3, unavailable: 2, adjusted: -5 })
  expect(() => seller.act('konnect.stock.damage', { ...place, quantity: 9 })).toThrow('can sell 3')
  expect(() => seller.act('konnect.stock.set', { ...place, sku: 'X', quantity: 1 })).toThrow('SKU')
  expect(() => seller.act('konnect.stock.set', { ...place, location: 'X', quantity: 1 })).toThrow(
    'location',
  )
})
