import { isDeepStrictEqual } from 'node:util'
import { Refusal } from '../../core/refusal.ts'
import {
  affiliateKey,
  type Bag,
  catalogueOf,
  type FyndContext,
  forgetOrder,
  type Order,
  type OrderLine,
  type OrderRequest,
  pincodeOf,
  type Shipment,
  shipmentOf,
} from '../state.ts'
import { announce } from '../webhooks.ts'
import { allocate, wouldBeStore } from './allocation.ts'
import type { BagStatus } from './bag-machine.ts'
import { movePieces } from './stock.ts'

/** A piece or a line that becomes a bag, before it has a store. */
interface Draft {
  line: OrderLine
  quantity: number
  paidMinor: number
}

/**
 * F4. COD is placed at once; a prepaid order waits for its payment with its stock reserved, and is forgotten when none comes.
 * Refuses before anything changes: duplicates, COD limits, unknown SKUs, pincodes, stock (facts/fynd.md F4 and 7.1).
 */
export function placeOrder(
  ctx: FyndContext,
  affiliateId: string,
  request: OrderRequest,
): { order: Order; isDuplicate: boolean } {
  const known = findDuplicate(ctx, affiliateId, request)
  if (known) return { order: known, isDuplicate: true }
  checkOrder(ctx, request)
  const drafts = draftBags(ctx, request)
  const demands = drafts.map(({ line, quantity }) => ({ sku: line.sku, quantity }))
  const found = allocate(ctx, demands, request.shipping.pincode)
  if ('missing' in found) {
    throw new Refusal('out-of-stock', `Out of stock: ${found.missing.sku}. Please remove item`)
  }
  const order = writeOrder(ctx, affiliateId, request, drafts)
  if (request.paymentMode === 'COD' || ctx.assumptions.allocate_on === 'order') {
    ship(ctx, order, found.stores)
    for (const bag of order.bags) commit(ctx, bag)
  }
  ctx.record('fynd.order.created', {
    fynd_order_id: order.id,
    affiliate_order_id: request.affiliateOrderId,
    payment_mode: request.paymentMode,
  })
  if (request.paymentMode === 'COD') {
    order.placedAtMs = ctx.nowMs
    announcePlaced(ctx, order, order.bags, null)
  } else scheduleEnds(ctx, order)
  return { order, isDuplicate: false }
}

/** Gives bags without a shipment their stores and shipments, by the switch `grouping`. */
export function ship(ctx: FyndContext, order: Order, stores: readonly string[]): void {
  const byStore = new Map<string, Shipment>()
  order.bags.forEach((bag, index) => {
    const store = stores[index]
    if (store === undefined) throw new Error(`No store for bag ${bag.id}`)
    const isAlone = ctx.assumptions.grouping === 'per_bag'
    let shipment = isAlone ? undefined : byStore.get(store)
    if (!shipment) {
      shipment = addShipment(ctx, order, store, null)
      byStore.set(store, shipment)
    }
    bag.store = store
    bag.shipmentId = shipment.id
  })
}

/** A new shipment id: 20 digits, the first ten are Unix seconds (facts/fynd.md 1, DERIVED). */
export function addShipment(
  ctx: FyndContext,
  order: Order,
  store: string,
  previousId: string | null,
): Shipment {
  const seconds = String(Math.floor(ctx.nowMs / 1000)).padStart(10, '0')
  let id = ''
  do id = `${seconds}${ctx.random('ids/fynd.shipment').digits(10)}`
  while (ctx.state.orderOfShipment.has(id))
  const shipment: Shipment = { id, previousId, store, courier: null, returnCourier: null }
  order.shipments.push(shipment)
  ctx.state.orderOfShipment.set(id, order.id)
  return shipment
}

/** Takes a bag's pieces off sale at its store. */
export function commit(ctx: FyndContext, bag: Bag): void {
  movePieces(ctx, bag, { from: 'sellable', to: 'committed', quantity: bag.quantity })
  bag.holds = 'committed'
}

