import { expect, test } from 'vitest'
import {
  createRehearsal,
  hourMs,
  minuteMs,
  type RefusalBody,
  type Rehearsal,
} from './testing/rehearsal.ts'

interface Row {
  uid: string
  identifier: { sku_code: string }
  size: string
  quantity: number
  price: { marked: number; effective: number; currency: string }
  store: { code: string; city: string }
  is_active: boolean
}

interface Changes {
  items: { sku_code: string; updated_at: string }[]
  page: { has_next: boolean; next_id: string; item_total: number; size: number }
  as_of: string
}

const stock = (shop: Rehearsal, skus: string) =>
  shop.get<{ items: Row[] }>(`/inventory/stock-status?sku_code=${skus}`)

const changes = (shop: Rehearsal, query: string) => shop.get<Changes>(`/inventory/changes?${query}`)

const total = (rows: Row[]) => rows.reduce((sum, row) => sum + row.quantity, 0)

test('stock status has one row per SKU and store, with prices that may be halves', async () => {
  const shop = createRehearsal()
  const { status, body } = await stock(shop, 'TEE-M,SHOE-9')
  expect(status).toBe(200)
  expect(body.items.map((row) => [row.uid, row.quantity])).toEqual([
    ['101_TEE-M', 10],
    ['102_TEE-M', 5],
    ['103_TEE-M', 3],
    ['101_SHOE-9', 6],
    ['102_SHOE-9', 3],
    ['103_SHOE-9', 2],
  ])
  expect(body.items[3]).toMatchObject({
    size: '9',
    price: { marked: 2599, effective: 1299.5, currency: 'INR' },
    store: { code: 'BLR-01', city: 'Bengaluru' },
    is_active: true,
  })
})

test('without the money quirks prices are as exact as with them', async () => {
  const shop = createRehearsal({ money_quirks: false })
  const { body } = await stock(shop, 'SHOE-9')
  expect(body.items[0]?.price.effective).toBe(1299.5)
})

test('asking in the body gives the same answer, each SKU once', async () => {
  const shop = createRehearsal()
  const { body } = await shop.post<{ items: Row[] }>('/inventory/stock-status', {
    sku_codes: ['TEE-M', 'SHOE-9', 'TEE-M'],
  })
  expect(body).toEqual((await stock(shop, 'TEE-M,SHOE-9')).body)
})

test('an unknown SKU is silently absent', async () => {
  const shop = createRehearsal()
  const { status, body } = await stock(shop, 'NO-SUCH,__proto__,constructor')
  expect([status, body.items]).toEqual([200, []])
})

test('more than 50 SKUs are refused, in the query and in the body', async () => {
  const shop = createRehearsal()
  const many = Array.from({ length: 51 }, (_, index) => `S-${index}`)
  expect((await stock(shop, many.join(','))).status).toBe(400)
  expect((await shop.post('/inventory/stock-status', { sku_codes: many })).status).toBe(400)
  expect((await stock(shop, many.slice(1).join(','))).status).toBe(200)
})

test('a switched-off store has no row, a sold-out row is listed', async () => {
  const shop = createRehearsal()
  shop.act('fynd.store.switch-off', { store: 'BLR-01' })
  shop.act('fynd.stock.set', { sku: 'TEE-M', store: 'DEL-01', quantity: 0 })
  const { body } = await stock(shop, 'TEE-M')
  expect(body.items.map((row) => [row.store.code, row.quantity])).toEqual([
    ['DEL-01', 0],
    ['BOM-01', 3],
  ])
})

test('a SKU off sale is listed only when inactive ones are asked for', async () => {
  const shop = createRehearsal()
  shop.act('fynd.sku.take-off-sale', { sku: 'TEE-M' })
  expect((await stock(shop, 'TEE-M')).body.items).toEqual([])
  const { body } = await stock(shop, 'TEE-M&include_inactive=true')
  expect(body.items.map((row) => row.is_active)).toEqual([false, false, false])
})

test('changed SKUs: orders and stock counts, but neither opening stock nor a count that finds the same', async () => {
  const shop = createRehearsal()
  const since = `timestamp=${new Date(shop.world.clock.nowMs).toISOString()}`
  expect((await changes(shop, since)).body.items).toEqual([])
  shop.advance(minuteMs)
  shop.act('fynd.stock.set', { sku: 'MUG-1', store: 'BLR-01', quantity: 1 })
  await shop.place()
  shop.act('fynd.stock.set', { sku: 'TEE-S', store: 'BLR-01', quantity: 8 })
  const { body } = await changes(shop, since)
  expect(body.items).toEqual([
    { sku_code: 'MUG-1', updated_at: '2026-01-05T04:31:00Z' },
    { sku_code: 'TEE-M', updated_at: '2026-01-05T04:31:00Z' },
  ])
  expect(body.as_of).toBe('2026-01-05T04:31:00Z')
})

