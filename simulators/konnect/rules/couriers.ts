import { Refusal } from '../../core/refusal.ts'
import type { KonnectContext, Order } from '../state.ts'
import { enterState, nextNumber } from './orders.ts'

/** An invented firm: who carries a parcel when nobody was named. */
const usualCourier = { name: 'Paper Plane Logistics', code: 'paper-plane' }

export const assignTimer = 'konnect.courier.assign'

/** States that wait for a courier, and what they become. */
const waiting = { bag_invoiced: 'dp_assigned', return_initiated: 'return_dp_assigned' } as const

const isWaiting = (order: Order): order is Order & { state: keyof typeof waiting } =>
  Object.hasOwn(waiting, order.state)

/** The seller confirmed; where the merchant lets Fynd invoice, the invoice follows by itself (2.22). */
export function confirm(ctx: KonnectContext, order: Order): void {
  enterState(ctx, order, 'bag_confirmed')
  if (ctx.state.settings.get(order.location)?.autoInvoice) {
    invoice(ctx, order, { number: nextNumber(ctx, 'FYND'), irn: null })
  }
}

/** Invoiced: a courier is looked for, later. */
export function invoice(
  ctx: KonnectContext,
  order: Order,
  { number, irn }: { number: string; irn: string | null },
): void {
  order.invoice = { number, type: 'sale', irn, atMs: ctx.nowMs }
  ctx.state.orderOfInvoice.set(number, order.id)
  enterState(ctx, order, 'bag_invoiced')
  seekCourier(ctx, order)
}

/** Asynchronous: nobody is told until somebody is found (3.2). Self-ship orders take as long, without a courier. */
export function seekCourier(ctx: KonnectContext, order: Order): void {
  ctx.schedule({
    name: assignTimer,
    kind: 'work',
    dueMs: ctx.nowMs + Math.round(ctx.assumptions.courier_seconds * 1000),
    args: { orderId: order.id },
  })
}

/** The timer's code. Without a courier the order waits until one can be had. */
export function tryAssign(ctx: KonnectContext, { orderId }: { orderId: string }): void {
  const order = ctx.state.orders.get(orderId)
  if (!order || !isWaiting(order)) return
  if (!order.isSelfShip && isUnserved(ctx, order)) {
    ctx.record('konnect.courier.not-found', { order_id: order.id, pincode: order.pincode })
    return
  }
  assign(ctx, order)
}

/** Assigns at once, whatever stands against it. */
export function assignNow(
  ctx: KonnectContext,
  order: Order,
  courier: { name?: string | undefined; awb?: string | undefined },
): void {
  if (!isWaiting(order)) {
    throw new Refusal('conflict', `Order ${order.id} is ${order.state}: it waits for no courier`)
  }
  if (order.isSelfShip && (courier.name !== undefined || courier.awb !== undefined)) {
    throw new Refusal('conflict', `Order ${order.id} is shipped by the seller: it gets no courier`)
  }
  assign(ctx, order, courier)
}

/** Couriers can be had again: who waited is looked after. */
export function bringCouriersBack(ctx: KonnectContext): number {
  ctx.state.areCouriersAway = false
  let looked = 0
  for (const order of ctx.state.orders.values()) {
    if (!isWaiting(order)) continue
    seekCourier(ctx, order)
    looked += 1
  }
  return looked
}

/** The seller's own parcel number, or a courier's. */
export function setCourier(
  ctx: KonnectContext,
  order: Order,
  courier: { name: string; code: string; awb: string },
): void {
  order.courier = courier
  ctx.state.orderOfAwb.set(courier.awb, order.id)
}

/** A number from the seller's own van, unless it has one. */
export function nameVan(ctx: KonnectContext, order: Order): void {
  if (order.courier) return
  const awb = `VAN${ctx.random('ids/konnect.awb').digits(12)}`
  setCourier(ctx, order, { name: 'Own Van', code: 'Own Van', awb })
}

const isUnserved = (ctx: KonnectContext, order: Order): boolean =>
  ctx.state.areCouriersAway || ctx.catalogue.unservedPincodes.includes(order.pincode)

function assign(
  ctx: KonnectContext,
  order: Order & { state: keyof typeof waiting },
  courier: { name?: string | undefined; awb?: string | undefined } = {},
): void {
  if (!order.isSelfShip) {
    const name = courier.name ?? usualCourier.name
    const code = courier.name === undefined ? usualCourier.code : name.toLowerCase()
    const awb = courier.awb ?? `PP${ctx.random('ids/konnect.awb').digits(12)}`
    setCourier(ctx, order, { name, code, awb })
  }
  enterState(ctx, order, waiting[order.state])
}
