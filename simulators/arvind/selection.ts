import { z } from 'zod'
import { Refusal } from '../core/refusal.ts'
import type { ItemStatus } from './rules/item-machine.ts'
import { canMove, type Move, moveItems } from './rules/moves.ts'
import { type ArvindContext, findOrder, type Item, type Order } from './state.ts'

const id = z.string().min(1).max(100)

/** How an act says which items it is about. */
export const selection = {
  orderReference: id.optional().describe("The shop's order id"),
  consignmentId: id.optional(),
  itemReference: id.optional().describe('With an order or consignment: only this item'),
  skuId: id.optional().describe('With an order or consignment: only its items of this SKU'),
}

export interface Selection {
  orderReference?: string | undefined
  consignmentId?: string | undefined
  itemReference?: string | undefined
  skuId?: string | undefined
}

export function selectItems(ctx: ArvindContext, named: Selection): { order: Order; items: Item[] } {
  const order = selectOrder(ctx, named)
  const items = order.items.filter(
    (item) =>
      (named.consignmentId === undefined || item.consignmentId === named.consignmentId) &&
      (named.itemReference === undefined || item.itemReference === named.itemReference) &&
      (named.skuId === undefined || item.skuId === named.skuId),
  )
  if (items.length > 0) return { order, items }
  throw new Refusal(
    'not-found',
    `Order ${order.orderReference} has no such item. ${sayItems(order)}`,
  )
}

/** By the shop's id (its own channel first), or by consignment. */
export function selectOrder(ctx: ArvindContext, named: Selection): Order {
  const order = lookUp(ctx, named)
  if (order) return order
  const given = Object.entries(named).filter(([, value]) => value !== undefined)
  if (named.orderReference === undefined && named.consignmentId === undefined) {
    throw new Refusal('invalid', 'Name an order or a consignment: orderReference or consignmentId')
  }
  const words = given.map(([key, value]) => `${key} ${JSON.stringify(value)}`).join(', ')
  throw new Refusal('not-found', `Arvind has no order with ${words}`)
}

/**
 * Moves the items that are meant. Names no item of its own: those that can get there, and it is refused when none can.
 */
export function moveSelected(ctx: ArvindContext, named: Selection, move: Move): object {
  const { order, items } = selectItems(ctx, named)
  moveItems(ctx, order, movable(order, items, named, move.to), move)
  return describeOrder(order)
}

function movable(
  order: Order,
  items: readonly Item[],
  named: Selection,
  to: ItemStatus,
): readonly Item[] {
  if (named.itemReference !== undefined) return items
  const able = items.filter((item) => canMove(item, to))
  if (able.length > 0) return able
  throw new Refusal(
    'conflict',
    `No item of order ${order.orderReference} can become ${to}. ${sayItems(order)}`,
  )
}

function lookUp(ctx: ArvindContext, named: Selection): Order | undefined {
  const { state, credentials } = ctx
  if (named.orderReference !== undefined) {
    const channels = [credentials.channel_id, ...state.bystanders.keys()]
    for (const channelId of channels) {
      const order = findOrder(ctx, channelId, named.orderReference)
      if (order) return order
    }
    return undefined
  }
  const orderId = state.orderOfConsignment.get(named.consignmentId ?? '')
  return orderId === undefined ? undefined : state.orders.get(orderId)
}

const sayItems = (order: Order): string =>
  `Items: ${order.items.map((item) => `${item.itemReference} ${item.status}`).join(', ')}`

/** What acts answer: where the order and its items stand now. */
export const describeOrder = (order: Order): object => ({
  orderId: order.id,
  orderReference: order.orderReference,
  channelId: order.channelId,
  consignments: order.consignments.map((consignment) => ({
    consignmentId: consignment.id,
    centre: consignment.centre,
    invoiceNumber: consignment.invoiceNumber,
    awbNumber: consignment.courier?.awb ?? null,
    courierName: consignment.courier?.name ?? null,
  })),
  items: order.items.map((item) => ({
    itemReference: item.itemReference,
    skuId: item.skuId,
    consignmentId: item.consignmentId,
    status: item.status,
    returnId: item.returnId,
  })),
})
