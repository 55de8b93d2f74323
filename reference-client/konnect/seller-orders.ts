import type { KonnectOrder } from '../partners/konnect-shapes.ts'
import type { Storage } from '../storage.ts'
import { type SellerSite, utcTime } from './seller-site.ts'
import { markStock, shipStock } from './seller-stock.ts'

export type OrderKind = 'forward' | 'return' | 'rto'

export type SellerOrderRow = {
  number: number
  id: string
  kind: OrderKind
  forward_id: string
  location: string
  ordering_channel: string | null
  marketplace_order_id: string | null
  status: string
  is_self_ship: number
  courier_name: string | null
  courier_code: string | null
  awb_numbers: string
  order_date: number | null
  is_reserved: number
  is_shipped: number
  courier_asks: number
  courier_due_at: number | null
  modified_at: number
}

export type LineRow = {
  id: string
  sku: string
  quantity: number
  status: string | null
  is_cancelled: number
}

/** Before the parcel leaves: the lines are reserved in the warehouse. */
export const reservingStatuses = ['CREATED', 'CONFIRMED', 'PROCESSING', 'COMPLETED']

/** What the order lists are asked for, in the order of a life, so that an order that moves while we read is met again. */
export const orderStatuses = [
  ...reservingStatuses,
  'TRANSIT',
  'HANDED_OVER_TO_CUSTOMER',
  'DELIVERED',
  'CANCELLED',
]

export const returnStatuses = [
  'RETURN_PROCESSING',
  'RETURN_DELIVERED',
  'RETURN_COMPLETED',
  'CREDIT_NOTE_GENERATED',
]

/** No list of ours shows the order any more: it went to a store that is not ours. */
export const gone = 'GONE'

/** How far along a status is. COMPLETED means packed, not finished (konnect.md 3.1). */
const ranks = new Map(
  [[gone], ...orderStatuses.map((status) => [status]), ...returnStatuses.map((status) => [status])]
    .flat()
    .map((status, rank) => [status, rank]),
)

/** True when a status is at or beyond another one; an unknown word is beyond nothing. */
export function isAtLeast(status: string, other: string): boolean {
  const rank = ranks.get(status)
  const wanted = ranks.get(other)
  return rank !== undefined && wanted !== undefined && rank >= wanted
}

export function findSellerOrder(storage: Storage, id: string): SellerOrderRow | undefined {
  return storage.get<SellerOrderRow>('SELECT * FROM seller_orders WHERE id = ?', id)
}

/** Reads an order that must be there; throws when it is not, which is a bug of the caller. */
export function sellerOrder(storage: Storage, id: string): SellerOrderRow {
  const row = findSellerOrder(storage, id)
  if (row === undefined) throw new Error(`No order ${id}.`)
  return row
}

export function lineRows(storage: Storage, orderId: string): LineRow[] {
  return storage.all<LineRow>(
    'SELECT id, sku, quantity, status, is_cancelled FROM seller_lines WHERE order_id = ? ORDER BY position',
    orderId,
  )
}

/** The lines that are still wanted. */
export function liveLines(storage: Storage, orderId: string): LineRow[] {
  return lineRows(storage, orderId).filter((line) => line.is_cancelled === 0 && line.quantity > 0)
}

/**
 * Takes in what Konnect says of one order; in a transaction. `location` is the store whose list showed it; without it the store stays.
 * An older reading than what is known changes nothing.
 */
export function takeReading(
  site: SellerSite,
  reading: KonnectOrder,
  location: string | undefined,
): 'new' | 'changed' | 'same' {
  const { storage } = site
  const row = findSellerOrder(storage, reading.id)
  if (row === undefined) {
    // Looked up by id, and it is nobody's we know: a list will say whose it is.
    if (location === undefined) return 'same'
    insertOrder(site, reading, location)
    return 'new'
  }
  const isMoved = location !== undefined && location !== row.location
  const isKnownWord = ranks.has(reading.status)
  if (!isMoved && isKnownWord && !isAtLeast(reading.status, row.status)) return 'same'
  const before = fingerprint(storage, row.id)
  if (isMoved) moveTo(site, row, location)
  const areLinesChanged = takeLines(site, reading)
  takeFacts(site, reading)
  changeStatus(site, row.id, reading.status, isMoved ? `now at ${location}` : 'read from Konnect')
  const isChanged = before !== fingerprint(storage, row.id)
  if (areLinesChanged) markOrder(site, sellerOrder(storage, row.id))
  if (isChanged) touch(site, row.id)
  return isChanged ? 'changed' : 'same'
}

