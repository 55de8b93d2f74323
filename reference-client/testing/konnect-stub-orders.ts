import type { KonnectCall, KonnectState, StubAnswer, StubOrder } from './konnect-stub.ts'

type WireRecord = {
  orderId: string
  orderItems?: { orderItemId: string; quantity: number; reasonCode?: string }[]
} & Record<string, unknown>

/** What a record meets: nothing, or the code and the words of the refusal. */
type Rule = (order: StubOrder, record: WireRecord) => string | undefined

const isCancelled = (order: StubOrder) =>
  order.status === 'CANCELLED' || order.lines.every((line) => line.isCancelled)

const rules: Record<string, Rule> = {
  confirm(order, { orderItems }) {
    const named = orderItems?.map(({ orderItemId }) => orderItemId) ?? []
    const isStale = order.lines.some((line) => line.isCancelled && named.includes(line.id))
    if (isCancelled(order) || isStale) return 'O400'
    if (order.status === 'CREATED') order.status = 'CONFIRMED'
    return undefined
  },
  invoiceUpdate(order, { invoiceType, invoiceNumber }) {
    if (invoiceType === 'return') return creditNote(order, String(invoiceNumber))
    if (isCancelled(order)) return 'IN401'
    if (order.status === 'CREATED') return 'IN403'
    if (order.status !== 'CONFIRMED') return 'IN453'
    order.status = 'PROCESSING'
    order.invoices.push(String(invoiceNumber))
    return undefined
  },
  pack(order) {
    if (isCancelled(order)) return 'CR401'
    if (order.status !== 'PROCESSING' || order.awb.length === 0) return 'CR400'
    order.status = 'COMPLETED'
    return undefined
  },
  dispatch(order) {
    if (order.status !== 'COMPLETED' || order.isDispatched) return 'D400'
    order.isDispatched = true
    return undefined
  },
  awb(order, { awbNumber, courierName, autoDispatch }) {
    if (!order.isSelfShip) return 'AW403'
    if (!['PROCESSING', 'RETURN_PROCESSING'].includes(order.status)) return 'AW400'
    order.awb = [String(awbNumber)]
    order.courier = String(courierName)
    if (autoDispatch === true && !order.isReturn) order.status = 'TRANSIT'
    return undefined
  },
  status(order, { orderStatus }) {
    if (!order.isSelfShip) return 'SS403'
    const moves: Record<string, [string[], string]> = {
      bag_picked: [['PROCESSING', 'COMPLETED'], 'TRANSIT'],
      delivery_done: [['TRANSIT'], 'DELIVERED'],
      rto_bag_delivered: [['TRANSIT'], 'RETURN_DELIVERED'],
      return_bag_in_transit: [['RETURN_PROCESSING'], 'RETURN_PROCESSING'],
      return_bag_delivered: [['RETURN_PROCESSING'], 'RETURN_DELIVERED'],
    }
    const [from, to] = moves[String(orderStatus)] ?? [[], '']
    if (!from.includes(order.status)) return 'SS400'
    order.status = to
    order.pushed.push(String(orderStatus))
    return undefined
  },
  cancel(order, { orderItems = [] }) {
    if (order.status === 'CANCELLED') return 'CN401'
    const wanted = new Set(orderItems.map(({ orderItemId }) => orderItemId))
    if (order.lines.some((line) => line.isCancelled && wanted.has(line.id))) return 'CN401'
    const live = order.lines.filter((line) => !line.isCancelled)
    const isWhole = live.every((line) => wanted.has(line.id))
    const gates = isWhole ? ['CREATED', 'CONFIRMED', 'PROCESSING'] : ['CREATED', 'CONFIRMED']
    if (!gates.includes(order.status)) return 'CN403'
    for (const line of live) if (wanted.has(line.id)) line.isCancelled = true
    if (isWhole) order.status = 'CANCELLED'
    return undefined
  },
  return(order, { orderItems = [] }) {
    if (order.status === 'RETURN_COMPLETED') return 'R453'
    if (order.status !== 'RETURN_DELIVERED') return 'R400'
    order.status = 'RETURN_COMPLETED'
    order.qc = orderItems.map(({ orderItemId, quantity, reasonCode = '' }) => ({
      orderItemId,
      quantity,
      reasonCode,
    }))
    return undefined
  },
}

