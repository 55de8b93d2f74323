import type { Breach, Invariant, JudgeInput } from '../invariant.ts'
import {
  claimedOrders,
  groupBy,
  orderKey,
  paymentsOf,
  placedByShop,
  refundedMinor,
} from '../orders-of.ts'
import type { ShopOrderView } from '../views.ts'

const name = 'order-exists-once'

/** Statuses by which the shop has told the customer that nothing will come. */
const givenUp = new Set(['failed', 'cancelled', 'refunded'])

export const orderExistsOnce: Invariant = {
  name,
  law:
    'An order that the shop calls processed, or that was acknowledged to a customer who did not get the money back, exists exactly ' +
    'once at the partner; no order exists there twice.',
  holdsFor: 'every partner whose orders are made by the shop',
  needs: ['orders-by-shop', 'acknowledged-orders'],
  check(input) {
    const placed = groupBy(placedByShop(input), ({ partner, order }) =>
      orderKey(partner, order.shop_order_id),
    )
    const givenBack = ordersGivenBack(input)
    const breaches: Breach[] = []
    for (const { order, lost } of ordersToAccountFor(input)) {
      const found = placed.get(orderKey(order.partner, order.id)) ?? []
      const subject = `order ${order.id}`
      const base = { invariant: name, partner: order.partner, subject }
      if (lost) {
        breaches.push({
          ...base,
          message: `Order ${order.id} was acknowledged to a client, and the shop does not know it any more.`,
          expected: 'an order of the shop',
          found: null,
        })
      }
      const mustExist =
        order.status === 'processed' ||
        (order.acknowledged && !givenUp.has(order.status) && !givenBack.has(order.id))
      if (found.length > 1 || (mustExist && found.length === 0)) {
        const ids = found.map((entry) => entry.order.id)
        breaches.push({
          ...base,
          message:
            found.length > 1
              ? `Order ${order.id} was placed ${found.length} times at ${order.partner}: ${ids.join(', ')}.`
              : `Order ${order.id} is ${order.status} at the shop${order.acknowledged ? ' and acknowledged' : ''}, but ${order.partner} has no such placed order.`,
          expected: 1,
          found: found.length,
        })
      }
    }
    return breaches
  },
}

/** The shop's orders and those that only clients know; the latter are lost when the shop shows its orders. */
function ordersToAccountFor(input: JudgeInput): { order: ShopOrderView; lost: boolean }[] {
  const known = new Map(
    (input.shop?.orders ?? []).map((order) => [orderKey(order.partner, order.id), order]),
  )
  const claimed = claimedOrders(input)
  const acknowledged = new Set(
    claimed.filter((order) => order.acknowledged).map((order) => orderKey(order.partner, order.id)),
  )
  const own = [...known].map(([key, order]) => ({
    order: acknowledged.has(key) ? { ...order, acknowledged: true } : order,
    lost: false,
  }))
  const others = claimed
    .filter((order) => !known.has(orderKey(order.partner, order.id)))
    .map((order) => ({ order, lost: input.shop?.orders !== undefined && order.acknowledged }))
  return [...own, ...others].filter(
    ({ order }) => partnerView(input, order.partner)?.orders_come_from !== 'partner',
  )
}

const partnerView = (input: JudgeInput, partner: string) =>
  Object.hasOwn(input.partners, partner) ? input.partners[partner] : undefined

/** Orders whose customer paid and got all of it back. */
function ordersGivenBack(input: JudgeInput): Set<string> {
  const taken = paymentsOf(input)
    .map(({ payment }) => payment)
    .filter((payment) => payment.taken_minor > 0)
  const byOrder = groupBy(taken, (payment) => payment.shop_order_id)
  const back = [...byOrder].filter(([, payments]) =>
    payments.every((payment) => refundedMinor(payment) >= payment.taken_minor),
  )
  return new Set(back.map(([id]) => id))
}
