import { ok } from '../../core/answer.ts'
import { defineOperations } from '../../core/partner.ts'
import { codes, RecordFailure } from '../errors.ts'
import { confirm, invoice } from '../rules/couriers.ts'
import { isAccepted, isCancelled, isCreated, isPacked } from '../rules/oms-machine.ts'
import { enterState, giveCreditNote } from '../rules/orders.ts'
import {
  type KonnectContext,
  type KonnectTypes,
  type Order,
  type OrderItem,
  type Package,
  piecesOf,
} from '../state.ts'
import { cancelRecord } from './cancel-record.ts'
import { orderEnvelope } from './envelopes.ts'
import { eachOrder, itemOf, type OrderRecord } from './record-batch.ts'

interface InvoiceRecord extends OrderRecord {
  invoiceNumber: string
  invoiceType: string
  irnNumber?: string
  packages?: Package[]
}

/** Cancel, confirm, invoice and credit note, pack, courier, dispatch: facts/konnect.md 2.20 to 2.25, 2.28, 2.32. */
export const orderWriteOperations = defineOperations<KonnectTypes>({
  cancelOrder: (call) => {
    const { total, errors } = eachOrder(call, codes.cancel, (order, record) =>
      cancelRecord(call.ctx, order, record),
    )
    return orderEnvelope(total, errors)
  },

  confirmOrder: (call) => {
    const { total, errors } = eachOrder(call, codes.confirm, (order, record) =>
      confirmRecord(call.ctx, order, record),
    )
    return orderEnvelope(total, errors)
  },

  /** Also the credit note, by `invoiceType: return`. */
  updateInvoice: (call) => {
    const { total, errors } = eachOrder<InvoiceRecord>(
      call,
      codes.invoice,
      (order, record) => {
        checkItems(order, record, codes.invoice)
        if (record.invoiceType === 'return') creditRecord(call.ctx, order, record)
        else invoiceRecord(call.ctx, order, record)
        if (record.packages) order.packages = record.packages.map(readPackage)
      },
      { codeOf: isAboutOrder },
    )
    return orderEnvelope(total, errors)
  },

  packOrder: (call) => {
    const { total, errors } = eachOrder(call, codes.pack, (order) => {
      checkNotCancelled(order, codes.pack.cancelled)
      if (order.state !== 'dp_assigned') {
        throw new RecordFailure(codes.pack.wrong, 'Order status is not dp_assigned')
      }
      enterState(call.ctx, order, 'bag_packed')
    })
    return orderEnvelope(total, errors)
  },

  /** A read over POST. Bare array when all is well; with a failure the counters, and the good rows under `data`. */
  getCourierDetails: (call) => {
    const { total, errors, done } = eachOrder(
      call,
      codes.courier,
      (order) => {
        const invoiced = order.invoice !== null || order.journey !== 'forward'
        if (!invoiced || isCancelled.has(order.state)) {
          throw new RecordFailure(codes.courier.early, 'Order is not invoiced')
        }
      },
      { reads: true },
    )
    const rows = done.map(({ id, courier, note }) => ({
      courierName: courier?.name ?? null,
      courierCode: courier?.code ?? null,
      awbNumber: courier ? [courier.awb] : [],
      additionalInfo: note?.remark ?? '',
      orderId: id,
    }))
    return errors.length === 0 ? ok(rows) : orderEnvelope(total, errors, { data: rows })
  },

  dispatchOrder: (call) => {
    const { ctx } = call
    const { total, errors } = eachOrder(call, codes.dispatch, (order, record) => {
      checkNotCancelled(order, codes.dispatch.cancelled)
      checkItems(order, record, codes.dispatch)
      if (!isPacked.has(order.state) || order.isDispatched) {
        throw new RecordFailure(codes.dispatch.wrong, 'Order status is not packed')
      }
      order.isDispatched = true
      ctx.record('konnect.order.dispatched', { order_id: order.id })
      if (ctx.assumptions.dispatch === 'picked' && !order.isSelfShip) {
        enterState(ctx, order, 'bag_picked')
      }
    })
    return orderEnvelope(total, errors)
  },
})

/** Which order and items are meant, or the rules of invoices: a missing invoiceNumber or invoiceType breaks the latter (2.22). */
const isAboutOrder = ({ path, message }: { path: string; message: string }): string =>
  path.startsWith('order') || (path === '' && !message.includes("'invoice"))
    ? codes.invoice.wrong
    : codes.invoice.rules

