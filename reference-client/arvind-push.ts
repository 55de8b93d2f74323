import { learnPushed, pushRow } from './arvind-orders.ts'
import { type ArvindSite, isModuleOn } from './arvind-site.ts'
import type { Cron } from './jobs.ts'
import type { Address } from './model.ts'
import {
  currentPayment,
  dropRefusal,
  type ItemRow,
  itemRows,
  noteOrder,
  type OrderRow,
  orderRow,
  oweRefund,
  refundRows,
} from './orders.ts'
import { isInDoubt, readTracked } from './partners/arvind.ts'
import { PartnerError } from './partners/errors.ts'
import { wireMoney } from './partners/money.ts'
import { ShopRefusal } from './refusal.ts'
import { arvindOf } from './settings.ts'
import type { Visit } from './site.ts'

const hourMs = 3_600_000
/** What the schedule takes, and what the operator's run takes (seed 001). */
const windows = { '6h': 6 * hourMs, '30d': 30 * 24 * hourMs } as const
type Window = keyof typeof windows

const everyMinutes = 10
const ordersMax = 2_000
/** After so many calls in a row without an answer the run ends: the partner is away, and the next run is near. */
const unansweredMax = 5
/** So many old orders in doubt are looked up in one run. */
const trackedMax = 50

type PushReport = {
  window: Window
  disabled?: true
  /** The run ended early because the partner did not answer. */
  stopped?: true
  found: number
  pushed: number
  duplicates: number
  refused: number
  unanswered: number
}

type Pushed = 'pushed' | 'duplicates' | 'refused' | 'unanswered'

/** "Push orders to Arvind" (kartify.md 6): by the schedule over 6 hours, by hand over 30 days. */
export function pushCron(site: ArvindSite): Cron {
  return {
    name: 'arvind-push',
    partner: 'arvind',
    everyMinutes: () => everyMinutes,
    run: async (visit, word = '6h') => {
      if (word !== '6h' && word !== '30d') {
        throw new ShopRefusal(400, 'invalid', `window: 6h or 30d, not "${word.slice(0, 40)}".`)
      }
      return pushOrders(site, word, visit)
    },
  }
}

/**
 * Takes every processing order of the window, one by one, and makes it processed on success only. What one order meets never stops
 * the others; orders that were tried least often go first.
 */
async function pushOrders(site: ArvindSite, window: Window, visit: Visit): Promise<PushReport> {
  const report = { window, found: 0, pushed: 0, duplicates: 0, refused: 0, unanswered: 0 }
  if (!isModuleOn(site)) return { ...report, disabled: true }
  oweOverdue(site)
  await settleOverdue(site, visit)
  const orders = site.storage.all<OrderRow>(
    `SELECT orders.* FROM orders LEFT JOIN arvind_pushes ON order_id = id
     WHERE status = 'processing' AND ${basisOf(site)} >= ? ORDER BY coalesce(attempts, 0), number LIMIT ?`,
    site.nowMs() - windows[window],
    ordersMax,
  )
  report.found = orders.length
  let unanswered = 0
  for (const order of orders) {
    const result = await pushOne(site, order.id, visit)
    if (result === undefined) continue
    report[result] += 1
    unanswered = result === 'unanswered' ? unanswered + 1 : 0
    if (unanswered >= unansweredMax) return { ...report, stopped: true }
  }
  return report
}

/** The time that the window counts from (arvind.md 5: `window_basis`). */
function basisOf(site: ArvindSite): string {
  switch (site.switches.window_basis) {
    case 'created':
      return 'created_at'
    case 'modified':
      return '(SELECT max(at) FROM order_history WHERE order_history.order_id = id)'
    case 'status_changed':
      // Notes are lines of history too: the move is the first line after the last other status.
      return `(SELECT min(at) FROM order_history moved WHERE moved.order_id = id AND moved.position >
        (SELECT coalesce(max(position), 0) FROM order_history other WHERE other.order_id = id AND other.status <> 'processing'))`
  }
}

/** Undefined when there is nothing to push any more. */
async function pushOne(
  site: ArvindSite,
  orderId: string,
  visit: Visit,
): Promise<Pushed | undefined> {
  const asked = site.storage.transaction('push-asked', () => writeDown(site, orderId))
  if (asked === undefined) return undefined
  const { body, attempt, before } = asked
  try {
    const { data } = await site.arvind.pushOrder(body, { trace: visit.trace, attempt, orderId })
    site.storage.transaction('order-pushed', () => {
      site.storage.run(
        'UPDATE arvind_pushes SET arvind_order_id = ? WHERE order_id = ?',
        data?.orderId ?? null,
        orderId,
      )
      learnPushed(site, orderId, 'pushed to Arvind')
    })
    return 'pushed'
  } catch (error) {
    if (!(error instanceof PartnerError)) throw error
    return site.storage.transaction('push-failed', () => writeFailure(site, orderId, error, before))
  }
}

