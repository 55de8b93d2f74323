import type { ArvindContext, Item, Order } from '../state.ts'
import { rulesOf } from '../state.ts'
import { isBeforeShipment } from './item-machine.ts'
import { moveItems } from './moves.ts'

/** What becomes of one item of a request; `code` null: it went through. */
export interface Outcome {
  itemReference: string
  item: Item | undefined
  code: string | null
}

export interface CancelLine {
  itemReference: string
  skuId?: string | null | undefined
  quantity?: number | null | undefined
  reason?: string | null | undefined
  comment?: string | null | undefined
}

/**
 * Cancellation by the customer (facts/arvind.md 3.5): eligible items are cancelled, the others say why not. No lines: the whole order,
 * without what is cancelled already unless nothing else is left.
 */
export function cancelItems(
  ctx: ArvindContext,
  order: Order,
  lines: readonly CancelLine[],
): Outcome[] {
  const asked = lines.length > 0 ? lines : wholeOrder(order)
  const seen = new Set<Item>()
  const outcomes = asked.map((line) => {
    const item = findItem(order, line.itemReference, line.skuId)
    const isTwice = item !== undefined && seen.has(item)
    if (item) seen.add(item)
    const code = isTwice ? 'ALREADY_CANCELLED' : whyNot(ctx, order, item, line.quantity)
    const why = {
      reason: line.reason ?? 'Cancelled by the customer',
      comment: line.comment ?? undefined,
    }
    return { itemReference: line.itemReference, item, code, why }
  })
  const whys = new Map(outcomes.map(({ why }) => [JSON.stringify(why), why]))
  for (const [key, why] of whys) {
    const items = outcomes.flatMap((outcome) =>
      outcome.item && outcome.code === null && JSON.stringify(outcome.why) === key
        ? [outcome.item]
        : [],
    )
    moveItems(ctx, order, items, { to: 'CANCELLED', ...why })
  }
  return outcomes
}

/** By either of the shop's ids for it; another SKU than that of the order is an item that the order does not have. */
export function findItem(
  order: Order,
  reference: string,
  skuId: string | null | undefined,
): Item | undefined {
  const item =
    order.items.find((each) => each.itemReference === reference) ??
    order.items.find((each) => each.itemId === reference)
  return skuId == null || skuId === item?.skuId ? item : undefined
}

function wholeOrder(order: Order): CancelLine[] {
  const open = order.items.filter(
    ({ status }) => status !== 'CANCELLED' && status !== 'UNFULFILLED',
  )
  return (open.length > 0 ? open : order.items).map(({ itemReference }) => ({ itemReference }))
}

function whyNot(
  ctx: ArvindContext,
  order: Order,
  item: Item | undefined,
  quantity: number | null | undefined,
): string | null {
  if (!item) return 'ITEM_NOT_FOUND'
  if (item.status === 'CANCELLED') return 'ALREADY_CANCELLED'
  if (item.status === 'UNFULFILLED') return 'NOT_CANCELLABLE'
  if (!isBeforeShipment(item.status)) return 'ALREADY_SHIPPED'
  // ASSUMED: a line goes as a whole, as it was sent.
  if (quantity !== null && quantity !== undefined && quantity !== item.quantity) {
    return 'NOT_CANCELLABLE'
  }
  if (!rulesOf(ctx, item.skuId).cancellable) return 'NOT_CANCELLABLE'
  const windowMinutes = ctx.assumptions.cancel_window_minutes
  const isOver = windowMinutes !== null && ctx.nowMs > order.createdAtMs + windowMinutes * 60_000
  return isOver ? 'CANCEL_WINDOW_CLOSED' : null
}
