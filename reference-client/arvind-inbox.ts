import { askRow, forgiveItem, keepFacts, learnPushed, oweItem } from './arvind-orders.ts'
import type { ArvindSite } from './arvind-site.ts'
import { readArvindTime } from './arvind-times.ts'
import { isTaken, keepTaken } from './inbox.ts'
import { keepItemEvent } from './item-events.ts'
import { writeMessages } from './messages.ts'
import { findOrder, type ItemRow, itemRows, type OrderRow } from './orders.ts'
import {
  type ArvindStatus,
  arvindStatuses,
  isArvindStatus,
  type StatusEvent,
} from './partners/arvind.ts'
import { ShopRefusal } from './refusal.ts'
import { arvindOf } from './settings.ts'
import { logPartner } from './site.ts'

export type StatusOutcome =
  | 'applied'
  | 'stale'
  | 'duplicate'
  | 'unknown-order'
  | 'unknown-item'
  | 'unknown-status'
  | 'other-channel'

/** A webhook may overtake our own commit: for this long the partner is asked to come again (kartify.md 8). */
const unknownOrderPatienceMs = 10 * 60_000

const progress = Object.keys(arvindStatuses)

/** Goods that are on their way, or there: a cancellation has come to nothing. */
const onTheWay = new Set(['SHIPPED', 'OUT_FOR_DELIVERY', 'DELIVERED'])
/** The customer will not have it: what was paid for it is owed. */
const lost = new Set(['CANCELLED', 'UNFULFILLED', 'RTO_RECEIVED'])
/** Arvind's own word that money goes back; a fact whenever it comes. */
const refunding = new Set(['REFUND_INITIATED', 'REFUNDED'])

/**
 * Takes one status webhook (arvind.md 3.7): items, order, inbox, refund and mail change in one transaction, so that an event is either
 * taken as a whole or comes again. `retry` asks the partner to send it later. Throws a 400 for a time that cannot be.
 */
export function takeStatus(
  site: ArvindSite,
  event: StatusEvent,
  eventId: string,
): { outcome: StatusOutcome; retry: boolean } {
  const atMs = readArvindTime(site, event.statusTime)
  if (atMs === undefined) {
    throw new ShopRefusal(400, 'invalid', 'statusTime: epoch milliseconds.')
  }
  if (isTaken(site, 'arvind', eventId)) return { outcome: 'duplicate', retry: false }
  const { channel_id: ownChannel } = arvindOf(site.settings)
  const isOther = event.channelId != null && event.channelId !== ownChannel
  const order = isOther ? undefined : findOrder(site.storage, event.orderReference)
  const isYoung = site.nowMs() - event.statusTime < unknownOrderPatienceMs
  if (!isOther && order === undefined && isYoung) return { outcome: 'unknown-order', retry: true }
  return site.storage.transaction('arvind-webhook', () => {
    const outcome = isOther
      ? 'other-channel'
      : order === undefined
        ? 'unknown-order'
        : applyStatus(site, order, { ...event, statusTime: atMs }, eventId)
    const orderId = order?.id ?? null
    keepTaken(site, { source: 'arvind', eventId, event: event.status, orderId, outcome })
    logPartner(site.storage, site.nowMs(), {
      direction: 'in',
      partner: 'arvind',
      operation: event.status,
      orderId: orderId ?? event.orderReference,
      attempt: 1,
      status: 200,
      outcome,
      detail: eventId,
    })
    return { outcome, retry: false }
  })
}

