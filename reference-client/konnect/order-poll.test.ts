import { expect, test } from 'vitest'
import { byLocation, openTestSeller, type TestSeller } from '../testing/seller.ts'
import { pollIntervalMinutes } from './order-poll.ts'

const lists = 'GET /oms/v3/shipment'
const orders = async (t: TestSeller) => (await t.get('/seller/orders')).body.orders

test('reads orders of every store and status, with ids of twenty digits as strings', async () => {
  const t = openTestSeller()
  t.stub.place()
  t.stub.place({ location: 'DEL-01', status: 'CANCELLED' })
  const { body } = await t.job('order-poll')
  expect(body).toMatchObject({ ran: true, listed: 2, new: 2, changed: 0, gone: 0, unreadable: 0 })
  expect(await orders(t)).toMatchObject([
    {
      id: '17000000000000000001',
      kind: 'forward',
      location: 'BLR-01',
      status: 'CREATED',
      reserved: true,
      invoice_number: null,
      courier: null,
      lines: [{ order_item_id: '101', sku: 'TEE-M', quantity: 1, is_cancelled: false }],
    },
    { id: '17000000000000000002', location: 'DEL-01', status: 'CANCELLED', reserved: false },
  ])
  expect((await t.job('order-poll')).body).toMatchObject({ new: 0, changed: 0 })
})

test('windows are Indian time and overlap; an open order keeps the window open', async () => {
  const t = openTestSeller()
  const placed = t.stub.place()
  // The test clock begins at 2026-01-05T04:30:00Z.
  expect((await t.job('order-poll')).body.window).toEqual({
    from: '2025-12-06T10:00:00',
    to: '2026-01-05T10:05:00',
  })
  await t.clock.advance(48 * 3_600_000)
  await t.job('order-poll')
  await t.clock.advance(24 * 3_600_000)
  const open = (await t.job('order-poll')).body.window
  expect(open.from).toBe('2026-01-05T09:59:00')
  placed.status = 'DELIVERED'
  await t.job('order-poll')
  await t.clock.advance(24 * 3_600_000)
  const closed = (await t.job('order-poll')).body.window
  expect(closed.from).toBe('2026-01-08T04:00:00')
})

test('a company token names the store; a token of the store does not need to', async () => {
  const company = openTestSeller()
  company.stub.place()
  await company.job('order-poll')
  const locations = company.stub.calls(lists).map((call) => call.query.get('locationCode'))
  expect(new Set(locations)).toEqual(new Set(['BLR-01', 'DEL-01']))
  const own = openTestSeller({ settings: byLocation })
  own.stub.place()
  expect((await own.job('order-poll')).body).toMatchObject({ new: 1 })
  expect(own.stub.calls(lists).every((call) => call.query.get('locationCode') === null)).toBe(true)
})

test('a store that cannot be read does not hold up the others, and nothing is called gone meanwhile', async () => {
  const t = openTestSeller({ settings: byLocation })
  const known = t.stub.place()
  await t.job('order-poll')
  t.stub.place({ location: 'DEL-01' })
  t.stub.override(lists, (call) =>
    call.access === 'BLR-01' ? { status: 401, json: { status: 'FAILED' } } : undefined,
  )
  expect((await t.job('order-poll')).status).toBe(502)
  expect((await orders(t)).map((order: { status: string }) => order.status)).toEqual([
    'CREATED',
    'CREATED',
  ])
  expect((await t.order(known.id)).location).toBe('BLR-01')
})

test('pages end where nothing comes, also when a page repeats itself', async () => {
  const t = openTestSeller()
  for (let index = 0; index < 230; index += 1) t.stub.place()
  expect((await t.job('order-poll')).body).toMatchObject({ listed: 230, new: 230 })
  const stuck = openTestSeller()
  stuck.stub.place()
  stuck.stub.override(lists, (call) => {
    call.query.set('pageNumber', '1')
    return undefined
  })
  expect((await stuck.job('order-poll')).body).toMatchObject({ listed: 1, new: 1 })
})

