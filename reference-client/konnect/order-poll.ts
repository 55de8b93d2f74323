import { PartnerError } from '../partners/errors.ts'
import { limits, type OrderQuery } from '../partners/konnect.ts'
import type { KonnectOrder } from '../partners/konnect-shapes.ts'
import { company } from '../partners/konnect-token.ts'
import type { Visit } from '../site.ts'
import {
  changeStatus,
  findSellerOrder,
  gone,
  orderStatuses,
  returnStatuses,
  type SellerOrderRow,
  takeReading,
} from './seller-orders.ts'
import { indianTime, readMark, type SellerSite, writeMark } from './seller-site.ts'

const minuteMs = 60_000
const hourMs = 60 * minuteMs
const dayMs = 24 * hourMs

/** How far a window reaches back over the last one: what a page lost comes again. */
const overlapMs = 6 * hourMs
const firstWindowMs = 30 * dayMs
const windowMaxMs = 90 * dayMs
/** Konnect's clock may run ahead of ours. */
const skewMs = 5 * minuteMs
const pagesMax = 1_000

const orderCursor = 'seller-order-cursor'
const returnCursor = 'seller-return-cursor'

export type PollReport = {
  pages: number
  listed: number
  new: number
  changed: number
  unreadable: number
}

export type OrderPollReport = PollReport & { window: { from: string; to: string }; gone: number }

type Walk = PollReport & { seen: Set<string> }

/** Minutes between two polls, by the orders of the last day (konnect.md 4). */
export function pollIntervalMinutes(ordersLastDay: number): number {
  if (ordersLastDay >= 1_000) return 1
  return ordersLastDay >= 100 ? 5 : 15
}

export function currentPollMinutes(site: SellerSite): number {
  const row = site.storage.get<{ count: number }>(
    'SELECT count(*) AS count FROM seller_orders WHERE order_date >= ?',
    site.nowMs() - dayMs,
  )
  return pollIntervalMinutes(row?.count ?? 0)
}

/**
 * Reads every order list of every store: all statuses, because an order may be cancelled before we ever saw it. Orders that no list
 * shows any more are looked up by id. The cursor moves last, and not past a record that could not be read.
 */
export function pollOrders(site: SellerSite, visit: Visit): Promise<OrderPollReport> {
  return site.once('order-poll', () => readAllOrders(site, visit))
}

async function readAllOrders(site: SellerSite, visit: Visit): Promise<OrderPollReport> {
  const startedAtMs = site.nowMs()
  const fromMs = windowStart(site, startedAtMs)
  const window = { from: indianTime(fromMs), to: indianTime(startedAtMs + skewMs) }
  const walk = newWalk()
  await forEachStore(site, async (location) => {
    for (const orderStatus of orderStatuses) {
      const dates = { orderDateFrom: window.from, orderDateTo: window.to }
      await walkList(site, visit, location, { orderStatus, ...dates }, walk)
    }
  })
  const missing = await lookUpMissing(site, visit, walk, 'forward')
  if (walk.unreadable === 0) {
    site.storage.transaction('order-cursor', () => writeMark(site, orderCursor, startedAtMs))
  }
  const { seen: _, ...report } = walk
  return { window, ...report, gone: missing }
}

/** Customer returns, parcels that came back, and orders that were cancelled after the invoice (konnect.md 2.18). */
export function pollReturns(site: SellerSite, visit: Visit): Promise<PollReport> {
  return site.once('returns-poll', async () => {
    const startedAtMs = site.nowMs()
    const walk = newWalk()
    await forEachStore(site, async (location) => {
      for (const orderStatus of returnStatuses) {
        // The others are queues that run empty; only the end of the journey grows for ever.
        const isGrowing = orderStatus === 'CREDIT_NOTE_GENERATED'
        const dates = isGrowing
          ? { orderDateFrom: indianTime(returnsStart(site, startedAtMs)) }
          : {}
        await walkList(site, visit, location, { orderStatus, ...dates }, walk)
      }
    })
    await lookUpMissing(site, visit, walk, 'back')
    if (walk.unreadable === 0) {
      site.storage.transaction('return-cursor', () => writeMark(site, returnCursor, startedAtMs))
    }
    const { seen: _, ...report } = walk
    return report
  })
}

/** A store whose own token is refused does not hold up the others; the first error is thrown when all had their turn. */
async function forEachStore(site: SellerSite, read: (location: string) => Promise<void>) {
  let error: PartnerError | undefined
  for (const location of site.locations()) {
    try {
      await read(location)
    } catch (cause) {
      const isOwnFault = cause instanceof PartnerError && cause.failure.kind === 'unauthorized'
      if (!isOwnFault || site.konnect.accessOf(location) === company) throw cause
      error ??= cause
    }
  }
  if (error !== undefined) throw error
}