/** Moves an order along, with what that means for the warehouse; in a transaction. The same status again is no move. */
export function changeStatus(site: SellerSite, id: string, status: string, why: string) {
  const { storage } = site
  const row = sellerOrder(storage, id)
  if (row.status === status) return
  storage.run('UPDATE seller_orders SET status = ? WHERE id = ?', status, id)
  addHistory(site, id, status, why)
  touch(site, id)
  if (row.kind === 'return') {
    // Konnect may have put goods back on its own count: ours is told again.
    if (status === 'RETURN_COMPLETED') markOrder(site, row)
    return
  }
  if (row.kind === 'forward' && returnStatuses.includes(status)) {
    storage.run(`UPDATE seller_orders SET kind = 'rto' WHERE id = ?`, id)
  }
  if (reservingStatuses.includes(status)) {
    if (row.is_reserved === 0 && row.is_shipped === 0) reserve(site, row, true)
  } else if (row.is_reserved === 1) {
    const hasLeft = status !== 'CANCELLED' && status !== gone
    if (hasLeft) ship(site, id)
    else reserve(site, row, false)
  } else if (status === 'RETURN_COMPLETED') markOrder(site, row)
}

/** The parcel left the warehouse: once, whoever notices first; in a transaction. */
export function ship(site: SellerSite, id: string) {
  const row = sellerOrder(site.storage, id)
  if (row.is_reserved === 0) return
  site.storage.run('UPDATE seller_orders SET is_reserved = 0, is_shipped = 1 WHERE id = ?', id)
  shipStock(site, row.location, liveLines(site.storage, id))
}

/** Cancels lines or parts of lines here; in a transaction. */
export function cancelLines(
  site: SellerSite,
  id: string,
  lines: { orderItemId: string; quantity: number }[],
) {
  for (const line of lines) {
    site.storage.run(
      `UPDATE seller_lines SET is_cancelled = CASE WHEN quantity <= ? THEN 1 ELSE is_cancelled END,
       quantity = CASE WHEN quantity <= ? THEN quantity ELSE quantity - ? END WHERE order_id = ? AND id = ?`,
      line.quantity,
      line.quantity,
      line.quantity,
      id,
      line.orderItemId,
    )
  }
  markOrder(site, sellerOrder(site.storage, id))
  touch(site, id)
}

/** Says that Konnect's count of the order's SKUs may differ from ours now; in a transaction. */
export function markOrder(site: SellerSite, row: SellerOrderRow) {
  markStock(
    site,
    row.location,
    lineRows(site.storage, row.id).map((line) => line.sku),
  )
}

/** Keeps the courier of an order; in a transaction. */
export function keepCourier(
  site: SellerSite,
  id: string,
  courier: { name: string | null; code: string | null; awbNumbers: string[] },
) {
  site.storage.run(
    `UPDATE seller_orders SET courier_name = coalesce(?, courier_name), courier_code = coalesce(?, courier_code),
     awb_numbers = CASE WHEN ? = '[]' THEN awb_numbers ELSE ? END WHERE id = ?`,
    courier.name,
    courier.code,
    JSON.stringify(courier.awbNumbers),
    JSON.stringify(courier.awbNumbers),
    id,
  )
  touch(site, id)
}

/** The number of the invoice that Konnect says it has: ours, or one that Fynd wrote by itself (konnect.md 2.22). */
export function toldInvoice(storage: Storage, id: string): string | null {
  const row = storage.get<{ invoice_number: string }>(
    'SELECT invoice_number FROM seller_told_invoices WHERE order_id = ?',
    id,
  )
  return row?.invoice_number ?? null
}

