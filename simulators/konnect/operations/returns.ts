import { defineOperations } from '../../core/partner.ts'
import { codes, RecordFailure } from '../errors.ts'
import { isAccepted, isBack } from '../rules/oms-machine.ts'
import { acceptReturn } from '../rules/orders.ts'
import { type KonnectTypes, type Order, piecesOf } from '../state.ts'
import { orderEnvelope } from './envelopes.ts'
import { eachOrder, itemOf, type OrderRecord } from './record-batch.ts'

/** facts/konnect.md 2.31. The client sends the slug; an empty one means a good condition. */
const conditions = {
  BAD: [
    'tag_missing',
    'package_damaged',
    'refinish_damaged',
    'refinish_for_pressing',
    'seal_opened',
    'wrong_product_received',
  ],
  MISSING: [
    'lost',
    'short_received',
    'empty_box_received',
    'free_gift_missing',
    'component_missing',
  ],
  UGLY: ['fully_damaged'],
}
const slugs: ReadonlySet<string> = new Set(['', ...Object.values(conditions).flat()])

export const returnOperations = defineOperations<KonnectTypes>({
  updateReturn: (call) => {
    const { total, errors } = eachOrder(call, codes.qualityCheck, (order, record) => {
      const { wrong, repeated } = codes.qualityCheck
      if (isAccepted.has(order.state) || order.state === 'credit_note_generated') {
        throw new RecordFailure(repeated, 'Return is already accepted')
      }
      if (!isBack.has(order.state)) {
        throw new RecordFailure(wrong, `Order is ${order.state}: nothing came back`)
      }
      acceptReturn(call.ctx, order, readFindings(order, record))
    })
    return orderEnvelope(total, errors)
  },
})

function readFindings(order: Order, { orderItems = [] }: OrderRecord) {
  const { wrong } = codes.qualityCheck
  const counted = new Map<string, number>()
  return orderItems.map(({ orderItemId, quantity, reasonCode = '' }) => {
    const item = itemOf(order, orderItemId, wrong)
    if (!slugs.has(reasonCode)) throw new RecordFailure(wrong, 'Unknown reasonCode', orderItemId)
    const sum = (counted.get(orderItemId) ?? 0) + quantity
    counted.set(orderItemId, sum)
    if (sum > piecesOf(item)) {
      throw new RecordFailure(wrong, 'quantity is too large', orderItemId)
    }
    return { item, quantity, reasonCode }
  })
}