test('a record that cannot be read hides no other, and the window does not pass it', async () => {
  const t = openTestSeller()
  const placed = t.stub.place()
  let isBroken = true
  t.stub.override(lists, (call) => {
    const isFirst =
      call.query.get('orderStatus') === 'CREATED' && call.query.get('pageNumber') === '1'
    if (!isBroken || !isFirst || call.query.get('locationCode') !== 'BLR-01') return undefined
    const good = { id: '17000000000000000777', orderStatus: 'CREATED', orderItems: [] }
    return {
      status: 200,
      json: [{ id: 17_000_000_000, orderStatus: 'CREATED', orderItems: [] }, good],
    }
  })
  expect((await t.job('order-poll')).body).toMatchObject({ unreadable: 1, new: 1 })
  isBroken = false
  await t.clock.advance(40 * 24 * 3_600_000)
  placed.atMs = t.clock.nowMs() - 29 * 24 * 3_600_000
  expect((await t.job('order-poll')).body).toMatchObject({ new: 1 })
})

test('an item whose id came as a number has lost its tail: the record counts as unreadable', async () => {
  const t = openTestSeller()
  const item = { orderItemId: 9001, sku: 'TEE-M', quantity: 1 }
  const order = { id: '17000000000000000777', orderStatus: 'CREATED', orderItems: [item] }
  t.stub.override(lists, (call) => {
    const isFirst = call.query.get('pageNumber') === '1'
    return { status: 200, json: isFirst ? [order] : [] }
  })
  expect((await t.job('order-poll')).body).toMatchObject({ listed: 0, new: 0 })
  expect((await t.get('/seller/orders')).body.orders).toEqual([])
})

test('a reassigned order moves to its new store, with its reservation; nobody else confirms it twice', async () => {
  const t = openTestSeller({ settings: byLocation })
  await t.stock([
    ['BLR-01', 'TEE-M', 5],
    ['DEL-01', 'TEE-M', 5],
  ])
  const placed = t.stub.place()
  await t.job('order-poll')
  expect((await t.post(`/seller/orders/${placed.id}/confirm`)).status).toBe(200)
  Object.assign(placed, { location: 'DEL-01', status: 'CREATED' })
  const refused = await t.post(`/seller/orders/${placed.id}/pack`)
  expect(refused).toMatchObject({ status: 409, body: { error: { code: 'CR422' } } })
  // The refusal made the seller look where the order is.
  await t.clock.settle()
  expect(await t.order(placed.id)).toMatchObject({ location: 'DEL-01', status: 'CREATED' })
  const { items } = (await t.get('/seller/stock')).body
  expect(items.map((item: { quantity: number }) => item.quantity)).toEqual([5, 4])
  expect((await t.post(`/seller/orders/${placed.id}/confirm`)).body.order.status).toBe('CONFIRMED')
  expect(t.stub.calls('POST /oms/v3/shipment/confirm').map((call) => call.access)).toEqual([
    'BLR-01',
    'DEL-01',
  ])
})

test('an order that no store of ours shows any more is gone, and holds no stock', async () => {
  const t = openTestSeller({ settings: byLocation })
  await t.stock([['BLR-01', 'TEE-M', 5]])
  const placed = t.stub.place()
  await t.job('order-poll')
  placed.location = 'ELSEWHERE'
  expect((await t.job('order-poll')).body).toMatchObject({ gone: 1 })
  expect(await t.order(placed.id)).toMatchObject({ status: 'GONE', reserved: false })
  placed.location = 'BLR-01'
  await t.job('order-poll')
  expect(await t.order(placed.id)).toMatchObject({ status: 'CREATED', reserved: true })
})

test('an older reading changes nothing', async () => {
  const t = openTestSeller()
  const placed = t.stub.place()
  await t.job('order-poll')
  await t.post(`/seller/orders/${placed.id}/confirm`)
  placed.status = 'CREATED'
  await t.job('order-poll')
  expect((await t.order(placed.id)).status).toBe('CONFIRMED')
})

