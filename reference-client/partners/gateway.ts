import { z } from 'zod'
import type { ShopPorts } from '../ports.ts'
import type { ShopSettings } from '../settings.ts'
import { type Call, type Caller, type Trace, understood } from './call.ts'

const timeoutMs = 6_000

type Context = { trace: Trace; attempt?: number; orderId?: string }

export type PaymentRequest = {
  merchant_order_id: string
  fynd_order_id: string | null
  amount_minor: number
  currency: 'INR'
  return_url: string
  webhook_url: string
}

/** The calls of the payment gateway (kartify.md 10.1), one attempt each; every one throws a `PartnerError` on failure. */
export function createGateway(
  ports: ShopPorts,
  caller: Caller,
  settings: () => ShopSettings['gateway'],
) {
  const ask = async <T>(
    operation: string,
    path: string,
    body: object | undefined,
    shape: z.ZodType<T>,
    context: Context,
  ): Promise<T> => {
    const account = settings()
    const key = Buffer.from(`${account.key_id}:${account.key_secret}`).toString('base64')
    const call: Call = {
      partner: 'payment-gateway',
      operation,
      method: body === undefined ? 'GET' : 'POST',
      url: `${account.url.replace(/\/+$/, '')}${path}`,
      timeoutMs,
      attempt: context.attempt ?? 1,
      ...(context.orderId !== undefined && { orderId: context.orderId }),
      ...(body !== undefined && { body: JSON.stringify(body) }),
      headers: {
        accept: 'application/json',
        authorization: `Basic ${key}`,
        ...(body !== undefined && { 'content-type': 'application/json' }),
      },
    }
    const answer = await caller(call, context.trace)
    return understood(call, ports, answer, (json) => shape.safeParse(json))
  }
  return {
    /** Opens a payment page. A repeat opens another page and takes no money by itself. */
    initiate: (request: PaymentRequest, context: Context) =>
      ask('initiate', '/payments/initiate', request, initiatedShape, context),
    /** All payments of one order; empty when the gateway knows none. */
    payments: (merchantOrderId: string, context: Context) =>
      ask(
        'payments',
        `/payments?merchant_order_id=${encodeURIComponent(merchantOrderId)}`,
        undefined,
        paymentsShape,
        context,
      ),
    /** Gives money back; the same key gives the same refund. */
    refund: (
      paymentId: string,
      request: { amount_minor: number; idempotency_key: string },
      context: Context,
    ) =>
      ask(
        'refund',
        `/payments/${encodeURIComponent(paymentId)}/refunds`,
        request,
        refundShape,
        context,
      ),
  }
}

export type Gateway = ReturnType<typeof createGateway>

const initiatedShape = z.object({ payment_id: z.string().min(1), pay_url: z.string().min(1) })
const paymentsShape = z.object({
  items: z.array(
    z.object({
      payment_id: z.string(),
      amount_minor: z.number().int(),
      status: z.string(),
    }),
  ),
})
const refundShape = z.object({ refund_id: z.string().min(1), amount_minor: z.number().int() })

/** The webhook's body; `payment.status` is the gateway's own word for the state. */
export const gatewayEventShape = z.object({
  event_id: z.string().min(1).max(200),
  type: z.string().max(100),
  payment: z.object({
    payment_id: z.string().min(1).max(200),
    merchant_order_id: z.string().min(1).max(200),
    amount_minor: z.number().int().nonnegative(),
    status: z.string().max(100),
    debited: z.boolean().optional(),
  }),
})

/** The callback's form. */
export const callbackShape = z.object({
  payment_id: z.string().min(1).max(200),
  merchant_order_id: z.string().min(1).max(200),
  status: z.enum(['success', 'failed', 'aborted']),
  debited: z.enum(['true', 'false']),
  signature: z.string().max(200),
})