function applyStatus(
  site: ArvindSite,
  order: OrderRow,
  event: StatusEvent,
  eventId: string,
): StatusOutcome {
  // Whatever it says, it is said of an order that Arvind has.
  learnPushed(site, order.id, `${event.status} came from Arvind`)
  const targets = targetsOf(site, order, event)
  if (targets.length === 0) return 'unknown-item'
  const applied: { item: ItemRow; status: string }[] = []
  let isKnownWord = false
  for (const { item, status } of targets) {
    if (!isArvindStatus(status)) continue
    isKnownWord = true
    if (applyToItem(site, order, item, status, event, eventId)) applied.push({ item, status })
  }
  if (!isKnownWord) return 'unknown-status'
  if (applied.length === 0) return 'stale'
  for (const status of new Set(applied.map((one) => one.status))) {
    const skus = applied.filter((one) => one.status === status).map((one) => one.item.sku)
    writeMessages(site, order, { name: status, id: eventId, status, skus })
  }
  return 'applied'
}

/** The items an event is about; the item's own word wins over the top one. Without items: those of the consignment, else all. */
function targetsOf(site: ArvindSite, order: OrderRow, event: StatusEvent) {
  const items = itemRows(site.storage, order.id)
  if (event.items.length === 0) {
    const { consignmentId = null } = event
    const packed =
      consignmentId === null
        ? []
        : site.storage.all<{ item_id: string }>(
            'SELECT item_id FROM arvind_items WHERE consignment_id = ?',
            consignmentId,
          )
    const ids = new Set(packed.map((row) => row.item_id))
    const own = items.filter((item) => ids.has(item.id))
    return (own.length === 0 ? items : own).map((item) => ({ item, status: event.status }))
  }
  return event.items.flatMap((told) => {
    const named = items.find((item) => item.id === told.itemReference)
    const bySku = items.filter((item) => item.sku === told.skuId)
    const item = named ?? (told.itemReference == null && bySku.length === 1 ? bySku[0] : undefined)
    return item === undefined ? [] : [{ item, status: told.status ?? event.status }]
  })
}

function applyToItem(
  site: ArvindSite,
  order: OrderRow,
  item: ItemRow,
  status: ArvindStatus,
  event: StatusEvent,
  eventId: string,
): boolean {
  const news = { status, event: event.status, eventId, atMs: event.statusTime }
  const isNewer = keepItemEvent(site, item, news, progress)
  // A reason belongs to the status that it was given for.
  keepFacts(
    site,
    item.id,
    factsIn(event, status, isNewer ? {} : factsKnown),
    isNewer ? ['reason'] : [],
  )
  if (refunding.has(status) || (isNewer && lost.has(status))) {
    oweItem(site, order.payment_mode, item)
  }
  if (!isNewer) return false
  const cancel = askRow(site, item.id, 'cancel')
  if (onTheWay.has(status) && news.atMs > (cancel?.answered_at ?? 0)) forgiveItem(site, item)
  if (status === 'CANCELLED') acceptAsked(site, item, 'cancel')
  if (status === 'RETURN_REQUESTED') acceptAsked(site, item, 'return')
  return true
}

/** A late event still tells what nobody told before: the number of a parcel does not grow old, its place does. */
const factsKnown = { isLate: true }

function factsIn(event: StatusEvent, status: ArvindStatus, { isLate = false }) {
  return {
    consignment_id: isLate ? null : (event.consignmentId ?? null),
    invoice_number: event.invoiceNumber ?? null,
    invoice_url: event.invoiceUrl ?? null,
    awb_number: event.awbNumber ?? null,
    courier: event.courierName ?? null,
    tracking_url: event.trackingUrl ?? null,
    delivered_at: status === 'DELIVERED' ? (event.deliveredDate ?? null) : null,
    return_id: event.returnId ?? null,
    refund_status: isLate ? null : (event.refundStatus ?? null),
    reason: isLate ? null : (event.reason ?? null),
  }
}

/** The answer to a request was lost, and here is its effect. */
function acceptAsked(site: ArvindSite, item: ItemRow, kind: 'cancel' | 'return') {
  site.storage.run(
    `UPDATE arvind_asks SET state = 'accepted', answered_at = ? WHERE item_id = ? AND kind = ? AND state = 'asked'`,
    site.nowMs(),
    item.id,
    kind,
  )
}
