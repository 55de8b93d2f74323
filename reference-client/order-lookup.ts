import type { Cron } from './jobs.ts'
import type { OrderRow } from './orders.ts'
import type { Outbox } from './outbox.ts'
import { withRetries } from './partners/call.ts'
import { PartnerError } from './partners/errors.ts'
import { unattended } from './partners/retry.ts'
import { applyPayment, readPaymentStatus, tellPaid } from './payments.ts'
import type { Site, Visit } from './site.ts'

const everyMinutes = 15

/** The same cron for every partner; what a paid order then owes its partner is in the outbox. */
export function lookupCron(site: Site, outbox: Outbox): Cron {
  return {
    name: 'order-lookup',
    partner: 'payment-gateway',
    everyMinutes: () => everyMinutes,
    run: (visit) => lookUpOrders(site, outbox, visit),
  }
}

export type LookupReport = { checked: number; paid: number; failed: number; unanswered: number }

/** kartify.md 6: the last 48 hours. */
const windowMs = 48 * 3_600_000
const ordersMax = 2_000
const inboxKeptMs = 30 * 24 * 3_600_000

/**
 * The order look-up cron (kartify.md 6): asks the gateway about every missing prepaid order; what the partner must be told of
 * the paid ones is told at once. Also wakes the calls that must happen and were given up because the partner was away for too long.
 */
async function lookUpOrders(site: Site, outbox: Outbox, visit: Visit): Promise<LookupReport> {
  const report = { checked: 0, paid: 0, failed: 0, unanswered: 0 }
  const since = site.nowMs() - windowMs
  const missing = site.storage.all<OrderRow>(
    `SELECT * FROM orders WHERE status = 'missing' AND payment_mode = 'PREPAID' AND created_at >= ?
     ORDER BY number LIMIT ?`,
    since,
    ordersMax,
  )
  for (const order of missing) {
    report.checked += 1
    const result = await lookUpOne(site, outbox, order, visit)
    if (result !== 'open') report[result] += 1
  }
  revive(site, outbox, since)
  outbox.wake()
  return report
}

async function lookUpOne(
  site: Site,
  outbox: Outbox,
  order: OrderRow,
  visit: Visit,
): Promise<'paid' | 'failed' | 'unanswered' | 'open'> {
  let payments: Awaited<ReturnType<Site['gateway']['payments']>>['items']
  try {
    const answer = await withRetries(site.ports, unattended, `payments/${order.id}`, (attempt) =>
      site.gateway.payments(order.id, { trace: visit.trace, attempt, orderId: order.id }),
    )
    payments = answer.items
  } catch (error) {
    // One order without an answer must not stop the others; the next run asks again.
    if (error instanceof PartnerError) return 'unanswered'
    throw error
  }
  const news = payments.flatMap((payment) => {
    const status = readPaymentStatus(payment.status)
    if (status === undefined || status === 'created') return []
    const { payment_id: paymentId, amount_minor: amountMinor } = payment
    return [{ paymentId, orderId: order.id, status, amountMinor }]
  })
  if (news.length === 0) return 'open'
  const isPaid = news.some((one) => one.status === 'captured')
  const isOver = news.every((one) => one.status !== 'failed_debited')
  const isUnpaid = !isPaid && news.length === payments.length && isOver
  // An attempt that failed says nothing while another one is still open.
  const applied = isPaid || isUnpaid ? news : news.filter((one) => one.status === 'failed_debited')
  if (applied.length === 0) return 'open'
  site.storage.transaction('look-up', () => {
    for (const one of applied) applyPayment(site, outbox, one)
  })
  if (!isPaid) return isUnpaid ? 'failed' : 'open'
  await tellPaid(site, outbox, order.id, visit)
  return 'paid'
}

/** Calls that died while the partner was away are tried again; refused ones are an operator's business. */
function revive(site: Site, outbox: Outbox, since: number) {
  const dead = site.storage.all<{ operation: 'order-placed' | 'confirm-payment'; key: string }>(
    `SELECT outbox.operation, outbox.key FROM outbox JOIN orders ON orders.id = outbox.order_id
     WHERE outbox.state = 'dead' AND orders.created_at >= ? AND orders.status IN ('missing', 'processing')
     AND (outbox.operation = 'confirm-payment' OR outbox.is_maybe_applied = 1) LIMIT 500`,
    since,
  )
  const isOld = site.storage.get(
    'SELECT 1 FROM inbox WHERE received_at < ? LIMIT 1',
    site.nowMs() - inboxKeptMs,
  )
  if (dead.length === 0 && isOld === undefined) return
  site.storage.transaction('keep-house', () => {
    for (const { operation, key } of dead) outbox.enqueue(operation, key, key, 0)
    // Long after the partner's retry ladder has ended nobody sends these again.
    site.storage.run('DELETE FROM inbox WHERE received_at < ?', site.nowMs() - inboxKeptMs)
  })
}
