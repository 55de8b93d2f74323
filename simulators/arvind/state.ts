import type { PartnerContext } from '../core/partner.ts'
import { Refusal } from '../core/refusal.ts'
import type { ArvindAssumptions } from './assumptions.ts'
import type { ArvindCatalogue, Pincode, Sku, StockRow } from './catalogue.ts'
import type { ItemStatus } from './rules/item-machine.ts'

/** Where an item's pieces are counted: nowhere of its own, or in one of its centre's buckets. */
export type Holds = 'nothing' | 'committed' | 'out' | 'unavailable'

/** One line of an order: it moves as a whole and never lies in two consignments. Money in paise. */
export interface Item {
  /** Arvind's own id of the line. */
  id: string
  /** The shop's ids for it, and the place of `itemReference` in webhooks. */
  itemReference: string
  itemId: string
  skuId: string
  quantity: number
  netMinor: number
  /** Null: not booked yet, or nobody had it. */
  centre: string | null
  consignmentId: string | null
  status: ItemStatus
  updatedAtMs: number
  deliveredAtMs: number | null
  reason: string | null
  /** What somebody wrote beside the reason. */
  comment: string | null
  holds: Holds
  /** Centres that could not find it: never asked again. */
  failedCentres: string[]
  returnId: string | null
  history: {
    status: ItemStatus
    atMs: number
    centre: string | null
    reason: string | null
    comment: string | null
  }[]
}

export interface Consignment {
  id: string
  /** The consignment that this one replaces after a reassignment. */
  previousId: string | null
  centre: string
  invoiceNumber: string | null
  courier: { name: string; awb: string } | null
}

/** Bank details for the refund of a COD order, the account number masked but for its last four digits. */
export interface Neft {
  customerName: string
  bankName: string
  accountNature: string
  maskedAccount: string
  ifscCode: string
}

export interface Return {
  id: string
  returnConsignmentId: string
  itemReference: string
  mode: 'PICKUP' | 'STORE'
  reasonId: string | null
  neft: Neft | null
  createdAtMs: number
}

export interface Order {
  /** Arvind's own id. */
  id: string
  /** Whose books it stands in: with a foreign channel or ordering store not the caller's. */
  channelId: string
  orderingStoreId: string
  orderReference: string
  createdAtMs: number
  isCod: boolean
  netMinor: number
  pincode: string
  items: Item[]
  consignments: Consignment[]
  returns: Return[]
}

/** A website behind the API URL. The shop under test has the world's credentials; others are bystanders made by acts. */
export interface ChannelAccount {
  channelId: string
  warehouseId: string
  orderingStoreId: string
  authToken: string
}

/** One update inventory call that was answered, as the answer said. */
export interface PushRecord {
  eventId: string
  atMs: number
  httpStatus: number
  skus: number
  accepted: number
  failed: number
}

/** Plain data. The stock is an overlay: a SKU stands here only once something about it differs from the catalogue. */
export interface ArvindState {
  stock: Map<string, StockRow[]>
  centresOff: Set<string>
  pincodes: Map<string, Pincode>
  skuRules: Map<string, { cancellable: boolean; returnable: boolean }>
  orders: Map<string, Order>
  /** Arvind's order id by channel and order reference. */
  orderIds: Map<string, string>
  orderOfConsignment: Map<string, string>
  bystanders: Map<string, ChannelAccount>
  token: {
    /** Which of the two tokens of the world's credentials is the valid one. */
    isRenewed: boolean
    issuedMs: number
    isExpired: boolean
    /** Calls that still pass before it expires; null: no such plan. */
    callsLeft: number | null
  }
  /** What Arvind's operator typed instead of the agreed user name and password; null: the agreed ones. */
  typedCredentials: { username: string; password: string } | null
  /** SKUs whose quantity changed and was not pushed yet. */
  changed: Set<string>
  isPushScheduled: boolean
  lastFullPushMs: number
  /** The last answered pushes, oldest first (`pushesKeptMax`). */
  pushes: PushRecord[]
  /** SKUs that the shop refused when it heard of them last, with its reason. */
  rejections: Map<string, { errorCode: string; message: string; atMs: number }>
}

export interface ArvindTypes {
  state: ArvindState
  catalogue: ArvindCatalogue
  assumptions: ArvindAssumptions
  credentials: {
    auth_token: string
    /** The token that `arvind.token.renew` with `rotate` gives out instead. */
    renewed_auth_token: string
    channel_id: string
    warehouse_id: string
    ordering_store_id: string
    username: string
    password: string
  }
  auth: { channelId: string }
  site: {
    base_url?: string | undefined
    update_inventory_url?: string | undefined
    order_status_url?: string | undefined
    username?: string | undefined
    password?: string | undefined
  }
}

export type ArvindContext = PartnerContext<ArvindTypes>

export const createState = (startMs: number): ArvindState => ({
  stock: new Map(),
  centresOff: new Set(),
  pincodes: new Map(),
  skuRules: new Map(),
  orders: new Map(),
  orderIds: new Map(),
  orderOfConsignment: new Map(),
  bystanders: new Map(),
  token: { isRenewed: false, issuedMs: startMs, isExpired: false, callsLeft: null },
  typedCredentials: null,
  changed: new Set(),
  isPushScheduled: false,
  lastFullPushMs: startMs,
  pushes: [],
  rejections: new Map(),
})

/** JSON of both ids: no separator that an order reference could contain. */
export const orderKey = (channelId: string, orderReference: string): string =>
  JSON.stringify([channelId, orderReference])

/** The pincode as this world knows it; undefined: not serviceable. */
export const pincodeOf = (ctx: ArvindContext, pincode: string): Pincode | undefined =>
  ctx.state.pincodes.get(pincode) ?? ctx.catalogue.pincodes.get(pincode)

/** The brand's rules for a SKU; it must be one of the catalogue. */
export function rulesOf(
  ctx: ArvindContext,
  skuId: string,
): { cancellable: boolean; returnable: boolean } {
  return ctx.state.skuRules.get(skuId) ?? skuOf(ctx, skuId)
}

export function skuOf(ctx: ArvindContext, skuId: string): Sku {
  const sku = ctx.catalogue.skus.get(skuId)
  if (!sku) throw new Error(`No SKU ${skuId} in the catalogue`)
  return sku
}

export function findOrder(
  ctx: ArvindContext,
  channelId: string,
  orderReference: string,
): Order | undefined {
  const id = ctx.state.orderIds.get(orderKey(channelId, orderReference))
  return id === undefined ? undefined : ctx.state.orders.get(id)
}

export function consignmentOf(order: Order, item: Item): Consignment | undefined {
  return order.consignments.find((consignment) => consignment.id === item.consignmentId)
}

/** The partner's no by its own rules: HTTP 200 with this code (facts/arvind.md 8). */
export const refused = (code: string, message: string): Refusal =>
  new Refusal('refused', message, { code })
