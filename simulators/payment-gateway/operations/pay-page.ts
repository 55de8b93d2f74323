import type { Answer } from '../../core/answer.ts'
import { defineOperations } from '../../core/partner.ts'
import { renderClosedPage, renderPayPage, renderSettledPage } from '../pages.ts'
import {
  findPayment,
  type GatewayContext,
  type GatewayTypes,
  type Payment,
  type PaymentOutcome,
  settle,
} from '../state.ts'
import { callbackFields, sendCallback, sendWebhook } from '../webhooks.ts'

export const payPageOperations = defineOperations<GatewayTypes>({
  showPayPage({ ctx, path }) {
    const payment = findPayment(ctx, path.payment_id ?? '')
    return payment.status === 'created' ? renderPayPage(payment) : ended(ctx, payment, false)
  },
  pressPayPage({ ctx, path, body }) {
    const payment = findPayment(ctx, path.payment_id ?? '')
    // A second press of a button (or a reload) is the customer's habit, not an error of a program: same page, nothing happens.
    if (payment.status !== 'created') return ended(ctx, payment, false, 409)
    const { outcome } = body as { outcome: PaymentOutcome }
    if (!settle(ctx, payment, outcome)) return renderClosedPage(payment)
    sendCallback(ctx, payment, true)
    sendWebhook(ctx, payment)
    return ended(ctx, payment, true)
  },
})

/** The way back to the shop is open as the switch `callback` says: with `none` and `delayed` the browser does not go back itself. */
function ended(ctx: GatewayContext, payment: Payment, isFirst: boolean, status = 200): Answer {
  const { callback } = ctx.assumptions
  const fields =
    callback === 'sent' || callback === 'duplicated' ? callbackFields(ctx, payment) : undefined
  const way = fields && payment.returnUrl !== null ? { url: payment.returnUrl, fields } : undefined
  return renderSettledPage(payment, way, isFirst, status)
}
