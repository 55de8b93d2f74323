import type { FyndSite } from './fynd-site.ts'
import { readFyndTime } from './fynd-times.ts'
import { isoTime, type OrderRow } from './orders.ts'
import { withRetries } from './partners/call.ts'
import { PartnerError } from './partners/errors.ts'
import type { Track, TrackedBag, TrackedShipment } from './partners/fynd-account.ts'
import { minorMoney } from './partners/money.ts'
import { interactive } from './partners/retry.ts'
import { gofyndOf } from './settings.ts'
import type { Visit } from './site.ts'

/** FYND's own word about an order; undefined when it gives none or does not know the order yet. */
export async function trackOrder(
  site: FyndSite,
  order: OrderRow,
  visit: Visit,
): Promise<Track | undefined> {
  const { fynd_order_id: fyndOrderId } = order
  if (fyndOrderId === null) return undefined
  try {
    return await withRetries(site.ports, interactive, `track/${order.id}`, (attempt) =>
      site.fynd.trackOrder(fyndOrderId, { trace: visit.trace, attempt, orderId: order.id }),
    )
  } catch (error) {
    if (!(error instanceof PartnerError)) throw error
    return undefined
  }
}

/** The order page under My Account: what track order says and nothing of the shop's own tables (kartify.md 4.8). */
export function showTracked(site: FyndSite, order: OrderRow, track: Track | undefined) {
  const model = { page: 'order', order_id: order.id }
  if (track === undefined) {
    return {
      ...model,
      details: 'not-available',
      message: 'The details of this order are not available at the moment.',
      items: [],
    }
  }
  const times = timesOf(site)
  return {
    ...model,
    details: 'available',
    ...showHead(track, times),
    items: track.shipments.flatMap((shipment) =>
      shipment.bags.map((bag) => showBag(shipment, bag, times)),
    ),
    shipments: track.shipments.map((shipment) => showShipment(shipment, times)),
  }
}

/** One line of the order list. */
export function showTrackedLine(site: FyndSite, order: OrderRow, track: Track | undefined) {
  if (track === undefined) return { id: order.id, details: 'not-available', items: [] }
  return {
    id: order.id,
    details: 'available',
    ...showHead(track, timesOf(site)),
    items: track.shipments
      .flatMap((shipment) => shipment.bags)
      .map((bag) => ({
        sku: bag.sku ?? null,
        size: bag.size ?? null,
        quantity: bag.quantity ?? 1,
        status: bag.status ?? null,
        status_display: bag.status_display ?? null,
      })),
  }
}

/** The bag of an item, and the shipment that it is in now: a split or a reassignment gives it another one. */
export function findTracked(
  track: Track,
  itemId: string,
): { shipment: TrackedShipment; bag: TrackedBag } | undefined {
  for (const shipment of track.shipments) {
    const bag = shipment.bags.find((each) => each.affiliate_bag_id === itemId)
    if (bag !== undefined) return { shipment, bag }
  }
  return undefined
}

/** Only a plain true makes a button (seed 000: "returnable" false, no button). */
export function buttonsOf(bag: TrackedBag) {
  return { cancel: bag.cancellable === true, return: bag.returnable === true }
}

type Times = (text: string | null | undefined) => string | null

/** Reads FYND's times as what they are; ISO 8601 in real UTC. */
function timesOf(site: FyndSite): Times {
  const { timestamps } = gofyndOf(site.settings)
  return (text) => {
    const atMs = readFyndTime(text, timestamps ?? 'ist_labelled_utc')
    return atMs === undefined ? null : isoTime(atMs)
  }
}

function showHead({ order }: Track, times: Times) {
  return {
    order_status: order?.order_status ?? null,
    payment_mode: order?.payment_mode ?? null,
    total_minor: order?.order_value == null ? null : minorMoney(order.order_value),
    ordered_at: times(order?.order_date),
  }
}

function showBag(shipment: TrackedShipment, bag: TrackedBag, times: Times) {
  return {
    affiliate_bag_id: bag.affiliate_bag_id ?? null,
    bag_id: bag.bag_id,
    shipment_id: shipment.shipment_id,
    sku: bag.sku ?? null,
    size: bag.size ?? null,
    quantity: bag.quantity ?? 1,
    status: bag.status ?? null,
    status_display: bag.status_display ?? null,
    status_at: times(bag.updated_at),
    reason: bag.reason?.text ?? null,
    refund_status: bag.refund_status ?? null,
    return_window_ends_at: times(bag.return_window_ends_at),
    awb_no: awbOf(shipment),
    track_url: shipment.track_url ?? null,
    history: (bag.bag_status_history ?? []).map((step) => ({
      status: step.status,
      display: step.app_display_name ?? step.display_name ?? step.status,
      at: times(step.updated_at),
    })),
    buttons: buttonsOf(bag),
  }
}

function showShipment(shipment: TrackedShipment, times: Times) {
  return {
    shipment_id: shipment.shipment_id,
    status_display: shipment.shipment_status?.title ?? null,
    courier: shipment.dp_name ?? null,
    awb_no: awbOf(shipment),
    tracking: (shipment.tracking_details ?? []).map((step) => ({
      display: step.status ?? null,
      at: times(step.time),
      passed: step.is_passed === true,
      current: step.is_current === true,
    })),
  }
}

function awbOf(shipment: TrackedShipment): string | null {
  return shipment.awb_no ?? shipment.traking_no ?? shipment.tracking_no ?? null
}
