import { orderStatuses } from '../model.ts'
import { findOrder, isoTime, type OrderRow } from '../orders.ts'
import { unknownOrder } from '../payments.ts'
import { ShopRefusal } from '../refusal.ts'
import type { Site } from '../site.ts'
import type { Storage, Value } from '../storage.ts'
import { customerOf, limitOf, type ShopContext } from './door.ts'

/** A customer's own orders, newest first; missing ones are not his yet. */
export function listOwnOrders(storage: Storage, c: ShopContext) {
  const rows = storage.all<OrderRow>(
    `SELECT * FROM orders WHERE customer = ? AND status <> 'missing' ORDER BY number DESC LIMIT ?`,
    customerOf(c),
    limitOf(c, 100, 1_000),
  )
  return rows.map((row) => ({
    id: row.id,
    status: row.status,
    total_minor: row.total_minor,
    created_at: isoTime(row.created_at),
  }))
}

const exportRowsMax = 50_000

export function requireOrder(storage: Storage, id: string): OrderRow {
  const row = findOrder(storage, id)
  if (row === undefined) throw unknownOrder(id)
  return row
}

/**
 * Sales >> Orders (kartify.md 2). Missing orders are listed only when chosen. `event=REFUND_INITIATED` is the refund list: the
 * event was seen, or money is due because the partner refused a paid order.
 */
export function findOrders(site: Site, c: ShopContext) {
  const { storage } = site
  const max = limitOf(c, 1_000, 10_000)
  const event = c.req.query('event')
  const status = statusFilter(c, event === undefined ? undefined : 'any')
  const after = c.req.query('after') ?? null
  const where = [status.sql, '(? IS NULL OR number > CAST(? AS INTEGER))']
  const values: Value[] = [...status.values, after, after]
  if (event !== undefined) {
    const refused = event === 'REFUND_INITIATED' ? `OR id IN (SELECT order_id FROM refunds)` : ''
    where.push(`(id IN (SELECT order_id FROM item_events WHERE event = ?) ${refused})`)
    values.push(event)
  }
  const rows = storage.all<OrderRow>(
    `SELECT * FROM orders WHERE ${where.join(' AND ')} ORDER BY number LIMIT ?`,
    ...values,
    max + 1,
  )
  const shown = rows.slice(0, max)
  return {
    orders: shown.map((row) => site.showOrder(row)),
    ...(rows.length > max && { next: shown.at(-1)?.id }),
  }
}

/** The CSV export; missing orders only when asked for (kartify.md 2). */
export function exportOrders(storage: Storage, c: ShopContext) {
  const status = statusFilter(c, undefined)
  const rows = storage.all<OrderRow>(
    `SELECT * FROM orders WHERE ${status.sql} ORDER BY number LIMIT ?`,
    ...status.values,
    exportRowsMax,
  )
  const head = 'id,status,customer,payment_mode,total_minor,fynd_order_id,created_at,modified_at'
  const lines = rows.map((row) =>
    [
      row.id,
      row.status,
      row.customer,
      row.payment_mode,
      String(row.total_minor),
      row.fynd_order_id ?? '',
      isoTime(row.created_at),
      isoTime(row.modified_at),
    ]
      .map(csvCell)
      .join(','),
  )
  return c.body(`${[head, ...lines].join('\r\n')}\r\n`, 200, {
    'content-type': 'text/csv; charset=utf-8',
    'content-disposition': 'attachment; filename="orders.csv"',
  })
}

function statusFilter(c: ShopContext, usual: string | undefined): { sql: string; values: Value[] } {
  const status = c.req.query('status') ?? usual
  if (status === undefined) return { sql: `status <> 'missing'`, values: [] }
  if (status === 'any') return { sql: '1 = 1', values: [] }
  if (!(orderStatuses as readonly string[]).includes(status)) {
    const known = [...orderStatuses, 'any'].join(', ')
    throw new ShopRefusal(400, 'unknown-status', `Unknown status "${status}". Known: ${known}.`)
  }
  return { sql: 'status = ?', values: [status] }
}

/** A cell that begins like a formula is text to a spreadsheet only behind an apostrophe. */
function csvCell(value: string): string {
  const safe = /^[=+\-@\t\r]/.test(value) ? `'${value}` : value
  return /[",\r\n]/.test(safe) ? `"${safe.replaceAll('"', '""')}"` : safe
}
