/**
 * The one canonical model of the shop. Money is an integer of minor units, times are ISO 8601 in UTC by the shop's clock.
 * Field names are snake case because the admin surface shows these very objects.
 */
export type OrderStatus = 'missing' | 'pending' | 'processing' | 'processed' | 'failed'

export const orderStatuses = ['missing', 'pending', 'processing', 'processed', 'failed'] as const

export type PaymentMode = 'COD' | 'PREPAID'

/** What the shop knows of a payment at the gateway (kartify.md 10.1). */
export type PaymentStatus =
  | 'created'
  | 'captured'
  | 'failed_not_debited'
  | 'failed_debited'
  | 'aborted'

export type Address = {
  first_name: string
  last_name: string
  email: string
  mobile: string
  address1: string
  address2: string
  city: string
  state: string
  country: string
  pincode: string
}

/** A line of a cart; in an order each unit becomes an item of its own, because a bag is one unit. */
export type CartLine = { sku: string; quantity: number }

export type ItemEvent = {
  status: string
  event: string
  event_id: string
  at: string
  /** False when the event was older than what the shop already knew: kept, not applied. */
  applied: boolean
}

/** What an item is with every partner. */
export type CommonItem = {
  id: string
  sku: string
  size: string
  quantity: number
  amount_minor: number
  /** The last partner state for which an event came, in the partner's words; null before. */
  status: string | null
  history: ItemEvent[]
}

/** An item of a FYND website: a bag. */
export type OrderItem = CommonItem & {
  affiliate_bag_id: string
  bag_id: string | null
  shipment_id: string | null
  /** Who carries it, as the last event said; null before a courier is assigned. */
  courier: string | null
  awb_no: string | null
}

export type Refund = { cause: string; amount_minor: number; refund_id: string }

/** What an order is with every partner; its items stand beside it. */
export type CommonOrder = {
  id: string
  status: OrderStatus
  customer: string
  payment_mode: PaymentMode
  pincode: string
  total_minor: number
  created_at: string
  modified_at: string
  payment: { payment_id: string; status: PaymentStatus; amount_minor: number } | null
  refund_due_minor: number
  refunded_minor: number
  refunds: Refund[]
  history: { status: OrderStatus; at: string; why: string }[]
}

/** An order of a FYND website. */
export type Order = CommonOrder & { fynd_order_id: string | null; items: OrderItem[] }
