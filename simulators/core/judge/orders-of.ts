import type { JudgeInput } from './invariant.ts'
import type { PartnerOrderView, PaymentView, ShopOrderView } from './views.ts'

/** Groups in order of first appearance. */
export function groupBy<T>(items: Iterable<T>, keyOf: (item: T) => string): Map<string, T[]> {
  const groups = new Map<string, T[]>()
  for (const item of items) {
    const key = keyOf(item)
    const group = groups.get(key)
    if (group) group.push(item)
    else groups.set(key, [item])
  }
  return groups
}

/** One key for an order of the shop at a partner; ids of two partners may be the same. */
export const orderKey = (partner: string, shopOrderId: string) => `${partner}\n${shopOrderId}`

export interface PartnerOrder {
  partner: string
  order: PartnerOrderView
}

/** Placed orders at partners whose orders are made by the shop. */
export function placedByShop(input: JudgeInput): PartnerOrder[] {
  return Object.entries(input.partners).flatMap(([partner, view]) =>
    view.orders_come_from === 'partner'
      ? []
      : (view.orders ?? []).filter((order) => order.placed).map((order) => ({ partner, order })),
  )
}

export const paymentsOf = (input: JudgeInput): { partner: string; payment: PaymentView }[] =>
  Object.entries(input.partners).flatMap(([partner, view]) =>
    (view.payments ?? []).map((payment) => ({ partner, payment })),
  )

export const refundedMinor = (payment: PaymentView): number =>
  payment.refunds.reduce((sum, refund) => sum + refund.amount_minor, 0)

/** Each order that clients claim, once; acknowledged as soon as one claim says so. */
export function claimedOrders(input: JudgeInput): ShopOrderView[] {
  const claimed = new Map<string, ShopOrderView>()
  for (const order of input.claims?.orders ?? []) {
    const key = orderKey(order.partner, order.id)
    const before = claimed.get(key)
    claimed.set(key, before?.acknowledged ? { ...order, acknowledged: true } : order)
  }
  return [...claimed.values()]
}
