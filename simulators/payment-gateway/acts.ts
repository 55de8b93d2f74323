import { z } from 'zod'
import { defineAct } from '../core/partner.ts'
import { Refusal } from '../core/refusal.ts'
import { payUrl } from './operations/payments.ts'
import {
  captureLate,
  findPayment,
  type GatewayContext,
  type GatewayTypes,
  initiate,
  outcomes,
  type Payment,
  paymentsOfOrder,
  refund,
  refundedMinor,
  settle,
  takenMinor,
} from './state.ts'
import { forgeCallback, sendCallback, sendWebhook } from './webhooks.ts'

const amount = z.int().min(1).max(100_000_000_000)
const url = z.url({ protocol: /^https?$/ }).max(2048)
const which = {
  payment_id: z.string().optional().describe('The payment.'),
  merchant_order_id: z
    .string()
    .optional()
    .describe("Instead of payment_id: the newest payment of this order of the shop's."),
}

const initiateInput = z.strictObject({
  merchant_order_id: z.string().min(1).max(64),
  fynd_order_id: z.string().max(64).nullable().default(null),
  amount_minor: amount.describe('Paise.'),
  return_url: url.optional().describe('Without it the callback has no receiver.'),
  webhook_url: url.optional().describe('Without it the webhook has no receiver.'),
})
const payInput = z.strictObject({ ...which, outcome: z.enum(outcomes).default('paid') })
const whichInput = z.strictObject(which)
const refundInput = z.strictObject({
  ...which,
  amount_minor: amount.optional().describe('Paise; default: all that is left.'),
  cause: z.string().min(1).max(128).default('dashboard').describe('What it is given back for.'),
})
const forgeInput = z.strictObject({
  ...which,
  status: z.enum(['success', 'failed', 'aborted']).default('success'),
  debited: z.boolean().default(true),
})

/** What happens at the customer's and on the gateway's own side. Contract states and scenarios use the same acts. */
export const acts = {
  'payment-gateway.payment.initiate': defineAct<GatewayTypes, typeof initiateInput>({
    about: 'A payment exists without the shop having asked for it.',
    input: initiateInput,
    apply(ctx, input) {
      const payment = initiate(ctx, {
        merchantOrderId: input.merchant_order_id,
        fyndOrderId: input.fynd_order_id,
        amountMinor: input.amount_minor,
        returnUrl: input.return_url ?? null,
        webhookUrl: input.webhook_url ?? null,
      })
      return { ...tell(payment), pay_url: payUrl(ctx.origin, payment) }
    },
  }),
  'payment-gateway.payment.pay': defineAct<GatewayTypes, typeof payInput>({
    about: 'The customer ends the payment on the hosted page; callback and webhook follow.',
    input: payInput,
    apply(ctx, input) {
      const payment = pick(ctx, input)
      if (settle(ctx, payment, input.outcome)) {
        sendCallback(ctx, payment)
        sendWebhook(ctx, payment)
      }
      return tell(payment)
    },
  }),
  'payment-gateway.payment.capture': defineAct<GatewayTypes, typeof whichInput>({
    about:
      'The money of a failed payment that was debited arrives after all; only a webhook follows.',
    input: whichInput,
    apply(ctx, input) {
      const payment = pick(ctx, input)
      captureLate(ctx, payment)
      sendWebhook(ctx, payment)
      return tell(payment)
    },
  }),
  'payment-gateway.payment.reverse': defineAct<GatewayTypes, typeof whichInput>({
    about:
      "The customer's bank gives back what a failed payment had debited; nobody tells the shop.",
    input: whichInput,
    apply(ctx, input) {
      const payment = pick(ctx, input)
      if (payment.status !== 'failed_debited') {
        throw new Refusal(
          'conflict',
          `Payment ${payment.id} is ${payment.status}; a bank reverses only failed_debited`,
        )
      }
      giveBack(ctx, payment, undefined, 'bank-reversal')
      return tell(payment)
    },
  }),
  'payment-gateway.payment.refund': defineAct<GatewayTypes, typeof refundInput>({
    about: "An operator gives money back on the gateway's own dashboard, past the shop.",
    input: refundInput,
    apply(ctx, input) {
      const payment = pick(ctx, input)
      const made = giveBack(ctx, payment, input.amount_minor, input.cause)
      return { ...tell(payment), refund_id: made.id }
    },
  }),
  'payment-gateway.callback.send': defineAct<GatewayTypes, typeof whichInput>({
    about: 'The customer reloads the page that goes back to the shop: the callback comes again.',
    input: whichInput,
    apply(ctx, input) {
      const payment = pick(ctx, input)
      if (payment.status === 'created') {
        throw new Refusal('conflict', `Payment ${payment.id} is still open; there is no callback`)
      }
      sendCallback(ctx, payment)
      return tell(payment)
    },
  }),
  'payment-gateway.callback.forge': defineAct<GatewayTypes, typeof forgeInput>({
    about: 'Somebody who does not know the secret claims an end of the payment; nothing is paid.',
    input: forgeInput,
    apply(ctx, input) {
      const payment = pick(ctx, input)
      forgeCallback(ctx, payment, input.status, input.debited)
      return tell(payment)
    },
  }),
}

/** Throws `invalid` unless exactly one name is given, `not-found` when nothing has it. */
function pick(
  ctx: GatewayContext,
  input: { payment_id?: string | undefined; merchant_order_id?: string | undefined },
): Payment {
  const { payment_id, merchant_order_id } = input
  if ((payment_id === undefined) === (merchant_order_id === undefined)) {
    throw new Refusal('invalid', 'Give payment_id or merchant_order_id, and not both')
  }
  if (payment_id !== undefined) return findPayment(ctx, payment_id)
  const newest = paymentsOfOrder(ctx, merchant_order_id ?? '').at(-1)
  if (!newest) throw new Refusal('not-found', `No payment for order ${merchant_order_id}`)
  return newest
}

function giveBack(
  ctx: GatewayContext,
  payment: Payment,
  amountMinor: number | undefined,
  cause: string,
) {
  const leftMinor = takenMinor(payment) - refundedMinor(payment)
  return refund(ctx, payment, {
    amountMinor: amountMinor ?? leftMinor,
    idempotencyKey: null,
    cause,
  })
}

const tell = (payment: Payment) => ({
  payment_id: payment.id,
  merchant_order_id: payment.merchantOrderId,
  status: payment.status,
  debited: payment.debited,
  amount_minor: payment.amountMinor,
  refunded_minor: refundedMinor(payment),
})
