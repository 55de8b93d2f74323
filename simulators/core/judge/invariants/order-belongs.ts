import type { Breach, Invariant } from '../invariant.ts'
import { groupBy, orderKey, placedByShop } from '../orders-of.ts'

const name = 'order-belongs'

/** With these the shop says that there is no order, while the partner is about to send one. */
const noOrder = new Set(['missing', 'failed'])

export const orderBelongs: Invariant = {
  name,
  law: 'A placed order at the partner belongs to one order of the shop, which knows it by its id and does not call it missing or failed.',
  holdsFor: 'every partner whose orders are made by the shop',
  needs: ['orders-by-shop', 'shop.orders'],
  check(input) {
    const known = groupBy(input.shop?.orders ?? [], (order) => orderKey(order.partner, order.id))
    return placedByShop(input).flatMap(({ partner, order }): Breach[] => {
      const owners = known.get(orderKey(partner, order.shop_order_id)) ?? []
      const base = { invariant: name, partner, subject: `order ${order.id}` }
      const [owner] = owners
      if (!owner || owners.length > 1) {
        return [
          {
            ...base,
            message: `Order ${order.id} at ${partner} names order ${order.shop_order_id}, which the shop has ${owners.length} times.`,
            expected: 1,
            found: owners.length,
          },
        ]
      }
      if (owner.partner_order_id !== null && owner.partner_order_id !== order.id) {
        return [
          {
            ...base,
            message: `Order ${order.id} at ${partner} names order ${owner.id}, which the shop knows as ${owner.partner_order_id}.`,
            expected: order.id,
            found: owner.partner_order_id,
          },
        ]
      }
      if (!noOrder.has(owner.status)) return []
      return [
        {
          ...base,
          message: `Order ${order.id} is placed at ${partner}, while the shop calls its order ${owner.id} ${owner.status}.`,
          expected: 'a status that says there is an order',
          found: owner.status,
        },
      ]
    })
  },
}
