import { clearCart } from './carts.ts'
import type { PaymentStatus } from './model.ts'
import {
  claimable,
  currentPayment,
  findOrder,
  moveOrder,
  noteOrder,
  type OrderRow,
  orderRow,
  oweRefund,
  type PaymentRow,
} from './orders.ts'
import type { Outbox, OutboxHandler } from './outbox.ts'
import { withRetries } from './partners/call.ts'
import { PartnerError } from './partners/errors.ts'
import { isHmac } from './partners/hmac.ts'
import { interactive } from './partners/retry.ts'
import { ShopRefusal } from './refusal.ts'
import { logPartner, type Site, type Visit } from './site.ts'

/** What the gateway told of one payment, by whichever way. */
export type PaymentNews = {
  paymentId: string
  orderId: string
  status: PaymentStatus
  amountMinor?: number
}

/** The payment page of an order: opened once, shown again while nothing came of it. */
export async function openPayment(site: Site, order: OrderRow, visit: Visit) {
  const open = currentPayment(site.storage, order.id)
  if (open?.status === 'captured') return { page: 'success', order_id: order.id }
  if (open?.status === 'created' && open.pay_url !== null) {
    return { page: 'pay', order_id: order.id, payment_id: open.payment_id, pay_url: open.pay_url }
  }
  const { public_url, service_url = public_url } = site.settings.read()
  try {
    const opened = await withRetries(site.ports, interactive, `initiate/${order.id}`, (attempt) =>
      site.gateway.initiate(
        {
          merchant_order_id: order.id,
          fynd_order_id: order.fynd_order_id,
          amount_minor: order.total_minor,
          currency: 'INR',
          return_url: `${public_url}/gateway/callback`,
          webhook_url: `${service_url}/gateway/webhook`,
        },
        { trace: visit.trace, attempt, orderId: order.id },
      ),
    )
    site.storage.transaction('payment-opened', () =>
      keepPayment(site, order, { ...opened, amount_minor: order.total_minor, status: 'created' }),
    )
    return { page: 'pay', order_id: order.id, ...opened }
  } catch (error) {
    if (!(error instanceof PartnerError)) throw error
    return {
      page: 'confirm',
      order_id: order.id,
      message: 'The payment cannot be opened at the moment. Please try again.',
    }
  }
}

/** True when the callback's signature is right (kartify.md 10.1). */
export function isFromGateway(
  secret: string,
  form: { payment_id: string; merchant_order_id: string; status: string; debited: string },
  signature: string,
): boolean {
  const signed = [form.payment_id, form.merchant_order_id, form.status, form.debited].join('|')
  return isHmac(secret, signed, signature)
}

/** Applies news of a payment; in a transaction. Told twice, or by two ways, it changes nothing the second time. */
export function applyPayment(site: Site, outbox: Outbox, news: PaymentNews) {
  const order = orderRow(site.storage, news.orderId)
  const known = findPayment(site, news.paymentId)
  if (known !== undefined && known.order_id !== order.id) {
    noteOrder(site, order.id, `payment ${news.paymentId} belongs to order ${known.order_id}`)
    return
  }
  // Taken money stays taken: a late "failed" about the same payment is older news.
  if (known?.status === 'captured') return
  keepPayment(site, order, {
    payment_id: news.paymentId,
    amount_minor: news.amountMinor ?? known?.amount_minor ?? order.total_minor,
    status: news.status,
    pay_url: known?.pay_url ?? null,
  })
  if (news.status === 'captured') applyCapture(site, outbox, order, news.paymentId)
  else if (order.status === 'missing' || order.status === 'failed') {
    const isFailed = news.status === 'failed_not_debited' || news.status === 'aborted'
    if (isFailed) moveOrder(site, order.id, 'failed', `payment ${news.status}`)
    // Debited although failed: the gateway may still say that it has the money (kartify.md 3).
    if (news.status === 'failed_debited') {
      moveOrder(site, order.id, 'missing', 'payment failed but debited')
      noteOrder(site, order.id, 'payment failed but debited')
    }
  }
}

/** Tries the call that a captured payment owes the partner, once; the pump goes on. */
export async function tellPaid(site: Site, outbox: Outbox, orderId: string, visit: Visit) {
  const { paidCall } = site
  if (paidCall === null || outbox.find(paidCall, orderId)?.state !== 'waiting') return
  await outbox.attemptNow(paidCall, orderId, visit.trace, 1)
  outbox.wake()
}

/** The gateway's refund as a call that must happen; its key makes a repeat harmless. */
export function refundHandler(site: Site): OutboxHandler {
  const claimOf = (key: string) => {
    const row = site.storage.get<{
      number: number
      order_id: string
      cause: string
      payment_id: string
      claimed_minor: number
    }>('SELECT * FROM refunds WHERE number = ?', Number(key))
    if (row === undefined) throw new Error(`No refund ${key}.`)
    return row
  }
  return {
    async send(row, context) {
      const claim = claimOf(row.key)
      const refund = await site.gateway.refund(
        claim.payment_id,
        {
          amount_minor: claim.claimed_minor,
          idempotency_key: `refund-${claim.order_id}-${claim.cause}`.slice(0, 200),
        },
        { ...context, orderId: claim.order_id },
      )
      return () => {
        site.storage.run(
          'UPDATE refunds SET refund_id = ? WHERE number = ?',
          refund.refund_id,
          claim.number,
        )
        noteOrder(site, claim.order_id, `refunded ${claim.claimed_minor} for ${claim.cause}`)
      }
    },
    refused(row, error) {
      const claim = claimOf(row.key)
      // The claim is let go, so that the amount can be offered again.
      site.storage.run(
        'UPDATE refunds SET claimed_minor = NULL WHERE number = ? AND refund_id IS NULL',
        claim.number,
      )
      noteOrder(site, claim.order_id, `refund refused: ${error.failure.message}`)
    },
  }
}

