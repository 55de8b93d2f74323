import { expect, test } from 'vitest'
import { readWire } from '../core/wire.ts'
import { konnect } from './index.ts'
import { createRehearsal } from './testing/rehearsal.ts'

const wire = await readWire(konnect.wire)

/** What a subscribed seller hears of one new order under a fault. */
function placeUnder(fault: object) {
  const seller = createRehearsal()
  seller.world.setShop({ konnect: { webhook_url: 'http://127.0.0.1:4102/webhooks/konnect' } })
  seller.world.arm({ partner: 'konnect', ...fault } as never)
  const { order_id, items } = seller.place({ state: 'new' })
  return { orderId: order_id, itemId: items[0]?.order_item_id, inbox: seller.inbox }
}

const unknown = (id = '') => id.replaceAll(/\d/g, (digit) => String(9 - Number(digit)))

test('unknown-order: the real hint, and one about an order that Konnect does not have', () => {
  const { orderId, inbox } = placeUnder({ name: 'unknown-order' })
  const [real, stranger] = inbox
  expect(inbox).toHaveLength(2)
  expect(real?.body.shipment.id).toBe(orderId)
  expect(stranger?.body.shipment.id).not.toBe(orderId)
  expect(stranger?.body.shipment.id).toHaveLength(orderId.length)
  expect(stranger?.headers['x-konnect-event-id']).not.toBe(real?.headers['x-konnect-event-id'])
  expect(wire.checkWebhook(stranger?.event ?? '', stranger?.body)).toBeNull()
})

test('unknown-item and other-account: another item, another location', () => {
  const item = placeUnder({ name: 'unknown-item' })
  const shown = JSON.stringify(item.inbox[1]?.body)
  expect(shown).toContain(`"id":"${item.orderId}"`)
  expect(shown).toContain(unknown(item.itemId).replace(/^0/, '8'))
  const { inbox } = placeUnder({ name: 'other-account' })
  expect(inbox[1]?.body.shipment.locationCode).not.toBe(inbox[0]?.body.shipment.locationCode)
})

test('stale-timestamp: the hint says that it is hours old', () => {
  const [fresh] = placeUnder({ name: 'duplicate' }).inbox
  const [stale] = placeUnder({ name: 'stale-timestamp', by: '5h' }).inbox
  const lagMs = Date.parse(fresh?.body.time ?? '') - Date.parse(stale?.body.time ?? '')
  expect(lagMs).toBe(5 * 3_600_000)
})
