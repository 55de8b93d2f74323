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
  /** The partner's own id of the item. */
  id: string
  /** The id that the shop gave the item, if the partner keeps one. */
  shop_item_id: string | null
  sku: string
  quantity: number
  status: string
  /** The last status for which the partner has an event, sent or not, in the partner's words; null: none yet. */
  status_by_event: string | null
}

export interface PartnerOrderView {
  /** The partner's id. */
  id: string
  /** The shop's id for it. */
  shop_order_id: string
  /**
   * False: it is temporary, expired, or was never confirmed; only placed orders count in `order-exists-once`. An order that was placed and
   * then cancelled stays placed: the shop has it too.
   */
  placed: boolean
  status: string
  /** Whether all of it is cancelled, where the partner says so. */
  is_cancelled?: boolean
  items: PartnerItemView[]
  /** Numbers of the documents it has, where the partner keeps them. */
  invoices?: string[]
  credit_notes?: string[]
  /**
   * Money that the partner says must go back to the customer through the payment partner so far (refunds initiated or done). Leave it
   * out where the partner does not say, and for money that goes back another way (NEFT).
   */
  refund_due_minor?: number
}

export interface PaymentView {
  id: string
  shop_order_id: string
  partner_order_id: string | null
  /** Money that was really taken (captured, or debited although failed), refunds not taken off. */
  taken_minor: number
  /** `cause`: why it was given back; two refunds of one payment with one cause are one too many. */
  refunds: { cause: string; amount_minor: number }[]
}

/** One partner's part of the truth: only what belongs to the shop under test, never to bystander accounts. */
export interface PartnerView {
  stock?: StockView[]
  orders?: PartnerOrderView[]
  /** Who makes the orders: the shop (default), or channels of the partner's own, from which a seller fetches them. */
  orders_come_from?: 'shop' | 'partner'
  payments?: PaymentView[]
  /** Sellable total per SKU exactly as a client that asks now would see it (stores switched off left out), when clients sync it. */
  quantities?: Record<string, number>
}

export interface ShopOrderView {
  id: string
  /** The partner that fulfils it. */
  partner: string
  partner_order_id: string | null
  /** missing, pending, processing, processed, failed, … */
  status: string
  /** The shop holds it for cancelled, and its pieces for free, where it can say so. */
  is_cancelled?: boolean
  /** The shop told the customer that the order is placed. */
  acknowledged: boolean
  payment_mode: 'COD' | 'PREPAID'
  /** Numbers of the documents that the shop made for it, where it makes them. */
  invoices?: string[]
  credit_notes?: string[]
  items: {
    id: string
    partner_item_id: string | null
    sku: string
    quantity: number
    /** In the partner's words, whatever the shop shows to people. */
    status: string | null
  }[]
}

export interface ShopView {
  /** The partner this site works with; needed for `quantities` when several partners offer theirs. */
  partner?: string
  /** All orders, missing and failed ones too. */
  orders?: ShopOrderView[]
  /** Quantity per mapped SKU as the shop shows it, and the safety stock it takes off. */
  quantities?: Record<string, number>
  safety_stock?: number
}

/** How the deliveries of one partner ended; `total = delivered + by_fault + by_dead_letter + open`. */
export interface DeliveryTotals {
  /** All that were ever put in the outbox, copies made by faults included. */
  total: number
  delivered: number
  /** Ended by an armed fault, by that fault's name. */
  by_fault: Record<string, number>
  /** Ended in a dead letter, by its name (`ladder-ended`, `no-receiver`, …). */
  by_dead_letter: Record<string, number>
  /** Not ended, by state (`waiting`, `held`, `under-way`, `resync`). */
  open: Record<string, number>
  /** Ids of a few open ones, for the message. */
  open_ids?: string[]
}

/** A call of the shop that matched no operation or broke the partner's schema. */
export interface MisunderstoodCall {
  /** Journal sequence number. */
  seq: number
  partner: string
  method: string
  path: string
  why: string
  /** A step wanted this refusal. */
  expected: boolean
}

/** An error of ours that left as a 500 marked `x-simulator-bug`, or was logged. */
export interface SimulatorBug {
  seq: number
  partner?: string
  message: string
}
