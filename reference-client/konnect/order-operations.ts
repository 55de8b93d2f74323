import { failedAnswer, PartnerError } from '../partners/errors.ts'
import { type Context, limits, type OrderWrite } from '../partners/konnect.ts'
import type { BatchResult, RecordFailure } from '../partners/konnect-records.ts'
import type { Access } from '../partners/konnect-token.ts'
import { refreshOrder } from './order-poll.ts'
import type { RecordOutcome, WorkHandler, WorkRow } from './order-work.ts'
import {
  awbNumbers,
  cancelLines,
  changeStatus,
  findSellerOrder,
  gone,
  isAtLeast,
  keepCourier,
  lineRows,
  liveLines,
  markOrder,
  type SellerOrderRow,
  sellerOrder,
  ship,
  toldInvoice,
} from './seller-orders.ts'
import type { SellerSite } from './seller-site.ts'
import { addStock } from './seller-stock.ts'

export const orderOperations = [
  'confirm',
  'invoice',
  'pack',
  'dispatch',
  'awb',
  'status',
  'cancel',
  'qc',
  'credit-note',
] as const
export type OrderOperation = (typeof orderOperations)[number]

/** What each operation was asked with, as it is written down. */
export type ConfirmBody = { lines: { orderItemId: string; quantity: number }[] | null }
export type InvoiceBody = { extra: Record<string, unknown> }
export type AwbBody = { awbNumber: string; courierName: string; autoDispatch: boolean }
export type StatusBody = { orderStatus: string; meta: Record<string, unknown> }
export type CancelBody = {
  isWhole: boolean
  lines: { orderItemId: string; quantity: number; reasonCode: string }[]
  /** Pieces of each line when it was asked for, so that a piece that went by a lost answer is not asked for again. */
  had?: Record<string, number>
}
export type QcBody = { lines: { orderItemId: string; quantity: number; reasonCode: string }[] }

type Definition = {
  write: OrderWrite
  record(site: SellerSite, row: WorkRow): { orderId: string } & Record<string, unknown>
  /** Codes by which Konnect says that it is done already: a repeat is success. */
  repeatCodes: string[]
  /** Whether the order is read anew after a repeat: somebody else may have done it, in other words. */
  readsAfterRepeat?: true
  /** Codes that mean nothing before the order was read anew: an unread order is asked about again later. */
  readCodes?: string[]
  /** Twice is not the same as once: an attempt that nobody answered is looked up before the next one. */
  addsUp?: true
  /** What was asked for is so, whatever the refusal says; `order` is fresh from Konnect. */
  isReached(site: SellerSite, row: WorkRow, order: SellerOrderRow, code: string): boolean
  done(site: SellerSite, row: WorkRow): void
}

/** When a courier is asked for the first time after the invoice. */
export const courierFirstMs = 60_000

/** The OMS words of a status push, and the Konnect status they lead to (konnect.md 2.29 and 3.1). */
export const pushedStatuses: Record<string, string> = {
  bag_picked: 'TRANSIT',
  delivery_done: 'DELIVERED',
  rto_bag_delivered: 'RETURN_DELIVERED',
  return_bag_in_transit: 'RETURN_PROCESSING',
  return_bag_delivered: 'RETURN_DELIVERED',
}

