import { createHash, createHmac } from 'node:crypto'
import { z } from 'zod'
import type { Address } from '../model.ts'
import type { ShopPorts } from '../ports.ts'
import type { GofyndSettings } from '../settings.ts'
import { askedBy, type Call, type Caller, type KeptBodies, type Trace, understood } from './call.ts'
import { type Answer, failedAnswer } from './errors.ts'
import {
  innerAnswer,
  type Reason,
  reasonsShape,
  renderWish,
  reportedShape,
  trackShape,
  type Wish,
  wishStates,
} from './fynd-account.ts'
import { wireMoney } from './money.ts'

/** fynd.md F2: at most 50 identifiers in a request. */
export const stockSkusMax = 50

const timeouts = { readMs: 4_000, placeMs: 8_000, confirmMs: 8_000, wishMs: 8_000, reportMs: 8_000 }

/** A bag as F4 wants it: one unit of one item. Wire numbers, not minor units. */
export type WireOrder = {
  affiliate_id: string
  order_info: {
    affiliate_order_id: string
    payment_mode: string
    order_value: number
    cod_charges: number
    delivery_charges: number
    discount: number
    shipping_address: object
    billing_address: object
    bags: object[]
  }
}

export type ServiceabilityQuestion = {
  to_pincode: string
  payment_mode: string
  order_value: number
  shipping_address: Address
  cart_items: { sku_code: string; quantity: number; price_effective: number }[]
}

export type Verdict = { isServiceable: true } | { isServiceable: false; message: string }

type Context = { trace: Trace; attempt?: number; orderId?: string; keeps?: KeptBodies }

/** The FYND calls F1 to F8 (fynd.md 4), one attempt each. Every one throws a `PartnerError` on failure. */
export function createFynd(ports: ShopPorts, caller: Caller, settings: () => GofyndSettings) {
  const calls = createCalls(ports, settings)
  const ask = async <T>(call: Call, context: Context, shape: z.ZodType<T>): Promise<T> => {
    const answer = await caller(call, context.trace)
    return understood(call, ports, answer, (json) => shape.safeParse(json))
  }
  return {
    /** F1: one page of the SKUs that changed at or after `timestamp`. */
    changedSkus: (timestamp: string, pageId: string, context: Context) =>
      ask(calls.changedSkus(timestamp, pageId, context), context, changesShape),
    /** F2: FYND's quantity of each SKU over all stores; an SKU without a row is absent. */
    stockStatus: async (skus: string[], context: Context): Promise<Map<string, number>> => {
      const answer = await ask(calls.stockStatus(skus, context), context, stockShape)
      const totals = new Map<string, number>()
      for (const row of answer.items) {
        const sku = row.identifier.sku_code
        if (row.is_active !== false) totals.set(sku, (totals.get(sku) ?? 0) + row.quantity)
      }
      return totals
    },
    /** F3, read item by item. */
    serviceability: async (question: ServiceabilityQuestion, context: Context) =>
      readServiceability(
        await ask(calls.serviceability(question, context), context, serviceabilityShape),
        question,
      ),
    /** F4 with a body that was written down before: the same bytes on every attempt make a repeat harmless. */
    placeOrder: (body: string, context: Context) =>
      ask(calls.placeOrder(body, context), context, placedShape),
    /** F5. */
    confirmPayment: (payment: ConfirmedPayment, context: Context) =>
      ask(calls.confirmPayment(payment, context), context, confirmedShape),
    /** F6: shown to the customer as it comes. */
    trackOrder: (fyndOrderId: string, context: Context) =>
      ask(calls.trackOrder(fyndOrderId, context), context, trackShape),
    /** F7 for one bag; resolves when FYND granted it, and reads a no that hides in a 200. */
    grantWish: async (wish: Wish, bag: WishedBag, context: Context): Promise<void> => {
      const call = calls.grantWish(wish, bag, context)
      const answer = await caller(call, context.trace)
      const inner = innerAnswer(answer, bag.shipmentId)
      if (inner === undefined) {
        const why = `no word about shipment ${bag.shipmentId}`
        understood(call, ports, answer, () => ({ success: false, error: new Error(why) }))
      } else if (inner.status < 200 || inner.status >= 300) {
        throw failedAnswer(askedBy(call, ports), inner)
      }
    },
    /** F7: what the customer may choose from. */
    reasons: async (wish: Wish, bag: Omit<WishedBag, 'reason'>, context: Context) => {
      const { reasons } = await ask(calls.reasons(wish, bag, context), context, reasonsShape)
      return reasons.map((reason): Reason => ({ id: reason.id, text: reason.display_name }))
    },
    /** F8: this bag's money went back, under the gateway's id of the refund. */
    reportRefund: (refund: ReportedRefund, context: Context) =>
      ask(calls.reportRefund(refund, context), context, reportedShape),
    /** The operator's manual calls: whatever came back. */
    raw: {
      stockStatus: (skus: string[], context: Context): Promise<Answer> =>
        caller(calls.stockStatus(skus, context), context.trace),
      serviceability: (question: ServiceabilityQuestion, context: Context): Promise<Answer> =>
        caller(calls.serviceability(question, context), context.trace),
      confirmPayment: (payment: ConfirmedPayment, context: Context): Promise<Answer> =>
        caller(calls.confirmPayment(payment, context), context.trace),
      trackOrder: (fyndOrderId: string, context: Context): Promise<Answer> =>
        caller(calls.trackOrder(fyndOrderId, context), context.trace),
    },
  }
}