/** The button Refund Money (kartify.md 10): one refund for each cause, pressed once or ten times. */
export async function refundMoney(site: Site, outbox: Outbox, orderId: string, visit: Visit) {
  if (findOrder(site.storage, orderId) === undefined) throw unknownOrder(orderId)
  return site.once(`refund/${orderId}`, async () => {
    const claims = site.storage.transaction('claim-refunds', () => {
      const open = claimable(site.storage, orderId)
      for (const claim of open) {
        site.storage.run(
          'UPDATE refunds SET claimed_minor = ?, payment_id = ? WHERE number = ?',
          claim.amountMinor,
          claim.paymentId,
          claim.number,
        )
        outbox.enqueue('refund', String(claim.number), orderId, 60_000)
      }
      return open
    })
    for (const claim of claims) {
      await outbox.attemptNow('refund', String(claim.number), visit.trace)
    }
    outbox.wake()
    const order = site.showOrder(orderRow(site.storage, orderId))
    if (claims.length === 0 && order.refunds.length === 0) {
      throw new ShopRefusal(409, 'nothing-to-refund', `Nothing is due for order ${orderId}.`)
    }
    const { refunded_minor, refund_due_minor, refunds } = order
    return { order_id: orderId, refunded_minor, refund_due_minor, refunds }
  })
}

/** The gateway's own word for a payment's state, as the shop keeps it; undefined when it says nothing new. */
export function readPaymentStatus(status: string, isDebited?: boolean): PaymentStatus | undefined {
  switch (status) {
    case 'captured':
    case 'success':
    case 'part_refunded':
      return 'captured'
    case 'failed':
      return isDebited === true ? 'failed_debited' : 'failed_not_debited'
    case 'failed_debited':
    case 'failed_not_debited':
    case 'aborted':
    case 'created':
      return status
    default:
      return undefined
  }
}

export function unknownOrder(id: string): ShopRefusal {
  return new ShopRefusal(404, 'unknown-order', `No order ${id}.`)
}

/** Takes one gateway webhook, once; answers whether it was known. The F5 call that follows is the pump's. */
export function takeGatewayEvent(
  site: Site,
  outbox: Outbox,
  event: { eventId: string; type: string; news: PaymentNews | undefined; orderId: string },
): 'applied' | 'duplicate' | 'unknown-order' {
  if (findOrder(site.storage, event.orderId) === undefined) return 'unknown-order'
  return site.storage.transaction('gateway-webhook', () => {
    const nowMs = site.nowMs()
    const isNew = site.storage.run(
      `INSERT OR IGNORE INTO inbox (source, event_id, event, order_id, outcome, received_at)
       VALUES ('payment-gateway', ?, ?, ?, 'applied', ?)`,
      event.eventId,
      event.type,
      event.orderId,
      nowMs,
    )
    const outcome = isNew === 1 ? 'applied' : 'duplicate'
    if (isNew === 1 && event.news !== undefined) applyPayment(site, outbox, event.news)
    logPartner(site.storage, nowMs, {
      direction: 'in',
      partner: 'payment-gateway',
      operation: event.type,
      orderId: event.orderId,
      attempt: 1,
      status: 200,
      outcome,
      detail: null,
    })
    return outcome
  })
}

function applyCapture(site: Site, outbox: Outbox, order: OrderRow, paymentId: string) {
  const other = site.storage.get<PaymentRow>(
    `SELECT * FROM payments WHERE order_id = ? AND payment_id <> ? AND status = 'captured'`,
    order.id,
    paymentId,
  )
  const amountMinor = findPayment(site, paymentId)?.amount_minor ?? order.total_minor
  if (other !== undefined) {
    noteOrder(site, order.id, `paid twice: ${paymentId}`)
    oweRefund(site, order.id, `paid-twice:${paymentId}`, amountMinor, paymentId)
    return
  }
  if (order.status !== 'processed') {
    moveOrder(site, order.id, 'processing', `payment ${paymentId} captured`)
    if (site.paidCall !== null) outbox.enqueue(site.paidCall, order.id, order.id, 0)
  }
  clearCart(site, order)
}

function findPayment(site: Site, paymentId: string): PaymentRow | undefined {
  return site.storage.get<PaymentRow>('SELECT * FROM payments WHERE payment_id = ?', paymentId)
}

function keepPayment(
  site: Site,
  order: OrderRow,
  payment: {
    payment_id: string
    amount_minor: number
    status: PaymentStatus
    pay_url: string | null
  },
) {
  site.storage.run(
    `INSERT INTO payments (payment_id, order_id, amount_minor, status, pay_url, created_at) VALUES (?, ?, ?, ?, ?, ?)
     ON CONFLICT (payment_id) DO UPDATE SET amount_minor = excluded.amount_minor, status =
     CASE WHEN payments.status = 'created' OR excluded.status <> 'created' THEN excluded.status ELSE payments.status END,
     pay_url = coalesce(excluded.pay_url, payments.pay_url)`,
    payment.payment_id,
    order.id,
    payment.amount_minor,
    payment.status,
    payment.pay_url,
    site.nowMs(),
  )
}