const definitions: Record<OrderOperation, Definition> = {
  confirm: {
    write: 'confirm',
    record(_site, row) {
      const { lines }: ConfirmBody = JSON.parse(row.body)
      // Without lines Konnect confirms what the customer has not cancelled meanwhile (konnect.md 2.21).
      return { orderId: row.subject, ...(lines !== null && { orderItems: lines }) }
    },
    repeatCodes: [],
    isReached: (_site, _row, order) => hasReached(order, 'CONFIRMED'),
    done: (site, row) => advance(site, row, 'CONFIRMED', 'confirmed'),
  },
  invoice: {
    write: 'invoice-update',
    record: (site, row) => invoiceRecord(site, row, 'sale'),
    // Not idempotent by itself: a repeat says that it is there (konnect.md 2.22).
    repeatCodes: ['IN453'],
    readsAfterRepeat: true,
    isReached: () => false,
    done(site, row) {
      const told = toldInvoice(site.storage, row.subject)
      // Fynd was first, where the merchant lets it invoice by itself: ours was not taken.
      const isOurs = told === null || told === ownNumber(site, row.subject, 'sale')
      if (isOurs) takeInvoice(site, row.subject, 'sale')
      advance(site, row, 'PROCESSING', 'invoiced')
      site.storage.run(
        `UPDATE seller_orders SET courier_due_at = ? WHERE id = ? AND is_self_ship = 0 AND awb_numbers = '[]'`,
        site.nowMs() + courierFirstMs,
        row.subject,
      )
    },
  },
  pack: {
    write: 'pack',
    record: (_site, row) => ({ orderId: row.subject }),
    repeatCodes: [],
    isReached: (_site, _row, order) => hasReached(order, 'COMPLETED'),
    done: (site, row) => advance(site, row, 'COMPLETED', 'packed'),
  },
  dispatch: {
    write: 'dispatch',
    record: (_site, row) => ({ orderId: row.subject }),
    repeatCodes: [],
    // Handed over keeps the word COMPLETED until the courier has it, so only the code tells a repeat from too early.
    isReached: (_site, _row, order, code) => code === 'D400' && hasReached(order, 'COMPLETED'),
    done: (site, row) => ship(site, row.subject),
  },
  awb: {
    write: 'awb',
    record: (_site, row) => ({ orderId: row.subject, ...(JSON.parse(row.body) as AwbBody) }),
    repeatCodes: [],
    isReached(_site, row, order) {
      const { awbNumber }: AwbBody = JSON.parse(row.body)
      return awbNumbers(order).includes(awbNumber)
    },
    done(site, row) {
      const { awbNumber, courierName, autoDispatch }: AwbBody = JSON.parse(row.body)
      keepCourier(site, row.subject, { name: courierName, code: null, awbNumbers: [awbNumber] })
      const { kind } = sellerOrder(site.storage, row.subject)
      // Not for returns (konnect.md 2.23).
      if (autoDispatch && kind === 'forward') advance(site, row, 'TRANSIT', 'handed over')
    },
  },
  status: {
    write: 'status',
    record: (_site, row) => ({ orderId: row.subject, ...(JSON.parse(row.body) as StatusBody) }),
    repeatCodes: [],
    isReached(_site, row, order) {
      const { orderStatus }: StatusBody = JSON.parse(row.body)
      const target = pushedStatuses[orderStatus] ?? ''
      // RETURN_PROCESSING is the word before the push, too: only our own lost answer speaks for it.
      if (target === 'RETURN_PROCESSING' && row.is_maybe_applied === 0) return false
      return hasReached(order, target)
    },
    done(site, row) {
      const { orderStatus }: StatusBody = JSON.parse(row.body)
      advance(site, row, pushedStatuses[orderStatus] ?? '', `pushed ${orderStatus}`)
    },
  },
  cancel: {
    write: 'cancel',
    record(site, row) {
      return { orderId: row.subject, orderItems: linesToCancel(site, row) }
    },
    repeatCodes: [],
    // Of the order or of one item only; which of them and what is left to cancel says the order (konnect.md 2.20).
    readCodes: ['CN401'],
    addsUp: true,
    isReached: isCancelled,
    done(site, row) {
      const { isWhole }: CancelBody = JSON.parse(row.body)
      if (!isWhole) cancelLines(site, row.subject, linesToCancel(site, row))
      if (isWhole || liveLines(site.storage, row.subject).length === 0) {
        changeStatus(site, row.subject, 'CANCELLED', 'cancelled by the seller')
      }
    },
  },
  qc: {
    write: 'return',
    record(_site, row) {
      const { lines }: QcBody = JSON.parse(row.body)
      return { orderId: row.subject, orderItems: lines }
    },
    repeatCodes: ['R453'],
    isReached: (_site, _row, order) => isAtLeast(order.status, 'RETURN_COMPLETED'),
    done(site, row) {
      restock(site, row)
      advance(site, row, 'RETURN_COMPLETED', 'quality checked')
    },
  },
  'credit-note': {
    write: 'invoice-update',
    record: (site, row) => invoiceRecord(site, row, 'return'),
    repeatCodes: ['IN453'],
    isReached: (_site, _row, order) => order.status === 'CREDIT_NOTE_GENERATED',
    done(site, row) {
      takeInvoice(site, row.subject, 'return')
      advance(site, row, 'CREDIT_NOTE_GENERATED', 'credit note sent')
    },
  },
}

