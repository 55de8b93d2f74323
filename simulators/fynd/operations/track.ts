import { defineOperations } from '../../core/partner.ts'
import { type BagStatus, breakingStates, journeyOf } from '../rules/bag-machine.ts'
import { customerText, displayTexts } from '../rules/display.ts'
import { bagsOf, shipmentStatus, trackingOf } from '../rules/order-page.ts'
import { isCancellable, returnWindowEndsAtMs, whyNotReturnable } from '../rules/returns.ts'
import { promiseFor } from '../rules/serviceability.ts'
import { skuOf, storeOf } from '../rules/stock.ts'
import {
  type Bag,
  type FyndContext,
  type FyndTypes,
  type Order,
  type OrderLine,
  orderFor,
  orderStatus,
  pincodeOf,
  type Shipment,
} from '../state.ts'
import { writeBusinessTime } from '../times.ts'
import { trackUrl } from '../webhooks.ts'
import { respond } from './respond.ts'

/** F6 of facts/fynd.md: everything that the customer's order page shows. */
export const trackOperations = defineOperations<FyndTypes>({
  trackOrder: (call) => {
    const { ctx } = call
    const order = orderFor(ctx, call.auth.affiliateId, call.path.fynd_order_id ?? '')
    return respond(call, {
      success: true,
      order: renderOrder(ctx, order),
      shipments: order.shipments.map((shipment) => renderShipment(ctx, order, shipment)),
    })
  },
})

function renderOrder(ctx: FyndContext, order: Order): object {
  const { request } = order
  const { first_name, last_name, email, mobile } = request.shipping
  return {
    fynd_order_id: order.id,
    affiliate_order_id: request.affiliateOrderId,
    order_date: time(ctx, order.createdAtMs),
    payment_mode: request.paymentMode,
    order_value: request.valueMinor / 100,
    order_status: orderStatus(order),
    total_shipments_in_order: order.shipments.length,
    user_info: { first_name, last_name, email, mobile },
    breakup_values: renderBreakup(order),
  }
}

function renderBreakup({ request }: Order): object[] {
  const sum = (of: (line: OrderLine) => number) =>
    request.lines.reduce((total, line) => total + of(line), 0)
  const values: [string, string, number][] = [
    ['mrp_total', 'MRP Total', sum((line) => line.markedMinor * line.quantity)],
    ['sub_total', 'Subtotal', sum((line) => line.effectiveMinor * line.quantity)],
    ['discount', 'Discount', -request.discountMinor],
    ['delivery_charges', 'Delivery Charge', request.deliveryMinor],
    ['cod_charges', 'COD Charge', request.codMinor],
    ['total', 'Total', request.valueMinor],
  ]
  return values.map(([name, display, minor]) => ({ name, display, value: minor / 100 }))
}

function renderShipment(ctx: FyndContext, order: Order, shipment: Shipment): object {
  const bags = bagsOf(order, shipment)
  const status = shipmentStatus(bags)
  const courier = shipment.returnCourier ?? shipment.courier
  const store = storeOf(ctx, shipment.store)
  const place = pincodeOf(ctx, order.request.shipping.pincode)
  const awb = courier?.awb ?? null
  const invoice = renderInvoice(shipment, bags)
  return {
    shipment_id: shipment.id,
    previous_shipment_id: shipment.previousId,
    shipment_status: {
      title: customerText(status),
      value: status,
      hex_code: colours[journeyOf(status)],
    },
    tracking_details: trackingOf(bags).map((step) => ({
      status: customerText(step.status),
      value: step.status,
      time: step.atMs === undefined ? null : time(ctx, step.atMs),
      is_passed: step.atMs !== undefined,
      is_current: step.isCurrent,
    })),
    awb_no: awb,
    // Partner: spelt so in its own documents (facts/fynd.md 7).
    [ctx.assumptions.misspelt_tracking_key ? 'traking_no' : 'tracking_no']: awb,
    track_url: awb === null ? null : trackUrl(awb),
    dp_name: courier?.name ?? null,
    show_track_link: awb !== null,
    promise: place ? promiseFor(place, order.createdAtMs) : null,
    fulfilling_store: { id: store.id, code: store.code, name: store.name },
    payment: renderPayment(order),
    can_cancel: bags.some(isCancellable),
    can_return: bags.some((bag) => whyNotReturnable(ctx, order, bag) === null),
    can_break: Object.fromEntries(
      Object.entries(breakingStates).map(([state, can]) => [state, { can_break_entity: can }]),
    ),
    invoice,
    show_download_invoice: invoice !== null,
    refund_details: renderRefundDetails(bags),
    beneficiary_details: false,
    bags: bags.map((bag) => renderBag(ctx, order, bag)),
  }
}

const colours: Readonly<Record<ReturnType<typeof journeyOf>, string>> = {
  out: '#2e7d32',
  delivered: '#1565c0',
  home: '#ef6c00',
  back: '#ef6c00',
  ended: '#757575',
}

