import { z } from 'zod'
import { Refusal } from '../core/refusal.ts'
import { type Journey, journeyOf } from './rules/bag-machine.ts'
import {
  affiliateKey,
  type Bag,
  type Courier,
  type FyndContext,
  type Order,
  type Shipment,
} from './state.ts'

/** How an act says which bags it is about. */
export const selection = {
  affiliate_id: z
    .string()
    .min(1)
    .max(64)
    .optional()
    .describe('With affiliate_order_id: the channel; left out: the shop under test, then others'),
  affiliate_order_id: z.string().min(1).max(100).optional().describe("The shop's order id"),
  fynd_order_id: z.string().min(1).max(64).optional().describe('FY…'),
  shipment_id: z.string().min(1).max(64).optional(),
  bag_id: z.int().min(1).optional(),
  affiliate_bag_id: z
    .string()
    .min(1)
    .max(100)
    .optional()
    .describe('With an order: only its bags with this id'),
  sku: z.string().min(1).max(100).optional().describe('With an order: only its bags of this SKU'),
}

export interface Selection {
  affiliate_id?: string | undefined
  affiliate_order_id?: string | undefined
  fynd_order_id?: string | undefined
  shipment_id?: string | undefined
  bag_id?: number | undefined
  affiliate_bag_id?: string | undefined
  sku?: string | undefined
}

/**
 * The order, and the bags in it that are meant: those on one of `journeys` (see `journeyOf`), unless a bag is named by its id, which is
 * then meant wherever it is.
 */
export function selectBags(
  ctx: FyndContext,
  named: Selection,
  journeys: readonly Journey[] = ['out'],
): { order: Order; bags: Bag[] } {
  const order = selectOrder(ctx, named)
  const picksOne = named.bag_id !== undefined || named.affiliate_bag_id !== undefined
  const bags = order.bags.filter(
    (bag) =>
      (named.bag_id === undefined || bag.id === named.bag_id) &&
      (named.shipment_id === undefined || bag.shipmentId === named.shipment_id) &&
      (named.affiliate_bag_id === undefined || bag.affiliateBagId === named.affiliate_bag_id) &&
      (named.sku === undefined || bag.sku === named.sku) &&
      (picksOne || journeys.includes(journeyOf(bag.status))),
  )
  if (bags.length === 0) {
    const states = order.bags.map((bag) => `${bag.id} ${bag.status}`).join(', ')
    throw new Refusal('not-found', `Order ${order.id} has no such bag under way. Bags: ${states}`)
  }
  return { order, bags }
}

/** By FYND's id, by the shop's id (the last one, when a shop placed it twice), by shipment or by bag. */
export function selectOrder(ctx: FyndContext, named: Selection): Order {
  const id = orderId(ctx, named)
  const order = id === undefined ? undefined : ctx.state.orders.get(id)
  if (order) return order
  const given = Object.entries(named)
    .filter(([, value]) => value !== undefined)
    .map(([key, value]) => `${key} ${JSON.stringify(value)}`)
  if (given.length === 0) {
    throw new Refusal(
      'invalid',
      'Name an order or bag: affiliate_order_id, fynd_order_id, shipment_id or bag_id',
    )
  }
  throw new Refusal('not-found', `FYND has no order with ${given.join(', ')}`)
}

function orderId(ctx: FyndContext, named: Selection): string | undefined {
  const { state } = ctx
  if (named.fynd_order_id !== undefined) return named.fynd_order_id
  if (named.affiliate_order_id !== undefined) {
    if (named.affiliate_id !== undefined) {
      const key = affiliateKey(named.affiliate_id, named.affiliate_order_id)
      return state.ordersOfAffiliate.get(key)?.at(-1)
    }
    const own = affiliateKey(ctx.credentials.affiliate_id, named.affiliate_order_id)
    const ids = state.ordersOfAffiliate.get(own)
    if (ids) return ids.at(-1)
    for (const bystander of state.bystanders.keys()) {
      const key = affiliateKey(bystander, named.affiliate_order_id)
      const theirs = state.ordersOfAffiliate.get(key)
      if (theirs) return theirs.at(-1)
    }
    return undefined
  }
  if (named.shipment_id !== undefined) return state.orderOfShipment.get(named.shipment_id)
  return named.bag_id === undefined ? undefined : state.orderOfBag.get(named.bag_id)
}

/** What acts answer: where the order and its bags stand now. */
export function describeOrder(order: Order): object {
  return {
    fynd_order_id: order.id,
    affiliate_order_id: order.request.affiliateOrderId,
    shipments: order.shipments.map((shipment) => describeShipment(order, shipment)),
  }
}

const describeShipment = (order: Order, shipment: Shipment): object => ({
  shipment_id: shipment.id,
  previous_shipment_id: shipment.previousId,
  store: shipment.store,
  courier: describeCourier(shipment.courier),
  return_courier: describeCourier(shipment.returnCourier),
  bags: order.bags
    .filter((bag) => bag.shipmentId === shipment.id)
    .map((bag) => ({
      bag_id: bag.id,
      affiliate_bag_id: bag.affiliateBagId,
      sku: bag.sku,
      status: bag.status,
    })),
})

const describeCourier = (courier: Courier | null): object | null =>
  courier && { name: courier.name, awb_no: courier.awb }
