import { z } from 'zod'
import { definePartner } from '../core/partner.ts'
import { acts } from './acts.ts'
import { assumptions } from './assumptions.ts'
import { authenticate, createCredentials } from './auth.ts'
import { createCatalogue } from './catalogue.ts'
import { renderRefusal } from './errors.ts'
import { payPageOperations } from './operations/pay-page.ts'
import { paymentOperations, renderPayment } from './operations/payments.ts'
import { refundOperations } from './operations/refunds.ts'
import { createState, type GatewayTypes, viewPayments } from './state.ts'
import { webhooks } from './webhooks.ts'

/** The payment gateway between shop and customer (facts/kartify.md 10 and 10.1). */
export const paymentGateway = definePartner<GatewayTypes>({
  name: 'payment-gateway',
  title: 'Payment gateway',
  port: 4040,
  wire: new URL('./openapi.yaml', import.meta.url),
  baseUrl: (origin) => origin,
  catalogue: createCatalogue,
  createState,
  createCredentials,
  openCredentials: ['key_id'],
  site: z.record(z.string(), z.string().optional()),
  assumptions,
  authenticate,
  operations: { ...paymentOperations, ...refundOperations, ...payPageOperations },
  acts,
  timers: {},
  webhooks,
  renderRefusal,
  view: (ctx) => ({ payments: viewPayments(ctx) }),
  things: {
    payment: (ctx) =>
      Array.from(ctx.state.payments.values(), (payment) => ({
        ...renderPayment(payment),
        fynd_order_id: payment.fyndOrderId,
      })),
    refund: (ctx) =>
      Array.from(ctx.state.payments.values()).flatMap((payment) =>
        payment.refunds.map((refund) => ({
          refund_id: refund.id,
          payment_id: payment.id,
          merchant_order_id: payment.merchantOrderId,
          amount_minor: refund.amountMinor,
          idempotency_key: refund.idempotencyKey,
          cause: refund.cause,
          created_at: new Date(refund.createdMs).toISOString(),
        })),
      ),
  },
})