test('a line that the customer cancelled before the confirmation is left out of everything after', async () => {
  const t = openTestSeller()
  const placed = t.stub.place({
    lines: [
      { id: 'A', sku: 'TEE-M', quantity: 1, isCancelled: false },
      { id: 'B', sku: 'MUG-1', quantity: 1, isCancelled: false },
    ],
  })
  await t.job('order-poll')
  const [, mug] = placed.lines
  if (mug !== undefined) mug.isCancelled = true
  const confirmed = await t.post(`/seller/orders/${placed.id}/confirm`)
  expect(confirmed.body).toMatchObject({
    done: true,
    order: { status: 'CONFIRMED', lines: [{ is_cancelled: false }, { is_cancelled: true }] },
  })
  await t.post(`/seller/orders/${placed.id}/invoice`)
  expect(t.stub.calls('POST /oms/v3/shipment/invoiceUpdate')[0]?.body).toMatchObject([
    { orderItems: [{ orderItemId: 'A', quantity: 1 }] },
  ])
})

test('an event is a hint: what it says is not believed, Konnect is asked at once', async () => {
  const t = openTestSeller()
  const placed = t.stub.place()
  expect((await t.hint()).body).toEqual({ accepted: true })
  await t.clock.settle()
  expect((await orders(t)).map((order: { id: string }) => order.id)).toEqual([placed.id])
  expect((await t.call('POST', '/webhooks/konnect')).status).toBe(400)
})

test('a storm of events costs two rounds, not one for each', async () => {
  const t = openTestSeller()
  for (let index = 0; index < 50; index += 1) await t.hint()
  await t.clock.settle()
  const rounds = t.stub
    .calls(lists)
    .filter(
      (call) =>
        call.query.get('orderStatus') === 'CREATED' && call.query.get('locationCode') === 'BLR-01',
    )
  expect(rounds.length).toBeLessThanOrEqual(2)
})

test('returns come with their forward order, parcels that came back keep their id', async () => {
  const t = openTestSeller()
  const sold = t.stub.place({ status: 'TRANSIT' })
  await t.job('order-poll')
  sold.status = 'RETURN_PROCESSING'
  const back = t.stub.place({
    forwardId: '17000000000000000099',
    isReturn: true,
    status: 'RETURN_DELIVERED',
  })
  expect((await t.job('returns-poll')).body).toMatchObject({ new: 1, changed: 1 })
  expect(await t.order(sold.id)).toMatchObject({ kind: 'rto', status: 'RETURN_PROCESSING' })
  expect(await t.order(back.id)).toMatchObject({
    kind: 'return',
    forward_id: '17000000000000000099',
  })
})

test('both names of an accepted return are one status', async () => {
  const t = openTestSeller()
  const back = t.stub.place({ isReturn: true, forwardId: '1', status: 'RETURN_COMPLETED' })
  t.stub.override(lists, (call) =>
    call.query.get('orderStatus') === 'RETURN_COMPLETED' && call.query.get('pageNumber') === '1'
      ? {
          status: 200,
          json: [{ id: back.id, forwardId: '1', orderStatus: 'RETURN_ACCEPTED', orderItems: [] }],
        }
      : undefined,
  )
  await t.job('returns-poll')
  expect((await t.order(back.id)).status).toBe('RETURN_COMPLETED')
})

test('the more orders a day, the more often it polls', () => {
  expect([0, 99, 100, 999, 1_000].map(pollIntervalMinutes)).toEqual([15, 15, 5, 5, 1])
})

test('by itself the seller polls, and asks for couriers at growing intervals', async () => {
  const t = openTestSeller({ crons: true })
  const placed = t.stub.place()
  t.seller.start()
  await t.clock.advance(1_000)
  await t.post(`/seller/orders/${placed.id}/confirm`)
  await t.post(`/seller/orders/${placed.id}/invoice`)
  const asked: number[] = []
  t.stub.override('POST /oms/v3/shipment/courierDetails', () => {
    asked.push(Math.round(t.clock.nowMs() / 60_000))
    return undefined
  })
  await t.clock.advance(3 * 3_600_000)
  const gaps = asked.slice(1).map((minute, index) => minute - (asked[index] ?? 0))
  expect(gaps.slice(0, 5)).toEqual([2, 4, 8, 16, 30])
  t.seller.close()
})
