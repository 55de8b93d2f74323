import { z } from 'zod'
import { Refusal } from '../core/refusal.ts'
import type { KonnectContext, Order, OrderItem } from './state.ts'
import { piecesOf } from './state.ts'

const id = z.string().min(1).max(100)

/** How an act says which order it is about. */
export const selection = {
  order_id: id.optional().describe("Konnect's id, 20 digits"),
  marketplace_order_id: id.optional().describe('The last forward order of that name'),
}

export interface Selection {
  order_id?: string | undefined
  marketplace_order_id?: string | undefined
}

/** Pieces of an order; left out: all that are left. */
export const items = z
  .array(
    z.strictObject({
      order_item_id: id.optional(),
      sku: id.optional(),
      quantity: z.int().min(1).max(100_000).optional().describe('Left out: all of it'),
    }),
  )
  .min(1)
  .max(100)
  .optional()
  .describe('Left out: the whole order')

export type Items = z.output<typeof items>

export function selectOrder(ctx: KonnectContext, named: Selection): Order {
  const { orders } = ctx.state
  const { order_id, marketplace_order_id } = named
  if (order_id === undefined && marketplace_order_id === undefined) {
    throw new Refusal('invalid', 'Name an order: order_id or marketplace_order_id')
  }
  const order =
    order_id === undefined
      ? [...orders.values()].findLast(
          (candidate) =>
            candidate.journey === 'forward' &&
            candidate.marketplaceOrderId === marketplace_order_id,
        )
      : orders.get(order_id)
  if (order) return order
  const shown = [...orders.keys()].slice(-5).join(', ') || 'none'
  throw new Refusal(
    'not-found',
    `Konnect has no order ${order_id ?? marketplace_order_id}. Known: ${shown}`,
  )
}

/** The pieces that are meant; `leftOf` tells how many of an item there are to take. */
export function selectPieces(
  order: Order,
  named: Items,
  leftOf: (item: OrderItem) => number = piecesOf,
): { item: OrderItem; quantity: number }[] {
  const all = order.items.filter((item) => leftOf(item) > 0)
  if (all.length === 0) throw new Refusal('conflict', `Order ${order.id} has nothing left`)
  if (named === undefined) return all.map((item) => ({ item, quantity: leftOf(item) }))
  const taken = new Map<OrderItem, number>()
  for (const { order_item_id, sku, quantity } of named) {
    const item = all.find(
      (candidate) =>
        (order_item_id === undefined || candidate.id === order_item_id) &&
        (sku === undefined || candidate.sku === sku),
    )
    if (!item) {
      const known = all.map((each) => `${each.id} (${each.sku})`).join(', ')
      throw new Refusal('not-found', `Order ${order.id} has no such item. Left: ${known}`)
    }
    const wanted = (taken.get(item) ?? 0) + (quantity ?? leftOf(item))
    if (wanted > leftOf(item)) {
      throw new Refusal('conflict', `Item ${item.id} has ${leftOf(item)} pieces, not ${wanted}`)
    }
    taken.set(item, wanted)
  }
  return [...taken].map(([item, quantity]) => ({ item, quantity }))
}

/** What acts answer: where the order stands now. */
export const describeOrder = (order: Order): object => ({
  order_id: order.id,
  forward_id: order.forwardId,
  marketplace_order_id: order.marketplaceOrderId,
  marketplace_return_id: order.marketplaceReturnId,
  location: order.location,
  state: order.state,
  is_self_ship: order.isSelfShip,
  courier: order.courier && { ...order.courier },
  items: order.items.map((item) => ({
    order_item_id: item.id,
    sku: item.sku,
    quantity: piecesOf(item),
  })),
})
