import type { PartnerOrderView, PartnerView, StockView } from '../core/judge/views.ts'
import { renderOrder, statusWord } from './render-order.ts'
import { isBack, isCancelled } from './rules/oms-machine.ts'
import {
  findSku,
  listedSkus,
  locationsOf,
  productOf,
  rowAt,
  sellableTotals,
} from './rules/stock.ts'
import { type KonnectContext, type Order, type OrderDocument, piecesOf } from './state.ts'

/** Konnect's side of the truth for the judge. Orders come from channels of its own; the seller fetches them. */
export function view(ctx: KonnectContext): PartnerView {
  return {
    stock: stockRows(ctx),
    quantities: sellableTotals(ctx),
    orders_come_from: 'partner',
    orders: [...ctx.state.orders.values()].map((order) => viewOrder(ctx, order)),
  }
}

/** A seller knows an order by Konnect's own id. */
const viewOrder = (ctx: KonnectContext, order: Order): PartnerOrderView => ({
  id: order.id,
  shop_order_id: order.id,
  placed: isListed(order),
  status: statusWord(ctx, order),
  is_cancelled: isCancelled.has(order.state),
  // A return shows the invoice of the order that it belongs to; it is that order's.
  invoices: order.journey === 'forward' ? numberOf(order.invoice) : [],
  credit_notes: numberOf(order.creditNote),
  items: order.items.map((item) => ({
    id: item.id,
    shop_item_id: item.id,
    sku: item.sku,
    quantity: piecesOf(item),
    status: order.state,
    // Events are a hint to fetch and optional: no status counts as told.
    status_by_event: null,
  })),
})

/** A seller who polls has met it: what was cancelled before anybody confirmed may be missed, and returns are fetched when they are back. */
function isListed(order: Order): boolean {
  const states = order.history.map(({ state }) => state)
  if (order.journey !== 'forward') return states.some((state) => isBack.has(state))
  return !isCancelled.has(order.state) || states.includes('bag_confirmed')
}

const numberOf = (document: OrderDocument | null): string[] => (document ? [document.number] : [])

/** Every row that a piece ever lay in, those of deleted SKUs too. */
function stockRows(ctx: KonnectContext): StockView[] {
  const rows: StockView[] = []
  for (const { code } of ctx.catalogue.locations) {
    const own = ctx.state.stock.get(code)
    const skus = new Set([...(ctx.catalogue.stock.get(code)?.keys() ?? []), ...(own?.keys() ?? [])])
    for (const sku of skus) {
      const row = own?.get(sku) ?? ctx.catalogue.stock.get(code)?.get(sku)
      if (!row) continue
      const { mrpMinor: _mrp, espMinor: _esp, ...buckets } = row
      rows.push({ sku, store: code, ...buckets })
    }
  }
  return rows
}

/** What scenarios may look at as `konnect.order`, `konnect.item`, `konnect.stock`, `konnect.product` and `konnect.job`. */
export const things: Record<string, (ctx: KonnectContext) => object[]> = {
  order: (ctx) =>
    [...ctx.state.orders.values()].map((order) => ({
      ...renderOrder(ctx, order),
      state: order.state,
      journey: order.journey,
      invoice: order.invoice?.number ?? null,
      credit_note: order.creditNote?.number ?? null,
      dispatched: order.isDispatched,
      history: order.history.map(({ state }) => state),
    })),
  item: (ctx) =>
    [...ctx.state.orders.values()].flatMap((order) =>
      order.items.map((item) => ({
        orderItemId: item.id,
        orderId: order.id,
        locationCode: order.location,
        sku: item.sku,
        ordered: item.quantity,
        quantity: piecesOf(item),
        returned: item.returned,
        state: order.state,
        cancellationReason: item.cancelReason,
        checked: item.checked.map((each) => ({ ...each })),
      })),
    ),
  stock: (ctx) =>
    stockRows(ctx).map(({ store, sku, ...row }) => {
      const known = findSku(ctx, sku)
      const { mrpMinor = 0, espMinor = 0 } = known ? rowAt(ctx, store, known) : {}
      return { sku, location_id: store, ...row, mrp: mrpMinor / 100, esp: espMinor / 100 }
    }),
  sku: (ctx) =>
    [...listedSkus(ctx)].map((sku) => ({
      sku: sku.sku,
      item_code: sku.itemCode,
      size: sku.size,
      locations: [...locationsOf(ctx, sku)],
    })),
  product: (ctx) =>
    [...new Set([...listedSkus(ctx)].map((sku) => sku.itemCode))].flatMap((code) => {
      const product = productOf(ctx, code)
      if (!product) return []
      const { uid, itemCode, slug, template, sizes, fields } = product
      const skus = sizes.map((size) => size.primary_identifier)
      return [{ ...fields, uid, item_code: itemCode, slug, template, sizes: skus }]
    }),
  job: (ctx) =>
    [...ctx.state.jobs.values()].map((job) => ({
      trace_id: job.traceId,
      kind: job.kind,
      total: job.total,
      accepted: job.accepted,
      refused: job.refusedCount,
      waiting: job.waiting.length,
      succeeded: job.succeeded,
      failed: job.failures.length,
    })),
}
