import type { PartnerOrderView, PartnerView, StockView } from '../core/judge/views.ts'
import { eventOf } from './rules/bag-machine.ts'
import { bagsOf, shipmentStatus } from './rules/order-page.ts'
import { isCancellable, whyNotReturnable } from './rules/returns.ts'
import { rowsOf, sellableTotal } from './rules/stock.ts'
import {
  type Bag,
  catalogueOf,
  type FyndContext,
  type Order,
  orderStatus,
  shipmentOf,
} from './state.ts'
import { writeBusinessTime } from './times.ts'

/** FYND's side of the truth for the judge: all stock, and the orders of the shop under test. */
export function view(ctx: FyndContext): PartnerView {
  const stock: StockView[] = []
  const quantities: Record<string, number> = {}
  for (const sku of catalogueOf(ctx).skus.keys()) {
    for (const row of rowsOf(ctx, sku)) stock.push(viewRow(sku, row))
    quantities[sku] = sellableTotal(ctx, sku)
  }
  const own = [...ctx.state.orders.values()].filter(
    (order) => order.affiliateId === ctx.credentials.affiliate_id,
  )
  return { stock, quantities, orders: own.map(viewOrder) }
}

const viewRow = (sku: string, row: ReturnType<typeof rowsOf>[number]): StockView => ({
  sku,
  store: row.store,
  sellable: row.sellable,
  committed: row.committed,
  unavailable: row.notAvailable + row.damaged,
  out: row.out,
  opening: row.opening,
  adjusted: row.adjusted,
})

const viewOrder = (order: Order): PartnerOrderView => ({
  id: order.id,
  shop_order_id: order.request.affiliateOrderId,
  placed: order.placedAtMs !== null,
  status: orderStatus(order),
  items: order.bags.map((bag) => ({
    id: String(bag.id),
    shop_item_id: bag.affiliateBagId,
    sku: bag.sku,
    quantity: bag.quantity,
    status: bag.status,
    status_by_event: lastTold(bag),
  })),
  // COD money goes back another way than through the payment partner.
  refund_due_minor:
    order.payment === 'on-delivery'
      ? 0
      : order.bags.reduce((sum, bag) => sum + (bag.refund?.amountMinor ?? 0), 0),
})

/** The last state that has an event; a pending bag has told nothing yet. */
const lastTold = (bag: Bag): string | null =>
  bag.history.findLast(({ status }) => eventOf[status] !== undefined)?.status ?? null

/** What scenarios may look at as `fynd.order`, `fynd.bag`, `fynd.shipment` and `fynd.stock`, in FYND's own words. */
export const things: Record<string, (ctx: FyndContext) => object[]> = {
  order: (ctx) =>
    [...ctx.state.orders.values()].map((order) => ({
      fynd_order_id: order.id,
      affiliate_order_id: order.request.affiliateOrderId,
      affiliate_id: order.affiliateId,
      order_status: orderStatus(order),
      payment_mode: order.request.paymentMode,
      payment: order.payment,
      order_value: order.request.valueMinor / 100,
      bags: order.bags.length,
      shipments: order.shipments.length,
    })),
  shipment: (ctx) =>
    [...ctx.state.orders.values()].flatMap((order) =>
      order.shipments.map((shipment) => ({
        shipment_id: shipment.id,
        previous_shipment_id: shipment.previousId,
        fynd_order_id: order.id,
        affiliate_order_id: order.request.affiliateOrderId,
        store: shipment.store,
        courier: shipment.courier?.name ?? null,
        awb_no: shipment.courier?.awb ?? null,
        return_courier: shipment.returnCourier?.name ?? null,
        return_awb_no: shipment.returnCourier?.awb ?? null,
        status: shipmentStatus(bagsOf(order, shipment)),
        bags: bagsOf(order, shipment).length,
      })),
    ),
  bag: (ctx) =>
    [...ctx.state.orders.values()].flatMap((order) =>
      order.bags.map((bag) => describeBag(ctx, order, bag)),
    ),
  refund: (ctx) =>
    [...ctx.state.orders.values()].flatMap((order) =>
      order.bags.flatMap((bag) => (bag.refund ? [describeRefund(order, bag, bag.refund)] : [])),
    ),
  affiliate: (ctx) =>
    [ctx.credentials.affiliate_id, ...ctx.state.bystanders.keys()].map((id) => ({
      affiliate_id: id,
      is_shop: id === ctx.credentials.affiliate_id,
      disabled: ctx.state.disabledAffiliates.has(id),
      orders: [...ctx.state.orders.values()].filter((order) => order.affiliateId === id).length,
    })),
  stock: (ctx) =>
    [...catalogueOf(ctx).skus.keys()].flatMap((sku) =>
      rowsOf(ctx, sku).map((row) => ({
        sku,
        store: row.store,
        sellable: row.sellable,
        committed: row.committed,
        not_available: row.notAvailable,
        damaged: row.damaged,
        out: row.out,
      })),
    ),
}

const describeRefund = (order: Order, bag: Bag, refund: NonNullable<Bag['refund']>): object => ({
  refund_id: refund.id,
  bag_id: bag.id,
  affiliate_bag_id: bag.affiliateBagId,
  fynd_order_id: order.id,
  affiliate_order_id: order.request.affiliateOrderId,
  amount: refund.amountMinor / 100,
  journey_type: refund.journey,
  status: bag.status,
  reported_id: refund.reportedId,
})

const describeBag = (ctx: FyndContext, order: Order, bag: Bag): object => ({
  bag_id: bag.id,
  affiliate_bag_id: bag.affiliateBagId,
  fynd_order_id: order.id,
  affiliate_order_id: order.request.affiliateOrderId,
  shipment_id: bag.shipmentId === '' ? null : bag.shipmentId,
  previous_shipment_id: bag.shipmentId === '' ? null : shipmentOf(order, bag).previousId,
  store: bag.store === '' ? null : bag.store,
  sku: bag.sku,
  size: bag.size,
  quantity: bag.quantity,
  status: bag.status,
  reason: bag.reason?.text ?? null,
  returnable: whyNotReturnable(ctx, order, bag) === null,
  cancellable: isCancellable(bag),
  refund: bag.refund ? bag.refund.amountMinor / 100 : null,
  updated_at: writeBusinessTime(bag.updatedAtMs, ctx.assumptions.timestamps),
  history: bag.history.map(({ status }) => status),
})
