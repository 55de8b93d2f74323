import type { Breach, Invariant } from '../invariant.ts'
import { groupBy, orderKey } from '../orders-of.ts'
import type { PartnerItemView, ShopOrderView } from '../views.ts'

const name = 'item-status-agrees'

export const itemStatusAgrees: Invariant = {
  name,
  law: "The shop's status of an item is the last state for which the partner has an event; states without one are not compared.",
  holdsFor: 'every partner with orders',
  needs: ['orders', 'shop.orders'],
  check(input) {
    const known = groupBy(input.shop?.orders ?? [], (order) => orderKey(order.partner, order.id))
    return Object.entries(input.partners).flatMap(([partner, view]) =>
      (view.orders ?? [])
        .filter((order) => order.placed)
        .flatMap((order) => {
          // An order that the shop does not have, or has twice, is a breach of another law.
          const [owner] = known.get(orderKey(partner, order.shop_order_id)) ?? []
          if (!owner) return []
          return order.items.flatMap((item) => compare(partner, owner, item))
        }),
    )
  },
}

function compare(partner: string, order: ShopOrderView, item: PartnerItemView): Breach[] {
  if (item.status_by_event === null) return []
  const own =
    order.items.find((candidate) => candidate.partner_item_id === item.id) ??
    order.items.find((candidate) => candidate.id === item.shop_item_id)
  if (own?.status === item.status_by_event) return []
  const shown = own ? `calls it ${own.status ?? 'nothing'}` : 'does not have it'
  return [
    {
      invariant: name,
      partner,
      subject: `order ${order.id} item ${item.id}`,
      message: `Item ${item.id} (${item.sku}) of order ${order.id} is ${item.status_by_event} at ${partner}; the shop ${shown}.`,
      expected: item.status_by_event,
      found: own?.status ?? null,
    },
  ]
}