export function awbNumbers(row: SellerOrderRow): string[] {
  return JSON.parse(row.awb_numbers)
}

/** The order as the seller's surface and every judge sees it. */
export function showSellerOrder(storage: Storage, id: string) {
  const row = sellerOrder(storage, id)
  const invoice = (type: 'sale' | 'return') =>
    storage.get<{ invoice_number: string }>(
      'SELECT invoice_number FROM seller_invoices WHERE order_id = ? AND type = ? AND is_taken = 1',
      id,
      type,
    )?.invoice_number ?? null
  // Konnect's word about its own invoice fills in where none of ours was taken.
  const told = row.kind === 'return' ? null : toldInvoice(storage, id)
  const numbers = awbNumbers(row)
  const hasCourier = row.courier_name !== null || row.courier_code !== null || numbers.length > 0
  return {
    id: row.id,
    kind: row.kind,
    forward_id: row.forward_id,
    location: row.location,
    ordering_channel: row.ordering_channel,
    marketplace_order_id: row.marketplace_order_id,
    status: row.status,
    is_self_ship: row.is_self_ship === 1,
    order_date: row.order_date === null ? null : utcTime(row.order_date),
    invoice_number: invoice('sale') ?? told,
    credit_note_number: invoice('return'),
    courier: hasCourier
      ? { name: row.courier_name, code: row.courier_code, awb_numbers: numbers }
      : null,
    reserved: row.is_reserved === 1,
    shipped: row.is_shipped === 1,
    lines: lineRows(storage, id).map((line) => ({
      order_item_id: line.id,
      sku: line.sku,
      quantity: line.quantity,
      status: line.status,
      is_cancelled: line.is_cancelled === 1 || line.quantity === 0 || row.status === 'CANCELLED',
    })),
    work: storage
      .all<WorkView>(
        'SELECT operation, state, attempts, code, last_error FROM seller_work WHERE subject = ? ORDER BY number',
        id,
      )
      .map((work) => ({ ...work })),
    history: storage
      .all<{ status: string; at: number; why: string }>(
        'SELECT status, at, why FROM seller_history WHERE order_id = ? ORDER BY position',
        id,
      )
      .map((entry) => ({ status: entry.status, at: utcTime(entry.at), why: entry.why })),
    modified_at: utcTime(row.modified_at),
  }
}

export type SellerOrder = ReturnType<typeof showSellerOrder>

type WorkView = {
  operation: string
  state: string
  attempts: number
  code: string | null
  last_error: string | null
}

function insertOrder(site: SellerSite, reading: KonnectOrder, location: string) {
  const { storage } = site
  const forward = findSellerOrder(storage, reading.forwardId)
  const isOnTheWayBack = returnStatuses.includes(reading.status)
  const kind: OrderKind = reading.isReturn ? 'return' : isOnTheWayBack ? 'rto' : 'forward'
  const isReserved = kind === 'forward' && reservingStatuses.includes(reading.status)
  // What comes back had left, unless we know better: an order that was cancelled between invoice and dispatch never left.
  const isShipped =
    kind === 'return'
      ? (forward?.is_shipped ?? 1) === 1
      : !isReserved && reading.status !== 'CANCELLED'
  storage.run(
    `INSERT INTO seller_orders (id, kind, forward_id, location, ordering_channel, marketplace_order_id, status, is_self_ship,
     awb_numbers, order_date, is_reserved, is_shipped, courier_asks, modified_at)
     VALUES (?, ?, ?, ?, ?, ?, ?, ?, '[]', ?, ?, ?, 0, ?)`,
    reading.id,
    kind,
    reading.forwardId,
    location,
    reading.orderingChannel,
    reading.marketplaceOrderId,
    reading.status,
    reading.isSelfShip ? 1 : 0,
    reading.orderDateMs,
    isReserved ? 1 : 0,
    isShipped ? 1 : 0,
    site.nowMs(),
  )
  takeLines(site, reading)
  takeFacts(site, reading)
  addHistory(site, reading.id, reading.status, 'read from Konnect')
  // Our last word to Konnect may have overwritten what the order took: the new count goes out again.
  if (isReserved) markOrder(site, sellerOrder(storage, reading.id))
}