/** Tells the channel that an order is placed: all bags that are, in one event. */
export function announcePlaced(
  ctx: FyndContext,
  order: Order,
  bags: readonly Bag[],
  previous: BagStatus | null,
): void {
  const moved = bags.map((bag) => ({ bag, previousStatus: previous }))
  const shipments = new Set(bags.map((bag) => bag.shipmentId))
  const only = shipments.size === 1 ? bags[0] && shipmentOf(order, bags[0]) : undefined
  announce(ctx, { event: 'ORDER_PLACED', order, shipment: only ?? null, moved })
}

/** The reservation of an unpaid order ends: its pieces are on sale again, the order waits on. */
export function endReservation(ctx: FyndContext, orderId: string): void {
  const order = ctx.state.orders.get(orderId)
  if (!order || order.placedAtMs !== null) return
  const held = order.bags.filter((bag) => bag.holds === 'committed')
  for (const bag of held) {
    movePieces(ctx, bag, { from: 'committed', to: 'sellable', quantity: bag.quantity })
    bag.holds = 'nothing'
  }
  if (held.length > 0) ctx.record('fynd.reservation.ended', { fynd_order_id: orderId })
}

/** A pending order nobody paid for is gone, without a webhook (facts/fynd.md 5.3). */
export function expirePending(ctx: FyndContext, orderId: string): void {
  const order = ctx.state.orders.get(orderId)
  if (order?.payment !== 'awaited') return
  if (!order.bags.some((bag) => bag.status === 'pending')) return
  endReservation(ctx, orderId)
  forgetOrder(ctx, order)
  ctx.record('fynd.order.expired', {
    fynd_order_id: orderId,
    affiliate_order_id: order.request.affiliateOrderId,
  })
}

function scheduleEnds(ctx: FyndContext, order: Order): void {
  const { reservation_minutes, pending_ttl_hours } = ctx.assumptions
  const args = { orderId: order.id }
  const reservedUntilMs = ctx.nowMs + reservation_minutes * 60_000
  const expiresAtMs = ctx.nowMs + pending_ttl_hours * 3_600_000
  ctx.schedule({ name: 'fynd.reservation.end', kind: 'deadline', dueMs: reservedUntilMs, args })
  ctx.schedule({ name: 'fynd.order.expire', kind: 'deadline', dueMs: expiresAtMs, args })
}

function findDuplicate(
  ctx: FyndContext,
  affiliateId: string,
  request: OrderRequest,
): Order | undefined {
  const mode = ctx.assumptions.duplicate_mode
  const key = affiliateKey(affiliateId, request.affiliateOrderId)
  const id = ctx.state.ordersOfAffiliate.get(key)?.at(-1)
  const known = id === undefined ? undefined : ctx.state.orders.get(id)
  if (!known || mode === 'create_new') return undefined
  if (mode === 'replay' && isDeepStrictEqual(known.request, request)) return known
  throw new Refusal('duplicate-order', `Order ${request.affiliateOrderId} is already placed`)
}

function checkOrder(ctx: FyndContext, request: OrderRequest): void {
  const limit = ctx.assumptions.cod_limit
  const isCod = request.paymentMode === 'COD'
  if (isCod && limit !== null && request.valueMinor > Math.round(limit * 100)) {
    throw new Refusal('invalid', `COD is not available above ${limit}`)
  }
  for (const { sku } of request.lines) {
    if (!catalogueOf(ctx).skus.has(sku)) throw new Refusal('invalid', `Unknown sku ${sku}`)
  }
  const { pincode } = request.shipping
  const place = pincodeOf(ctx, pincode)
  if (!place) throw new Refusal('not-serviceable', `pincode ${pincode} does not exist`)
  if (!place.deliverable) {
    throw new Refusal('not-serviceable', `We are not delivering to ${pincode}`)
  }
  if (isCod && !place.cod) {
    throw new Refusal('not-serviceable', `COD is not available for ${pincode}`)
  }
  for (const { sku } of request.lines) {
    if (catalogueOf(ctx).skus.get(sku)?.undeliverableTo.includes(pincode)) {
      throw new Refusal('not-serviceable', `We are not delivering ${sku} to ${pincode}`)
    }
  }
}

