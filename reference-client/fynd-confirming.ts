import type { FyndSite } from './fynd-site.ts'
import { currentPayment, moveOrder, noteOrder, orderRow, oweRefund } from './orders.ts'
import type { OutboxHandler } from './outbox.ts'
import { PartnerError } from './partners/errors.ts'

/** F5 as a call that must happen. A final no puts the order on the refund list. */
export function confirmHandler(site: FyndSite): OutboxHandler {
  return {
    async send(row, context) {
      const order = orderRow(site.storage, row.order_id)
      const payment = currentPayment(site.storage, order.id)
      if (order.fynd_order_id === null || payment === undefined) {
        throw new PartnerError({
          partner: 'fynd',
          operation: 'confirm-payment',
          kind: 'refused',
          message: 'the order was never placed at FYND',
          maybeApplied: false,
        })
      }
      await site.fynd.confirmPayment(
        {
          fyndOrderId: order.fynd_order_id,
          paymentId: payment.payment_id,
          amountMinor: payment.amount_minor,
        },
        { ...context, orderId: order.id },
      )
      return () => moveOrder(site, order.id, 'processed', 'payment confirmed at FYND')
    },
    refused(row, error) {
      const payment = currentPayment(site.storage, row.order_id)
      noteOrder(site, row.order_id, `payment not accepted by FYND: ${error.failure.message}`)
      oweRefund(
        site,
        row.order_id,
        'order-refused',
        payment?.amount_minor ?? 0,
        payment?.payment_id,
      )
    },
  }
}