/** What customers have cancelled meanwhile is left out; nothing left is a failure (2.21). A repeated confirm changes nothing. */
function confirmRecord(ctx: KonnectContext, order: Order, record: OrderRecord): void {
  const { wrong, cancelled } = codes.confirm
  checkNotCancelled(order, cancelled)
  if (order.journey !== 'forward') throw new RecordFailure(wrong, 'Order is a return')
  const named = (record.orderItems ?? []).map(({ orderItemId }) =>
    itemOf(order, orderItemId, wrong),
  )
  // More than was ever ordered; what the customer cancelled meanwhile is left out.
  checkQuantities(order, record, wrong, (item) => item.quantity)
  if (named.length > 0 && named.every((item) => piecesOf(item) === 0)) {
    throw new RecordFailure(cancelled, 'orderItemId is cancelled', named[0]?.id)
  }
  if (isCreated.has(order.state)) confirm(ctx, order)
}

function invoiceRecord(ctx: KonnectContext, order: Order, record: InvoiceRecord): void {
  const { cancelled, rules, repeated, early } = codes.invoice
  checkNotCancelled(order, cancelled)
  if (record.invoiceType !== 'sale') {
    throw new RecordFailure(rules, 'invoiceType must be sale or return')
  }
  if (order.journey !== 'forward') {
    throw new RecordFailure(rules, 'invoiceType sale does not fit a return')
  }
  if (isCreated.has(order.state)) throw new RecordFailure(early, 'Order is not confirmed')
  if (order.state !== 'bag_confirmed') {
    throw new RecordFailure(repeated, 'Order is already invoiced')
  }
  checkNumber(ctx, record)
  invoice(ctx, order, { number: record.invoiceNumber, irn: record.irnNumber ?? null })
}

function creditRecord(ctx: KonnectContext, order: Order, record: InvoiceRecord): void {
  const { cancelled, rules, repeated, early } = codes.invoice
  checkNotCancelled(order, cancelled)
  if (order.state === 'credit_note_generated') {
    throw new RecordFailure(repeated, 'Credit note is already generated')
  }
  if (!isAccepted.has(order.state)) {
    const isReverse = order.journey !== 'forward' || /^r(?:eturn|to)_/.test(order.state)
    if (isReverse) throw new RecordFailure(early, 'Return is not accepted')
    throw new RecordFailure(rules, 'invoiceType return does not fit a forward order')
  }
  checkNumber(ctx, record)
  giveCreditNote(ctx, order, { number: record.invoiceNumber, irn: record.irnNumber ?? null })
}

function checkNumber(ctx: KonnectContext, { invoiceNumber }: InvoiceRecord): void {
  if (ctx.state.orderOfInvoice.has(invoiceNumber)) {
    throw new RecordFailure(codes.invoice.rules, 'invoiceNumber must be unique')
  }
}

function checkNotCancelled(order: Order, code: string): void {
  if (isCancelled.has(order.state)) throw new RecordFailure(code, 'Order is cancelled')
}

/** Items that a record names must be the order's, and not cancelled. */
function checkItems(
  order: Order,
  { orderItems = [] }: OrderRecord,
  { wrong, cancelled }: { wrong: string; cancelled: string },
): void {
  for (const { orderItemId } of orderItems) {
    const item = itemOf(order, orderItemId, wrong)
    if (piecesOf(item) === 0) {
      throw new RecordFailure(cancelled, 'orderItemId is cancelled', orderItemId)
    }
  }
  checkQuantities(order, { orderItems }, wrong, piecesOf)
}

/** Nobody can confirm, invoice or dispatch more pieces than there are. An item may be named twice. */
function checkQuantities(
  order: Order,
  { orderItems = [] }: Pick<OrderRecord, 'orderItems'>,
  code: string,
  most: (item: OrderItem) => number,
): void {
  const counted = new Map<string, number>()
  for (const { orderItemId, quantity } of orderItems) {
    const sum = (counted.get(orderItemId) ?? 0) + (quantity ?? 0)
    counted.set(orderItemId, sum)
    if (sum > most(itemOf(order, orderItemId, code))) {
      throw new RecordFailure(code, 'quantity is too large', orderItemId)
    }
  }
}

/** Only what the document knows of it. */
const readPackage = (sent: Package): Package => ({
  packageId: sent.packageId,
  ...pick(sent, 'packageLengthCm'),
  ...pick(sent, 'packageWidthCm'),
  ...pick(sent, 'packageHeightCm'),
  ...pick(sent, 'packageWeightGms'),
})

const pick = (sent: Package, name: Exclude<keyof Package, 'packageId'>): Partial<Package> =>
  sent[name] === undefined ? {} : { [name]: sent[name] }
