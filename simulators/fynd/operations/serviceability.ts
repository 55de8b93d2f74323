import { defineOperations } from '../../core/partner.ts'
import type { FyndAssumptions } from '../assumptions.ts'
import { readMoney } from '../money.ts'
import { type DeliveryPromise, judgeCart, type Verdict } from '../rules/serviceability.ts'
import type { FyndTypes } from '../state.ts'
import { respond } from './respond.ts'

interface Body {
  to_pincode: string
  payment_mode?: 'COD' | 'PREPAID' | null
  order_value?: number
  cart_items: { sku_code: string; quantity: number; price_effective?: number }[]
}

/** F3 of facts/fynd.md: HTTP 200 also when nothing can be delivered. */
export const serviceabilityOperations = defineOperations<FyndTypes>({
  checkServiceability: (call) => {
    const body = call.body as Body
    for (const [index, { price_effective: price = 0 }] of body.cart_items.entries()) {
      readMoney(price, `cart_items/${index}/price_effective`)
    }
    const verdict = judgeCart(call.ctx, {
      pincode: body.to_pincode,
      paymentMode: body.payment_mode ?? null,
      valueMinor:
        body.order_value === undefined ? undefined : readMoney(body.order_value, 'order_value'),
      lines: body.cart_items.map((item) => ({ sku: item.sku_code, quantity: item.quantity })),
    })
    const requestUuid = call.ctx.random('ids/fynd.serviceability').uuid()
    return respond(call, renderVerdict(verdict, call.ctx.assumptions, requestUuid))
  },
})

function renderVerdict(
  verdict: Verdict,
  assumptions: FyndAssumptions,
  requestUuid: string,
): object {
  // Partner: the error object is there with nulls even when nothing is wrong (facts/fynd.md 7).
  const noError = assumptions.empty_error_object
    ? { error: { type: null, value: null, message: null } }
    : {}
  return {
    success: verdict.isKnown,
    is_valid: verdict.isValid,
    message: verdict.message,
    is_cod_available: verdict.isCodAvailable,
    to_city: verdict.city,
    items: verdict.items.map((item) => ({
      sku_code: item.sku,
      quantity: item.quantity,
      message: item.message,
      availability: {
        deliverable: item.deliverable,
        out_of_stock: item.isOutOfStock,
        is_valid: item.isValid,
        other_store_quantity: item.otherStoreQuantity,
      },
      delivery_promise: renderPromise(item.promise),
    })),
    delivery_promise: renderPromise(verdict.promise),
    ...(verdict.error ? { error: verdict.error } : noError),
    request_uuid: requestUuid,
  }
}

const renderPromise = (promise: DeliveryPromise | null): object | null =>
  promise && { timestamp: promise.timestamp, formatted: promise.formatted }
