import { expect, test } from 'vitest'
import { readWire } from '../core/wire.ts'
import { arvind } from './index.ts'
import {
  createRehearsal,
  hourMs,
  minuteMs,
  orderReference,
  type Sent,
} from './testing/rehearsal.ts'

const wire = await readWire(arvind.wire)

/** What the shop hears when an order is invoiced under a fault. */
async function invoiceUnder(fault: object): Promise<Sent[]> {
  const shop = createRehearsal()
  await shop.push()
  shop.advance(minuteMs)
  shop.world.arm({ partner: 'arvind', on: 'INVOICED', ...fault } as never)
  shop.act('arvind.consignment.invoice', { orderReference })
  return shop.inbox.filter(({ event }) => event === 'INVOICED')
}

test.each([
  ['unknown-order', { orderReference: '89999999982' }],
  ['unknown-item', { orderReference, items: [{ skuId: 'TEE-M-unknown' }] }],
  ['other-account', { orderReference: '89999999982' }],
])(
  '%s: the real event, and a stranger that proves itself and fits the document',
  async (name, expected) => {
    const [real, stranger, ...more] = await invoiceUnder({ name })
    expect(more).toEqual([])
    expect(real?.body.orderReference).toBe(orderReference)
    expect(stranger?.body).toMatchObject(expected)
    expect(stranger?.body.eventId).not.toBe(real?.body.eventId)
    expect(stranger?.body.channelId === real?.body.channelId).toBe(name !== 'other-account')
    expect(stranger?.headers.authorization).toBe(real?.headers.authorization)
    expect(wire.checkWebhook('INVOICED', stranger?.body)).toBeNull()
  },
)

test('stale-timestamp: the status says that it came about hours ago', async () => {
  const [told] = await invoiceUnder({ name: 'stale-timestamp', by: '5h' })
  expect(told?.body.statusTime).toBe((told?.atMs ?? 0) - 5 * hourMs)
})

test('unknown-item on update inventory names a SKU that the shop does not have', () => {
  const shop = createRehearsal()
  shop.world.arm({ partner: 'arvind', name: 'unknown-item', on: 'update-inventory' } as never)
  shop.act('arvind.inventory.push')
  const skus = shop.pushes().map(({ body }) => body.inventories.map(({ skuId }) => skuId))
  expect(skus).toEqual([
    expect.arrayContaining(['TEE-M']),
    expect.arrayContaining(['TEE-M-unknown']),
  ])
})
