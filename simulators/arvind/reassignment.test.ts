import { expect, test } from 'vitest'
import {
  createRehearsal,
  first,
  orderReference,
  type Rehearsal,
  second,
} from './testing/rehearsal.ts'

const order = { orderReference }

async function assigned(
  lines = [{ skuId: 'TEE-M' }],
  assumptions: Record<string, unknown> = {},
): Promise<Rehearsal> {
  const shop = createRehearsal(assumptions)
  await shop.push({ lines })
  shop.act('arvind.order.book', order)
  return shop
}

const consignments = (shop: Rehearsal) =>
  shop.things<{ consignmentId: string; previousConsignmentId: string | null; centre: string }>(
    'consignment',
  )

test('a centre that cannot find the item: another gets it, in a new consignment that names the old', async () => {
  const shop = await assigned()
  const [before] = consignments(shop)
  shop.act('arvind.consignment.reassign', { consignmentId: before?.consignmentId })
  expect(consignments(shop)).toMatchObject([
    { previousConsignmentId: before?.consignmentId, centre: 'DEL-01' },
  ])
  expect(shop.row('TEE-M', 'BLR-01')).toMatchObject({ sellable: 9, committed: 0, unavailable: 1 })
  expect(shop.row('TEE-M', 'DEL-01')).toMatchObject({ sellable: 4, committed: 1 })
  expect(shop.told()).toEqual([])
  expect(() =>
    shop.act('arvind.consignment.reassign', { consignmentId: before?.consignmentId }),
  ).toThrow('no order with')
})

test('pieces that are still there go on sale again', async () => {
  const shop = await assigned()
  shop.act('arvind.consignment.reassign', { ...order, pickFail: false })
  expect(shop.row('TEE-M', 'BLR-01')).toMatchObject({ sellable: 10, unavailable: 0 })
})

test('no centre is asked twice; what nobody else has is unfulfilled', async () => {
  const shop = await assigned([{ skuId: 'TEE-M' }], { pick_fail_stock: 'sellable' })
  const centres = []
  for (let n = 0; n < 3; n += 1) {
    centres.push(consignments(shop)[0]?.centre)
    shop.act('arvind.consignment.reassign', order)
  }
  expect(centres).toEqual(['BLR-01', 'DEL-01', 'BOM-01'])
  expect(shop.statusOf(first)).toBe('UNFULFILLED')
  expect(shop.told()).toEqual(['UNFULFILLED'])
})

test('a named centre gets it, or it is refused and nothing changes', async () => {
  const shop = await assigned()
  shop.act('arvind.inventory.set', { skuId: 'TEE-M', centre: 'DEL-01', quantity: 0 })
  shop.act('arvind.centre.switch-off', { centre: 'BOM-01' })
  const before = JSON.stringify(shop.world.state('arvind'))
  for (const [centre, words] of [
    ['NO-01', 'Unknown centre'],
    ['BLR-01', 'was before'],
    ['DEL-01', 'has 0 of TEE-M'],
    ['BOM-01', 'has 0 of TEE-M'],
  ] as const) {
    expect(() => shop.act('arvind.consignment.reassign', { ...order, centre })).toThrow(words)
  }
  expect(JSON.stringify(shop.world.state('arvind'))).toBe(before)
  shop.act('arvind.centre.switch-on', { centre: 'BOM-01' })
  shop.act('arvind.consignment.reassign', { ...order, centre: 'BOM-01' })
  expect(consignments(shop)).toMatchObject([{ centre: 'BOM-01' }])
})

test('one item of a parcel goes elsewhere, the other stays', async () => {
  const shop = await assigned([{ skuId: 'TEE-M' }, { skuId: 'TEE-S' }])
  shop.act('arvind.consignment.reassign', { ...order, itemReference: second })
  expect(consignments(shop).map(({ centre }) => centre)).toEqual(['BLR-01', 'DEL-01'])
})

test('what is invoiced is not reassigned any more', async () => {
  const shop = await assigned()
  shop.act('arvind.consignment.invoice', order)
  expect(() => shop.act('arvind.consignment.reassign', order)).toThrow('only ASSIGNED')
  const one = { ...order, itemReference: first }
  expect(() => shop.act('arvind.consignment.reassign', one)).toThrow('cannot become ASSIGNED')
})

test('a parcel has one courier', async () => {
  const shop = await assigned([{ skuId: 'TEE-M' }, { skuId: 'TEE-S' }])
  shop.act('arvind.consignment.ship', { ...order, itemReference: first, awbNumber: 'K1' })
  const late = { ...order, itemReference: second, awbNumber: 'K2' }
  expect(() => shop.act('arvind.consignment.ship', late)).toThrow('already travels')
  shop.act('arvind.consignment.ship', { ...late, awbNumber: 'K1' })
  expect(consignments(shop)).toMatchObject([{ awbNumber: 'K1' }])
})

test('acts say what they cannot find', () => {
  const shop = createRehearsal()
  expect(() => shop.act('arvind.item.deliver', {})).toThrow('Name an order or a consignment')
  expect(() => shop.act('arvind.item.deliver', order)).toThrow('Arvind has no order with')
  const items = [{ skuId: 'TEE-M' }]
  shop.act('arvind.order.place', { ...order, items })
  const other = { ...order, itemReference: 'x' }
  expect(() => shop.act('arvind.item.deliver', other)).toThrow('has no such item')
  expect(() =>
    shop.act('arvind.order.place', { orderReference: 'B', items, channelId: 'x' }),
  ).toThrow('Unknown channel')
  const unknown = [{ skuId: 'NO-SUCH' }]
  expect(() => shop.act('arvind.order.place', { orderReference: 'B', items: unknown })).toThrow(
    'Unknown SKU',
  )
})
