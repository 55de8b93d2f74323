import type { PartnerContext } from '../core/partner.ts'
import { Refusal } from '../core/refusal.ts'
import type { FyndAssumptions } from './assumptions.ts'
import type { FyndCatalogue, Pincode, StockRow } from './catalogue.ts'
import { type BagStatus, journeyOf } from './rules/bag-machine.ts'
import { type ChangeIndex, createChangeIndex } from './rules/change-index.ts'

/** Prepaid money: not asked for (COD), awaited, failed at the gateway, taken, or taken after FYND had cancelled. */
export type Payment = 'on-delivery' | 'awaited' | 'failed' | 'paid' | 'paid-too-late'

export interface Address {
  first_name: string
  last_name: string
  email: string
  mobile: string
  phone: string
  address1: string
  address2: string
  city: string
  state: string
  country: string
  pincode: string
}

/** One line as the channel sent it; money in paise. */
export interface OrderLine {
  affiliateBagId: string
  sku: string
  sellerIdentifier: string
  size: string
  quantity: number
  markedMinor: number
  effectiveMinor: number
  unitMinor: number
  paidMinor: number
  discountMinor: number
  deliveryMinor: number
  transferMinor: number
  hsnCode: string
}

/** What an order asked for: all of the body that FYND reads, in one form, so that two requests can be compared. */
export interface OrderRequest {
  affiliateOrderId: string
  paymentMode: 'COD' | 'PREPAID'
  valueMinor: number
  codMinor: number
  deliveryMinor: number
  discountMinor: number
  coupon: string
  shipping: Address
  billing: Address
  lines: OrderLine[]
  meta: Record<string, string | number | boolean | null>
}

export interface Bag {
  id: number
  affiliateBagId: string
  sku: string
  size: string
  quantity: number
  /** Its share of the order value, in paise; the shares of all bags add up to it. What a refund of this bag gives back. */
  shareMinor: number
  shipmentId: string
  store: string
  status: BagStatus
  updatedAtMs: number
  reason: { id: number; text: string } | null
  /** Where its pieces are counted: nowhere, in the store's committed bucket, or out of the store. */
  holds: 'nothing' | 'committed' | 'out'
  deliveryAttempts: number
  /** Null: its money never had to go back. `reportedId` is what the channel said of it (F8). */
  refund: {
    id: string
    amountMinor: number
    journey: 'cancel' | 'return' | 'rto'
    reportedId: string | null
  } | null
  /** Stores that refused it: never asked again. */
  refusedBy: string[]
  history: { status: BagStatus; atMs: number }[]
}

export interface Courier {
  name: string
  awb: string
}

export interface Shipment {
  id: string
  previousId: string | null
  store: string
  courier: Courier | null
  /** Who brings it back, when the customer returns it. */
  returnCourier: Courier | null
}

export interface Order {
  id: string
  affiliateId: string
  createdAtMs: number
  request: OrderRequest
  payment: Payment
  /** Null: not placed (yet). */
  placedAtMs: number | null
  paymentId: string | null
  paymentMethod: string | null
  shipments: Shipment[]
  bags: Bag[]
}

/** Another channel that sells the same stock; the shop under test has the world's credentials instead. */
export interface Affiliate {
  id: string
  token: string
  secret: string
  /** Null: it does not listen, and is told nothing. */
  webhookUrl: string | null
}

/** Plain data. The stock is an overlay: a SKU stands here only once something about it differs from the catalogue. */
export interface FyndState {
  stock: Map<string, StockRow[]>
  changes: ChangeIndex
  inactiveSkus: Set<string>
  storesOff: Set<string>
  pincodes: Map<string, Pincode>
  orders: Map<string, Order>
  /** FYND order ids by affiliate and affiliate order id, oldest first; several only with `duplicate_mode: create_new`. */
  ordersOfAffiliate: Map<string, string[]>
  orderOfShipment: Map<string, string>
  orderOfBag: Map<number, string>
  nextBagId: number
  bystanders: Map<string, Affiliate>
  disabledAffiliates: Set<string>
  /** The secret key of the shop under test, once FYND has given it another one. */
  rotatedSecret: string | null
  /** Loaded into this world alone; null: the one that it began with. */
  catalogue: FyndCatalogue | null
}

