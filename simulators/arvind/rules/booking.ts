import type { ArvindContext, Consignment, Item, Order } from '../state.ts'
import { allocate } from './allocation.ts'
import { enterState } from './moves.ts'
import { movePieces } from './stock.ts'

/** Stock is booked seconds after acceptance (facts/arvind.md 3.3). The switch `auto_booking` leaves it to acts. */
export function scheduleBooking(ctx: ArvindContext, order: Order): void {
  if (!ctx.assumptions.auto_booking) return
  schedule(ctx, 'arvind.order.book', ctx.assumptions.booking_delay_seconds, order)
}

/** The timer of `scheduleBooking`: takes the pieces off sale, then the consignments follow. An act may have done it before. */
export function bookLater(ctx: ArvindContext, orderId: string): void {
  const order = ctx.state.orders.get(orderId)
  if (!order) return
  bookStock(ctx, order)
  if (order.items.some(({ status }) => status === 'BOOKED')) {
    schedule(ctx, 'arvind.order.assign', ctx.assumptions.consignment_delay_seconds, order)
  }
}

export function assignLater(ctx: ArvindContext, orderId: string): void {
  const order = ctx.state.orders.get(orderId)
  if (order) assignConsignments(ctx, order)
}

/** Books and assigns whatever of an order is not yet, at once. */
export function bookNow(ctx: ArvindContext, order: Order): void {
  bookStock(ctx, order)
  assignConsignments(ctx, order)
}

/** A new consignment at a centre. */
export function addConsignment(
  ctx: ArvindContext,
  order: Order,
  centre: string,
  previousId: string | null,
): Consignment {
  let id = ''
  do id = `CN${ctx.random('ids/arvind.consignment').digits(10)}`
  while (ctx.state.orderOfConsignment.has(id))
  const consignment: Consignment = { id, previousId, centre, invoiceNumber: null, courier: null }
  order.consignments.push(consignment)
  ctx.state.orderOfConsignment.set(id, order.id)
  return consignment
}

/** Takes an item's pieces off sale at a centre. */
export function commit(ctx: ArvindContext, item: Item, centre: string): void {
  const place = { skuId: item.skuId, centre }
  movePieces(ctx, place, { from: 'sellable', to: 'committed', quantity: item.quantity })
  item.centre = centre
  item.holds = 'committed'
}

function bookStock(ctx: ArvindContext, order: Order): void {
  const open = order.items.filter(({ status }) => status === 'ACCEPTED')
  if (open.length === 0) return
  const demands = open.map((item) => ({ ...item, except: item.failedCentres }))
  const centres = allocate(ctx, demands, order.pincode)
  const isBookable = (_: Item, index: number) => centres[index] !== null
  const booked = open.filter(isBookable)
  open.forEach((item, index) => {
    const centre = centres[index]
    if (centre) commit(ctx, item, centre)
  })
  enterState(ctx, order, booked, { to: 'BOOKED' })
  // Somebody else was faster, or no centre has all pieces of the line.
  const missing = open.filter((item, index) => !isBookable(item, index))
  enterState(ctx, order, missing, { to: 'UNFULFILLED', reason: 'No centre has the pieces' })
}

function assignConsignments(ctx: ArvindContext, order: Order): void {
  const byCentre = new Map<string, Consignment>()
  const booked = order.items.filter(({ status }) => status === 'BOOKED')
  for (const item of booked) {
    if (item.centre === null) throw new Error(`Item ${item.id} is booked nowhere`)
    const isAlone = ctx.assumptions.consignment_grouping === 'per_item'
    const consignment =
      (isAlone ? undefined : byCentre.get(item.centre)) ??
      addConsignment(ctx, order, item.centre, null)
    byCentre.set(item.centre, consignment)
    item.consignmentId = consignment.id
  }
  enterState(ctx, order, booked, { to: 'ASSIGNED' })
}

function schedule(ctx: ArvindContext, name: string, delaySeconds: number, order: Order): void {
  const dueMs = ctx.nowMs + Math.round(delaySeconds * 1000)
  ctx.schedule({ name, kind: 'work', dueMs, args: { orderId: order.id } })
}
