import type { PartnerContext } from '../core/partner.ts'
import type { KonnectAssumptions } from './assumptions.ts'
import type { KonnectCatalogue, Product, Sku, StockRow } from './catalogue.ts'
import type { OmsState } from './rules/oms-machine.ts'

/** The sandboxes: three doors of one system, chosen by the prefix `/a/{aggregator}` (facts/konnect.md 1.1). */
export const aggregators = ['fyndkonnect', 'ginesys', 'unicommerce'] as const
export type Aggregator = (typeof aggregators)[number]

export interface Token {
  aggregator: Aggregator
  /** Null: company level. */
  location: string | null
  expiresMs: number
}

export interface OrderItem {
  id: string
  sku: string
  name: string
  size: string
  hsCode: string
  /** As it was ordered (or is to come back). */
  quantity: number
  cancelled: number
  /** Pieces that customers have sent back (return shipments exist for them). */
  returned: number
  mrpMinor: number
  espMinor: number
  cancelReason: string | null
  /** What the seller found at quality check; what is not listed was good. */
  checked: { reasonCode: string; quantity: number }[]
}

export interface OrderDocument {
  number: string
  type: 'sale' | 'return'
  irn: string | null
  atMs: number
}

export interface Package {
  packageId: string
  packageLengthCm?: number
  packageWidthCm?: number
  packageHeightCm?: number
  packageWeightGms?: number
}

/** One shipment: what Konnect calls an order. */
export interface Order {
  id: string
  forwardId: string
  marketplaceOrderId: string
  marketplaceReturnId: string | null
  /** `rto`: invoiced pieces of an order that was cancelled before it left (facts/konnect.md 3.4). */
  journey: 'forward' | 'return' | 'rto'
  channel: string
  location: string
  isSelfShip: boolean
  isLocked: boolean
  isCod: boolean
  pincode: string
  city: string
  state: OmsState
  createdMs: number
  items: OrderItem[]
  courier: { name: string; code: string; awb: string } | null
  isDispatched: boolean
  invoice: OrderDocument | null
  creditNote: OrderDocument | null
  packages: Package[]
  /** Words of the partner's last status push; a date that was promised stands until another one is. */
  note: { remark: string; promised: string | null } | null
  /** Where its pieces are counted. */
  holds: 'committed' | 'out' | 'nothing'
  /** `place`: where the seller's own van said that it was. */
  history: { state: OmsState; atMs: number; place?: string }[]
}

/** A catalogue job (facts/konnect.md 2.12 to 2.15). */
export interface Job {
  traceId: string
  batchId: string
  kind: 'create' | 'update' | 'delete'
  template: string
  total: number
  /** Refused at intake: messages by item code. */
  refused: Record<string, string[]>
  refusedCount: number
  /** What is left to do. */
  waiting: Record<string, unknown>[]
  accepted: number
  succeeded: number
  failures: { identifier: string; message: string }[]
  startedMs: number
  updatedMs: number
}

/** Plain data. Catalogue and stock are overlays: what stands here differs from the frozen catalogue; null is gone. */
export interface KonnectState {
  tokens: Map<string, Token>
  isConsoleTokenDead: boolean
  /** Calls in the running minute, by token. */
  windows: Map<string, { startMs: number; calls: number }>
  stock: Map<string, Map<string, StockRow>>
  /** Locations at which a SKU is listed besides those of the catalogue. */
  addedLocations: Map<string, string[]>
  skus: Map<string, Sku | null>
  /** How many more SKUs there are than in the catalogue. */
  skusMore: number
  aliases: Map<string, string | null>
  products: Map<string, Product | null>
  batchArticles: Map<string, boolean>
  /** Names of level-3 categories by `channel/uid`. */
  categoryNames: Map<string, string>
  nextProductUid: number
  jobs: Map<string, Job>
  /** The merchant's settings of a location. */
  settings: Map<string, { autoInvoice: boolean; autoCreditNote: boolean }>
  orders: Map<string, Order>
  /** Order ids by `location/orderStatus`. */
  lists: Map<string, Set<string>>
  orderOfAwb: Map<string, string>
  orderOfInvoice: Map<string, string>
  orderOfItem: Map<string, string>
  nextOrder: number
  nextItem: number
  /** No courier can be had. */
  areCouriersAway: boolean
}

export interface KonnectTypes {
  state: KonnectState
  catalogue: KonnectCatalogue
  assumptions: KonnectAssumptions
  credentials: Record<string, string>
  auth: { aggregator: Aggregator; location: string | null }
  site: {
    base_url?: string | undefined
    webhook_url?: string | undefined
    webhook_secret?: string | undefined
  }
}

export type KonnectContext = PartnerContext<KonnectTypes>
export type Caller = KonnectTypes['auth']

export const createState = (): KonnectState => ({
  tokens: new Map(),
  isConsoleTokenDead: false,
  windows: new Map(),
  stock: new Map(),
  addedLocations: new Map(),
  skus: new Map(),
  skusMore: 0,
  aliases: new Map(),
  products: new Map(),
  batchArticles: new Map(),
  categoryNames: new Map(),
  nextProductUid: 2_000_001,
  jobs: new Map(),
  settings: new Map(),
  orders: new Map(),
  lists: new Map(),
  orderOfAwb: new Map(),
  orderOfInvoice: new Map(),
  orderOfItem: new Map(),
  nextOrder: 1,
  nextItem: 9_001,
  areCouriersAway: false,
})

/** Pieces of an item that are still meant. */
export const piecesOf = (item: OrderItem): number => item.quantity - item.cancelled
