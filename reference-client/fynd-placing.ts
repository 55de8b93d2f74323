import { clearCart } from './carts.ts'
import { keepPlaced, placingBody } from './fynd-orders.ts'
import type { FyndSite } from './fynd-site.ts'
import type { OrderRow } from './orders.ts'
import { moveOrder, noteOrder, orderRow } from './orders.ts'
import type { Outbox, OutboxHandler } from './outbox.ts'
import { withRetries } from './partners/call.ts'
import { PartnerError } from './partners/errors.ts'
import { interactive } from './partners/retry.ts'
import type { Visit } from './site.ts'

/** While somebody waits at the screen the pump keeps its hands off. */
const leaseMs = 60_000

export type PlacedOutcome =
  | { placed: true }
  | { placed: false; message: string; isRefused: boolean }

/**
 * The order placed call of the confirm page, PREPAID (kartify.md 4.4). Temporary at the partner until it is paid, so nothing has to
 * be made up for when it fails: a reload sends the same bytes again.
 */
export function placePrepaid(
  site: FyndSite,
  orderId: string,
  visit: Visit,
): Promise<PlacedOutcome> {
  return site.once(`place/${orderId}`, async () => {
    const known = orderRow(site.storage, orderId)
    if (known.fynd_order_id !== null) return { placed: true }
    const body =
      known.placing_body ??
      site.storage.transaction('write-placing-body', () => placingBody(site, orderId))
    try {
      const placed = await withRetries(site.ports, interactive, `order-placed/${orderId}`, (n) =>
        site.fynd.placeOrder(body, { trace: visit.trace, attempt: n, orderId }),
      )
      site.storage.transaction('order-placed', () => keepPlaced(site, orderId, placed))
      return { placed: true }
    } catch (error) {
      if (!(error instanceof PartnerError)) throw error
      site.storage.transaction('order-not-placed', () => notPlaced(site, orderId, error))
      return failedOutcome(error)
    }
  })
}

/**
 * The click on Confirm order, COD (kartify.md 4.5). The order and the call that must follow it are written in one transaction; a
 * lost answer leaves the call in the outbox, which repeats the same bytes until the partner says what became of it.
 */
export async function placeCod(
  site: FyndSite,
  outbox: Outbox,
  orderId: string,
  visit: Visit,
): Promise<PlacedOutcome> {
  const outcome = await outbox.attemptNow('order-placed', orderId, visit.trace)
  if (outcome.done || isPlaced(orderRow(site.storage, orderId))) return { placed: true }
  const row = outbox.find('order-placed', orderId)
  const keepsTrying = site.switches.on_order_placed_error === 'processing'
  site.storage.transaction('order-not-placed', () => {
    notPlaced(site, orderId, outcome.error)
    if (!outcome.isWaiting) return
    if (keepsTrying) moveOrder(site, orderId, 'processing', 'the partner is asked again later')
    // Certainly not taken, and the customer was told so: the order must not be placed behind his back.
    else if (row?.is_maybe_applied !== 1) outbox.giveUp('order-placed', orderId)
  })
  outbox.wake()
  if (keepsTrying && outcome.isWaiting) return { placed: true }
  return failedOutcome(outcome.error)
}

/** Writes the COD call into the outbox; in the transaction that writes the order. */
export function enqueuePlacing(site: FyndSite, outbox: Outbox, orderId: string) {
  placingBody(site, orderId)
  outbox.enqueue('order-placed', orderId, orderId, leaseMs)
}

export function placingHandler(site: FyndSite): OutboxHandler {
  return {
    async send(row, context) {
      const { placing_body: body } = orderRow(site.storage, row.order_id)
      if (body === null) throw new Error(`Order ${row.order_id} has no body to send.`)
      const placed = await site.fynd.placeOrder(body, { ...context, orderId: row.order_id })
      return () => {
        keepPlaced(site, row.order_id, placed)
        becomePlaced(site, row.order_id, 'order placed at FYND')
      }
    },
    refused(row, error) {
      notPlaced(site, row.order_id, error)
    },
  }
}

/** What a COD order becomes once the partner has it; in a transaction. */
export function becomePlaced(site: FyndSite, orderId: string, why: string) {
  const order = orderRow(site.storage, orderId)
  moveOrder(site, orderId, 'processed', why)
  clearCart(site, order)
}

function isPlaced(order: OrderRow): boolean {
  return order.status === 'processed'
}

function notPlaced(site: FyndSite, orderId: string, error: PartnerError) {
  noteOrder(site, orderId, `order not placed: ${error.failure.message}`)
  if (error.failure.kind !== 'refused') return
  if (error.failure.code === 'DuplicateOrder') {
    // The partner has this id and does not tell its own. A COD order is learnt from ORDER_PLACED; an unpaid one is left alone, and
    // the next confirm page begins another.
    site.storage.run(
      `UPDATE orders SET fingerprint = 'abandoned' WHERE id = ? AND payment_mode = 'PREPAID'`,
      orderId,
    )
    return
  }
  // Nothing exists at the partner under this id, so the next attempt may carry other settings.
  site.storage.run('UPDATE orders SET placing_body = NULL WHERE id = ?', orderId)
}

function failedOutcome(error: PartnerError): PlacedOutcome {
  const { kind, maybeApplied, message } = error.failure
  if (kind === 'refused') return { placed: false, isRefused: true, message }
  return {
    placed: false,
    isRefused: false,
    message: maybeApplied
      ? 'We could not confirm your order yet. We keep asking; please do not order again.'
      : 'We cannot take your order at the moment. Please try again.',
  }
}
