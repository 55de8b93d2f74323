import { expect, test } from 'vitest'
import { byLocation, openTestSeller, type TestSeller } from '../testing/seller.ts'

const push = 'PUT /ims/v3/inventory'
const sizes = (t: TestSeller, operation = push) =>
  t.stub.calls(operation).map((call) => (call.body as object[]).length)
const skus = (t: TestSeller, index: number) =>
  ((t.stub.calls(push).at(index)?.body ?? []) as { sku: string }[]).map(({ sku }) => sku)
const many = (count: number) =>
  Array.from({ length: count }, (_, index): [string, string, number] => [
    'BLR-01',
    `SKU-${String(index).padStart(4, '0')}`,
    5,
  ])

test('sends what changed in batches of 500, and nothing twice', async () => {
  const t = openTestSeller()
  await t.stock(many(1_200))
  const first = await t.job('inventory-push')
  expect(first.body).toMatchObject({
    ran: true,
    batches: 3,
    sent: 1_200,
    applied: 1_200,
    failed: [],
  })
  expect(sizes(t)).toEqual([500, 500, 200])
  expect((await t.stock(many(1_200))).body).toEqual({ stored: 1_200, changed: 0 })
  await t.stock([['BLR-01', 'SKU-0007', 9]])
  await t.job('inventory-push')
  expect(sizes(t)).toEqual([500, 500, 200, 1])
  expect(t.stub.state.stock.get('BLR-01\nSKU-0007')).toBe(9)
})

test('a batch of 500 with 37 bad records applies 463, names the 37 and repairs exactly those', async () => {
  const t = openTestSeller()
  const rows = many(500)
  for (const [, sku] of rows.slice(100, 137)) t.stub.state.unknownSkus.add(sku)
  await t.stock(rows)
  const { body } = await t.job('inventory-push')
  expect(body).toMatchObject({ applied: 463 })
  const bad = rows.slice(100, 137).map(([, sku]) => sku)
  expect(body.failed.map((failure: { sku: string }) => failure.sku)).toEqual(bad)
  expect(body.failed[0]).toMatchObject({ location: 'BLR-01', code: 'I422' })
  // Once more in the same run, alone.
  expect(sizes(t)).toEqual([500, 37])
  expect(Object.keys((await t.get('/seller/stock')).body.quantities)).toHaveLength(463)
  t.stub.state.unknownSkus.clear()
  expect((await t.job('inventory-push')).body).toMatchObject({ sent: 37, applied: 37, failed: [] })
  expect(skus(t, -1)).toEqual(bad)
  expect(t.stub.state.stock.size).toBe(500)
})

test('records that no error names are in doubt, and sent again', async () => {
  const t = openTestSeller()
  await t.stock(many(10))
  let isCut = true
  t.stub.override(push, () => {
    if (!isCut) return undefined
    isCut = false
    return { status: 200, json: { data: { payload_count: 6, success_count: 6, failed_count: 0 } } }
  })
  expect((await t.job('inventory-push')).body).toMatchObject({ sent: 20, applied: 10, failed: [] })
  expect(sizes(t)).toEqual([10, 10])
})

test('a token that expires between two batches is renewed, and what was applied stays applied', async () => {
  const t = openTestSeller()
  await t.stock(many(1_000))
  t.stub.override(push, () => {
    if (t.stub.calls(push).length === 1) t.stub.revokeTokens()
    return undefined
  })
  const { body } = await t.job('inventory-push')
  expect(body).toMatchObject({ applied: 1_000, failed: [] })
  expect(t.stub.state.stock.size).toBe(1_000)
})

test('a run that breaks off goes on where it stopped', async () => {
  const t = openTestSeller()
  await t.stock(many(1_000))
  t.stub.override(push, () =>
    t.stub.calls(push).length === 1 ? undefined : { status: 503, json: {} },
  )
  expect((await t.job('inventory-push')).status).toBe(502)
  t.stub.override(push, () => undefined)
  const { body } = await t.job('inventory-push')
  expect(body).toMatchObject({ sent: 500, applied: 500 })
  expect(t.stub.state.stock.size).toBe(1_000)
})

test('an answer that was lost is asked for again with the same absolute values', async () => {
  const t = openTestSeller()
  await t.stock(many(3))
  t.stub.plan(push, 'answer-lost')
  expect((await t.job('inventory-push')).body).toMatchObject({ applied: 3, failed: [] })
  expect(sizes(t)).toEqual([3, 3])
})