export interface FyndTypes {
  state: FyndState
  catalogue: FyndCatalogue
  assumptions: FyndAssumptions
  credentials: { affiliate_id: string; token: string; secret: string }
  auth: { affiliateId: string }
  site: {
    base_url?: string | undefined
    webhook_url?: string | undefined
    secret?: string | undefined
  }
}

export type FyndContext = PartnerContext<FyndTypes>

export const createState = (): FyndState => ({
  stock: new Map(),
  changes: createChangeIndex(),
  inactiveSkus: new Set(),
  storesOff: new Set(),
  pincodes: new Map(),
  orders: new Map(),
  ordersOfAffiliate: new Map(),
  orderOfShipment: new Map(),
  orderOfBag: new Map(),
  // Partner: bag ids are positive and increasing; the public sample is 43880 (facts/fynd.md 1).
  nextBagId: 43_880,
  bystanders: new Map(),
  disabledAffiliates: new Set(),
  rotatedSecret: null,
  catalogue: null,
})

export const affiliateKey = (affiliateId: string, affiliateOrderId: string): string =>
  `${affiliateId}/${affiliateOrderId}`

/** What this world sells and where, which nothing changes; what it sells by now stands in its stock. */
export const catalogueOf = (ctx: FyndContext): FyndCatalogue => ctx.state.catalogue ?? ctx.catalogue

/** The pincode as this world knows it; undefined: unknown. */
export const pincodeOf = (ctx: FyndContext, pincode: string): Pincode | undefined =>
  ctx.state.pincodes.get(pincode) ?? catalogueOf(ctx).pincodes.get(pincode)

/** The order if it is this affiliate's, else the partner's 404: another channel's order does not exist for it. */
export function orderFor(ctx: FyndContext, affiliateId: string, id: string): Order {
  const order = ctx.state.orders.get(id)
  if (order?.affiliateId !== affiliateId)
    throw new Refusal('not-found', `Order ${id} does not exist`)
  return order
}

export function shipmentOf(order: Order, bag: Bag): Shipment {
  const shipment = order.shipments.find((candidate) => candidate.id === bag.shipmentId)
  if (!shipment) throw new Error(`Bag ${bag.id} of ${order.id} has no shipment ${bag.shipmentId}`)
  return shipment
}

/**
 * Derived, never stored: pending, placed, partially_*, completed, cancelled (facts/fynd.md 5.3). A bag that was delivered counts as
 * delivered for good, whatever comes back later.
 */
export function orderStatus(order: Order): string {
  const bags = order.bags
  const delivered = bags.filter(wasDelivered).length
  const closed = bags.filter(
    (bag) => journeyOf(bag.status) === 'ended' && !wasDelivered(bag),
  ).length
  if (closed === bags.length) return 'cancelled'
  if (order.placedAtMs === null) return 'pending'
  if (delivered + closed === bags.length) return closed > 0 ? 'partially_completed' : 'completed'
  if (delivered > 0) return 'partially_completed'
  return closed > 0 ? 'partially_cancelled' : 'placed'
}

const wasDelivered = (bag: Bag): boolean => deliveredAtMs(bag) !== undefined

/** When the customer got the bag; undefined: not yet. */
export const deliveredAtMs = (bag: Bag): number | undefined =>
  bag.history.findLast(
    ({ status }) => status === 'delivery_done' || status === 'handed_over_to_customer',
  )?.atMs

/** What an expired order leaves behind: nothing. A later call for it finds none. */
export function forgetOrder(ctx: FyndContext, order: Order): void {
  const { state } = ctx
  state.orders.delete(order.id)
  for (const bag of order.bags) state.orderOfBag.delete(bag.id)
  for (const shipment of order.shipments) {
    state.orderOfShipment.delete(shipment.id)
  }
  const key = affiliateKey(order.affiliateId, order.request.affiliateOrderId)
  const left = (state.ordersOfAffiliate.get(key) ?? []).filter((id) => id !== order.id)
  if (left.length > 0) state.ordersOfAffiliate.set(key, left)
  else state.ordersOfAffiliate.delete(key)
}

/** The affiliate of these credentials: the shop under test, or a bystander. */
export const affiliateOf = (ctx: FyndContext, id: string): Affiliate | undefined => {
  const { affiliate_id, token, secret } = ctx.credentials
  if (id !== affiliate_id) return ctx.state.bystanders.get(id)
  return { id, token, secret: ctx.state.rotatedSecret ?? secret, webhookUrl: null }
}
