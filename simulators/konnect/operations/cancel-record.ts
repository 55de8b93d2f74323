import { codes, RecordFailure } from '../errors.ts'
import { isCancelled } from '../rules/oms-machine.ts'
import { cancelPieces, cancelWhole, mayCancel } from '../rules/orders.ts'
import { type KonnectContext, type Order, piecesOf } from '../state.ts'
import { itemOf, type OrderRecord } from './record-batch.ts'

/** facts/konnect.md 2.20: out of stock, not as described, price mismatch, damaged, store closed for good. */
const reasons: ReadonlySet<string> = new Set(['6', '7', '8', '9', 'NA'])

/** The gates of 3.6: items until invoiced, whole orders until packed. */
export function cancelRecord(ctx: KonnectContext, order: Order, record: OrderRecord): void {
  const { cancelled, wrong, late } = codes.cancel
  if (isCancelled.has(order.state)) {
    throw new RecordFailure(cancelled, 'Order is already cancelled')
  }
  const wanted = (record.orderItems ?? []).map(({ orderItemId, quantity, reasonCode = '' }) => {
    const item = itemOf(order, orderItemId, wrong)
    if (piecesOf(item) === 0) {
      throw new RecordFailure(cancelled, 'orderItemId is already cancelled', orderItemId)
    }
    if (!reasons.has(reasonCode)) {
      throw new RecordFailure(wrong, 'reasonCode is missing or invalid', orderItemId)
    }
    return { item, quantity, reason: reasonCode }
  })
  if (wanted.length === 0) {
    throw new RecordFailure(wrong, 'orderItems with a reasonCode are mandatory')
  }
  const counted = new Map<string, number>()
  for (const { item, quantity } of wanted) {
    const sum = (counted.get(item.id) ?? 0) + quantity
    counted.set(item.id, sum)
    if (sum > piecesOf(item)) throw new RecordFailure(wrong, 'quantity is too large', item.id)
  }
  const isWhole = order.items.every((item) => (counted.get(item.id) ?? 0) === piecesOf(item))
  if (!mayCancel(ctx, order, isWhole)) {
    throw new RecordFailure(late, `Order is ${order.state}: too late for this cancellation`)
  }
  if (!isWhole) {
    cancelPieces(ctx, order, wanted)
    return
  }
  const reasonOf = new Map(wanted.map(({ item, reason }) => [item.id, reason]))
  cancelWhole(ctx, order, 'seller', (item) => reasonOf.get(item.id) ?? '')
}
