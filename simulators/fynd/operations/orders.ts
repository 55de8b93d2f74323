import { defineOperations } from '../../core/partner.ts'
import { Refusal } from '../../core/refusal.ts'
import { renderRefusal } from '../errors.ts'
import { readMoney } from '../money.ts'
import { placeOrder } from '../rules/orders.ts'
import { confirmPayment, type PaymentReport } from '../rules/payment.ts'
import { storeOf } from '../rules/stock.ts'
import { type FyndContext, type FyndTypes, type Order, orderFor, orderStatus } from '../state.ts'
import { type OrderBody, parseOrder } from './order-body.ts'
import { respond } from './respond.ts'

interface ConfirmBody {
  order_id?: string
  payment_methods: {
    mode: string
    amount: number
    meta?: { payment_id?: string | null; current_status?: string | null } | null
  }[]
}

/** F4 and F5 of facts/fynd.md. */
export const orderOperations = defineOperations<FyndTypes>({
  placeOrder: (call) => {
    const body = call.body as OrderBody
    const { affiliateId } = call.auth
    if (body.affiliate_id !== affiliateId) {
      throw new Refusal('forbidden', 'affiliate_id of the body is not the one of the path')
    }
    const { order, isDuplicate } = placeOrder(call.ctx, affiliateId, parseOrder(body))
    return respond(call, renderPlaced(call.ctx, order, isDuplicate))
  },

  confirmPayment: (call) => {
    const body = call.body as ConfirmBody
    const order = orderFor(call.ctx, call.auth.affiliateId, call.path.fynd_order_id ?? '')
    if (body.order_id !== undefined && body.order_id !== order.id) {
      throw new Refusal('invalid', 'order_id of the body is not the one of the path')
    }
    const outcome = confirmPayment(call.ctx, order, parseReport(body))
    if (outcome instanceof Refusal) return renderRefusal(outcome, call)
    return respond(call, { success: true, message: outcome, order_id: order.id })
  },
})

function renderPlaced(ctx: FyndContext, order: Order, isDuplicate: boolean): object {
  return {
    success: true,
    fynd_order_id: order.id,
    affiliate_order_id: order.request.affiliateOrderId,
    order_status: orderStatus(order),
    shipments: order.shipments.map((shipment) => {
      const store = storeOf(ctx, shipment.store)
      const bags = order.bags.filter((bag) => bag.shipmentId === shipment.id)
      return {
        shipment_id: shipment.id,
        fulfilling_store: { id: store.id, code: store.code, name: store.name },
        bags: bags.map((bag) => ({
          bag_id: bag.id,
          affiliate_bag_id: bag.affiliateBagId,
          sku: bag.sku,
          status: bag.status,
        })),
      }
    }),
    message: 'Order initiation completed',
    ...(isDuplicate && { duplicate: true }),
    ...(Object.keys(order.request.meta).length > 0 && { meta: order.request.meta }),
  }
}

/** Partner: `failed` means not paid, anything else paid (facts/fynd.md 7.1). */
const parseReport = (body: ConfirmBody): PaymentReport => ({
  methods: body.payment_methods.map((method, index) => ({
    mode: method.mode,
    amountMinor: readMoney(method.amount, `payment_methods/${index}/amount`),
    paymentId: method.meta?.payment_id ?? null,
    isFailed: method.meta?.current_status === 'failed',
  })),
})
