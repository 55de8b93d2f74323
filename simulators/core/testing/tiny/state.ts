import type { PartnerView } from '../../judge/views.ts'
import type { PartnerContext } from '../../partner.ts'
import { Refusal } from '../../refusal.ts'
import type { TinyAssumptions } from './assumptions.ts'
import type { TinyCatalogue } from './catalogue.ts'

export interface Order {
  id: string
  order_id: string
  sku: string
  quantity: number
  status: 'kept' | 'handed-over' | 'expired'
}

/** Only what differs from the catalogue: an item that nobody touched has no row. */
export interface TinyState {
  orders: Map<string, Order>
  stock: Map<string, { sellable: number; committed: number; out: number; adjusted: number }>
}

export interface Tiny {
  state: TinyState
  catalogue: TinyCatalogue
  assumptions: TinyAssumptions
  credentials: { key: string }
  auth: undefined
  site: { webhook_url?: string | undefined }
}

type Ctx = PartnerContext<Tiny>

const store = 'desk'

export const createState = (): TinyState => ({ orders: new Map(), stock: new Map() })

/** A copy: a refusal must leave no row behind. `put` writes it. */
function rowOf({ state, catalogue }: Ctx, sku: string) {
  const opening = catalogue.stock.get(sku)
  if (opening === undefined) throw new Refusal('not-found', `No item ${sku}`)
  const row = state.stock.get(sku) ?? { sellable: opening, committed: 0, out: 0, adjusted: 0 }
  return { ...row }
}

const put = ({ state }: Ctx, sku: string, row: ReturnType<typeof rowOf>) =>
  state.stock.set(sku, row)

export function setStock(ctx: Ctx, sku: string, quantity: number): void {
  const row = rowOf(ctx, sku)
  row.adjusted += quantity - row.sellable
  row.sellable = quantity
  put(ctx, sku, row)
  ctx.record('stock', { sku, sellable: quantity })
}

/** Checks everything, then changes. The same order again is the same answer. */
export function placeOrder(
  ctx: Ctx,
  wanted: { order_id: string; sku: string; quantity: number },
): Order {
  const known = ctx.state.orders.get(wanted.order_id)
  if (known) {
    if (known.sku === wanted.sku && known.quantity === wanted.quantity) return known
    throw new Refusal('conflict', `Order ${wanted.order_id} exists with another content`)
  }
  const row = rowOf(ctx, wanted.sku)
  if (row.sellable < wanted.quantity) throw new Refusal('conflict', `Only ${row.sellable} left`)
  row.sellable -= wanted.quantity
  row.committed += wanted.quantity
  put(ctx, wanted.sku, row)
  const { order_id, sku, quantity } = wanted
  const order: Order = {
    id: `T${ctx.random('ids/tiny.order').hex(8)}`,
    order_id,
    sku,
    quantity,
    status: 'kept',
  }
  ctx.state.orders.set(order_id, order)
  ctx.schedule({
    name: 'tiny.order.expire',
    kind: 'deadline',
    dueMs: ctx.nowMs + ctx.assumptions.keep_minutes * 60_000,
    args: { order_id },
  })
  ctx.record('order', { order_id, status: order.status })
  return order
}

export function getOrder({ state }: Ctx, orderId: string): Order {
  const order = state.orders.get(orderId)
  if (!order) throw new Refusal('not-found', `No order ${orderId}`)
  return order
}

export function handOver(ctx: Ctx, orderId: string): Order {
  const order = getOrder(ctx, orderId)
  if (order.status !== 'kept') throw new Refusal('conflict', `Order ${orderId} is ${order.status}`)
  const row = rowOf(ctx, order.sku)
  row.committed -= order.quantity
  row.out += order.quantity
  put(ctx, order.sku, row)
  order.status = 'handed-over'
  ctx.record('order', { order_id: orderId, status: order.status })
  return order
}

/** Nobody came for it: back on the shelf, without a word to the shop. */
export function expireOrder(ctx: Ctx, { order_id }: { order_id: string }): void {
  const order = ctx.state.orders.get(order_id)
  if (order?.status !== 'kept') return
  const row = rowOf(ctx, order.sku)
  row.committed -= order.quantity
  row.sellable += order.quantity
  put(ctx, order.sku, row)
  order.status = 'expired'
  ctx.record('order', { order_id, status: order.status })
}

export const viewOf = ({ state, catalogue }: Ctx): PartnerView => ({
  stock: [...catalogue.stock].map(([sku, opening]) => {
    const row = state.stock.get(sku) ?? { sellable: opening, committed: 0, out: 0, adjusted: 0 }
    return { sku, store, unavailable: 0, opening, ...row }
  }),
  orders: [...state.orders.values()].map((order) => ({
    id: order.id,
    shop_order_id: order.order_id,
    placed: order.status !== 'expired',
    status: order.status,
    items: [
      {
        id: order.id,
        shop_item_id: null,
        sku: order.sku,
        quantity: order.quantity,
        status: order.status,
        status_by_event: order.status === 'handed-over' ? order.status : null,
      },
    ],
  })),
})