/** The requests as they leave, signed where the partner changes something (fynd.md 2 and 7.1). */
function createCalls(ports: ShopPorts, settings: () => GofyndSettings) {
  const prepare = (operation: string, path: string, context: Context, more: Write = {}): Call => {
    const account = settings()
    const base = account.api_url.replace(/\/+$/, '')
    const url = `${base}/v1/affiliates/${encodeURIComponent(account.affiliate_id)}${path}`
    const { body, isWrite, timeoutMs } = more
    const method = body === undefined ? 'GET' : 'POST'
    return {
      partner: 'fynd',
      operation,
      method,
      url,
      timeoutMs: timeoutMs ?? timeouts.readMs,
      attempt: context.attempt ?? 1,
      ...(context.orderId !== undefined && { orderId: context.orderId }),
      ...(context.keeps !== undefined && { keeps: context.keeps }),
      ...(body !== undefined && { body }),
      headers: {
        accept: 'application/json',
        authorization: `Bearer ${base64(`${account.affiliate_id}:${account.affiliate_token}`)}`,
        ...(body !== undefined && { 'content-type': 'application/json; charset=utf-8' }),
        ...(isWrite === true &&
          signedHeaders(account.secret_key, method, url, body ?? '', ports.clock.nowMs())),
      },
    }
  }
  const order = (fyndOrderId: string) => `/orders/${encodeURIComponent(fyndOrderId)}`
  return {
    changedSkus(timestamp: string, pageId: string, context: Context) {
      const pageSize = settings().page_size ?? 100
      const query = `timestamp=${encodeURIComponent(timestamp)}&page_size=${pageSize}`
      const next = pageId === '' ? '' : `&page_id=${encodeURIComponent(pageId)}`
      return prepare('changed-skus', `/inventory/changes?${query}${next}`, context)
    },
    stockStatus(skus: string[], context: Context) {
      const path = '/inventory/stock-status'
      // A comma separates SKUs in the short form; an SKU that has one goes into a body.
      if (skus.some((sku) => sku.includes(',')) || skus.join('').length > 1_500) {
        return prepare('stock-status', path, context, { body: JSON.stringify({ sku_codes: skus }) })
      }
      const list = skus.map(encodeURIComponent).join(',')
      return prepare('stock-status', `${path}?sku_code=${list}`, context)
    },
    serviceability: (question: ServiceabilityQuestion, context: Context) =>
      prepare('serviceability', '/serviceability', context, { body: JSON.stringify(question) }),
    placeOrder: (body: string, context: Context) =>
      prepare('order-placed', '/orders', context, {
        body,
        isWrite: true,
        timeoutMs: timeouts.placeMs,
      }),
    confirmPayment: (payment: ConfirmedPayment, context: Context) =>
      prepare('confirm-payment', `${order(payment.fyndOrderId)}/payment/confirm`, context, {
        body: JSON.stringify(renderConfirmation(payment)),
        isWrite: true,
        timeoutMs: timeouts.confirmMs,
      }),
    trackOrder: (fyndOrderId: string, context: Context) =>
      prepare('track-order', `${order(fyndOrderId)}/track`, context),
    grantWish: (wish: Wish, bag: WishedBag, context: Context) =>
      prepare(wish, '/shipments/status', context, {
        body: renderWish(wish, bag),
        isWrite: true,
        timeoutMs: timeouts.wishMs,
      }),
    reasons(wish: Wish, bag: Omit<WishedBag, 'reason'>, context: Context) {
      const shipment = `/shipments/${encodeURIComponent(bag.shipmentId)}`
      const path = `${shipment}/bags/${encodeURIComponent(bag.bagId)}/reasons`
      return prepare('reasons', `${path}?state=${wishStates[wish]}`, context)
    },
    reportRefund: (refund: ReportedRefund, context: Context) =>
      prepare('refund-report', `/refunds/${encodeURIComponent(refund.bagId)}/done`, context, {
        body: JSON.stringify({
          refund_id: refund.refundId,
          amount: wireMoney(refund.amountMinor),
        }),
        isWrite: true,
        timeoutMs: timeouts.reportMs,
      }),
  }
}

