import { createHash } from 'node:crypto'
import type {
  Address,
  CartLine,
  CommonItem,
  CommonOrder,
  ItemEvent,
  OrderStatus,
  PaymentMode,
  PaymentStatus,
} from './model.ts'
import type { Site } from './site.ts'
import type { Storage } from './storage.ts'

export type OrderRow = {
  number: number
  id: string
  status: OrderStatus
  customer: string
  payment_mode: PaymentMode
  address: string
  total_minor: number
  fingerprint: string
  placing_body: string | null
  fynd_order_id: string | null
  created_at: number
  modified_at: number
}

export type ItemRow = {
  id: string
  order_id: string
  sku: string
  size: string
  quantity: number
  amount_minor: number
  affiliate_bag_id: string
  bag_id: string | null
  shipment_id: string | null
  courier: string | null
  awb: string | null
  status: string | null
  status_at: number | null
}

export type PaymentRow = {
  payment_id: string
  order_id: string
  amount_minor: number
  status: PaymentStatus
  pay_url: string | null
}

/** What a customer is about to buy: enough to tell a reload from a new order. */
export type Purchase = {
  customer: string
  lines: CartLine[]
  address: Address
  paymentMode: PaymentMode
  coupon: string | null
}

/** After this long an unpaid order at the partner is too near its silent end to be reused (fynd.md 5.3: 24 h). */
const reuseMs = 12 * 3_600_000

export function findOrder(storage: Storage, id: string): OrderRow | undefined {
  return storage.get<OrderRow>('SELECT * FROM orders WHERE id = ?', id)
}

/** Reads an order that must be there; throws when it is not, which is a bug of the caller. */
export function orderRow(storage: Storage, id: string): OrderRow {
  const row = findOrder(storage, id)
  if (row === undefined) throw new Error(`No order ${id}.`)
  return row
}

export function itemRows(storage: Storage, orderId: string): ItemRow[] {
  return storage.all<ItemRow>('SELECT * FROM items WHERE order_id = ? ORDER BY position', orderId)
}

/** The order that a reload of the confirm page shows again (kartify.md 4, reload trap), or undefined. */
export function reusableOrder(site: Site, purchase: Purchase): OrderRow | undefined {
  return site.storage.get<OrderRow>(
    `SELECT * FROM orders WHERE customer = ? AND fingerprint = ? AND status IN ('missing', 'failed') AND created_at >= ?
     ORDER BY number DESC LIMIT 1`,
    purchase.customer,
    fingerprintOf(site, purchase),
    site.nowMs() - reuseMs,
  )
}

/** Writes a new missing order with one item for each unit, and the body that its F4 call will carry. In a transaction. */
export function draftOrder(site: Site, purchase: Purchase): OrderRow {
  const { storage } = site
  const nowMs = site.nowMs()
  const last = storage.get<{ number: number | null }>('SELECT max(number) AS number FROM orders')
  const number = Math.max((last?.number ?? 0) + 1, site.firstOrderNumber)
  const id = String(number)
  const units = purchase.lines.flatMap((line) =>
    Array.from({ length: line.quantity }, () => ({
      sku: line.sku,
      ...site.range.unit(line.sku),
    })),
  )
  const amounts = discounted(site, purchase.coupon, units)
  const totalMinor = amounts.reduce((sum, amountMinor) => sum + amountMinor, 0)
  storage.run(
    `INSERT INTO orders (number, id, status, customer, payment_mode, address, total_minor, fingerprint, created_at, modified_at)
     VALUES (?, ?, 'missing', ?, ?, ?, ?, ?, ?, ?)`,
    number,
    id,
    purchase.customer,
    purchase.paymentMode,
    JSON.stringify(purchase.address),
    totalMinor,
    fingerprintOf(site, purchase),
    nowMs,
    nowMs,
  )
  units.forEach((unit, position) => {
    const itemId = `${id}-${position + 1}`
    storage.run(
      `INSERT INTO items (id, order_id, position, sku, size, quantity, amount_minor, affiliate_bag_id)
       VALUES (?, ?, ?, ?, ?, 1, ?, ?)`,
      itemId,
      id,
      position,
      unit.sku,
      unit.size,
      amounts[position] ?? unit.priceMinor,
      itemId,
    )
  })
  addHistory(storage, id, 'missing', nowMs, 'confirm order page')
  return orderRow(storage, id)
}

