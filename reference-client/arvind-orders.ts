import { type ArvindSite, isModuleOn } from './arvind-site.ts'
import type { CommonItem, CommonOrder, PaymentMode } from './model.ts'
import {
  dropRefusal,
  type ItemRow,
  isoTime,
  moveOrder,
  type OrderRow,
  orderRow,
  oweRefund,
  showOrder,
} from './orders.ts'
import { arvindStatuses, isArvindStatus } from './partners/arvind.ts'

export type AskKind = 'cancel' | 'return'

/** What became of a request of the customer: `asked` without an answer, or with one that was lost. */
export type AskState = 'asked' | 'accepted' | 'refused'

export type AskRow = {
  item_id: string
  kind: AskKind
  order_id: string
  state: AskState
  attempts: number
  code: string | null
  message: string | null
  asked_at: number
  answered_at: number | null
}

export type PushRow = {
  order_id: string
  body: string | null
  attempts: number
  is_maybe_applied: number
  last_at: number
  last_error: string | null
  arvind_order_id: string | null
}

/** What the webhooks told of an item, beside its status (arvind.md 3.7). */
type ItemFacts = {
  consignment_id: string | null
  invoice_number: string | null
  invoice_url: string | null
  awb_number: string | null
  courier: string | null
  tracking_url: string | null
  delivered_at: string | null
  return_id: string | null
  refund_status: string | null
  reason: string | null
}

export type ArvindOrderItem = CommonItem &
  ItemFacts & {
    status_display: string
    cancel_state: AskState | null
    return_state: AskState | null
    buttons: { cancel: boolean; return: boolean }
  }

/** An order of an Arvind website. */
export type ArvindOrder = CommonOrder & {
  arvind_order_id: string | null
  push: {
    attempts: number
    last_at: string
    last_error: string | null
    maybe_applied: boolean
  } | null
  items: ArvindOrderItem[]
}

/** "Not moved beyond packed" (seed 001). */
const cancellable = new Set<string | null>([null, 'INVOICED', 'PACKED'])

/** The order as View order shows it, down to the buttons that its customer sees. */
export function showArvindOrder(site: ArvindSite, row: OrderRow): ArvindOrder {
  const push = pushRow(site, row.id)
  const order = showOrder(site.storage, row, (item) => showItem(site, row, item))
  return {
    ...order,
    arvind_order_id: push?.arvind_order_id ?? null,
    push:
      push === undefined
        ? null
        : {
            attempts: push.attempts,
            last_at: isoTime(push.last_at),
            last_error: push.last_error,
            maybe_applied: push.is_maybe_applied === 1,
          },
  }
}

export function pushRow(site: ArvindSite, orderId: string): PushRow | undefined {
  return site.storage.get<PushRow>('SELECT * FROM arvind_pushes WHERE order_id = ?', orderId)
}

export function askRow(site: ArvindSite, itemId: string, kind: AskKind): AskRow | undefined {
  return site.storage.get<AskRow>(
    'SELECT * FROM arvind_asks WHERE item_id = ? AND kind = ?',
    itemId,
    kind,
  )
}

/** Which buttons an item has now (kartify.md 7): they go on success, stay on failure, and need a module that is on. */
export function buttonsOf(site: ArvindSite, order: OrderRow, item: ItemRow) {
  const isAccepted = (kind: AskKind) => askRow(site, item.id, kind)?.state === 'accepted'
  const isOrdered = order.status === 'processing' || order.status === 'processed'
  const isOpen = isModuleOn(site) && isOrdered
  return {
    cancel: isOpen && cancellable.has(item.status) && !isAccepted('cancel'),
    // The delivered webhook is what makes a return possible (seed 001), also after a cancellation that came to nothing.
    return: isOpen && item.status === 'DELIVERED' && !isAccepted('return'),
  }
}

