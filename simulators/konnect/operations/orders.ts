import { answer, ok } from '../../core/answer.ts'
import { defineOperations, type OperationCall } from '../../core/partner.ts'
import { Refusal } from '../../core/refusal.ts'
import { renderInfo, renderOrder } from '../render-order.ts'
import { listKey } from '../rules/orders.ts'
import type { KonnectTypes, Order } from '../state.ts'
import { parseOrderDate } from '../times.ts'
import { findOrder } from './record-batch.ts'
import { renderTrack } from './render-track.ts'

type Call = OperationCall<KonnectTypes>

/** Get Shipment Info has no pages; more than this nobody gets. */
const infosMax = 1_000

/** Orders as partners read them: facts/konnect.md 2.18, 2.19, 2.30. */
export const orderOperations = defineOperations<KonnectTypes>({
  /** A bare array, no total and no next page: fetch orders, order by id, and fetch returns. */
  getOrders: (call) => {
    const { ctx, query, auth } = call
    const orders = query.orderId === undefined ? listOrders(call) : lookUp(call)
    const { from, to } = readDates(query)
    // Read once: a list may hold many thousands.
    const { orderingChannel, locationCode } = query
    const wanted = orders.filter(
      (order) =>
        (orderingChannel === undefined || order.channel === orderingChannel) &&
        (locationCode === undefined || order.location === locationCode) &&
        (auth.location === null || order.location === auth.location) &&
        order.createdMs >= from &&
        order.createdMs <= to,
    )
    const size =
      typeof query.pageSize === 'number' ? query.pageSize : ctx.assumptions.order_page_size
    const number = typeof query.pageNumber === 'number' ? query.pageNumber : 1
    const page = wanted.sort(newestFirst).slice((number - 1) * size, number * size)
    return ok(page.map((order) => renderOrder(ctx, order)))
  },

  getShipmentInfo: (call) => {
    const { ctx, query } = call
    if (query.orderId === undefined && query.orderStatus === undefined) {
      throw new Refusal('invalid', 'orderId or orderStatus is mandatory')
    }
    const orders =
      query.orderId === undefined
        ? everywhere(call).flatMap((location) => ordersAt(call, location))
        : lookUp(call)
    const shown = orders.sort(newestFirst).slice(0, infosMax)
    return ok({ orders: shown.map((order) => renderInfo(ctx, order)) })
  },

  /** One object, not an array; `shipment_id` beats `awb_number`. */
  trackShipment: ({ ctx, auth, body }) => {
    const { shipment_id, awb_number } = body as { shipment_id?: string; awb_number?: string }
    if (shipment_id === undefined && awb_number === undefined) {
      throw new Refusal('invalid', 'shipment_id or awb_number is mandatory')
    }
    const id = shipment_id ?? ctx.state.orderOfAwb.get(awb_number ?? '') ?? ''
    const order = findOrder(ctx, auth, id)
    if (!order) throw new Refusal('not-found', 'Shipment not found')
    return answer(200, { status: 'success', data: renderTrack(ctx, order) })
  },
})

/** A company's token must say which location it means (1.4). */
function listOrders(call: Call): Order[] {
  const { query, auth } = call
  if (query.orderStatus === undefined) {
    throw new Refusal('invalid', 'orderStatus or orderId is mandatory')
  }
  const location = query.locationCode ?? auth.location
  if (typeof location !== 'string') {
    throw new Refusal('invalid', 'locationCode is mandatory with a company-level token')
  }
  return ordersAt(call, location)
}

function ordersAt({ ctx, query }: Call, location: string): Order[] {
  const { state } = ctx
  const orders: Order[] = []
  for (const id of state.lists.get(listKey(location, canonical(query.orderStatus))) ?? []) {
    const order = state.orders.get(id)
    if (order) orders.push(order)
  }
  return orders
}

const everywhere = ({ ctx, auth }: Call): string[] =>
  auth.location === null ? ctx.catalogue.locations.map(({ code }) => code) : [auth.location]

function lookUp({ ctx, query, auth }: Call): Order[] {
  const order = findOrder(ctx, auth, String(query.orderId))
  if (!order) return []
  const isListed =
    query.orderStatus === undefined ||
    ctx.state.lists.get(listKey(order.location, canonical(query.orderStatus)))?.has(order.id)
  return isListed ? [order] : []
}

/** One state, two words: the pages disagree, so both are taken (2.31). */
const canonical = (status: unknown): string =>
  status === 'RETURN_ACCEPTED' ? 'RETURN_COMPLETED' : String(status)

/** Ids grow with time and have one length. */
const newestFirst = (a: Order, b: Order): number => (a.id < b.id ? 1 : -1)

function readDates(query: Record<string, unknown>): { from: number; to: number } {
  const read = (name: 'orderDateFrom' | 'orderDateTo', usual: number) => {
    const text = query[name]
    if (text === undefined) return usual
    const atMs = parseOrderDate(String(text), name === 'orderDateTo')
    if (atMs === undefined) {
      throw new Refusal(
        'invalid',
        `${name} must be a date: dd-mm-yyyy, YYYY-MM-DD or YYYY-MM-DDTHH:MM:SS (IST)`,
      )
    }
    return atMs
  }
  return {
    from: read('orderDateFrom', Number.NEGATIVE_INFINITY),
    to: read('orderDateTo', Number.POSITIVE_INFINITY),
  }
}
