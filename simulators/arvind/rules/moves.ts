import { Refusal } from '../../core/refusal.ts'
import {
  type ArvindContext,
  type Consignment,
  consignmentOf,
  type Item,
  type Order,
} from '../state.ts'
import { announce } from '../webhooks.ts'
import { bookNow } from './booking.ts'
import { type ItemStatus, isUnassigned, planSteps } from './item-machine.ts'
import { type Bucket, movePieces } from './stock.ts'

export interface Courier {
  name?: string | undefined
  awb?: string | undefined
}

export interface Move {
  to: ItemStatus
  reason?: string | undefined
  comment?: string | undefined
  courier?: Courier | undefined
  invoiceNumber?: string | undefined
}

type Step = Pick<Move, 'to' | 'reason' | 'comment'>

/** An invented firm: who carries a parcel when nobody was named. */
const usualCourier = 'Paper Plane Logistics'

/** May this item be moved there, by one step or along the usual way? One that is not assigned yet is assigned first. */
export const canMove = (item: Item, to: ItemStatus): boolean => planOf(item, to) !== undefined

/**
 * Moves items of one order to a state, all or none; every state on the way is told. Items of one consignment that enter a state together are
 * told in one webhook. Refuses when an item cannot legally get there.
 */
export function moveItems(
  ctx: ArvindContext,
  order: Order,
  items: readonly Item[],
  move: Move,
): void {
  for (const item of items) if (!canMove(item, move.to)) throw illegal(item, move.to)
  checkParcel(order, items, move)
  // Nobody invoices what has no consignment: the order is booked on the way. What no centre has is UNFULFILLED then.
  if (items.some((item) => isUnassigned(item.status) && !planSteps(item.status, move.to))) {
    bookNow(ctx, order)
  }
  const plans = new Map<Item, ItemStatus[]>()
  for (const item of items) {
    const steps = planSteps(item.status, move.to)
    if (steps) plans.set(item, steps)
  }
  for (const group of byConsignment([...plans.keys()])) playSteps(ctx, order, group, plans, move)
}

/** Puts items into a state that has been checked, with all that follows from it, and tells the shop. */
export function enterState(
  ctx: ArvindContext,
  order: Order,
  items: readonly Item[],
  step: Step,
): void {
  for (const group of byConsignment(items)) {
    for (const item of group) enter(ctx, order, item, step)
    announce(ctx, order, group, step.to)
  }
}

function enter(ctx: ArvindContext, order: Order, item: Item, { to, reason, comment }: Step): void {
  settleStock(ctx, item, to)
  const from = item.status
  item.status = to
  item.updatedAtMs = ctx.nowMs
  item.reason = reason ?? null
  item.comment = comment ?? null
  if (to === 'DELIVERED') item.deliveredAtMs = ctx.nowMs
  const { centre } = item
  item.history.push({
    status: to,
    atMs: ctx.nowMs,
    centre,
    reason: item.reason,
    comment: item.comment,
  })
  ctx.record('arvind.item.moved', {
    orderReference: order.orderReference,
    itemReference: item.itemReference,
    consignmentId: item.consignmentId,
    from,
    to,
  })
}

function planOf(item: Item, to: ItemStatus): ItemStatus[] | undefined {
  return (
    planSteps(item.status, to) ??
    (isUnassigned(item.status) ? planSteps('ASSIGNED', to) : undefined)
  )
}

/** Always the earliest state that somebody enters next, with everybody who enters it. */
function playSteps(
  ctx: ArvindContext,
  order: Order,
  group: readonly Item[],
  plans: ReadonlyMap<Item, ItemStatus[]>,
  move: Move,
): void {
  const longest = group
    .map((item) => plans.get(item) ?? [])
    .reduce((long, steps) => (steps.length > long.length ? steps : long), [])
  for (const status of longest) {
    const items = group.filter((item) => plans.get(item)?.includes(status))
    const consignment = items[0] && consignmentOf(order, items[0])
    if (consignment) writePapers(ctx, consignment, status, move)
    enterState(ctx, order, items, {
      to: status,
      ...(status === move.to && { reason: move.reason, comment: move.comment }),
    })
  }
}

/** A parcel has one invoice and one courier: what comes later travels with what came first. */
function writePapers(
  ctx: ArvindContext,
  consignment: Consignment,
  status: ItemStatus,
  { courier, invoiceNumber }: Move,
): void {
  if (status === 'INVOICED') {
    consignment.invoiceNumber ??=
      invoiceNumber ?? `INV${ctx.random('ids/arvind.invoice').digits(8)}`
  }
  if (status === 'SHIPPED') {
    consignment.courier ??= {
      name: courier?.name ?? usualCourier,
      awb: courier?.awb ?? `PP${ctx.random('ids/arvind.awb').digits(10)}`,
    }
  }
}

function checkParcel(order: Order, items: readonly Item[], { courier }: Move): void {
  if (!courier) return
  for (const item of items) {
    const has = consignmentOf(order, item)?.courier
    if (!has) continue
    if ((courier.name ?? has.name) === has.name && (courier.awb ?? has.awb) === has.awb) continue
    throw new Refusal(
      'conflict',
      `Consignment ${item.consignmentId} already travels with ${has.name}, AWB ${has.awb}`,
    )
  }
}

/** What a state means for the shelf. */
function settleStock(ctx: ArvindContext, item: Item, to: ItemStatus): void {
  const { pick_fail_stock, returned_stock } = ctx.assumptions
  if (item.holds === 'committed') {
    if (to === 'SHIPPED') put(ctx, item, 'out')
    else if (to === 'CANCELLED') put(ctx, item, 'sellable')
    else if (to === 'UNFULFILLED') put(ctx, item, pick_fail_stock)
  } else if (item.holds === 'out') {
    if (to === 'RTO_RECEIVED') put(ctx, item, 'sellable')
    else if (to === 'RETURN_RECEIVED') put(ctx, item, 'unavailable')
  } else if (item.holds === 'unavailable' && to === 'REFUND_INITIATED') {
    put(ctx, item, returned_stock)
  }
}

/** Moves what an item holds at its centre; pieces on sale, or out of sale for good, are no longer held by it. */
export function put(ctx: ArvindContext, item: Item, to: Bucket): void {
  const { centre, holds, skuId, quantity } = item
  if (centre === null || holds === 'nothing') throw new Error(`Item ${item.id} holds no pieces`)
  if (holds !== to) movePieces(ctx, { skuId, centre }, { from: holds, to, quantity })
  const isKept = to === 'out' || (to === 'unavailable' && holds === 'out')
  item.holds = isKept ? to : 'nothing'
}

/** Items without a consignment are a group of their own. */
function byConsignment(items: readonly Item[]): Item[][] {
  const groups = new Map<string | null, Item[]>()
  for (const item of items) {
    const group = groups.get(item.consignmentId)
    if (group) group.push(item)
    else groups.set(item.consignmentId, [item])
  }
  return [...groups.values()]
}

export const illegal = (item: Item, to: ItemStatus): Refusal =>
  new Refusal('conflict', `Item ${item.itemReference} is ${item.status} and cannot become ${to}`)