test('the timestamp is inclusive: what changed in that second is listed again', async () => {
  const shop = createRehearsal()
  shop.advance(500)
  await shop.place()
  const first = await changes(shop, 'timestamp=2026-01-05T04:30:00Z')
  shop.advance(200)
  shop.act('fynd.stock.adjust', { sku: 'TEE-S', store: 'BLR-01', by: 1 })
  const second = await changes(shop, `timestamp=${first.body.as_of}`)
  expect(second.body.items.map((item) => item.sku_code)).toEqual(['TEE-M', 'TEE-S'])
  shop.advance(1000)
  const third = await changes(shop, 'timestamp=2026-01-05T04:30:01Z')
  expect(third.body.items).toEqual([])
})

test('pages end, and lose nothing that changes between them', async () => {
  const shop = createRehearsal({}, { size: { skus: 60 } })
  const skus = [...new Set(shop.things<{ sku: string }>('stock').map((row) => row.sku))]
  shop.advance(1000)
  for (const sku of skus) {
    const store = shop
      .things<{ sku: string; store: string }>('stock')
      .find((row) => row.sku === sku)
    shop.act('fynd.stock.adjust', { sku, store: store?.store, by: 1 })
  }
  const seen: string[] = []
  const asOf = new Set<string>()
  let query = 'timestamp=2026-01-05T04:30:00Z&page_size=25'
  for (let page = 1; page < 10; page += 1) {
    const { body } = await changes(shop, query)
    seen.push(...body.items.map((item) => item.sku_code))
    asOf.add(body.as_of)
    shop.advance(1000)
    if (page === 1) shop.act('fynd.stock.adjust', { sku: 'TEE-S', store: 'BLR-01', by: 1 })
    if (!body.page.has_next) break
    query = `timestamp=2026-01-05T04:30:00Z&page_size=25&page_id=${body.page.next_id}`
  }
  expect(new Set(seen)).toEqual(new Set(skus))
  expect(seen.filter((sku) => sku === 'TEE-S')).toHaveLength(2)
  expect([...asOf]).toEqual(['2026-01-05T04:30:01Z'])
})

test('page_size 500 is the most, 100 is usual', async () => {
  const shop = createRehearsal()
  const since = 'timestamp=2026-01-05T04:30:00Z'
  expect((await changes(shop, `${since}&page_size=500`)).status).toBe(200)
  for (const size of ['501', '0', 'x', '1.5', '']) {
    expect((await changes(shop, `${since}&page_size=${size}`)).status, size).toBe(400)
  }
})

test('a timestamp older than the retention asks for a full sync', async () => {
  const shop = createRehearsal()
  shop.advance(24 * hourMs)
  const old = await shop.get('/inventory/changes?timestamp=2025-12-30T04:29:59Z')
  expect([old.status, old.body.message]).toEqual([400, 'timestamp too old, request full sync'])
  expect((await changes(shop, 'timestamp=2025-12-30T04:30:00Z')).status).toBe(200)
  shop.world.setAssumptions('fynd', { delta_retention_days: 1 })
  expect((await changes(shop, 'timestamp=2026-01-05T04:29:59Z')).status).toBe(400)
})

test.each([
  '',
  'timestamp=',
  'timestamp=yesterday',
  'timestamp=2026-02-30T00:00:00Z',
  'timestamp=2026-01-05T04:30:00%2B05:30',
  'timestamp=2026-01-05T04:30:00Z&page_id=made-up',
  'timestamp=2026-01-05T04:30:00Z&page_id=MS45OTk5OTk5OTk5OTk5OTk',
  'timestamp=2026-01-05T04:30:00Z&timestamp=2026-01-05T04:30:00Z',
])('refuses the changes query "%s"', async (query) => {
  const shop = createRehearsal()
  const { status, body } = await shop.get<RefusalBody>(`/inventory/changes?${query}`)
  expect([status, body.exception]).toEqual([400, 'ValidationError'])
})

test('switching a store or a SKU changes what clients see, so it is a change', async () => {
  const shop = createRehearsal()
  shop.advance(1000)
  shop.act('fynd.sku.take-off-sale', { sku: 'MUG-1' })
  shop.act('fynd.store.switch-off', { store: 'BOM-01' })
  const { body } = await changes(shop, 'timestamp=2026-01-05T04:30:01Z')
  expect(body.page.item_total).toBe(8)
})

test('what stock status adds up to is what the judge compares with', async () => {
  const shop = createRehearsal()
  await shop.place({ lines: [{ sku: 'TEE-M', quantity: 2 }] })
  shop.act('fynd.store.switch-off', { store: 'BOM-01' })
  const { body } = await stock(shop, 'TEE-M')
  const report = shop.world.judge({ partner: 'fynd', quantities: { 'TEE-M': total(body.items) } })
  expect(report.breaches).toEqual([])
  expect(total(body.items)).toBe(13)
})
