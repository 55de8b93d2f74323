import type { PaymentView } from '../core/judge/views.ts'
import type { PartnerContext } from '../core/partner.ts'
import { Refusal } from '../core/refusal.ts'
import type { GatewayAssumptions } from './assumptions.ts'
import type { GatewayCatalogue } from './catalogue.ts'

/** facts/kartify.md 10.1. `failed_debited`: the bank took the money and the gateway did not get it (yet). */
export type PaymentStatus =
  | 'created'
  | 'captured'
  | 'failed_not_debited'
  | 'failed_debited'
  | 'aborted'
  | 'part_refunded'
  | 'refunded'

/** What a customer can do on the hosted page. */
export const outcomes = ['paid', 'failed', 'failed-debited', 'aborted', 'close'] as const
export type PaymentOutcome = (typeof outcomes)[number]

export interface Refund {
  id: string
  amountMinor: number
  /** Null: given back without a call (by the bank, or on the gateway's own dashboard). */
  idempotencyKey: string | null
  cause: string
  createdMs: number
}

export interface Payment {
  id: string
  merchantOrderId: string
  fyndOrderId: string | null
  amountMinor: number
  currency: 'INR'
  /** Null: nobody listens (a payment made by an act). */
  returnUrl: string | null
  webhookUrl: string | null
  status: PaymentStatus
  /** The customer's account was charged; stays true when the money goes back. */
  debited: boolean
  refunds: Refund[]
  createdMs: number
}

export interface GatewayState {
  payments: Map<string, Payment>
  /** Ids of the payments of each order of the merchant, oldest first. */
  byMerchantOrder: Map<string, string[]>
}

export interface GatewayTypes {
  state: GatewayState
  catalogue: GatewayCatalogue
  assumptions: GatewayAssumptions
  credentials: { key_id: string; key_secret: string; webhook_secret: string }
  auth: { caller: 'merchant' | 'browser' }
  /** The shop names its URLs with each payment. */
  site: Record<string, string | undefined>
}

export type GatewayContext = PartnerContext<GatewayTypes>

export const createState = (): GatewayState => ({ payments: new Map(), byMerchantOrder: new Map() })

export interface NewPayment {
  merchantOrderId: string
  fyndOrderId: string | null
  amountMinor: number
  returnUrl: string | null
  webhookUrl: string | null
}

/** Opens a payment that the customer has yet to pay. Throws `repeated-initiate` where the switch says so. */
export function initiate(ctx: GatewayContext, wanted: NewPayment): Payment {
  const open = repeated(ctx, wanted)
  if (open) return open
  const payment: Payment = {
    id: `pay_${ctx.random('ids/payment-gateway.payment').hex(16)}`,
    ...wanted,
    currency: ctx.catalogue.currency,
    status: 'created',
    debited: false,
    refunds: [],
    createdMs: ctx.nowMs,
  }
  ctx.state.payments.set(payment.id, payment)
  const siblings = ctx.state.byMerchantOrder.get(wanted.merchantOrderId)
  if (siblings) siblings.push(payment.id)
  else ctx.state.byMerchantOrder.set(wanted.merchantOrderId, [payment.id])
  ctx.record('payment created', {
    payment_id: payment.id,
    merchant_order_id: payment.merchantOrderId,
    amount_minor: payment.amountMinor,
  })
  return payment
}

/** The payment that a repeated initiate gets again; undefined: a new one. */
function repeated(ctx: GatewayContext, wanted: NewPayment): Payment | undefined {
  const mode = ctx.assumptions.repeat_initiate
  if (mode === 'new_payment') return undefined
  const siblings = paymentsOfOrder(ctx, wanted.merchantOrderId)
  if (mode === 'reuse_open') {
    return siblings.findLast(
      ({ status, amountMinor }) => status === 'created' && amountMinor === wanted.amountMinor,
    )
  }
  const inTheWay = siblings.find(({ status, debited }) => status === 'created' || debited)
  if (inTheWay) {
    throw new Refusal(
      'repeated-initiate',
      `Order ${wanted.merchantOrderId} already has payment ${inTheWay.id}, which is ${inTheWay.status}`,
    )
  }
  return undefined
}

export function findPayment(ctx: GatewayContext, id: string): Payment {
  const payment = ctx.state.payments.get(id)
  if (!payment) throw new Refusal('not-found', `No payment ${id}`)
  return payment
}

/** Oldest first; none for an order that is not known. */
export const paymentsOfOrder = (ctx: GatewayContext, merchantOrderId: string): Payment[] =>
  (ctx.state.byMerchantOrder.get(merchantOrderId) ?? []).map((id) => findPayment(ctx, id))

