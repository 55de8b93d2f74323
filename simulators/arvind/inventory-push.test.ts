import { expect, test } from 'vitest'
import { createWorld } from '../core/world.ts'
import { arvind } from './index.ts'
import { createRehearsal, first, hourMs, minuteMs, orderReference } from './testing/rehearsal.ts'

const basic = (pair: string) => `Basic ${Buffer.from(pair).toString('base64')}`

test('a changed quantity is pushed five seconds later, absolute, over all centres', () => {
  const shop = createRehearsal()
  shop.act('arvind.inventory.set', { skuId: 'TEE-M', centre: 'BLR-01', quantity: 1 })
  shop.act('arvind.inventory.adjust', { skuId: 'TEE-M', centre: 'BLR-01', by: 2 })
  shop.advance(4_999)
  expect(shop.pushes()).toEqual([])
  shop.advance(1)
  const { channel_id, warehouse_id, username, password } = shop.world.credentials('arvind')
  expect(shop.pushes()).toMatchObject([
    {
      event: 'update-inventory',
      url: 'http://127.0.0.1:4101/api/arvind/update-inventory',
      headers: { authorization: basic(`${username}:${password}`) },
      body: {
        channelId: channel_id,
        warehouseId: warehouse_id,
        inventories: [{ skuId: 'TEE-M', quantity: 11, updatedAt: shop.world.clock.nowMs }],
      },
    },
  ])
})

test('a site that brings its own credentials and URLs is called with them', () => {
  const shop = createRehearsal()
  shop.world.setShop({
    arvind: {
      base_url: 'http://127.0.0.1:4101',
      update_inventory_url: 'http://127.0.0.1:4101/stock',
      username: 'fake-user',
      password: 'fake-password',
    },
  })
  shop.act('arvind.inventory.push', { skuIds: ['TEE-M'] })
  expect(shop.pushes()).toMatchObject([
    {
      url: 'http://127.0.0.1:4101/stock',
      headers: { authorization: basic('fake-user:fake-password') },
    },
  ])
})

test('all SKUs are pushed every hour, and by the act that the epilogue runs', () => {
  const shop = createRehearsal()
  shop.advance(hourMs - 1)
  expect(shop.pushes()).toEqual([])
  shop.advance(1)
  expect(shop.pushes()).toHaveLength(1)
  expect(shop.pushes()[0]?.body.inventories).toHaveLength(8)
  shop.advance(hourMs)
  expect(shop.pushes()).toHaveLength(2)
  expect(arvind.periodic).toEqual(['arvind.inventory.push'])
  expect(shop.act('arvind.inventory.push')).toEqual({ skus: 8, calls: 1 })
  expect(shop.pushes()).toHaveLength(3)
})

test('how often all SKUs are pushed is a switch, whenever it is set', () => {
  const shop = createRehearsal({ inventory_full_minutes: 10 })
  shop.advance(30 * minuteMs)
  expect(shop.pushes()).toHaveLength(3)
  shop.world.setAssumptions('arvind', { inventory_full_minutes: null })
  shop.advance(24 * hourMs)
  expect(shop.pushes()).toHaveLength(3)
})

test('changes are never pushed by themselves when the switch says so', () => {
  const shop = createRehearsal({ inventory_delta_seconds: null, inventory_full_minutes: null })
  shop.act('arvind.inventory.set', { skuId: 'TEE-M', centre: 'BLR-01', quantity: 1 })
  shop.advance(hourMs)
  expect(shop.pushes()).toEqual([])
})

test('a later change has a later push of its own', () => {
  const shop = createRehearsal()
  for (const quantity of [1, 2]) {
    shop.act('arvind.inventory.set', { skuId: 'TEE-M', quantity })
    shop.advance(minuteMs)
  }
  expect(shop.pushes().map(({ body }) => body.inventories[0]?.quantity)).toEqual([1, 2])
})