/**
 * The call before it is made: if the process ends now, the next run sends the same bytes again and hears DUPLICATE_ORDER. While it is
 * under way nobody can be given the money back.
 */
function writeDown(site: ArvindSite, orderId: string) {
  const order = orderRow(site.storage, orderId)
  const refusal = refundRows(site.storage, orderId).find((row) => row.cause === 'order-refused')
  const isRefunded = refusal !== undefined && refusal.claimed_minor !== null
  if (order.status !== 'processing' || isRefunded) return undefined
  dropRefusal(site, orderId)
  const known = pushRow(site, orderId)
  const body = known?.body ?? JSON.stringify(renderPush(site, order))
  const attempt = (known?.attempts ?? 0) + 1
  site.storage.run(
    `INSERT INTO arvind_pushes (order_id, body, attempts, is_maybe_applied, last_at) VALUES (?, ?, 1, 1, ?)
     ON CONFLICT (order_id) DO UPDATE SET body = excluded.body, attempts = ?, is_maybe_applied = 1, last_at = excluded.last_at`,
    orderId,
    body,
    site.nowMs(),
    attempt,
  )
  const before = { isDoubtful: known?.is_maybe_applied === 1, isOwed: refusal !== undefined }
  return { body, attempt, before }
}

function writeFailure(
  site: ArvindSite,
  orderId: string,
  error: PartnerError,
  before: { isDoubtful: boolean; isOwed: boolean },
): Pushed {
  const { kind, code, message } = error.failure
  if (code === 'DUPLICATE_ORDER' && site.switches.on_duplicate_order === 'processed') {
    learnPushed(site, orderId, 'Arvind had the order already')
    return 'duplicates'
  }
  const isDuplicate = code === 'DUPLICATE_ORDER'
  // What it has already it may deliver: the money of such an order stays where it is.
  const isDoubtful = isDuplicate || isInDoubt(error.failure, before.isDoubtful)
  const why = code === undefined ? message : `${code}: ${message}`
  site.storage.run(
    'UPDATE arvind_pushes SET is_maybe_applied = ?, body = CASE WHEN ? THEN body END, last_error = ? WHERE order_id = ?',
    isDoubtful ? 1 : 0,
    // Certainly not taken: the next attempt may carry other settings.
    isDoubtful ? 1 : 0,
    why.slice(0, 500),
    orderId,
  )
  // While the call was under way a webhook may have proved that Arvind has the order.
  if (orderRow(site.storage, orderId).status !== 'processing') return 'duplicates'
  noteOrder(site, orderId, `not pushed: ${why}`.slice(0, 500))
  if (isDuplicate) return 'duplicates'
  // A dead token says nothing new: what was owed before the call is owed after it.
  if (!isDoubtful && (kind === 'refused' || before.isOwed)) oweOrder(site, orderId)
  return kind === 'refused' || kind === 'unauthorized' ? 'refused' : 'unanswered'
}

/** Paid and not taken: the operator may give the money back, and then the order is pushed no more. */
function oweOrder(site: ArvindSite, orderId: string) {
  const payment = currentPayment(site.storage, orderId)
  if (payment?.status !== 'captured') return
  oweRefund(site, orderId, 'order-refused', payment.amount_minor, payment.payment_id)
}

/** Paid orders that are too old for either run are nobody's any more: the operator finds them on the refund list. */
function oweOverdue(site: ArvindSite) {
  const overdue = site.storage.all<{ id: string }>(
    `SELECT id FROM orders LEFT JOIN arvind_pushes ON arvind_pushes.order_id = id
     WHERE orders.status = 'processing' AND payment_mode = 'PREPAID' AND ${basisOf(site)} < ?
     AND coalesce(is_maybe_applied, 0) = 0
     AND NOT EXISTS (SELECT 1 FROM refunds WHERE refunds.order_id = id AND cause = 'order-refused') LIMIT ?`,
    site.nowMs() - windows['30d'],
    ordersMax,
  )
  if (overdue.length === 0) return
  site.storage.transaction('owe-overdue', () => {
    for (const { id } of overdue) oweOrder(site, id)
  })
}

/**
 * Orders in doubt that are too old to be pushed again: nobody would ask, and the money would be neither the shop's nor the customer's.
 * Arvind's look-up says which (arvind.md 3.4); without an answer the next run asks again.
 */
