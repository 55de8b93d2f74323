import {
  type ArvindContext,
  findOrder,
  type Item,
  type Order,
  orderKey,
  refused,
} from '../state.ts'
import { scheduleBooking } from './booking.ts'
import { judgeCart } from './serviceability.ts'

/** What an order asks for, as far as Arvind reads it; money in paise. */
export interface OrderRequest {
  orderReference: string
  orderingStoreId: string
  isCod: boolean
  netMinor: number
  pincode: string
  lines: {
    itemReference: string
    itemId: string
    skuId: string
    quantity: number
    netMinor: number
  }[]
  /** Amounts besides, in paise, that must be the same; `what` says which. */
  pairs: { what: string; givenMinor: number; wantedMinor: number }[]
}

/** Codes of an order that is refused, from what a cart would be refused for (facts/arvind.md 3.3). */
const codes = {
  UNKNOWN_SKU: 'INVALID_SKU',
  PINCODE_NOT_SERVICEABLE: 'PINCODE_NOT_SERVICEABLE',
  COD_NOT_AVAILABLE: 'COD_NOT_AVAILABLE',
  INSUFFICIENT_INVENTORY: 'INSUFFICIENT_INVENTORY',
} as const

/**
 * Order push: accepts an order or refuses it as a whole. Acceptance is asynchronous: the stock is booked and the consignments are made
 * later, by timers (facts/arvind.md 3.3). Refuses before anything changes.
 */
export function acceptOrder(
  ctx: ArvindContext,
  channelId: string,
  request: OrderRequest,
): { order: Order; isDuplicate: boolean } {
  const known = findOrder(ctx, channelId, request.orderReference)
  if (known) {
    if (ctx.assumptions.duplicate_order === 'replay') return { order: known, isDuplicate: true }
    throw refused('DUPLICATE_ORDER', `Order ${request.orderReference} exists already`)
  }
  checkOrder(ctx, request)
  const order = writeOrder(ctx, channelId, request)
  ctx.record('arvind.order.accepted', {
    orderId: order.id,
    orderReference: order.orderReference,
    channelId,
  })
  scheduleBooking(ctx, order)
  return { order, isDuplicate: false }
}

function checkOrder(ctx: ArvindContext, request: OrderRequest): void {
  const { lines, netMinor, pincode, isCod } = request
  const sum = lines.reduce((total, line) => total + line.netMinor, 0)
  if (sum !== netMinor) {
    throw refused(
      'AMOUNT_MISMATCH',
      `netAmount is ${netMinor / 100}, but the items add up to ${sum / 100}`,
    )
  }
  for (const { what, givenMinor, wantedMinor } of request.pairs) {
    if (givenMinor === wantedMinor) continue
    throw refused('AMOUNT_MISMATCH', `${what}: ${givenMinor / 100}, not ${wantedMinor / 100}`)
  }
  const verdict = judgeCart(ctx, { pincode, isCod, lines })
  const bad = verdict.lines.find(({ reason }) => reason !== null)
  if (!bad?.reason) return
  const about: Record<typeof bad.reason, string> = {
    UNKNOWN_SKU: `Unknown SKU ${bad.skuId}`,
    PINCODE_NOT_SERVICEABLE: `${bad.skuId} cannot be delivered to ${pincode}`,
    COD_NOT_AVAILABLE: `Cash on delivery is not available at ${pincode}`,
    INSUFFICIENT_INVENTORY: `${bad.available} of ${bad.skuId} left`,
  }
  throw refused(codes[bad.reason], about[bad.reason])
}

function writeOrder(ctx: ArvindContext, channelId: string, request: OrderRequest): Order {
  const { state, nowMs } = ctx
  let id = ''
  do id = `AI${ctx.random('ids/arvind.order').digits(10)}`
  while (state.orders.has(id))
  const order: Order = {
    id,
    channelId,
    orderingStoreId: request.orderingStoreId,
    orderReference: request.orderReference,
    createdAtMs: nowMs,
    isCod: request.isCod,
    netMinor: request.netMinor,
    pincode: request.pincode,
    items: request.lines.map(
      (line, index): Item => ({
        id: `${id}-${index + 1}`,
        ...line,
        centre: null,
        consignmentId: null,
        status: 'ACCEPTED',
        updatedAtMs: nowMs,
        deliveredAtMs: null,
        reason: null,
        comment: null,
        holds: 'nothing',
        failedCentres: [],
        returnId: null,
        history: [{ status: 'ACCEPTED', atMs: nowMs, centre: null, reason: null, comment: null }],
      }),
    ),
    consignments: [],
    returns: [],
  }
  state.orders.set(id, order)
  state.orderIds.set(orderKey(channelId, request.orderReference), id)
  return order
}
