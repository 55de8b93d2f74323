import type { PartnerOrderView, PartnerView } from '../core/judge/views.ts'
import { channels } from './rules/channels.ts'
import { isTold } from './rules/item-machine.ts'
import { rowsOf, sellableTotal } from './rules/stock.ts'
import type { ArvindContext, Consignment, Item, Order } from './state.ts'
import { refundStatus } from './webhooks.ts'

/** Arvind's side of the truth for the judge: all stock, its absolute totals, and the orders of the shop's channel. */
export function view(ctx: ArvindContext): PartnerView {
  const skus = [...ctx.catalogue.skus.keys()]
  const own = [...ctx.state.orders.values()].filter(
    (order) => order.channelId === ctx.credentials.channel_id,
  )
  return {
    stock: skus.flatMap((sku) =>
      rowsOf(ctx, sku).map(({ centre, ...buckets }) => ({ sku, store: centre, ...buckets })),
    ),
    quantities: Object.fromEntries(skus.map((sku) => [sku, sellableTotal(ctx, sku)])),
    orders: own.map((order) => viewOrder(ctx, order)),
  }
}

const viewOrder = (ctx: ArvindContext, order: Order): PartnerOrderView => ({
  id: order.id,
  shop_order_id: order.orderReference,
  placed: true,
  status: orderStatus(order),
  items: order.items.map((item) => ({
    id: item.id,
    shop_item_id: item.itemReference,
    sku: item.skuId,
    quantity: item.quantity,
    status: item.status,
    status_by_event: lastTold(ctx, item),
  })),
  // The money of a COD order goes back by NEFT, past the gateway.
  refund_due_minor: order.isCod
    ? 0
    : order.items
        .filter(({ status }) => owed.has(status))
        .reduce((sum, item) => sum + item.netMinor, 0),
})

/** The customer paid and will not have the item, or gave it back; who pays is not said, that it is paid is expected (facts/arvind.md 4.3). */
const owed: ReadonlySet<Item['status']> = new Set([
  'CANCELLED',
  'UNFULFILLED',
  'RTO_RECEIVED',
  'REFUND_INITIATED',
  'REFUNDED',
])

/** The last status that has a webhook by the switch `webhook_scope`; null: nothing told yet. */
const lastTold = (ctx: ArvindContext, item: Item): string | null =>
  item.history.findLast(({ status }) => isTold(status, ctx.assumptions.webhook_scope))?.status ??
  null

/** Derived, never stored: what all open items have in common, or MIXED. */
export function orderStatus(order: Order): string {
  const open = order.items.filter(
    ({ status }) => status !== 'CANCELLED' && status !== 'UNFULFILLED',
  )
  const statuses = new Set((open.length > 0 ? open : order.items).map(({ status }) => status))
  const [only] = statuses
  return statuses.size === 1 && only ? only : 'MIXED'
}

/** What look-ups and scenarios call the state of a consignment: that of its least advanced item, in the public words. */
export function consignmentStatus(
  ctx: ArvindContext,
  order: Order,
  consignment: Consignment,
): string {
  const items = order.items.filter((item) => item.consignmentId === consignment.id)
  const open = items.filter(({ status }) => status !== 'CANCELLED' && status !== 'UNFULFILLED')
  const statuses = (open.length > 0 ? open : items).map(({ status }) => status)
  const least = progress.find((status) => statuses.includes(status)) ?? statuses[0] ?? 'ASSIGNED'
  return least === 'INVOICED' ? ctx.assumptions.invoiced_reads : titleCase(least)
}

const progress: readonly Item['status'][] = [
  'ASSIGNED',
  'INVOICED',
  'PACKED',
  'SHIPPED',
  'OUT_FOR_DELIVERY',
  'UNDELIVERED',
  'DELIVERED',
]

/** OUT_FOR_DELIVERY reads "Out For Delivery". */
const titleCase = (status: string): string =>
  status
    .split('_')
    .map((word) => (word === 'RTO' || word === 'QC' ? word : word[0] + word.slice(1).toLowerCase()))
    .join(' ')

/** What scenarios may look at as `arvind.order`, `arvind.item` and so on, in Arvind's own words. */
export const things: Record<string, (ctx: ArvindContext) => object[]> = {
  order: (ctx) =>
    [...ctx.state.orders.values()].map((order) => ({
      orderId: order.id,
      orderReference: order.orderReference,
      channelId: order.channelId,
      orderingStoreId: order.orderingStoreId,
      isOwn: order.channelId === ctx.credentials.channel_id,
      status: orderStatus(order),
      paymentMode: order.isCod ? 'COD' : 'PREPAID',
      netAmount: order.netMinor / 100,
      items: order.items.length,
      consignments: order.consignments.length,
    })),
  channel: (ctx) =>
    channels(ctx).map(({ channelId, warehouseId, orderingStoreId }) => ({
      channelId,
      warehouseId,
      orderingStoreId,
      isOwn: channelId === ctx.credentials.channel_id,
    })),
  consignment: (ctx) =>
    [...ctx.state.orders.values()].flatMap((order) =>
      order.consignments.map((consignment) => ({
        consignmentId: consignment.id,
        previousConsignmentId: consignment.previousId,
        orderReference: order.orderReference,
        centre: consignment.centre,
        status: consignmentStatus(ctx, order, consignment),
        invoiceNumber: consignment.invoiceNumber,
        courierName: consignment.courier?.name ?? null,
        awbNumber: consignment.courier?.awb ?? null,
        items: order.items.filter((item) => item.consignmentId === consignment.id).length,
      })),
    ),
  item: (ctx) =>
    [...ctx.state.orders.values()].flatMap((order) =>
      order.items.map((item) => describeItem(order, item)),
    ),
  return: (ctx) =>
    [...ctx.state.orders.values()].flatMap((order) =>
      order.returns.map((each) => describeReturn(order, each)),
    ),
  stock: (ctx) =>
    [...ctx.catalogue.skus.keys()].flatMap((skuId) =>
      rowsOf(ctx, skuId).map(({ centre, sellable, committed, unavailable, out }) => ({
        skuId,
        centre,
        sellable,
        committed,
        unavailable,
        out,
      })),
    ),
  total: (ctx) =>
    [...ctx.catalogue.skus.keys()].map((skuId) => ({
      skuId,
      quantity: sellableTotal(ctx, skuId),
    })),
  push: (ctx) => ctx.state.pushes.map((push) => ({ ...push })),
  rejection: (ctx) =>
    [...ctx.state.rejections].map(([skuId, { errorCode, message }]) => ({
      skuId,
      errorCode,
      message,
    })),
}

const describeItem = (order: Order, item: Item): object => ({
  itemReference: item.itemReference,
  orderReference: order.orderReference,
  channelId: order.channelId,
  consignmentId: item.consignmentId,
  centre: item.centre,
  skuId: item.skuId,
  quantity: item.quantity,
  status: item.status,
  reason: item.reason,
  returnId: item.returnId,
  history: item.history.map(({ status }) => status),
})

function describeReturn(order: Order, record: Order['returns'][number]): object {
  const item = order.items.find(({ returnId }) => returnId === record.id)
  return {
    returnId: record.id,
    returnConsignmentId: record.returnConsignmentId,
    orderReference: order.orderReference,
    itemReference: record.itemReference,
    returnMode: record.mode,
    status: item?.status ?? null,
    refundStatus: item ? refundStatus(item.status) : null,
    ifscCode: record.neft?.ifscCode ?? null,
    accountNumber: record.neft?.maskedAccount ?? null,
  }
}