const ends: Record<Exclude<PaymentOutcome, 'close'>, Pick<Payment, 'status' | 'debited'>> = {
  paid: { status: 'captured', debited: true },
  failed: { status: 'failed_not_debited', debited: false },
  'failed-debited': { status: 'failed_debited', debited: true },
  aborted: { status: 'aborted', debited: false },
}

/**
 * What the customer did on the page; happens once. Closing the window changes nothing: the payment stays open. Throws `payment-settled`
 * for a second try. True: something happened that the shop must hear of.
 */
export function settle(ctx: GatewayContext, payment: Payment, outcome: PaymentOutcome): boolean {
  if (outcome === 'close') {
    ctx.record('window closed', { payment_id: payment.id, status: payment.status })
    return false
  }
  if (payment.status !== 'created') {
    throw new Refusal(
      'payment-settled',
      `Payment ${payment.id} is ${payment.status} and cannot be paid again`,
    )
  }
  Object.assign(payment, ends[outcome])
  recordStatus(ctx, payment)
  return true
}

/** The money of a failed payment that the bank had taken arrives after all. */
export function captureLate(ctx: GatewayContext, payment: Payment): void {
  if (payment.status !== 'failed_debited') {
    throw new Refusal(
      'conflict',
      `Payment ${payment.id} is ${payment.status}; only failed_debited can be captured late`,
    )
  }
  payment.status = 'captured'
  recordStatus(ctx, payment)
}

export const takenMinor = (payment: Payment): number => (payment.debited ? payment.amountMinor : 0)

export const refundedMinor = (payment: Payment): number =>
  payment.refunds.reduce((sum, refund) => sum + refund.amountMinor, 0)

/** The cause of a refund is its idempotency key up to the first `#` (README). */
export const causeOf = (idempotencyKey: string): string => idempotencyKey.split('#', 1)[0] ?? ''

/**
 * Gives money back: the same key gives the same refund. Throws `idempotency-key-reused` (same key, another amount),
 * `payment-not-refundable` (no money was taken), `refund-exceeds-payment` (more than what is left).
 */
export function refund(
  ctx: GatewayContext,
  payment: Payment,
  wanted: { amountMinor: number; idempotencyKey: string | null; cause: string },
): Refund {
  const { amountMinor, idempotencyKey } = wanted
  const earlier =
    idempotencyKey === null
      ? undefined
      : payment.refunds.find((candidate) => candidate.idempotencyKey === idempotencyKey)
  if (earlier) {
    if (earlier.amountMinor === amountMinor) return earlier
    throw new Refusal(
      'idempotency-key-reused',
      `Idempotency key ${idempotencyKey} was used for ${earlier.amountMinor}, not ${amountMinor}`,
    )
  }
  if (!payment.debited) {
    throw new Refusal(
      'payment-not-refundable',
      `Payment ${payment.id} is ${payment.status}; there is nothing to give back`,
    )
  }
  const leftMinor = takenMinor(payment) - refundedMinor(payment)
  if (amountMinor > leftMinor) {
    throw new Refusal(
      'refund-exceeds-payment',
      `Payment ${payment.id} has ${leftMinor} left to give back, not ${amountMinor}`,
    )
  }
  const made: Refund = {
    id: `rfnd_${ctx.random('ids/payment-gateway.refund').hex(16)}`,
    ...wanted,
    createdMs: ctx.nowMs,
  }
  payment.refunds.push(made)
  payment.status = amountMinor === leftMinor ? 'refunded' : 'part_refunded'
  ctx.record('payment refunded', {
    payment_id: payment.id,
    refund_id: made.id,
    amount_minor: amountMinor,
    cause: wanted.cause,
    status: payment.status,
  })
  return made
}

/** For the judge: money by payment, with the cause of each refund. */
export const viewPayments = (ctx: GatewayContext): PaymentView[] =>
  Array.from(ctx.state.payments.values(), (payment) => ({
    id: payment.id,
    shop_order_id: payment.merchantOrderId,
    partner_order_id: payment.fyndOrderId,
    taken_minor: takenMinor(payment),
    refunds: payment.refunds.map(({ cause, amountMinor }) => ({
      cause,
      amount_minor: amountMinor,
    })),
  }))

const recordStatus = (ctx: GatewayContext, payment: Payment) =>
  ctx.record('payment settled', {
    payment_id: payment.id,
    merchant_order_id: payment.merchantOrderId,
    status: payment.status,
    debited: payment.debited,
  })