test('rows go out in batches of 200, or fewer by the switch', () => {
  const shop = createRehearsal({}, { size: { skus: 450 } })
  expect(shop.act('arvind.inventory.push')).toEqual({ skus: 450, calls: 3 })
  expect(shop.pushes().map(({ body }) => body.inventories.length)).toEqual([200, 200, 50])
  shop.world.setAssumptions('arvind', { inventory_batch_size: 7 })
  shop.act('arvind.inventory.push', { skuIds: ['TEE-M'] })
  expect(shop.act('arvind.inventory.push')).toEqual({ skus: 450, calls: 65 })
})

test('rows carry no time when the switch leaves it out', () => {
  const shop = createRehearsal({ inventory_updated_at: false })
  shop.act('arvind.inventory.push', { skuIds: ['TEE-M'] })
  expect(shop.pushes()[0]?.body.inventories).toEqual([{ skuId: 'TEE-M', quantity: 18 }])
})

test('user name and password can stand in the body', () => {
  const shop = createRehearsal({ inventory_auth: 'body' })
  shop.act('arvind.inventory.push', { skuIds: ['TEE-M'] })
  const { username, password } = shop.world.credentials('arvind')
  expect(shop.pushes()[0]?.headers).not.toHaveProperty('authorization')
  expect(shop.pushes()[0]?.body).toMatchObject({ username, password })
})

test('mistyped credentials are used until they are corrected', () => {
  const shop = createRehearsal()
  shop.act('arvind.credentials.mistype')
  shop.act('arvind.inventory.push', { skuIds: ['TEE-M'] })
  shop.act('arvind.credentials.correct')
  shop.act('arvind.inventory.push', { skuIds: ['TEE-M'] })
  const { username, password } = shop.world.credentials('arvind')
  expect(shop.pushes().map(({ headers }) => headers.authorization)).toEqual([
    basic('fake-mistyped-user:fake-mistyped-password'),
    basic(`${username}:${password}`),
  ])
  expect(() => shop.act('arvind.credentials.correct')).toThrow('in use already')
})

test('the fault wrong-signature sends a wrong password', () => {
  const shop = createRehearsal()
  shop.world.arm({ partner: 'arvind', name: 'wrong-signature', on: 'update-inventory', first: 1 })
  shop.act('arvind.inventory.push', { skuIds: ['TEE-M'] })
  const { username } = shop.world.credentials('arvind')
  expect(shop.pushes()[0]?.headers.authorization).toBe(basic(`${username}:fake-wrong-password`))
})

test('what the shop says about each SKU is kept until it says otherwise', () => {
  const shop = createRehearsal()
  const failure = { skuId: 'TEE-M', errorCode: 'UNKNOWN_SKU', message: 'No such option' }
  shop.receiver.body = JSON.stringify({
    status: true,
    successList: ['TEE-S'],
    failureList: [failure],
  })
  shop.act('arvind.inventory.push', { skuIds: ['TEE-M', 'TEE-S'] })
  expect(shop.things('rejection')).toEqual([failure])
  expect(shop.things('push')).toMatchObject([{ httpStatus: 200, skus: 2, accepted: 1, failed: 1 }])
  shop.receiver.body = JSON.stringify({ status: true, successList: ['TEE-M'], failureList: [] })
  shop.act('arvind.inventory.push', { skuIds: ['TEE-M'] })
  expect(shop.things('rejection')).toEqual([])
})

test.each(['', 'oops', '[]', '7', 'null', '{"successList":7,"failureList":[null,{"skuId":7}]}'])(
  'an answer of %j is taken and says nothing',
  (body) => {
    const shop = createRehearsal()
    shop.receiver.body = body
    shop.act('arvind.inventory.push', { skuIds: ['TEE-M'] })
    expect(shop.things('push')).toMatchObject([{ accepted: 0, failed: 0 }])
    expect(shop.things('rejection')).toEqual([])
    expect(shop.world.counts().bugs).toBe(0)
  },
)

