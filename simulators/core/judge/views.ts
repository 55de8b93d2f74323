/**
 * Neutral views that invariants read. A partner gives a `PartnerView` of its state, whoever drives the shop gives a `ShopView`
 * (the engine through the shop's HTTP surface, the mapping file, or claims). Plain data; money in integer minor units.
 */
export interface StockView {
  sku: string
  store: string
  /** The buckets; their sum must be `opening + adjusted` (invariant `stock-conserved`). None is ever below zero. */
  sellable: number
  committed: number
  /** Damaged, lost, dead. */
  unavailable: number
  /** Left the store and not come back. */
  out: number
  opening: number
  /** Sum of all adjustments; an absolute write adjusts by new minus old. */
  adjusted: number
}

export interface PartnerItemView {
  /** The partner's own id of the item (FYND: bag id). */
  id: string
  /** The id that the shop gave the item, if the partner keeps one. */
  shop_item_id: string | null
  sku: string
  quantity: number
  status: string
  /** The last status for which the partner has an event; null: none yet. */
  status_by_event: string | null
}

export interface PartnerOrderView {
  /** The partner's id. */
  id: string
  /** The shop's id for it. */
  shop_order_id: string
  /** False: it is temporary, expired, or refused after all; only placed orders count in `order-exists-once`. */
  placed: boolean
  status: string
  items: PartnerItemView[]
}

export interface PaymentView {
  id: string
  shop_order_id: string
  partner_order_id: string | null
  /** Money that was really taken (captured, or debited although failed). */
  taken_minor: number
  refunds: { cause: string; amount_minor: number }[]
}

export interface PartnerView {
  stock?: StockView[]
  orders?: PartnerOrderView[]
  payments?: PaymentView[]
  /** Sellable total per SKU that a client can see, when clients sync it. */
  quantities?: Record<string, number>
}

export interface ShopOrderView {
  id: string
  /** The partner that fulfils it. */
  partner: string
  partner_order_id: string | null
  /** missing, pending, processing, processed, failed, … */
  status: string
  /** The shop told the customer that the order is placed. */
  acknowledged: boolean
  payment_mode: 'COD' | 'PREPAID'
  items: {
    id: string
    partner_item_id: string | null
    sku: string
    quantity: number
    status: string | null
  }[]
}

export interface ShopView {
  orders?: ShopOrderView[]
  /** Quantity per SKU as the shop shows it, and the safety stock it takes off. */
  quantities?: Record<string, number>
  safety_stock?: number
}
