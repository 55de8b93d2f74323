import { ok } from '../../core/answer.ts'
import { defineOperations } from '../../core/partner.ts'
import { Refusal } from '../../core/refusal.ts'
import {
  findPayment,
  type GatewayTypes,
  initiate,
  type Payment,
  paymentsOfOrder,
  refundedMinor,
} from '../state.ts'

interface InitiateBody {
  merchant_order_id: string
  fynd_order_id?: string | null
  amount_minor: number
  return_url: string
  webhook_url: string
}

export const paymentOperations = defineOperations<GatewayTypes>({
  initiatePayment({ ctx, body }) {
    const wanted = body as InitiateBody
    const payment = initiate(ctx, {
      merchantOrderId: wanted.merchant_order_id,
      fyndOrderId: wanted.fynd_order_id ?? null,
      amountMinor: wanted.amount_minor,
      returnUrl: checkUrl('return_url', wanted.return_url),
      webhookUrl: checkUrl('webhook_url', wanted.webhook_url),
    })
    return ok({ payment_id: payment.id, pay_url: payUrl(ctx.origin, payment) })
  },
  getPayment: ({ ctx, path }) => ok(renderPayment(findPayment(ctx, path.payment_id ?? ''))),
  listPayments: ({ ctx, query }) =>
    ok({ items: paymentsOfOrder(ctx, String(query.merchant_order_id)).map(renderPayment) }),
})

export const payUrl = (origin: string, payment: Payment): string => `${origin}/pay/${payment.id}`

export const renderPayment = (payment: Payment) => ({
  payment_id: payment.id,
  merchant_order_id: payment.merchantOrderId,
  amount_minor: payment.amountMinor,
  refunded_minor: refundedMinor(payment),
  status: payment.status,
  debited: payment.debited,
  created_at: new Date(payment.createdMs).toISOString(),
})

/** The document knows a URL by its form; whether it can be read as one is seen here. Where it may lead is the messenger's to decide. */
function checkUrl(name: string, text: string): string {
  const isWeb = URL.canParse(text) && /^https?:$/.test(new URL(text).protocol)
  if (isWeb) return text
  const message = 'must be an http or https URL'
  throw new Refusal('invalid', `${name} ${message}`, { issues: [{ path: name, message }] })
}
