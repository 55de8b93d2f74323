import { learnFyndOrderId } from './fynd-orders.ts'
import { becomePlaced } from './fynd-placing.ts'
import { keepRefundBags } from './fynd-refund-reports.ts'
import type { FyndSite } from './fynd-site.ts'
import { isTaken, keepTaken } from './inbox.ts'
import { keepItemEvent } from './item-events.ts'
import { writeMessages } from './messages.ts'
import {
  dropRefusal,
  findOrder,
  type ItemRow,
  itemRows,
  type OrderRow,
  oweRefund,
} from './orders.ts'
import type { Outbox } from './outbox.ts'
import { type FyndEvent, isFyndEvent } from './partners/fynd.ts'
import { minorMoney } from './partners/money.ts'
import { gofyndOf } from './settings.ts'
import { logPartner } from './site.ts'

export type InboxOutcome =
  | 'applied'
  | 'stale'
  | 'duplicate'
  | 'unknown-order'
  | 'unknown-bag'
  | 'unknown-event'
  | 'other-affiliate'
  | 'ping'

/** A webhook may overtake our own commit: for this long the partner is asked to come again (kartify.md 8). */
const unknownOrderPatienceMs = 10 * 60_000

/** Bag states by how far along they are: breaks the tie when two events carry the same millisecond. */
const progress = [
  'placed',
  'bag_confirmed',
  'dp_assigned',
  'bag_picked',
  'out_for_delivery',
  'delivery_done',
  'handed_over_to_customer',
  'rto_in_transit',
  'rto_bag_accepted',
  'cancelled_customer',
  'cancelled_fynd',
  'return_initiated',
  'out_for_pickup',
  'return_dp_out_for_pickup',
  'return_accepted',
  'refund_initiated',
]

/**
 * Takes one verified FYND event (kartify.md 8): order, item, inbox and mail change in one transaction, so that an event is either
 * taken as a whole or comes again. `retry` asks the partner to send it later.
 */
export function takeFyndEvent(
  site: FyndSite,
  outbox: Outbox,
  event: FyndEvent,
  eventId: string,
): { outcome: InboxOutcome; retry: boolean } {
  const { storage } = site
  const outcome = (result: InboxOutcome) => ({ outcome: result, retry: false })
  if (isTaken(site, 'fynd', eventId)) return outcome('duplicate')

  const { affiliate_id: ownAffiliateId } = gofyndOf(site.settings)
  const isOther = event.affiliate_id !== undefined && event.affiliate_id !== ownAffiliateId
  const order = isOther ? undefined : orderOf(site, event)
  const isYoung = site.nowMs() - event.created_timestamp < unknownOrderPatienceMs
  const isPing = event.event === 'ping'
  if (!isPing && !isOther && isFyndEvent(event.event) && order === undefined && isYoung) {
    return { outcome: 'unknown-order', retry: true }
  }
  return storage.transaction('fynd-webhook', () => {
    const result = isPing
      ? 'ping'
      : isOther
        ? 'other-affiliate'
        : !isFyndEvent(event.event)
          ? 'unknown-event'
          : order === undefined
            ? 'unknown-order'
            : applyEvent(site, outbox, order, event, eventId)
    const orderId = order?.id ?? null
    keepTaken(site, { source: 'fynd', eventId, event: event.event, orderId, outcome: result })
    logPartner(storage, site.nowMs(), {
      direction: 'in',
      partner: 'fynd',
      operation: event.event,
      orderId: order?.id ?? event.affiliate_order_id?.slice(0, 100) ?? null,
      attempt: 1,
      status: 200,
      outcome: result,
      detail: eventId,
    })
    return outcome(result)
  })
}

function orderOf(site: FyndSite, event: FyndEvent): OrderRow | undefined {
  if (event.affiliate_order_id != null) return findOrder(site.storage, event.affiliate_order_id)
  if (event.fynd_order_id == null) return undefined
  return site.storage.get<OrderRow>(
    'SELECT * FROM orders WHERE fynd_order_id = ?',
    event.fynd_order_id,
  )
}

function applyEvent(
  site: FyndSite,
  outbox: Outbox,
  order: OrderRow,
  event: FyndEvent,
  eventId: string,
): InboxOutcome {
  learnFromEvent(site, outbox, order, event)
  const applied: ItemRow[] = []
  const known = bagsOf(itemRows(site.storage, order.id), event)
  for (const { item, bag } of known) {
    if (applyToItem(site, item, bag, event, eventId)) applied.push(item)
  }
  if (event.event === 'REFUND_INITIATED') {
    // A refund is a fact whenever it comes; only the status can be stale.
    const cause = `REFUND_INITIATED:${event.refund?.refund_id ?? eventId}`
    const amountMinor = refundMinor(event, known)
    oweRefund(site, order.id, cause, amountMinor)
    keepRefundBags(site, { orderId: order.id, cause, amountMinor }, known)
  }
  if (known.length === 0) return 'unknown-bag'
  if (applied.length === 0) return 'stale'
  writeMessages(site, order, {
    name: event.event,
    id: eventId,
    status: event.status ?? '',
    skus: applied.map((item) => item.sku),
  })
  return 'applied'
}

/**
 * An event about an order proves that the partner has it: it ends our own doubt about a lost answer. ORDER_PLACED means placed and,
 * for a prepaid order, paid.
 */
function learnFromEvent(site: FyndSite, outbox: Outbox, order: OrderRow, event: FyndEvent) {
  if (event.fynd_order_id != null) learnFyndOrderId(site, order.id, event.fynd_order_id)
  if (order.status === 'processed') return
  const isProof = order.payment_mode === 'COD' || event.event === 'ORDER_PLACED'
  if (!isProof) return
  outbox.settle('order-placed', order.id)
  outbox.settle('confirm-payment', order.id)
  dropRefusal(site, order.id)
  becomePlaced(site, order.id, `${event.event} came from FYND`)
}

type EventBag = FyndEvent['bags'][number]

function bagsOf(items: ItemRow[], event: FyndEvent): { item: ItemRow; bag: EventBag }[] {
  return event.bags.flatMap((bag) => {
    const bagId = bag.bag_id == null ? null : String(bag.bag_id)
    const item =
      items.find((candidate) => candidate.affiliate_bag_id === bag.affiliate_bag_id) ??
      items.find((candidate) => bagId !== null && candidate.bag_id === bagId)
    return item === undefined ? [] : [{ item, bag }]
  })
}

/** Keeps the event in the item's history; moves the item unless it already knows something newer. */
function applyToItem(
  site: FyndSite,
  item: ItemRow,
  bag: EventBag,
  event: FyndEvent,
  eventId: string,
): boolean {
  const status = bag.status ?? event.status ?? event.event.toLowerCase()
  const news = { status, event: event.event, eventId, atMs: event.created_timestamp }
  if (!keepItemEvent(site, item, news, progress)) return false
  site.storage.run(
    `UPDATE items SET bag_id = coalesce(?, bag_id), shipment_id = coalesce(?, shipment_id),
     courier = coalesce(?, courier), awb = coalesce(?, awb) WHERE id = ?`,
    bag.bag_id == null ? null : String(bag.bag_id),
    event.shipment_id ?? null,
    event.dp_details?.name ?? null,
    event.dp_details?.awb_no ?? null,
    item.id,
  )
  return true
}

function refundMinor(event: FyndEvent, known: { item: ItemRow }[]): number {
  if (event.refund != null) return minorMoney(event.refund.amount)
  return known.reduce((sum, { item }) => sum + item.amount_minor, 0)
}
