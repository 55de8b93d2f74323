import { ok } from '../../core/answer.ts'
import { defineOperations } from '../../core/partner.ts'
import { causeOf, findPayment, type GatewayTypes, refund } from '../state.ts'

interface RefundBody {
  amount_minor: number
  idempotency_key: string
}

export const refundOperations = defineOperations<GatewayTypes>({
  refundPayment({ ctx, path, body }) {
    const wanted = body as RefundBody
    const made = refund(ctx, findPayment(ctx, path.payment_id ?? ''), {
      amountMinor: wanted.amount_minor,
      idempotencyKey: wanted.idempotency_key,
      cause: causeOf(wanted.idempotency_key),
    })
    return ok({ refund_id: made.id, amount_minor: made.amountMinor, status: 'processed' })
  },
})