type Write = { body?: string; isWrite?: boolean; timeoutMs?: number }

export type Fynd = ReturnType<typeof createFynd>

/** A bag that a customer wants to cancel or give back. */
export type WishedBag = { shipmentId: string; bagId: string; reason: Reason }

export type ReportedRefund = { bagId: string; refundId: string; amountMinor: number }

export type ConfirmedPayment = { fyndOrderId: string; paymentId: string; amountMinor: number }

export const webhookShape = z.object({
  event: z.string().min(1).max(100),
  event_id: z.string().min(1).max(200).optional(),
  created_timestamp: z.number().nonnegative(),
  affiliate_id: z.string().optional(),
  fynd_order_id: z.string().nullish(),
  affiliate_order_id: z.string().nullish(),
  shipment_id: z.string().nullish(),
  status: z.string().max(100).nullish(),
  bags: z
    .array(
      z.object({
        bag_id: z.union([z.number(), z.string()]).nullish(),
        affiliate_bag_id: z.string().nullish(),
        status: z.string().max(100).nullish(),
      }),
    )
    .max(1_000)
    .default([]),
  dp_details: z
    .object({ name: z.string().nullish(), awb_no: z.string().nullish() })
    .nullish()
    .catch(null),
  refund: z.object({ refund_id: z.string().nullish(), amount: z.number().nonnegative() }).nullish(),
})

export type FyndEvent = z.infer<typeof webhookShape>

/** The events that Kartify receives, and the bag states that emit them, in the order of a bag's life (fynd.md 6.1). */
export const fyndEvents = [
  'ORDER_PLACED',
  'BAG_CONFIRMED',
  'DELIVERY_PARTNER_ASSIGNED',
  'BAG_PICKED',
  'OUT_FOR_DELIVERY',
  'DELIVERY_DONE',
  'RTO_BAG_IN_TRANSIT',
  'RTO_BAG_APPROVED',
  'CUSTOMER_CANCELLED',
  'FYND_CANCELLED',
  'BAG_RETURN_INITIATED',
  'OUT_FOR_PICKUP',
  'RETURN_APPROVED',
  'REFUND_INITIATED',
] as const

export type FyndEventName = (typeof fyndEvents)[number]

export function isFyndEvent(name: string): name is FyndEventName {
  return (fyndEvents as readonly string[]).includes(name)
}

const changesShape = z.object({
  items: z.array(z.object({ sku_code: z.string() })),
  page: z.object({ has_next: z.boolean(), next_id: z.string().nullish() }),
  as_of: z.string().min(1),
})

