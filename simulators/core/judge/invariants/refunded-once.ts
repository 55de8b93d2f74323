import type { Breach, Invariant, JudgeInput } from '../invariant.ts'
import { groupBy, paymentsOf, placedByShop, refundedMinor } from '../orders-of.ts'

const name = 'refunded-once'

export const refundedOnce: Invariant = {
  name,
  law:
    'Money goes back at most once for each cause, never more than was paid, and for a placed order never more than the partner says ' +
    'must go back.',
  holdsFor: 'every partner with payments',
  needs: ['payments'],
  check: (input) => [...eachPayment(input), ...eachPlacedOrder(input)],
}

function eachPayment(input: JudgeInput): Breach[] {
  return paymentsOf(input).flatMap(({ partner, payment }) => {
    const base = { invariant: name, partner, subject: `payment ${payment.id}` }
    const byCause = groupBy(payment.refunds, (refund) => refund.cause)
    const breaches = [...byCause]
      .filter(([, refunds]) => refunds.length > 1)
      .map(
        ([cause, refunds]): Breach => ({
          ...base,
          message: `Payment ${payment.id} was given back ${refunds.length} times for "${cause}": ${refunds.map((refund) => refund.amount_minor).join(' + ')}.`,
          expected: 1,
          found: refunds.length,
        }),
      )
    const back = refundedMinor(payment)
    if (back > payment.taken_minor) {
      breaches.push({
        ...base,
        message: `Payment ${payment.id} took ${payment.taken_minor}, and ${back} went back.`,
        expected: `at most ${payment.taken_minor}`,
        found: back,
      })
    }
    return breaches
  })
}

/**
 * A client that makes up a new key at each try refunds twice under two causes. The partner's word unmasks it: of a placed order only what
 * is due may go back, besides payments that the customer made twice.
 */
function eachPlacedOrder(input: JudgeInput): Breach[] {
  const taken = paymentsOf(input).filter(({ payment }) => payment.taken_minor > 0)
  const payments = groupBy(taken, ({ payment }) => payment.shop_order_id)
  return placedByShop(input).flatMap(({ partner, order }): Breach[] => {
    const own = (payments.get(order.shop_order_id) ?? []).map(({ payment }) => payment)
    if (order.refund_due_minor === undefined || own.length === 0) return []
    const amounts = own.map((payment) => payment.taken_minor)
    const paidTwice = amounts.reduce((sum, amount) => sum + amount, 0) - Math.max(...amounts)
    const allowed = order.refund_due_minor + paidTwice
    const back = own.reduce((sum, payment) => sum + refundedMinor(payment), 0)
    if (back <= allowed) return []
    return [
      {
        invariant: name,
        partner,
        subject: `order ${order.shop_order_id}`,
        message: `For order ${order.shop_order_id}, which is placed, ${back} went back, but only ${allowed} was due.`,
        expected: `at most ${allowed}`,
        found: back,
      },
    ]
  })
}
