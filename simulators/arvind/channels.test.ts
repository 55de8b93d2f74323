import { expect, test } from 'vitest'
import { createRehearsal, first, orderReference, type Rehearsal } from './testing/rehearsal.ts'

interface Channel {
  channelId: string
  warehouseId: string
  orderingStoreId: string
  authToken: string
}

const addChannel = (shop: Rehearsal) => shop.act<Channel>('arvind.channel.create')

test('a fresh world has other websites behind the API URL, and an order with the id of one is booked there', async () => {
  const shop = createRehearsal()
  const [own, neighbour, third, ...more] = shop.things<Channel & { isOwn: boolean }>('channel')
  expect([own?.isOwn, neighbour?.isOwn, third?.isOwn, more]).toEqual([true, false, false, []])
  expect(JSON.stringify(shop.things('channel'))).not.toContain('fake-token')
  await shop.push({ channelId: neighbour?.channelId ?? '' })
  expect(shop.things('order')).toMatchObject([{ channelId: neighbour?.channelId, isOwn: false }])
  shop.world.reset()
  expect(shop.things('channel')).toHaveLength(3)
})

test.each(['channelId', 'orderingStoreId', 'warehouseId'] as const)(
  'an order with the %s of another website is booked there, and the shop never hears of it',
  async (key) => {
    const shop = createRehearsal()
    const other = addChannel(shop)
    const { status, body } = await shop.push({ [key]: other[key] })
    expect({ http: status, said: body.status }).toEqual({ http: 200, said: true })
    expect(shop.things('order')).toMatchObject([{ channelId: other.channelId, isOwn: false }])
    shop.act('arvind.order.advance', { orderReference, to: 'DELIVERED' })
    expect(shop.statusOf(first)).toBe('DELIVERED')
    expect(shop.told()).toEqual([])
    expect((await shop.cancel()).body.errorCode).toBe('ORDER_NOT_FOUND')
    expect((await shop.giveBack()).body.errorCode).toBe('ORDER_NOT_FOUND')
    expect(shop.world.judge().breaches).toEqual([])
  },
)

test.each([
  ['channelId', 'INVALID_CHANNEL'],
  ['orderingStoreId', 'INVALID_ORDERING_STORE'],
  ['warehouseId', 'INVALID_WAREHOUSE'],
] as const)('another website’s %s is %s when the switch refuses it', async (key, errorCode) => {
  const shop = createRehearsal({ foreign_channel: 'refuse' })
  const other = addChannel(shop)
  const { status, body } = await shop.push({ [key]: other[key] })
  expect(status).toBe(400)
  expect(body.errorCode).toBe(errorCode)
  expect(shop.things('order')).toEqual([])
})

test.each([
  ['channelId', 'INVALID_CHANNEL'],
  ['orderingStoreId', 'INVALID_ORDERING_STORE'],
  ['warehouseId', 'INVALID_WAREHOUSE'],
])('a %s that nobody has is %s', async (key, errorCode) => {
  const { status, body } = await createRehearsal().push({ [key]: 'nobody' })
  expect(status).toBe(400)
  expect(body.errorCode).toBe(errorCode)
})

test('the other website cancels what was booked there, with its own token', async () => {
  const shop = createRehearsal()
  const other = addChannel(shop)
  await shop.push({ channelId: other.channelId })
  const { body } = await shop.send('POST', '/v1/KARTIFY/order/cancel', {
    text: JSON.stringify({ orderReference, channelId: other.channelId }),
    token: `Bearer ${other.authToken}`,
  })
  expect(body.status).toBe(true)
  expect(shop.statusOf(first)).toBe('CANCELLED')
})

test('two websites may use the same order reference', async () => {
  const shop = createRehearsal()
  const other = addChannel(shop)
  shop.act('arvind.order.place', {
    orderReference,
    channelId: other.channelId,
    items: [{ skuId: 'TEE-M' }],
  })
  expect((await shop.push()).body.status).toBe(true)
  expect(shop.things('order')).toHaveLength(2)
})

test('ids of websites never repeat', () => {
  const shop = createRehearsal()
  const ids = Array.from({ length: 50 }, () => addChannel(shop)).flatMap((channel) => [
    channel.channelId,
    channel.warehouseId,
    channel.orderingStoreId,
    channel.authToken,
  ])
  expect(new Set(ids).size).toBe(200)
})

test('expiry of the shop’s token leaves other websites alone', async () => {
  const shop = createRehearsal()
  const other = addChannel(shop)
  shop.act('arvind.token.expire')
  const text = '{"location":"560001"}'
  const token = `Bearer ${other.authToken}`
  expect((await shop.send('POST', '/v1/order/checkServiceability', { text, token })).status).toBe(
    200,
  )
})