test('an order reserves its units, so that a push never sells them again', async () => {
  const t = openTestSeller()
  await t.stock([['BLR-01', 'TEE-M', 5]])
  await t.job('inventory-push')
  const order = t.stub.place()
  expect(t.stub.state.stock.get('BLR-01\nTEE-M')).toBe(4)
  // The warehouse counts anew before anybody polled: the push polls first.
  await t.stock([['BLR-01', 'TEE-M', 6]])
  await t.job('inventory-push')
  expect(t.stub.state.stock.get('BLR-01\nTEE-M')).toBe(5)
  const shown = async () => (await t.get('/seller/stock')).body.items[0]
  expect(await shown()).toMatchObject({ on_hand: 6, reserved: 1, quantity: 5, state: 'pushed' })
  order.status = 'TRANSIT'
  await t.job('order-poll')
  expect(await shown()).toMatchObject({ on_hand: 5, reserved: 0, quantity: 5, state: 'pushed' })
})

test('a cancelled order frees its units and they are told again', async () => {
  const t = openTestSeller()
  await t.stock([['BLR-01', 'TEE-M', 5]])
  const order = t.stub.place()
  await t.job('inventory-push')
  order.status = 'CANCELLED'
  await t.job('inventory-push')
  expect(t.stub.state.stock.get('BLR-01\nTEE-M')).toBe(5)
})

test('where access is by location each store pushes with its own token', async () => {
  const t = openTestSeller({ settings: byLocation })
  await t.stock([
    ['BLR-01', 'TEE-M', 5],
    ['DEL-01', 'TEE-M', 2],
  ])
  const { body } = await t.job('inventory-push')
  expect(body).toMatchObject({ batches: 2, applied: 2, failed: [] })
  expect(t.stub.calls(push).map((call) => call.access)).toEqual(['BLR-01', 'DEL-01'])
  expect(t.stub.calls('GET /aggregator/v1/token')).toHaveLength(2)
})

test('a store whose credentials are refused does not hold up the others', async () => {
  const [blr, del] = byLocation.konnect.locations
  const settings = structuredClone(byLocation)
  settings.konnect.locations = [
    { ...blr, code: 'BLR-01', password: 'fake-wrong' },
    { ...del, code: 'DEL-01' },
  ]
  const t = openTestSeller({ settings })
  await t.put('/seller/prices', {
    items: ['BLR-01', 'DEL-01'].map((location) => ({
      location,
      sku: 'TEE-M',
      esp_minor: 39_950,
      mrp_minor: 49_900,
    })),
  })
  expect(await t.job('price-push')).toMatchObject({
    status: 502,
    body: { error: { code: 'unauthorized' } },
  })
  expect(t.stub.state.prices).toEqual(new Map([['DEL-01\nTEE-M', { esp: 399.5, mrp: 499 }]]))
})

test('refuses a location that is not ours, and a negative quantity', async () => {
  const t = openTestSeller()
  expect((await t.stock([['NOWHERE', 'TEE-M', 1]])).body.error.code).toBe('unknown-location')
  expect((await t.stock([['BLR-01', 'TEE-M', -1]])).status).toBe(400)
  expect((await t.get('/seller/stock')).body.items).toEqual([])
})

test('the parity check finds what differs, what is missing and a wrong count, and the next push mends it', async () => {
  const t = openTestSeller()
  await t.stock([
    ['BLR-01', 'TEE-M', 5],
    ['BLR-01', 'TEE-L', 5],
  ])
  await t.job('inventory-push')
  t.stub.state.stock.set('BLR-01\nTEE-M', 2)
  t.stub.state.stock.delete('BLR-01\nTEE-L')
  t.stub.state.stock.set('DEL-01\nMUG-1', 1)
  const { body } = await t.job('parity-check')
  expect(body).toMatchObject({
    listing_count: 2,
    listed: 2,
    count_agrees: true,
    differing: [{ location: 'BLR-01', sku: 'TEE-M', field: 'quantity', ours: 5, theirs: 2 }],
    missing: [{ location: 'BLR-01', sku: 'TEE-L' }],
  })
  await t.job('inventory-push')
  expect(t.stub.state.stock.get('BLR-01\nTEE-M')).toBe(5)
  t.stub.override('GET /ims/v3/listings/count', () => ({
    status: 200,
    json: { data: { listing_count: 99 } },
  }))
  expect((await t.job('parity-check')).body).toMatchObject({ count_agrees: false, differing: [] })
})