function renderInvoice(shipment: Shipment, bags: readonly Bag[]): object | null {
  const isWritten = bags.some((bag) => bag.history.some(({ status }) => status === 'bag_invoiced'))
  if (!isWritten) return null
  return {
    invoice_url: `https://invoices.example/${shipment.id}/invoice.pdf`,
    label_url: `https://invoices.example/${shipment.id}/label.pdf`,
    store_invoice_id: `INV-${shipment.id}`,
  }
}

const paymentStatus = { awaited: 'pending', failed: 'failed', paid: 'paid' } as const

function renderPayment(order: Order): object {
  const { payment } = order
  const mode = order.request.paymentMode
  const isCollected = order.bags.some((bag) => journeyOf(bag.status) === 'delivered')
  let status: string
  if (payment === 'on-delivery') status = isCollected ? 'paid' : 'pending'
  else status = payment === 'paid-too-late' ? 'paid' : paymentStatus[payment]
  return { mode, mop: order.paymentMethod ?? mode, status }
}

function renderRefundDetails(bags: readonly Bag[]): object | null {
  const refunds = bags.flatMap((bag) => bag.refund ?? [])
  if (refunds.length === 0) return null
  return { rrn: refunds.find((refund) => refund.reportedId !== null)?.reportedId ?? null }
}

function renderBag(ctx: FyndContext, order: Order, bag: Bag): object {
  const endsAtMs = returnWindowEndsAtMs(ctx, bag)
  const sku = skuOf(ctx, bag.sku)
  return {
    bag_id: bag.id,
    affiliate_bag_id: bag.affiliateBagId,
    sku: bag.sku,
    size: bag.size,
    quantity: bag.quantity,
    item: { name: sku?.itemName ?? bag.sku, code: sku?.item ?? bag.sku, size: bag.size },
    status: bag.status,
    status_display: customerText(bag.status),
    updated_at: time(ctx, bag.updatedAtMs),
    returnable: whyNotReturnable(ctx, order, bag) === null,
    cancellable: isCancellable(bag),
    return_window_ends_at: endsAtMs === undefined ? null : time(ctx, endsAtMs),
    return_config: {
      returnable: sku?.returnable ?? false,
      time: ctx.assumptions.return_window_days,
      unit: 'days',
    },
    reason: bag.reason && { id: bag.reason.id, text: bag.reason.text },
    refund_status: refundStatus(bag),
    financial_breakup: [renderMoney(ctx, order, bag, sku?.itemName ?? bag.sku)],
    bag_status_history: bag.history.map(({ status, atMs }) => ({
      status,
      display_name: displayTexts[status],
      app_display_name: customerText(status),
      state_type: stateType(status),
      forward: forward.has(journeyOf(status)),
      updated_at: time(ctx, atMs),
    })),
  }
}

const forward: ReadonlySet<string> = new Set(['out', 'delivered'])

function refundStatus(bag: Bag): string | null {
  if (!bag.refund) return null
  return bag.refund.reportedId === null ? 'refund_initiated' : 'refund_done'
}

function stateType(status: BagStatus): string {
  if (status.startsWith('refund_') || status === 'credit_note_generated') return 'financial'
  if (status.startsWith('cancelled_') || status === 'rejected_by_customer') return 'cancel'
  const journey = journeyOf(status)
  if (status.startsWith('rto_')) return 'rto'
  return status.startsWith('return_') || journey === 'back' ? 'return' : 'operational'
}

/** GST is part of the price: 5 % up to 1,000 rupees a piece, 12 % above (ASSUMED). */
function renderMoney(ctx: FyndContext, order: Order, bag: Bag, itemName: string): object {
  const line = order.request.lines.find((each) => each.affiliateBagId === bag.affiliateBagId)
  const effectiveMinor = line?.effectiveMinor ?? 0
  const percent = effectiveMinor > 100_000 ? 12 : 5
  const paidMinor = bag.shareMinor
  const gstMinor = Math.round((paidMinor * percent) / (100 + percent))
  const { money_quirks } = ctx.assumptions
  return {
    item_name: itemName,
    price_marked: rupees(line?.markedMinor ?? 0),
    price_effective: rupees(effectiveMinor),
    amount_paid: rupees(paidMinor),
    // Partner: a separate round-off, and GST as text while other money is a number (facts/fynd.md 7).
    ...(money_quirks && { amount_paid_roundoff: Math.round(paidMinor / 100) }),
    gst_fee: money_quirks ? (gstMinor / 100).toFixed(2) : gstMinor / 100,
    gst_tax_percentage: percent,
    value_of_good: (paidMinor - gstMinor) / 100,
    total_units: bag.quantity,
  }
}

const rupees = (minor: number): number => minor / 100

const time = (ctx: FyndContext, atMs: number): string =>
  writeBusinessTime(atMs, ctx.assumptions.timestamps)