/** How one piece of order work is sent and what it means once it is answered. */
export function orderHandler(site: SellerSite, operation: OrderOperation): WorkHandler {
  const definition = definitions[operation]
  return {
    batchMax: limits.orders,
    accessOf: (row) =>
      site.konnect.accessOf(findSellerOrder(site.storage, row.subject)?.location ?? ''),
    async send(rows, access, context) {
      const sending: Sending = { site, operation, access, context }
      const [row] = rows
      if (definition.addsUp && row?.is_maybe_applied === 1) {
        await refreshOrder(site, { trace: context.trace }, row.subject)
        const order = sellerOrder(site.storage, row.subject)
        if (definition.isReached(site, row, order, '')) {
          return new Map([[row.number, { kind: 'done' }]])
        }
      }
      const records = rows.map((row) => definition.record(site, row))
      const result = await site.konnect.writeOrders(definition.write, records, access, context)
      const outcomes = new Map<number, RecordOutcome>()
      for (const [at, row] of rows.entries()) {
        outcomes.set(row.number, await outcomeOf(sending, row, records[at], result))
      }
      return outcomes
    },
    done: (row) => definition.done(site, row),
    refused: () => {},
  }
}

type Sending = { site: SellerSite; operation: OrderOperation; access: Access; context: Context }

async function outcomeOf(
  sending: Sending,
  row: WorkRow,
  sent: object | undefined,
  result: BatchResult,
): Promise<RecordOutcome> {
  const failure = result.failed.get(row.subject)
  if (failure !== undefined) return afterRefusal(sending, row, sent, failure)
  return result.doubtful.includes(row.subject)
    ? { kind: 'doubtful', error: doubt(sending.site, sending.operation) }
    : { kind: 'done' }
}

/**
 * A refusal may mean that it is done already, by an attempt whose answer was lost or by Konnect itself: the order tells. It may also mean
 * that we knew an older order (the customer has cancelled a part of it): then the same wish is sent once more for what is left.
 */
async function afterRefusal(
  sending: Sending,
  row: WorkRow,
  sent: object | undefined,
  failure: RecordFailure,
): Promise<RecordOutcome> {
  const { site, operation, access, context } = sending
  const definition = definitions[operation]
  const isRepeat = definition.repeatCodes.includes(failure.code)
  if (isRepeat && !definition.readsAfterRepeat) return { kind: 'done' }
  try {
    await refreshOrder(site, { trace: context.trace }, row.subject)
  } catch (error) {
    if (!(error instanceof PartnerError)) throw error
    if (definition.readCodes?.includes(failure.code)) return { kind: 'doubtful', error }
    // Without a fresh reading the refusal stands; the next poll tells more.
  }
  const order = sellerOrder(site.storage, row.subject)
  if (isRepeat || definition.isReached(site, row, order, failure.code)) return { kind: 'done' }
  const next = definition.record(site, row)
  // Readings only ever take lines away, so this ends.
  const isNews = order.status !== 'CANCELLED' && JSON.stringify(next) !== JSON.stringify(sent)
  if (!isNews) return { kind: 'refused', failure }
  const result = await site.konnect.writeOrders(definition.write, [next], access, context)
  return outcomeOf(sending, row, next, result)
}

function doubt(site: SellerSite, operation: string): PartnerError {
  return failedAnswer(
    { partner: 'konnect', operation, nowMs: site.nowMs() },
    { status: 200, json: undefined, text: '', retryAfter: null },
    'the counters of the answer do not add up',
  )
}

/** Never backwards: Konnect may have told of a later status already. */
function advance(site: SellerSite, row: WorkRow, status: string, why: string) {
  const order = sellerOrder(site.storage, row.subject)
  if (order.status !== gone && isAtLeast(order.status, status)) return
  changeStatus(site, row.subject, status, why)
}

function hasReached(order: SellerOrderRow, status: string): boolean {
  return order.status !== 'CANCELLED' && isAtLeast(order.status, status)
}