function creditNote(order: StubOrder, number: string): string | undefined {
  if (order.status === 'CREDIT_NOTE_GENERATED') return 'IN453'
  if (order.status !== 'RETURN_COMPLETED') return 'IN403'
  order.status = 'CREDIT_NOTE_GENERATED'
  order.creditNotes.push(number)
  return undefined
}

const foreignCodes: Record<string, string> = { confirm: 'O422', pack: 'CR422', dispatch: 'D422' }

/** The writes on orders, record by record; the lists of couriers, labels and invoices; tracking. */
export function writeOrder(state: KonnectState, call: KonnectCall): StubAnswer {
  const name = call.path.slice('/oms/v3/shipment/'.length)
  if (name === 'track') return track(state, call)
  const records = call.body as WireRecord[]
  if (records.length > 20) return { status: 400, json: { status: 'FAILED', message: 'At most 20' } }
  const find = (id: string) => {
    const order = state.orders.get(id)
    return order !== undefined && (call.access === '' || order.location === call.access)
      ? order
      : undefined
  }
  if (name === 'courierDetails') {
    return { status: 200, json: records.flatMap(({ orderId }) => courierOf(find(orderId))) }
  }
  if (name === 'labels' || name === 'invoice') return pdf(name, find(records[0]?.orderId ?? ''))
  const rule = rules[name]
  if (rule === undefined) return { status: 404, json: { status: 'FAILED', message: 'Not found' } }
  const errors = records.flatMap((record) => {
    const order = find(record.orderId)
    const code =
      order === undefined
        ? (foreignCodes[name] ?? 'IN400')
        : order.isLocked
          ? 'LK423'
          : rule(order, record)
    return code === undefined
      ? []
      : [{ orderId: record.orderId, code, message: `${name}: ${code}` }]
  })
  const succeeded = records.length - errors.length
  const status = errors.length === 0 ? 'SUCCESS' : 'PARTIAL_SUCCESS'
  if (name === 'awb' || name === 'status') {
    const data = {
      payload_count: records.length,
      success_count: succeeded,
      failed_count: errors.length,
      errors,
    }
    return { status: 200, json: { data, meta: { status } } }
  }
  const json = {
    payloadCount: records.length,
    successCount: succeeded,
    failedCount: errors.length,
    status,
    errors,
  }
  return { status: 200, json }
}

function courierOf(order: StubOrder | undefined) {
  if (order === undefined) return []
  return [
    {
      orderId: order.id,
      courierName: order.courier,
      courierCode: order.courier,
      awbNumber: order.awb,
      additionalInfo: '',
    },
  ]
}

function pdf(name: string, order: StubOrder | undefined): StubAnswer {
  const isPacked =
    order !== undefined && ['COMPLETED', 'TRANSIT', 'DELIVERED'].includes(order.status)
  if (isPacked) return { status: 200, pdf: `%PDF-1.4 ${name} of ${order.id}` }
  const code = name === 'labels' ? 'L403' : 'IN403'
  const errors = [{ orderId: order?.id ?? '', code, message: 'Not packed yet' }]
  return { status: 400, json: { payloadCount: 1, successCount: 0, failedCount: 1, errors } }
}

function track(state: KonnectState, call: KonnectCall): StubAnswer {
  const { shipment_id: id } = call.body as { shipment_id: string }
  const order = state.orders.get(id)
  if (order === undefined) return { status: 404, json: { status: 'error', message: 'Unknown' } }
  const data = { courier: order.courier, operational_status: 'bag_picked', eta: null, events: [] }
  return { status: 200, json: { status: 'success', data } }
}