/** What is paid for each unit: a coupon is spread over the units by their price, to the paisa. */
function discounted(site: Site, coupon: string | null, units: { priceMinor: number }[]): number[] {
  const fullMinor = units.reduce((sum, unit) => sum + unit.priceMinor, 0)
  const offMinor = (coupon !== null && site.range.couponMinor(coupon)) || 0
  // The cart may have shrunk since the coupon was taken.
  if (offMinor >= fullMinor) return units.map((unit) => unit.priceMinor)
  const shares = units.map((unit) => Math.floor((offMinor * unit.priceMinor) / fullMinor))
  const spread = shares.reduce((sum, share) => sum + share, 0)
  return units.map(
    (unit, index) => unit.priceMinor - (shares[index] ?? 0) - (index < offMinor - spread ? 1 : 0),
  )
}

/** Moves an order and writes its history; in a transaction. The same status again is no move. */
export function moveOrder(site: Site, id: string, status: OrderStatus, why: string) {
  const { storage } = site
  if (orderRow(storage, id).status === status) return
  storage.run(
    'UPDATE orders SET status = ?, modified_at = ? WHERE id = ?',
    status,
    site.nowMs(),
    id,
  )
  addHistory(storage, id, status, site.nowMs(), why)
}

/** Writes a line of history without a move; in a transaction. The same line twice in a row is kept once. */
export function noteOrder(site: Site, id: string, why: string) {
  const last = site.storage.get<{ why: string }>(
    'SELECT why FROM order_history WHERE order_id = ? ORDER BY position DESC LIMIT 1',
    id,
  )
  if (last?.why === why) return
  addHistory(site.storage, id, orderRow(site.storage, id).status, site.nowMs(), why)
}

/** An order as the admin surface and every judge sees it: what is the same for every partner. */
export function showOrder<Item>(
  storage: Storage,
  row: OrderRow,
  showItem: (item: ItemRow) => Item,
): CommonOrder & { items: (CommonItem & Item)[] } {
  const payment = currentPayment(storage, row.id)
  const refunds = refundRows(storage, row.id)
  const events = storage.all<ItemEventRow>(
    'SELECT * FROM item_events WHERE order_id = ? ORDER BY number',
    row.id,
  )
  const history = storage.all<{ status: OrderStatus; at: number; why: string }>(
    'SELECT status, at, why FROM order_history WHERE order_id = ? ORDER BY position',
    row.id,
  )
  const address: Address = JSON.parse(row.address)
  return {
    id: row.id,
    status: row.status,
    customer: row.customer,
    payment_mode: row.payment_mode,
    pincode: address.pincode,
    total_minor: row.total_minor,
    created_at: isoTime(row.created_at),
    modified_at: isoTime(row.modified_at),
    payment:
      payment === undefined
        ? null
        : {
            payment_id: payment.payment_id,
            status: payment.status,
            amount_minor: payment.amount_minor,
          },
    refund_due_minor: claimable(storage, row.id).reduce((sum, claim) => sum + claim.amountMinor, 0),
    refunded_minor: refunds.reduce(
      (sum, refund) => sum + (refund.refund_id === null ? 0 : (refund.claimed_minor ?? 0)),
      0,
    ),
    refunds: refunds.flatMap((refund) =>
      refund.refund_id === null
        ? []
        : [
            {
              cause: refund.cause,
              amount_minor: refund.claimed_minor ?? 0,
              refund_id: refund.refund_id,
            },
          ],
    ),
    items: itemRows(storage, row.id).map((item) => ({
      ...showCommonItem(item, events),
      ...showItem(item),
    })),
    history: history.map((entry) => ({
      status: entry.status,
      at: isoTime(entry.at),
      why: entry.why,
    })),
  }
}

/** The payment that counts: the captured one, else the latest. */
export function currentPayment(storage: Storage, orderId: string): PaymentRow | undefined {
  return storage.get<PaymentRow>(
    `SELECT * FROM payments WHERE order_id = ? ORDER BY status = 'captured' DESC, created_at DESC, rowid DESC LIMIT 1`,
    orderId,
  )
}

