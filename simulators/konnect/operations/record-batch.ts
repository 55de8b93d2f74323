import type { OperationCall } from '../../core/partner.ts'
import { lockedCode, type OrderCodes, RecordFailure } from '../errors.ts'
import type { Caller, KonnectContext, KonnectTypes, Order, OrderItem } from '../state.ts'

type Call = OperationCall<KonnectTypes>

export interface OrderRecord {
  orderId: string
  orderItems?: { orderItemId: string; quantity: number; reasonCode?: string }[]
}

export interface Batch {
  total: number
  errors: object[]
  /** Orders of the records that went well, in their order. */
  done: Order[]
}

/**
 * Applies the records of an order batch one after the other; one that is wrong in itself, belongs to another location, is locked, or is
 * refused by `apply` fails alone. `apply` throws `RecordFailure` before it has changed anything.
 */
export function eachOrder<Record extends OrderRecord>(
  call: Call,
  codes: OrderCodes,
  apply: (order: Order, record: Record) => void,
  options: {
    /** A read: a lock does not matter. */
    reads?: boolean
    /** The code for a record that breaks its schema, where it depends on what is wrong. */
    codeOf?: (issue: { path: string; message: string }) => string
  } = {},
): Batch {
  const records = call.body as Record[]
  const batch: Batch = { total: records.length, errors: [], done: [] }
  for (const record of records) {
    try {
      const [issue] = call.checkRecord('', record) ?? []
      if (issue) {
        const code = options.codeOf?.(issue) ?? codes.wrong
        throw new RecordFailure(code, `${issue.path || 'record'} ${issue.message}`)
      }
      const order = findOrder(call.ctx, call.auth, record.orderId)
      if (!order) throw new RecordFailure(codes.elsewhere, 'Invalid orderId')
      if (order.isLocked && !options.reads) {
        throw new RecordFailure(lockedCode, 'Order is locked')
      }
      apply(order, record)
      batch.done.push(order)
    } catch (error) {
      if (!(error instanceof RecordFailure)) throw error
      batch.errors.push(renderFailure(record, error))
    }
  }
  return batch
}

/** The order, if the caller's token reaches it: a company's reaches all, a location's its own (facts/konnect.md 1.4). */
export function findOrder(ctx: KonnectContext, caller: Caller, id: string): Order | undefined {
  const order = ctx.state.orders.get(id)
  return caller.location === null || order?.location === caller.location ? order : undefined
}

/** The order's item that a record names. */
export function itemOf(order: Order, id: string, code: string): OrderItem {
  const item = order.items.find((candidate) => candidate.id === id)
  if (!item) throw new RecordFailure(code, 'orderItemId is not part of the order', id)
  return item
}

function renderFailure(
  record: Partial<OrderRecord>,
  { code, message, orderItemId }: RecordFailure,
) {
  const orderId = typeof record.orderId === 'string' ? record.orderId : null
  return { orderId, ...(orderItemId !== undefined && { orderItemId }), code, message }
}