/** Lines become bags: one a line, or one a piece with the line's money split to the paisa. */
function draftBags(ctx: FyndContext, request: OrderRequest): Draft[] {
  if (ctx.assumptions.bag_unit === 'line') {
    return request.lines.map((line) => ({
      line,
      quantity: line.quantity,
      paidMinor: line.paidMinor,
    }))
  }
  return request.lines.flatMap((line) => {
    const even = Array.from({ length: line.quantity }, () => 1)
    return split(line.paidMinor, even).map((paidMinor) => ({ line, quantity: 1, paidMinor }))
  })
}

function writeOrder(
  ctx: FyndContext,
  affiliateId: string,
  request: OrderRequest,
  drafts: readonly Draft[],
): Order {
  const { state, nowMs } = ctx
  const shares = split(
    request.valueMinor,
    drafts.map((draft) => draft.paidMinor),
  )
  const status: BagStatus = request.paymentMode === 'COD' ? 'placed' : 'pending'
  const id = drawOrderId(ctx)
  const bags = drafts.map(({ line, quantity }, index): Bag => {
    const bagId = state.nextBagId
    state.nextBagId += 1
    state.orderOfBag.set(bagId, id)
    return {
      id: bagId,
      affiliateBagId: line.affiliateBagId,
      sku: line.sku,
      size: line.size,
      quantity,
      shareMinor: shares[index] ?? 0,
      shipmentId: '',
      store: '',
      status,
      updatedAtMs: nowMs,
      reason: null,
      holds: 'nothing',
      deliveryAttempts: 0,
      refund: null,
      refusedBy: [],
      history: [{ status, atMs: nowMs }],
    }
  })
  const order: Order = {
    id,
    affiliateId,
    createdAtMs: nowMs,
    request,
    payment: request.paymentMode === 'COD' ? 'on-delivery' : 'awaited',
    placedAtMs: null,
    paymentId: null,
    paymentMethod: null,
    shipments: [],
    bags,
  }
  state.orders.set(id, order)
  const key = affiliateKey(affiliateId, request.affiliateOrderId)
  const ids = state.ordersOfAffiliate.get(key)
  if (ids) ids.push(id)
  else state.ordersOfAffiliate.set(key, [id])
  return order
}

/** `FY`, eight hex digits of Unix seconds, ten more (facts/fynd.md 1). */
function drawOrderId(ctx: FyndContext): string {
  const seconds = Math.floor(ctx.nowMs / 1000)
    .toString(16)
    .padStart(8, '0')
  let id = ''
  do id = `FY${seconds}${ctx.random('ids/fynd.order').hex(10)}`.toUpperCase()
  while (ctx.state.orders.has(id))
  return id
}

/** Splits an amount by weights into whole paise that add up to it; equal parts when there is no weight. */
export function split(totalMinor: number, weights: readonly number[]): number[] {
  const sum = weights.reduce((a, b) => a + b, 0)
  const parts: number[] = []
  let weighed = 0
  let given = 0
  weights.forEach((weight, index) => {
    weighed += sum > 0 ? weight / sum : 1 / weights.length
    const upTo = index === weights.length - 1 ? totalMinor : Math.round(totalMinor * weighed)
    parts.push(upTo - given)
    given = upTo
  })
  return parts
}

/** Where the bags of an order stand when nobody can fulfil them: written down at the store that would have it. */
export const wouldBeStores = (ctx: FyndContext, order: Order): string[] =>
  order.bags.map((bag) => wouldBeStore(ctx, bag.sku, order.request.shipping.pincode))