/** Another store of ours has it now: what was done at the old one counts no more. */
function moveTo(site: SellerSite, row: SellerOrderRow, location: string) {
  const { storage } = site
  if (row.is_reserved === 1) markOrder(site, row)
  storage.run('UPDATE seller_orders SET location = ? WHERE id = ?', location, row.id)
  storage.run(`DELETE FROM seller_work WHERE subject = ? AND state <> 'waiting'`, row.id)
  if (row.is_reserved === 1) markOrder(site, { ...row, location })
}

function takeLines(site: SellerSite, reading: KonnectOrder): boolean {
  const { storage } = site
  const before = JSON.stringify(lineRows(storage, reading.id))
  // A line that is told no more was cancelled.
  storage.run('UPDATE seller_lines SET is_cancelled = 1 WHERE order_id = ?', reading.id)
  reading.lines.forEach((line, position) => {
    const isCancelled = line.quantity === 0 || /cancel/i.test(line.status ?? '')
    storage.run(
      `INSERT INTO seller_lines (order_id, id, position, sku, quantity, status, is_cancelled) VALUES (?, ?, ?, ?, ?, ?, ?)
       ON CONFLICT (order_id, id) DO UPDATE SET quantity = excluded.quantity, status = excluded.status,
       is_cancelled = excluded.is_cancelled`,
      reading.id,
      line.id,
      position,
      line.sku,
      line.quantity,
      line.status,
      isCancelled ? 1 : 0,
    )
  })
  return before !== JSON.stringify(lineRows(storage, reading.id))
}

function takeFacts(site: SellerSite, reading: KonnectOrder) {
  site.storage.run(
    `UPDATE seller_orders SET is_self_ship = ?, ordering_channel = coalesce(?, ordering_channel),
     marketplace_order_id = coalesce(?, marketplace_order_id), order_date = coalesce(?, order_date),
     courier_name = coalesce(?, courier_name), courier_code = coalesce(?, courier_code),
     awb_numbers = CASE WHEN ? = '[]' THEN awb_numbers ELSE ? END WHERE id = ?`,
    reading.isSelfShip ? 1 : 0,
    reading.orderingChannel,
    reading.marketplaceOrderId,
    reading.orderDateMs,
    reading.courierName,
    reading.courierCode,
    JSON.stringify(reading.awbNumbers),
    JSON.stringify(reading.awbNumbers),
    reading.id,
  )
  if (reading.invoiceNumber === null) return
  site.storage.run(
    `INSERT INTO seller_told_invoices (order_id, invoice_number) VALUES (?, ?)
     ON CONFLICT (order_id) DO UPDATE SET invoice_number = excluded.invoice_number`,
    reading.id,
    reading.invoiceNumber,
  )
}

function reserve(site: SellerSite, row: SellerOrderRow, isReserved: boolean) {
  site.storage.run(
    'UPDATE seller_orders SET is_reserved = ? WHERE id = ?',
    isReserved ? 1 : 0,
    row.id,
  )
  markOrder(site, row)
}

/** All that a reading can change, to tell a change from a repetition. */
function fingerprint(storage: Storage, id: string): string {
  const row = sellerOrder(storage, id)
  const facts = [
    row.kind,
    row.location,
    row.status,
    row.is_self_ship,
    row.awb_numbers,
    row.order_date,
  ]
  const courier = [
    row.courier_name,
    row.courier_code,
    row.ordering_channel,
    toldInvoice(storage, id),
  ]
  return JSON.stringify([facts, courier, lineRows(storage, id)])
}

function touch(site: SellerSite, id: string) {
  site.storage.run('UPDATE seller_orders SET modified_at = ? WHERE id = ?', site.nowMs(), id)
}

function addHistory(site: SellerSite, id: string, status: string, why: string) {
  site.storage.run(
    `INSERT INTO seller_history (order_id, position, status, at, why)
     SELECT ?, coalesce(max(position), 0) + 1, ?, ?, ? FROM seller_history WHERE order_id = ?`,
    id,
    status,
    site.nowMs(),
    why,
    id,
  )
}
