import type { Breach, Invariant } from '../invariant.ts'
import { groupBy, paymentsOf, placedByShop, refundedMinor } from '../orders-of.ts'

const name = 'paid-means-placed-or-refunded'

export const paidMeansPlacedOrRefunded: Invariant = {
  name,
  law:
    'Money that was taken belongs to a placed order, one payment an order, or was given back; and what the partner says must go back ' +
    'was given back.',
  holdsFor: 'every partner with payments, together with those whose orders are made by the shop',
  needs: ['payments', 'orders-by-shop'],
  check(input) {
    const placed = groupBy(placedByShop(input), ({ order }) => order.shop_order_id)
    const taken = paymentsOf(input).filter(({ payment }) => payment.taken_minor > 0)
    const byOrder = groupBy(taken, ({ payment }) => payment.shop_order_id)
    return [...byOrder].flatMap(([id, payments]): Breach[] => {
      const orders = placed.get(id) ?? []
      const kept = payments.filter(({ payment }) => refundedMinor(payment) < payment.taken_minor)
      // The first payment kept is the order's; the customer paid the others for nothing.
      const forNothing = orders.length > 0 ? kept.slice(1) : kept
      const breaches = forNothing.map(({ partner, payment }): Breach => {
        const keptMinor = payment.taken_minor - refundedMinor(payment)
        const why =
          orders.length > 0 ? `order ${id} is paid already` : `order ${id} is placed nowhere`
        return {
          invariant: name,
          partner,
          subject: `payment ${payment.id}`,
          message: `Payment ${payment.id} took ${payment.taken_minor} and kept ${keptMinor}, but ${why}.`,
          expected: 0,
          found: keptMinor,
        }
      })
      const due = orders.reduce((sum, { order }) => sum + (order.refund_due_minor ?? 0), 0)
      const back = payments.reduce((sum, { payment }) => sum + refundedMinor(payment), 0)
      if (back < due) {
        breaches.push({
          invariant: name,
          ...(orders[0] ? { partner: orders[0].partner } : {}),
          subject: `order ${id}`,
          message: `For order ${id} the partner says that ${due} must go back; ${back} went back.`,
          expected: due,
          found: back,
        })
      }
      return breaches
    })
  },
}
