import { expect, test } from 'vitest'
import { batches } from './batches.ts'
import { fynd } from './index.ts'
import { createRehearsal, minuteMs, type RefusalBody, type Rehearsal } from './testing/rehearsal.ts'

interface Stock {
  items: { identifier: { sku_code: string } }[]
}

interface Changes {
  items: { sku_code: string }[]
  page: { has_next: boolean; next_id: string }
}

const arm = (shop: Rehearsal, fault: object) =>
  shop.world.arm({ partner: 'fynd', ...fault } as never)

/** The SKUs of the rows, each once, in the order of the answer. */
const skusOf = ({ items }: Stock) => [...new Set(items.map((row) => row.identifier.sku_code))]

const asked = ['TEE-S', 'TEE-M', 'MUG-1']

const get = async (shop: Rehearsal) =>
  skusOf((await shop.get<Stock>(`/inventory/stock-status?sku_code=${asked}`)).body)

const post = async (shop: Rehearsal) =>
  skusOf((await shop.post<Stock>('/inventory/stock-status', { sku_codes: asked })).body)

/** Three changes, listed one a page; the pages as a client reads them, at most `max`. */
async function readPages(shop: Rehearsal, max = 5): Promise<string[][]> {
  const pages: string[][] = []
  let next = ''
  do {
    const query = `timestamp=2026-01-05T04:30:00Z&page_size=1&page_id=${next}`
    const { body } = await shop.get<Changes>(`/inventory/changes?${query}`)
    pages.push(body.items.map((item) => item.sku_code))
    next = body.page.next_id
    if (!body.page.has_next) break
  } while (pages.length < max)
  return pages
}

function withChanges(): Rehearsal {
  const shop = createRehearsal()
  for (const sku of asked) {
    shop.advance(minuteMs)
    shop.act('fynd.stock.adjust', { sku, store: 'BLR-01', by: 1 })
  }
  return shop
}

test('every operation that is described here is one of FYND', () => {
  const unknown = Object.keys(batches).filter((id) => !Object.hasOwn(fynd.operations, id))
  expect(unknown).toEqual([])
})

test.each([
  ['getStockStatus', get],
  ['queryStockStatus', post],
])('%s: a SKU that fails is just absent, a tail is cut, an order is turned', async (on, ask) => {
  const shop = createRehearsal()
  expect(await ask(shop)).toEqual(asked)
  for (const [fault, left] of [
    [{ name: 'records-fail', records: { value: 'TEE-M' } }, ['TEE-S', 'MUG-1']],
    [{ name: 'tail-dropped', keep: 2 }, ['TEE-S', 'TEE-M']],
    [{ name: 'records-out-of-order' }, ['MUG-1', 'TEE-M', 'TEE-S']],
  ] as const) {
    const { id } = arm(shop, { ...fault, on })
    expect(await ask(shop), fault.name).toEqual(left)
    shop.world.disarm(id)
  }
  expect(await ask(shop)).toEqual(asked)
})

test('a page of changed SKUs is missing: no rows, and the next page follows', async () => {
  const shop = withChanges()
  expect(await readPages(shop)).toEqual([['TEE-S'], ['TEE-M'], ['MUG-1']])
  arm(shop, { name: 'missing-page', on: 'listInventoryChanges', nth: 2 })
  expect(await readPages(shop)).toEqual([['TEE-S'], [], ['MUG-1']])
})

test('a page of changed SKUs comes twice, or for ever', async () => {
  const shop = withChanges()
  const { id } = arm(shop, { name: 'duplicate-page', on: 'listInventoryChanges', nth: 2 })
  expect(await readPages(shop)).toEqual([['TEE-S'], ['TEE-M'], ['TEE-M'], ['MUG-1']])
  shop.world.disarm(id)
  arm(shop, { name: 'duplicate-page', on: 'listInventoryChanges' })
  // The first page has no cursor that its next one could lead back to.
  expect(await readPages(shop)).toEqual([['TEE-S'], ['TEE-M'], ['TEE-M'], ['TEE-M'], ['TEE-M']])
})

test('a cursor that is too old is refused in FYND’s words, and nowhere but for changed SKUs', async () => {
  const shop = withChanges()
  arm(shop, { name: 'cursor-too-old', on: 'listInventoryChanges' })
  const { status, body } = await shop.get<RefusalBody>(
    '/inventory/changes?timestamp=2026-01-05T04:30:00Z',
  )
  expect([status, body.exception, body.message]).toEqual([
    400,
    'ValidationError',
    'timestamp too old, request full sync',
  ])
  expect(() => arm(shop, { name: 'cursor-too-old', on: 'getStockStatus' })).toThrow(
    /getStockStatus/,
  )
})

test('an operation that takes no batch takes no batch fault', () => {
  const shop = createRehearsal()
  expect(() => arm(shop, { name: 'records-fail', on: 'placeOrder' })).toThrow(/placeOrder/)
  expect(() => arm(shop, { name: 'missing-page', on: 'getStockStatus' })).toThrow(/getStockStatus/)
})