/** The partner has this order: whatever said so ends every doubt about its push. In a transaction. */
export function learnPushed(site: ArvindSite, orderId: string, why: string) {
  site.storage.run(
    'UPDATE arvind_pushes SET is_maybe_applied = 0, last_error = NULL WHERE order_id = ?',
    orderId,
  )
  dropRefusal(site, orderId)
  if (orderRow(site.storage, orderId).status === 'processing') {
    moveOrder(site, orderId, 'processed', why)
  }
}

/** A prepaid item is owed back once, whichever way the shop learns that the customer will not have it; in a transaction. */
export function oweItem(site: ArvindSite, paymentMode: PaymentMode, item: ItemRow) {
  // Cash was never ours: Arvind pays a COD return by NEFT (arvind.md 4.3).
  if (paymentMode === 'COD') return
  oweRefund(site, item.order_id, `item:${item.id}`, item.amount_minor)
}

/** The goods are on their way after all: what was not given back yet is owed no longer; in a transaction. */
export function forgiveItem(site: ArvindSite, item: ItemRow) {
  site.storage.run(
    'DELETE FROM refunds WHERE order_id = ? AND cause = ? AND claimed_minor IS NULL',
    item.order_id,
    `item:${item.id}`,
  )
}

function showItem(site: ArvindSite, order: OrderRow, item: ItemRow) {
  const cancelState = askRow(site, item.id, 'cancel')?.state ?? null
  const returnState = askRow(site, item.id, 'return')?.state ?? null
  return {
    ...factsOf(site, item.id),
    status_display: labelOf(order, item, cancelState, returnState),
    cancel_state: cancelState,
    return_state: returnState,
    buttons: buttonsOf(site, order, item),
  }
}

function labelOf(
  order: OrderRow,
  item: ItemRow,
  cancelState: AskState | null,
  returnState: AskState | null,
): string {
  if (cancelState === 'accepted' && cancellable.has(item.status)) return arvindStatuses.CANCELLED
  if (returnState === 'accepted' && item.status === 'DELIVERED') {
    return arvindStatuses.RETURN_REQUESTED
  }
  if (item.status === null)
    return `${order.status.slice(0, 1).toUpperCase()}${order.status.slice(1)}`
  return isArvindStatus(item.status) ? arvindStatuses[item.status] : item.status
}

const noFacts: ItemFacts = {
  consignment_id: null,
  invoice_number: null,
  invoice_url: null,
  awb_number: null,
  courier: null,
  tracking_url: null,
  delivered_at: null,
  return_id: null,
  refund_status: null,
  reason: null,
}

function factsOf(site: ArvindSite, itemId: string): ItemFacts {
  const row = site.storage.get<ItemFacts>('SELECT * FROM arvind_items WHERE item_id = ?', itemId)
  if (row === undefined) return noFacts
  // By name: the driver hangs measurements of its own on a row, and they must reach no answer.
  return {
    consignment_id: row.consignment_id,
    invoice_number: row.invoice_number,
    invoice_url: row.invoice_url,
    awb_number: row.awb_number,
    courier: row.courier,
    tracking_url: row.tracking_url,
    delivered_at: row.delivered_at,
    return_id: row.return_id,
    refund_status: row.refund_status,
    reason: row.reason,
  }
}

/** Keeps what is told; what is not told stays, but for what `ends`. In a transaction. */
export function keepFacts(
  site: ArvindSite,
  itemId: string,
  told: Partial<ItemFacts>,
  ends: (keyof ItemFacts)[] = [],
) {
  const facts = factsOf(site, itemId)
  const values = Object.keys(noFacts).map((name) => {
    const key = name as keyof ItemFacts
    return told[key] ?? (ends.includes(key) ? null : facts[key])
  })
  site.storage.run(
    `INSERT OR REPLACE INTO arvind_items (item_id, ${Object.keys(noFacts).join(', ')})
     VALUES (?${', ?'.repeat(values.length)})`,
    itemId,
    ...values,
  )
}