export type RefundRow = {
  number: number
  order_id: string
  cause: string
  payment_id: string | null
  due_minor: number
  claimed_minor: number | null
  refund_id: string | null
}

export function refundRows(storage: Storage, orderId: string): RefundRow[] {
  return storage.all<RefundRow>('SELECT * FROM refunds WHERE order_id = ? ORDER BY number', orderId)
}

/** Writes down that money has to go back, once for each cause; in a transaction. */
export function oweRefund(
  site: Site,
  orderId: string,
  cause: string,
  amountMinor: number,
  paymentId?: string,
) {
  site.storage.run(
    'INSERT OR IGNORE INTO refunds (order_id, cause, payment_id, due_minor, at) VALUES (?, ?, ?, ?, ?)',
    orderId,
    cause,
    paymentId ?? null,
    amountMinor,
    site.nowMs(),
  )
}

/** Forgets that the partner refused a paid order, when it took it after all; in a transaction. Money under way stays under way. */
export function dropRefusal(site: Site, orderId: string) {
  site.storage.run(
    `DELETE FROM refunds WHERE order_id = ? AND cause = 'order-refused' AND claimed_minor IS NULL`,
    orderId,
  )
}

/** What may be given back now, cause by cause: never more in all than was taken (invariant of every gateway). */
export function claimable(storage: Storage, orderId: string) {
  const taken = storage.all<PaymentRow>(
    `SELECT * FROM payments WHERE order_id = ? AND status = 'captured' ORDER BY created_at, rowid`,
    orderId,
  )
  const leftMinor = new Map(taken.map((payment) => [payment.payment_id, payment.amount_minor]))
  const rows = refundRows(storage, orderId)
  const paymentOf = (row: RefundRow) => row.payment_id ?? taken[0]?.payment_id
  for (const row of rows) {
    const paymentId = paymentOf(row)
    if (row.claimed_minor !== null && paymentId !== undefined) {
      leftMinor.set(paymentId, (leftMinor.get(paymentId) ?? 0) - row.claimed_minor)
    }
  }
  return rows.flatMap((row) => {
    const paymentId = paymentOf(row)
    if (row.refund_id !== null || paymentId === undefined) return []
    const left = leftMinor.get(paymentId) ?? 0
    const amountMinor = row.claimed_minor ?? Math.max(0, Math.min(row.due_minor, left))
    if (row.claimed_minor === null) leftMinor.set(paymentId, left - amountMinor)
    return amountMinor === 0
      ? []
      : [{ number: row.number, cause: row.cause, paymentId, amountMinor }]
  })
}

/** ISO 8601 in UTC. */
export function isoTime(atMs: number): string {
  return new Date(atMs).toISOString()
}

type ItemEventRow = {
  item_id: string
  status: string
  event: string
  event_id: string
  at: number
  is_applied: number
}

function showCommonItem(item: ItemRow, events: ItemEventRow[]): CommonItem {
  const history: ItemEvent[] = events
    .filter((event) => event.item_id === item.id)
    .map((event) => ({
      status: event.status,
      event: event.event,
      event_id: event.event_id,
      at: isoTime(event.at),
      applied: event.is_applied === 1,
    }))
  return {
    id: item.id,
    sku: item.sku,
    size: item.size,
    quantity: item.quantity,
    amount_minor: item.amount_minor,
    status: item.status,
    history,
  }
}

function addHistory(storage: Storage, id: string, status: OrderStatus, at: number, why: string) {
  storage.run(
    `INSERT INTO order_history (order_id, position, status, at, why)
     SELECT ?, coalesce(max(position), 0) + 1, ?, ?, ? FROM order_history WHERE order_id = ?`,
    id,
    status,
    at,
    why,
    id,
  )
}

/** Cart, prices, address and payment mode, in one short text. */
export function fingerprintOf(site: Site, purchase: Purchase): string {
  const lines = purchase.lines
    .map((line) => [line.sku, line.quantity, site.range.unit(line.sku).priceMinor])
    .sort((one, other) => (String(one[0]) < String(other[0]) ? -1 : 1))
  return createHash('sha256')
    .update(JSON.stringify([lines, purchase.address, purchase.paymentMode, purchase.coupon]))
    .digest('hex')
}