/** Reads one order anew and keeps what it says. Undefined when Konnect shows it to us no more. */
export async function refreshOrder(
  site: SellerSite,
  visit: Visit,
  id: string,
): Promise<KonnectOrder | undefined> {
  const row = findSellerOrder(site.storage, id)
  if (row === undefined) return undefined
  const access = site.konnect.accessOf(row.location)
  const { orders } = await site.konnect.orders({ orderId: id }, access, {
    trace: visit.trace,
    orderId: id,
  })
  const reading = orders.find((order) => order.id === id)
  if (reading !== undefined) {
    site.storage.transaction('order-read', () => takeReading(site, reading, undefined))
  }
  return reading
}

/** Walks one list to its end: there is no total and no next link, so only a page without anything ends it. */
async function walkList(
  site: SellerSite,
  visit: Visit,
  location: string,
  query: OrderQuery,
  walk: Walk,
) {
  const access = site.konnect.accessOf(location)
  const met = new Set<string>()
  let stalePages = 0
  for (let page = 1; stalePages < 2; page += 1) {
    if (page > pagesMax) throw new Error(`More than ${pagesMax} pages of ${query.orderStatus}.`)
    const use = `orders/${location}/${query.orderStatus}/${page}`
    const { orders, unreadable } = await site.persist(use, visit.trace, (context) =>
      site.konnect.orders(
        {
          ...query,
          ...(access === company && { locationCode: location }),
          pageNumber: String(page),
          pageSize: String(limits.orderPage),
        },
        access,
        context,
      ),
    )
    walk.pages += 1
    walk.unreadable += unreadable
    if (orders.length + unreadable === 0) return
    const fresh = orders.filter((order) => !met.has(order.id))
    for (const order of fresh) met.add(order.id)
    // A page that repeats itself: a server that does not turn pages would keep us here for ever.
    stalePages = fresh.length === 0 ? stalePages + 1 : 0
    if (fresh.length > 0) takePage(site, fresh, location, walk)
  }
}

function takePage(site: SellerSite, orders: KonnectOrder[], location: string, walk: Walk) {
  site.storage.transaction('orders-read', () => {
    for (const order of orders) {
      walk.listed += walk.seen.has(order.id) ? 0 : 1
      walk.seen.add(order.id)
      const outcome = takeReading(site, order, location)
      if (outcome !== 'same') walk[outcome] += 1
    }
  })
}

const openStatuses = {
  forward: ['CREATED', 'CONFIRMED', 'PROCESSING', 'COMPLETED', 'TRANSIT'],
  back: ['RETURN_PROCESSING', 'RETURN_DELIVERED', 'RETURN_COMPLETED'],
}

/** Open orders that no list showed: moved on to the other journey, or given to a store that is not ours. Answers how many are gone. */
async function lookUpMissing(
  site: SellerSite,
  visit: Visit,
  walk: Walk,
  journey: keyof typeof openStatuses,
): Promise<number> {
  const statuses = openStatuses[journey]
  const open = site.storage.all<SellerOrderRow>(
    `SELECT * FROM seller_orders WHERE status IN (${statuses.map(() => '?').join(', ')}) ORDER BY number`,
    ...statuses,
  )
  let count = 0
  for (const row of open) {
    if (walk.seen.has(row.id)) continue
    const reading = await site.persist(`order/${row.id}`, visit.trace, () =>
      refreshOrder(site, visit, row.id),
    )
    if (reading !== undefined || journey === 'back') continue
    site.storage.transaction('order-gone', () =>
      changeStatus(site, row.id, gone, 'no list of ours shows it'),
    )
    count += 1
  }
  return count
}

function newWalk(): Walk {
  return { pages: 0, listed: 0, new: 0, changed: 0, unreadable: 0, seen: new Set() }
}

/** Reaches back to the oldest order that is still open, and over the end of the last window. */
function windowStart(site: SellerSite, nowMs: number): number {
  const cursor = readMark(site, orderCursor)
  if (cursor === undefined) return nowMs - firstWindowMs
  const oldest = oldestOf(site, openStatuses.forward)
  return Math.max(nowMs - windowMaxMs, Math.min(cursor - overlapMs, oldest ?? nowMs))
}

function returnsStart(site: SellerSite, nowMs: number): number {
  const cursor = readMark(site, returnCursor)
  if (cursor === undefined) return nowMs - windowMaxMs
  return Math.max(
    nowMs - windowMaxMs,
    Math.min(cursor - firstWindowMs, oldestOf(site, openStatuses.back) ?? nowMs),
  )
}

function oldestOf(site: SellerSite, statuses: string[]): number | undefined {
  const row = site.storage.get<{ oldest: number | null }>(
    `SELECT min(order_date) AS oldest FROM seller_orders WHERE status IN (${statuses.map(() => '?').join(', ')})`,
    ...statuses,
  )
  return row?.oldest == null ? undefined : row.oldest - minuteMs
}
