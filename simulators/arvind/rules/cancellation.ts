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
  quantity?: number | null | undefined
  reason?: string | null | undefined
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
  const outcomes = asked.map((line): Outcome & { reason: string | undefined } => {
    const item = findItem(order, line.itemReference)
    const isTwice = item !== undefined && seen.has(item)
    if (item) seen.add(item)
    const code = isTwice ? 'ALREADY_CANCELLED' : whyNot(ctx, order, item, line.quantity)
    return { itemReference: line.itemReference, item, code, reason: line.reason ?? undefined }
  })
  for (const reason of new Set(outcomes.map((outcome) => outcome.reason))) {
    const items = outcomes.flatMap((outcome) =>
      outcome.item && outcome.code === null && outcome.reason === reason ? [outcome.item] : [],
    )
    moveItems(ctx, order, items, { to: 'CANCELLED', reason: reason ?? 'Cancelled by the customer' })
  }
  return outcomes
}

export const findItem = (order: Order, reference: string): Item | undefined =>
  order.items.find((item) => item.itemReference === reference) ??
  order.items.find((item) => item.itemId === reference)

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