/** Of the whole order all that is left; of single lines those that nobody has cancelled meanwhile. */
function linesToCancel(site: SellerSite, row: WorkRow): CancelBody['lines'] {
  const { isWhole, lines, had = {} }: CancelBody = JSON.parse(row.body)
  const live = liveLines(site.storage, row.subject)
  if (!isWhole) {
    return lines.filter(({ orderItemId, quantity }) => {
      const left = live.find(({ id }) => id === orderItemId)?.quantity ?? 0
      const isGone = left <= (had[orderItemId] ?? Number.POSITIVE_INFINITY) - quantity
      return left > 0 && !(row.is_maybe_applied === 1 && isGone)
    })
  }
  const reasons = new Map(lines.map((line) => [line.orderItemId, line.reasonCode]))
  const usual = lines[0]?.reasonCode ?? ''
  return live.map(({ id, quantity }) => ({
    orderItemId: id,
    quantity,
    reasonCode: reasons.get(id) ?? usual,
  }))
}

function isCancelled(site: SellerSite, row: WorkRow, order: SellerOrderRow): boolean {
  return order.status === 'CANCELLED' || linesToCancel(site, row).length === 0
}

export type InvoiceType = 'sale' | 'return'

/** The number of an invoice or credit note, written down before it is sent and the same ever after; in a transaction. */
export function assignInvoiceNumber(
  site: SellerSite,
  orderId: string,
  type: InvoiceType,
  given: string | undefined,
) {
  const { storage } = site
  const last = storage.get<{ number: number | null }>(
    'SELECT max(number) AS number FROM seller_invoices',
  )
  const number = Math.max((last?.number ?? 0) + 1, site.firstInvoiceNumber)
  const known = storage.get(
    'SELECT 1 FROM seller_invoices WHERE order_id = ? AND type = ?',
    orderId,
    type,
  )
  if (known === undefined) {
    storage.run(
      'INSERT INTO seller_invoices (number, order_id, type, invoice_number, is_taken) VALUES (?, ?, ?, ?, 0)',
      number,
      orderId,
      type,
      given ?? `${type === 'sale' ? 'INV' : 'CN'}-${number}`,
    )
  } else if (given !== undefined) {
    storage.run(
      'UPDATE seller_invoices SET invoice_number = ? WHERE order_id = ? AND type = ? AND is_taken = 0',
      given,
      orderId,
      type,
    )
  }
}

function takeInvoice(site: SellerSite, orderId: string, type: InvoiceType) {
  site.storage.run(
    'UPDATE seller_invoices SET is_taken = 1 WHERE order_id = ? AND type = ?',
    orderId,
    type,
  )
}

function ownNumber(site: SellerSite, orderId: string, type: InvoiceType): string | undefined {
  return site.storage.get<{ invoice_number: string }>(
    'SELECT invoice_number FROM seller_invoices WHERE order_id = ? AND type = ?',
    orderId,
    type,
  )?.invoice_number
}

/** A sale and a credit note share one call; only the type differs (konnect.md 2.22 and 2.32). */
function invoiceRecord(site: SellerSite, row: WorkRow, type: InvoiceType) {
  const { extra }: InvoiceBody = JSON.parse(row.body)
  const invoiceNumber = ownNumber(site, row.subject, type)
  if (invoiceNumber === undefined) throw new Error(`No ${type} invoice number of ${row.subject}.`)
  return {
    orderId: row.subject,
    invoiceNumber,
    invoiceType: type,
    orderItems: liveLines(site.storage, row.subject).map((line) => ({
      orderItemId: line.id,
      quantity: line.quantity,
    })),
    ...extra,
  }
}

/** Good units of a parcel that had left are back on the shelf; bad units of one that never left are on it no more. */
function restock(site: SellerSite, row: WorkRow) {
  const { lines }: QcBody = JSON.parse(row.body)
  const order = sellerOrder(site.storage, row.subject)
  const skus = new Map(lineRows(site.storage, row.subject).map((line) => [line.id, line.sku]))
  for (const { orderItemId, quantity, reasonCode } of lines) {
    const sku = skus.get(orderItemId)
    if (sku === undefined) continue
    const isGood = reasonCode === ''
    if (isGood && order.is_shipped === 1) addStock(site, order.location, sku, quantity)
    if (!isGood && order.is_shipped === 0) addStock(site, order.location, sku, -quantity)
  }
  markOrder(site, order)
}