async function settleOverdue(site: ArvindSite, visit: Visit) {
  const overdue = site.storage.all<{ id: string }>(
    `SELECT id FROM orders JOIN arvind_pushes ON arvind_pushes.order_id = id
     WHERE orders.status = 'processing' AND is_maybe_applied = 1 AND ${basisOf(site)} < ? ORDER BY last_at, number LIMIT ?`,
    site.nowMs() - windows['30d'],
    trackedMax,
  )
  let unanswered = 0
  for (const { id } of overdue) {
    const has = await askWhetherTaken(site, id, visit)
    if (has === undefined) unanswered += 1
    if (unanswered >= unansweredMax) return
    if (has === undefined) continue
    site.storage.transaction('push-settled', () => {
      if (has) learnPushed(site, id, 'Arvind shows the order')
      // While it was asked a webhook may have come.
      else if (orderRow(site.storage, id).status === 'processing') {
        site.storage.run(
          `UPDATE arvind_pushes SET is_maybe_applied = 0, body = NULL WHERE order_id = ?`,
          id,
        )
        noteOrder(site, id, 'Arvind never had the order')
        oweOrder(site, id)
      }
    })
  }
}

/** Undefined when Arvind gave no answer that can be relied on. */
async function askWhetherTaken(
  site: ArvindSite,
  orderId: string,
  visit: Visit,
): Promise<boolean | undefined> {
  try {
    return readTracked(await site.arvind.track(orderId, { trace: visit.trace, orderId }), orderId)
  } catch (error) {
    if (!(error instanceof PartnerError)) throw error
    return undefined
  }
}

/** The order on the wire (arvind.md 3.3): one line for each unit, amounts as plain numbers. */
function renderPush(site: ArvindSite, order: OrderRow) {
  const { channel_id, warehouse_id, ordering_store_id } = arvindOf(site.settings)
  const address: Address = JSON.parse(order.address)
  const payment = currentPayment(site.storage, order.id)
  const items = itemRows(site.storage, order.id)
  const grossMinor = items.reduce((sum, item) => sum + grossOf(site, item), 0)
  const total = wireMoney(order.total_minor)
  const gross = wireMoney(grossMinor)
  const isCod = order.payment_mode === 'COD'
  return {
    orderReference: order.id,
    orderReference2: order.id,
    marketPlaceName: 'KARTIFY',
    service: 'KARTIFY',
    orderingChannel: 'cloud',
    channelId: channel_id,
    orderingStoreId: ordering_store_id,
    orderStatus: 'processing',
    createdAt: order.created_at,
    netAmount: total,
    grossValue: gross,
    currency: 'INR',
    clusterId: null,
    paymentRatioMetadata: {},
    metadata: {
      ...renderBilling(address),
      grossTotal: String(gross),
      netTotal: String(total),
      netPrice: String(total),
      merchandiseTotal: String(gross),
      discountTotal: String(wireMoney(grossMinor - order.total_minor)),
      locale: 'en_IN',
      isSmsNotification: 'true',
      paymentProvider: isCod ? 'COD' : 'payment-gateway',
      paymentTransactionId: payment?.payment_id ?? '',
    },
    shippingAddress: renderAddress(address),
    customer: {
      firstName: address.first_name,
      middleName: '',
      lastName: address.last_name,
      email: address.email,
      phonenumber: address.mobile,
      userId: order.customer,
      username: order.customer,
      channelId: channel_id,
    },
    items: items.map((item) => {
      const amount = wireMoney(item.amount_minor)
      const price = wireMoney(grossOf(site, item))
      return {
        itemId: item.id,
        itemReference: item.id,
        skuId: item.sku,
        warehouseId: warehouse_id,
        quantity: item.quantity,
        mrp: price,
        grossAmount: price,
        discount: wireMoney(grossOf(site, item) - item.amount_minor),
        netAmount: amount,
        tradeSp: amount,
        taxAmount: 0,
        shippingAmount: 0,
        financialStatus: [
          {
            amount,
            paymentMode: order.payment_mode,
            paymentStatus: isCod ? 'pending' : 'paid',
          },
        ],
        typeOfTaxes: [],
        metadata: {},
        productDetails: { skuId: item.sku, size: item.size, mrp: price, grossSP: price },
      }
    }),
  }
}

/** The price before a coupon; of an option that is mapped no more, what was paid. */
function grossOf(site: ArvindSite, item: ItemRow): number {
  if (!site.range.isMapped(item.sku)) return item.amount_minor
  return Math.max(site.range.unit(item.sku).priceMinor, item.amount_minor)
}

/** `shippingAddress` and `pickupAddress` (arvind.md 3.3 and 3.6). */
export function renderAddress(address: Address) {
  return {
    customerName: `${address.first_name} ${address.last_name}`,
    address_line1: [address.address1, address.address2].filter((line) => line !== '').join(', '),
    city: address.city,
    state: address.state,
    zip: address.pincode,
    country: address.country,
    phone: address.mobile,
  }
}

function renderBilling(address: Address) {
  return {
    billing_address_line1: address.address1,
    billing_address_city: address.city,
    billing_address_state: address.state,
    billing_address_zip: address.pincode,
    billing_address_country: address.country,
    customer_name: `${address.first_name} ${address.last_name}`,
    customer_email: address.email,
    customer_phone: address.mobile,
  }
}