test('a push that fails is tried three times, a minute apart, then waits for the next change', () => {
  const shop = createRehearsal({ inventory_full_minutes: null })
  shop.receiver.status = 503
  shop.act('arvind.inventory.push', { skuIds: ['TEE-M'] })
  const startMs = shop.world.clock.nowMs
  shop.advance(hourMs)
  expect(shop.pushes().map(({ atMs }) => atMs - startMs)).toEqual([0, minuteMs, 2 * minuteMs])
  expect(new Set(shop.pushes().map(({ text }) => text)).size).toBe(1)
  expect(shop.world.deliveries()).toMatchObject([{ state: 'dead', deadLetter: 'ladder-ended' }])
  shop.receiver.status = 200
  shop.act('arvind.inventory.set', { skuId: 'TEE-M', quantity: 3 })
  shop.advance(5_000)
  expect(shop.pushes()).toHaveLength(4)
})

test('only a 5xx is tried again, unless the switch says that all is', () => {
  for (const [status, retry, attempts] of [
    [400, '5xx', 1],
    [401, '5xx', 1],
    [403, '5xx', 1],
    [302, '5xx', 1],
    [500, '5xx', 3],
    [504, '5xx', 3],
    [401, 'all', 3],
  ] as const) {
    const shop = createRehearsal({ inventory_full_minutes: null, inventory_retry: retry })
    shop.receiver.status = status
    shop.act('arvind.inventory.push', { skuIds: ['TEE-M'] })
    shop.advance(hourMs)
    expect([status, retry, shop.pushes().length]).toEqual([status, retry, attempts])
    const deadLetter = attempts === 1 ? 'refused' : 'ladder-ended'
    expect(shop.world.deliveries()).toMatchObject([{ state: 'dead', deadLetter }])
  }
})

test('the gaps between attempts are a switch', () => {
  const shop = createRehearsal({ inventory_gaps_minutes: [2], inventory_retry: 'all' })
  shop.receiver.status = 401
  shop.act('arvind.inventory.push', { skuIds: ['TEE-M'] })
  shop.advance(10 * minuteMs)
  expect(shop.pushes()).toHaveLength(2)
  expect(shop.things('push')).toMatchObject([{ httpStatus: 401 }, { httpStatus: 401 }])
})

test('booking takes pieces off sale, cancelling and the way home put them back, and both are pushed', async () => {
  const shop = createRehearsal({ inventory_full_minutes: null })
  const pushed = () => shop.pushes().map(({ body }) => body.inventories[0]?.quantity)
  await shop.push()
  shop.advance(minuteMs)
  expect(pushed()).toEqual([17])
  await shop.cancel()
  shop.advance(minuteMs)
  expect(pushed()).toEqual([17, 18])
  await shop.push({ id: 'B' })
  shop.act('arvind.order.advance', { orderReference: 'B', to: 'OUT_FOR_DELIVERY' })
  shop.act('arvind.item.fail-delivery', { orderReference: 'B' })
  shop.act('arvind.item.receive-rto', { orderReference: 'B' })
  shop.advance(minuteMs)
  expect(pushed()).toEqual([17, 18, 18])
  expect(shop.statusOf(first)).toBe('CANCELLED')
})

test('a centre that is switched off is not counted', () => {
  const shop = createRehearsal()
  shop.act('arvind.centre.switch-off', { centre: 'BLR-01' })
  shop.advance(5_000)
  const rows = shop.pushes()[0]?.body.inventories ?? []
  expect(rows.find(({ skuId }) => skuId === 'TEE-M')?.quantity).toBe(8)
  expect(() => shop.act('arvind.centre.switch-off', { centre: 'BLR-01' })).toThrow('already')
  shop.act('arvind.centre.switch-on', { centre: 'BLR-01' })
  expect(shop.total('TEE-M')).toBe(18)
  expect(() => shop.act('arvind.centre.switch-on', { centre: 'BLR-01' })).toThrow('already')
})

