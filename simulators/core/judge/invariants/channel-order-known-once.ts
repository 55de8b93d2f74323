import type { Breach, Invariant } from '../invariant.ts'
import { groupBy, orderKey } from '../orders-of.ts'

const name = 'channel-order-known-once'

export const channelOrderKnownOnce: Invariant = {
  name,
  law:
    "Each order of a partner's own channels is known to the shop exactly once, with at most one invoice and one credit note on either " +
    'side, and held for cancelled only when it is.',
  holdsFor: 'every partner whose orders come from channels of its own',
  needs: ['orders', 'shop.orders'],
  check(input) {
    const shopOrders = input.shop?.orders ?? []
    const known = groupBy(shopOrders, (order) => orderKey(order.partner, order.id))
    return Object.entries(input.partners).flatMap(([partner, view]) => {
      if (view.orders_come_from !== 'partner') return []
      return (view.orders ?? []).flatMap((order): Breach[] => {
        const found = known.get(orderKey(partner, order.shop_order_id)) ?? []
        const base = { invariant: name, partner, subject: `order ${order.id}` }
        const breaches: Breach[] = []
        // One that was never placed need not be known, but nobody may know it twice.
        if (found.length > 1 || (order.placed && found.length === 0)) {
          const message = `Order ${order.id} is ${order.status} at ${partner}; the shop has it ${found.length} times.`
          breaches.push({ ...base, message, expected: 1, found: found.length })
        }
        if (order.is_cancelled === false && found.some(({ is_cancelled }) => is_cancelled)) {
          const message = `Order ${order.id} is ${order.status} at ${partner}; the shop holds it for cancelled.`
          breaches.push({ ...base, message, expected: order.status, found: 'cancelled' })
        }
        for (const documents of ['invoices', 'credit_notes'] as const) {
          for (const side of [order, ...found]) {
            const numbers = side[documents] ?? []
            if (numbers.length < 2) continue
            const whose = side === order ? partner : 'the shop'
            const message = `Order ${order.id} has ${numbers.length} ${documents.replace('_', ' ')} at ${whose}: ${numbers.join(', ')}.`
            breaches.push({ ...base, message, expected: 1, found: numbers.length })
          }
        }
        return breaches
      })
    })
  },
}
