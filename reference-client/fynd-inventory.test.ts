import { expect, test } from 'vitest'
import { syncIntervalMinutes } from './fynd-inventory.ts'
import { openTestShop, type TestShop, testSettings } from './testing/shop.ts'

const sync = (t: TestShop) => t.post('/admin/cron/fynd-inventory')
const product = async (t: TestShop, id: string) => (await t.get(`/admin/products/${id}`)).body
const quantity = async (t: TestShop, sku: string) => {
  const { body } = await t.get('/shop/products')
  const options = body.products.flatMap((one: { options: object[] }) => one.options)
  return options.find((option: { sku: string }) => option.sku === sku)?.quantity
}

/** Changes the stock at the partner in a way that its delta tells. */
function change(t: TestShop, sku: string, count: number) {
  t.stub.stock.set(sku, count)
  const at = `${new Date(t.clock.nowMs()).toISOString().slice(0, 19)}Z`
  t.stub.changes.push({ sku_code: sku, updated_at: at })
}

test('the first run is a full one, the next asks stock only for what changed', async () => {
  const t = openTestShop()
  const first = await sync(t)
  expect(first.body).toMatchObject({ ran: true, mode: 'full', skus: 6 })
  expect(await quantity(t, 'TEE-M')).toBe(5)
  await t.clock.advance(60_000)
  change(t, 'TEE-M', 2)
  const second = await sync(t)
  expect(second.body).toMatchObject({ mode: 'delta', pages: 1, skus: 1 })
  expect(t.stub.calls('stock-status').at(-1)?.url).toMatch(/sku_code=TEE-M$/)
  expect(await quantity(t, 'TEE-M')).toBe(2)
})

test('the cursor moves only when every page was applied', async () => {
  const t = openTestShop()
  await sync(t)
  const before = (await t.get('/admin/sync')).body.cursor
  await t.clock.advance(60_000)
  t.stub.setPageSize(1)
  const setPage = t.stub.answers
  for (const sku of ['TEE-S', 'TEE-M', 'TEE-L']) change(t, sku, 1)
  let pages = 0
  const answerPages = (isBroken: boolean) =>
    setPage.set('changed-skus', () => {
      pages += 1
      const items = [{ sku_code: ['TEE-S', 'TEE-M', 'TEE-L'][pages - 1], updated_at: '' }]
      if (isBroken && pages > 1) return { status: 500, json: {} }
      const page = { has_next: pages < 3, next_id: String(pages) }
      return { status: 200, json: { items, page, as_of: `2026-01-05T05:0${pages}:00Z` } }
    })
  answerPages(true)
  const broken = await sync(t)
  expect(broken).toMatchObject({ status: 502, body: { ran: false } })
  expect((await t.get('/admin/sync')).body.cursor).toBe(before)
  pages = 0
  answerPages(false)
  expect((await sync(t)).body).toMatchObject({ mode: 'delta', pages: 3, skus: 3 })
  // The first page's time: a change while the pages were read comes again.
  expect((await t.get('/admin/sync')).body.cursor).toBe('2026-01-05T05:01:00Z')
  expect(await quantity(t, 'TEE-L')).toBe(1)
})

test('a cursor that is too old leads to a full sync', async () => {
  const t = openTestShop()
  await sync(t)
  t.stub.plan('changed-skus', {
    status: 400,
    json: { exception: 'ValidationError', message: 'timestamp too old, request full sync' },
  })
  t.stub.stock.set('SHOE-9', 1)
  expect((await sync(t)).body).toMatchObject({ mode: 'full' })
  expect(await quantity(t, 'SHOE-9')).toBe(1)
})

test('asks at most 50 SKUs at a time', async () => {
  const t = openTestShop()
  await sync(t)
  await t.clock.advance(60_000)
  for (let index = 0; index < 120; index += 1) change(t, `EXTRA-${index}`, 1)
  expect((await sync(t)).body).toMatchObject({ skus: 120, pages: 2 })
  const sizes = t.stub
    .calls('stock-status')
    .slice(1)
    .map((sent) => new URL(sent.url).searchParams.get('sku_code')?.split(',').length)
  expect(sizes).toEqual([50, 50, 20])
})

test('an SKU that flows no longer cannot be sold', async () => {
  const t = openTestShop()
  await sync(t)
  await t.clock.advance(60_000)
  change(t, 'MUG-1', 1)
  t.stub.stock.delete('MUG-1')
  await sync(t)
  expect(await product(t, 'MUG')).toMatchObject({ visible: false, why_hidden: 'not_flowing' })
})

test('a run that overlaps another one is refused', async () => {
  const t = openTestShop()
  const runs = await Promise.all([sync(t), sync(t)])
  expect(runs.map((run) => run.status).sort()).toEqual([200, 409])
  expect(runs.find((run) => run.status === 409)?.body).toMatchObject({ skipped: true })
  expect((await sync(t)).status).toBe(200)
})

test('safety stock is kept back at once, and never makes a quantity negative', async () => {
  const t = openTestShop()
  await sync(t)
  const put = (count: number) => t.call('PUT', '/admin/settings/gofynd', { safety_stock: count })
  await put(3)
  expect(await quantity(t, 'TEE-M')).toBe(2)
  await put(9)
  expect(await quantity(t, 'TEE-M')).toBe(0)
  expect(await product(t, 'TEE')).toMatchObject({ visible: false, why_hidden: 'out_of_stock' })
})

test('tells an unmapped option from stock that does not flow, and mapping it shows the product', async () => {
  const t = openTestShop()
  for (const sku of ['TEE-S', 'TEE-M', 'TEE-L']) t.stub.stock.delete(sku)
  await sync(t)
  expect(await product(t, 'TEE')).toMatchObject({ why_hidden: 'not_flowing' })
  await t.clock.advance(60_000)
  change(t, 'TEE-XL', 4)
  await sync(t)
  expect(await product(t, 'TEE')).toMatchObject({
    visible: false,
    why_hidden: 'unmapped',
    unmapped: [{ sku: 'TEE-XL', partner_quantity: 4 }],
  })
  const mapped = await t.call('PUT', '/admin/products/TEE/options', {
    options: [
      { value: 'M', sku: 'TEE-M' },
      { value: 'XL', sku: 'TEE-XL' },
    ],
  })
  expect(mapped.body).toMatchObject({ visible: true, why_hidden: null, unmapped: [] })
  const taken = await t.call('PUT', '/admin/products/TEE/options', {
    options: [{ value: 'M', sku: 'MUG-1' }],
  })
  expect(taken.status).toBe(409)
})

test('the busier the website, the more often it asks: every 15 to 60 minutes', () => {
  expect([0, 19, 20, 99, 100, 10_000].map(syncIntervalMinutes)).toEqual([60, 60, 30, 30, 15, 15])
})

test('with crons on the shop syncs by itself, and goes on after a bad round', async () => {
  const t = openTestShop({ crons: true, settings: testSettings })
  t.stub.plan('changed-skus', ...Array.from({ length: 4 }, () => ({ status: 500 })))
  t.shop.start()
  await t.clock.advance(60_000)
  expect(t.stub.calls('changed-skus')).toHaveLength(4)
  await t.clock.advance(60 * 60_000)
  expect(t.stub.calls('changed-skus')).toHaveLength(5)
  expect(await quantity(t, 'TEE-M')).toBe(5)
  t.shop.close()
})