test('rows can be sent as given: unknown, twice, stale, negative, too many, for another website', () => {
  const shop = createRehearsal()
  const row = { skuId: 'TEE-M', quantity: 1 }
  shop.act('arvind.inventory.send', { inventories: [{ skuId: 'NO-SUCH', quantity: 1 }, row, row] })
  shop.act('arvind.inventory.send', { inventories: [{ ...row, updatedAt: 1 }], channelId: 'x' })
  shop.act('arvind.inventory.send', { inventories: [{ ...row, quantity: -1 }] })
  shop.act('arvind.inventory.send', { inventories: Array.from({ length: 201 }, () => row) })
  shop.act('arvind.inventory.send', { inventories: [] })
  shop.act('arvind.inventory.send', { inventories: [row], fillTo: 200 })
  expect(shop.pushes().map(({ event, body }) => [event, body.inventories.length])).toEqual([
    ['update-inventory', 3],
    ['update-inventory', 1],
    ['malformed-update-inventory', 1],
    ['malformed-update-inventory', 201],
    ['malformed-update-inventory', 0],
    ['update-inventory', 200],
  ])
  expect(shop.pushes()[1]?.body).toMatchObject({ channelId: 'x', inventories: [{ updatedAt: 1 }] })
  expect(shop.world.counts().bugs).toBe(0)
})

test('an older quantity can arrive last', () => {
  const shop = createRehearsal({ inventory_full_minutes: null })
  shop.world.arm({ partner: 'arvind', name: 'delay', by: '10m', on: 'update-inventory', first: 1 })
  for (const quantity of [1, 2]) {
    shop.act('arvind.inventory.set', { skuId: 'TEE-M', quantity })
    shop.advance(minuteMs)
  }
  shop.advance(hourMs)
  const rows = shop.pushes().map(({ body }) => body.inventories[0])
  expect(rows.map((row) => row?.quantity)).toEqual([2, 1])
  expect(rows[0]?.updatedAt).toBeGreaterThan(rows[1]?.updatedAt ?? Number.POSITIVE_INFINITY)
})

test('nothing is pushed while no shop is named, and acts say so', () => {
  const world = createWorld({ partners: [arvind] })
  world.act('arvind.inventory.set', { skuId: 'TEE-M', quantity: 3 })
  world.clock.moveTo(world.clock.nowMs + 3 * hourMs)
  expect(world.deliveries()).toEqual([])
  for (const [name, input] of [
    ['arvind.inventory.push', {}],
    ['arvind.inventory.send', { inventories: [] }],
    ['arvind.status.send', { orderReference, status: 'PACKED', items: [{ itemReference: first }] }],
  ] as const) {
    expect(() => world.act(name, input)).toThrow('No shop listens')
  }
})

test.each([
  ['arvind.inventory.set', { skuId: 'NO-SUCH', centre: 'BLR-01', quantity: 1 }, 'Unknown SKU'],
  ['arvind.inventory.set', { skuId: 'NO-SUCH', quantity: 1 }, 'Unknown SKU'],
  ['arvind.inventory.set', { skuId: 'TEE-M', centre: 'NO-01', quantity: 1 }, 'Unknown centre'],
  ['arvind.inventory.adjust', { skuId: 'TEE-M', centre: 'BLR-01', by: -11 }, 'cannot be taken'],
  [
    'arvind.inventory.damage',
    { skuId: 'TEE-M', centre: 'BLR-01', quantity: 11 },
    'cannot be taken',
  ],
  ['arvind.inventory.push', { skuIds: ['NO-SUCH'] }, 'Unknown SKU'],
  ['arvind.sku.set-rules', { skuId: 'NO-SUCH' }, 'Unknown SKU'],
  ['arvind.centre.switch-off', { centre: 'NO-01' }, 'Unknown centre'],
])('%s %j is refused in words', (name, input, words) => {
  const shop = createRehearsal()
  const before = JSON.stringify(shop.world.state('arvind'))
  expect(() => shop.act(name, input)).toThrow(words)
  expect(JSON.stringify(shop.world.state('arvind'))).toBe(before)
})

test('damaged pieces are out of sale and still counted', () => {
  const shop = createRehearsal()
  shop.act('arvind.inventory.damage', { skuId: 'TEE-M', centre: 'BLR-01', quantity: 3 })
  expect(shop.row('TEE-M', 'BLR-01')).toMatchObject({ sellable: 7, unavailable: 3 })
  expect(shop.world.judge().breaches).toEqual([])
})