const stockShape = z.object({
  items: z.array(
    z.object({
      identifier: z.object({ sku_code: z.string() }),
      quantity: z.number().int().nonnegative(),
      is_active: z.boolean().optional(),
    }),
  ),
})

const serviceabilityShape = z.object({
  success: z.boolean(),
  is_valid: z.boolean(),
  message: z.string().nullish(),
  is_cod_available: z.boolean().nullish(),
  items: z
    .array(
      z.object({
        sku_code: z.string(),
        message: z.string().nullish(),
        availability: z
          .object({
            deliverable: z.boolean().nullish(),
            out_of_stock: z.boolean().nullish(),
            is_valid: z.boolean().nullish(),
          })
          .nullish(),
      }),
    )
    .nullish(),
  error: z.object({ message: z.string().nullish() }).nullish(),
})

const placedShape = z.object({
  fynd_order_id: z.string().min(1),
  duplicate: z.boolean().nullish(),
  shipments: z
    .array(
      z.object({
        shipment_id: z.union([z.string(), z.number()]).transform(String),
        bags: z
          .array(
            z.object({
              bag_id: z.union([z.string(), z.number()]).transform(String),
              affiliate_bag_id: z.string(),
            }),
          )
          .default([]),
      }),
    )
    .nullish(),
})

export type Placed = z.infer<typeof placedShape>

const confirmedShape = z.object({ success: z.literal(true), message: z.string().nullish() })

/**
 * Reads F3 item by item: the top flag can be true although an item is out of stock, and the flag for COD can be true for a pincode
 * that nobody delivers to (fynd.md 7, `serviceability_top_flag`, `cod_flag_when_undeliverable`).
 */
export function readServiceability(
  answer: z.infer<typeof serviceabilityShape>,
  question: Pick<ServiceabilityQuestion, 'payment_mode' | 'to_pincode' | 'cart_items'>,
): Verdict {
  const no = (message: string | null | undefined): Verdict => ({
    isServiceable: false,
    message: message || `We are not delivering to ${question.to_pincode}.`,
  })
  if (!answer.success) return no(answer.error?.message ?? answer.message)
  const items = answer.items ?? []
  for (const item of items) {
    const { deliverable, out_of_stock, is_valid } = item.availability ?? {}
    if (deliverable === false || is_valid === false) return no(item.message ?? answer.message)
    if (out_of_stock === true) return no(item.message ?? 'Out of stock. Please remove item')
  }
  if (!answer.is_valid) return no(answer.message)
  if (question.payment_mode === 'COD' && answer.is_cod_available === false) {
    return no(answer.message || 'Cash on delivery is not available for this address.')
  }
  const answered = new Set(items.map((item) => item.sku_code))
  const missing = question.cart_items.find((item) => !answered.has(item.sku_code))
  return missing === undefined ? { isServiceable: true } : no(`No answer for ${missing.sku_code}.`)
}

function renderConfirmation(payment: ConfirmedPayment) {
  return {
    order_id: payment.fyndOrderId,
    payment_methods: [
      {
        mode: 'PREPAID',
        amount: wireMoney(payment.amountMinor),
        name: 'Online payment',
        meta: {
          order_id: payment.fyndOrderId,
          payment_id: payment.paymentId,
          payment_gateway: 'payment-gateway',
          current_status: 'captured',
        },
      },
    ],
  }
}

/** fynd.md 2, header 2: `v1` over method, target as sent, date and body hash. */
export function signedHeaders(
  secret: string,
  method: string,
  url: string,
  body: string,
  nowMs: number,
) {
  const date = `${new Date(nowMs).toISOString().slice(0, 19).replaceAll(/[-:]/g, '')}Z`
  const { pathname, search } = new URL(url)
  const bodyHash = createHash('sha256').update(body).digest('hex')
  const toSign = `${method}\n${pathname}${search}\n${date}\n${bodyHash}`
  return {
    'x-fp-date': date,
    'x-fp-signature': `v1:${createHmac('sha256', secret).update(toSign).digest('hex')}`,
  }
}

function base64(text: string): string {
  return Buffer.from(text).toString('base64')
}
