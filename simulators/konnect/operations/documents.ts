import type { Answer } from '../../core/answer.ts'
import { defineOperations, type OperationCall } from '../../core/partner.ts'
import { codes, RecordFailure } from '../errors.ts'
import { renderPdf } from '../pdf.ts'
import { isCreated, isPacked, type OmsState } from '../rules/oms-machine.ts'
import { type KonnectContext, type KonnectTypes, type Order, piecesOf } from '../state.ts'
import { writeOrderTime } from '../times.ts'
import { orderEnvelope } from './envelopes.ts'
import { eachOrder } from './record-batch.ts'

type Call = OperationCall<KonnectTypes>

/** Forward states without a label or customer invoice yet (L403, IN403). */
const beforePacking: ReadonlySet<OmsState> = new Set([
  ...isCreated,
  'bag_confirmed',
  'bag_invoiced',
  'dp_assigned',
  'cancelled_customer',
  'cancelled_fynd',
  'cancelled_seller',
  'return_initiated',
])

/** PDF on success, JSON with the codes on failure: facts/konnect.md 2.26, 2.27. Several orders are pages of one document. */
export const documentOperations = defineOperations<KonnectTypes>({
  fetchShippingLabel: (call) =>
    documents(call, codes.label, (order) => [
      'SHIPPING LABEL',
      `Order ${order.id}`,
      `Marketplace order ${order.marketplaceOrderId}`,
      `Courier ${order.courier?.name ?? 'the seller'}`,
      `AWB ${order.courier?.awb ?? '-'}`,
      `From ${order.location}`,
      `To Asha Example, 12 Example Road, ${order.city} ${order.pincode}`,
      order.isCod ? 'COLLECT CASH' : 'PREPAID',
      ...order.items.map((item) => `${piecesOf(item)} x ${item.sku}`),
    ]),

  fetchCustomerInvoice: (call) =>
    documents(call, codes.customerInvoice, (order) => {
      const document = order.creditNote ?? order.invoice
      return [
        document?.type === 'return' ? 'CREDIT NOTE' : 'TAX INVOICE',
        `Number ${document?.number ?? '-'}`,
        `Date ${writeOrderTime(document?.atMs ?? order.createdMs)}`,
        `Order ${order.id}`,
        `Marketplace order ${order.marketplaceOrderId}`,
        `Sold from ${order.location} to Asha Example, ${order.city} ${order.pincode}`,
        ...order.items.map(
          (item) =>
            `${piecesOf(item)} x ${item.sku} ${item.name}, HSN ${item.hsCode}, INR ${(item.espMinor / 100).toFixed(2)}`,
        ),
      ]
    }),
})

/** What was cancelled before it was packed comes back as an RTO of its own without a label; its credit note can be had (2.26, 2.27). */
function wasPacked(ctx: KonnectContext, order: Order, of: { early: string }): boolean {
  if (order.journey !== 'rto') return true
  if (of === codes.customerInvoice && order.creditNote) return true
  const forward = ctx.state.orders.get(order.forwardId)
  return forward?.history.some(({ state }) => isPacked.has(state)) === true
}

function documents(
  call: Call,
  of: typeof codes.label | typeof codes.customerInvoice,
  write: (order: Order) => string[],
): Answer {
  const { total, errors, done } = eachOrder(
    call,
    of,
    (order) => {
      const isEarly = beforePacking.has(order.state) || !wasPacked(call.ctx, order, of)
      if (isEarly) throw new RecordFailure(of.early, 'Order is not packed')
    },
    { reads: true },
  )
  if (done.length === 0) return orderEnvelope(total, errors, {}, 400)
  return { status: 200, bytes: renderPdf(done.map(write)), contentType: 'application/pdf' }
}
