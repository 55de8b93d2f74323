import { defineOperations } from '../../core/partner.ts'
import { codes, RecordFailure } from '../errors.ts'
import { setCourier } from '../rules/couriers.ts'
import { isCancelled, type OmsState, pushable } from '../rules/oms-machine.ts'
import { enterState } from '../rules/orders.ts'
import type { KonnectContext, KonnectTypes, Order } from '../state.ts'
import { writeEnvelope } from './envelopes.ts'
import { eachOrder } from './record-batch.ts'

interface AwbRecord {
  orderId: string
  awbNumber: string
  courierName: string
  autoDispatch: boolean | 'true' | 'false'
}

interface StatusRecord {
  orderId: string
  orderStatus: string
  meta?: {
    remark?: string
    dpLocation?: string
    promised_delivery_date?: string
    estimated_delivery_date?: string
  }
}

/** Only for orders that the seller ships: facts/konnect.md 2.23, 2.29. Both answer in snake_case. */
export const selfShipOperations = defineOperations<KonnectTypes>({
  updateAwb: (call) => {
    const { ctx } = call
    const { total, errors } = eachOrder<AwbRecord>(call, codes.awb, (order, record) => {
      if (typeof record.autoDispatch === 'string' && ctx.assumptions.auto_dispatch === 'boolean') {
        throw new RecordFailure(codes.awb.wrong, 'autoDispatch must be boolean')
      }
      updateAwb(ctx, order, record)
    })
    return writeEnvelope(call, total, errors)
  },

  /** The pushed words are those of the order management (`bag_picked`), not the ones that are fetched (`TRANSIT`). */
  updateShipmentStatus: (call) => {
    const { ctx } = call
    const { total, errors } = eachOrder<StatusRecord>(call, codes.status, (order, record) =>
      pushStatus(ctx, order, record),
    )
    return writeEnvelope(call, total, errors)
  },
})

function updateAwb(ctx: KonnectContext, order: Order, record: AwbRecord): void {
  const { cancelled, notSelfShip, wrong } = codes.awb
  const { awbNumber, courierName } = record
  if (isCancelled.has(order.state)) throw new RecordFailure(cancelled, 'Order is cancelled')
  if (!order.isSelfShip) throw new RecordFailure(notSelfShip, 'Order is not self-ship')
  if (order.courier) {
    // A repeated call is no news; another number would be a second carrier.
    if (order.courier.awb !== awbNumber || order.courier.name !== courierName) {
      throw new RecordFailure(wrong, 'Order has an AWB already')
    }
  } else {
    if (order.state !== 'dp_assigned' && order.state !== 'return_dp_assigned') {
      throw new RecordFailure(wrong, 'Order status is not dp_assigned')
    }
    // ASSUMED: one AWB per shipment (facts/konnect.md 2.23) is one shipment per AWB, too; tracking finds one.
    const holder = ctx.state.orderOfAwb.get(awbNumber)
    if (holder !== undefined && holder !== order.id) {
      throw new RecordFailure(wrong, 'awbNumber belongs to another order')
    }
    setCourier(ctx, order, { name: courierName, code: courierName, awb: awbNumber })
    ctx.record('konnect.awb.set', { order_id: order.id, awb: awbNumber })
  }
  const isTold = record.autoDispatch === true || record.autoDispatch === 'true'
  // Also by a repetition, when it is shipped only now. Not applicable to returns.
  if (isTold && pushable.bag_picked?.includes(order.state)) {
    order.isDispatched = true
    enterState(ctx, order, 'bag_picked')
  }
}

function pushStatus(ctx: KonnectContext, order: Order, record: StatusRecord): void {
  const { cancelled, notSelfShip, wrong } = codes.status
  if (isCancelled.has(order.state)) throw new RecordFailure(cancelled, 'Order is cancelled')
  if (!order.isSelfShip) throw new RecordFailure(notSelfShip, 'Order is not self-ship')
  const from = pushable[record.orderStatus] ?? []
  if (!from.includes(order.state)) {
    throw new RecordFailure(wrong, `Cannot go from ${order.state} to ${record.orderStatus}`)
  }
  if (record.orderStatus === 'bag_picked' && !order.courier) {
    throw new RecordFailure(wrong, 'Order has no AWB')
  }
  const { meta = {} } = record
  const promised = meta.estimated_delivery_date ?? meta.promised_delivery_date
  order.note = { remark: meta.remark ?? '', promised: promised ?? order.note?.promised ?? null }
  enterState(ctx, order, record.orderStatus as OmsState, meta.dpLocation)
}
