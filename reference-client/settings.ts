/** What the operator types in (kartify.md 2: Gofynd API section), and the gateway's account. */
export type ShopSettings = {
  /** Where the world reaches this website, without a trailing slash. */
  public_url: string
  gofynd: {
    api_url: string
    affiliate_id: string
    affiliate_token: string
    secret_key: string
    safety_stock?: number
  }
  gateway: { url: string; key_id: string; key_secret: string; webhook_secret: string }
}

/** Behaviours that no source documents: each has a name and a default (kartify.md 4, 8, 9). */
export type ShopSwitches = {
  /** What a COD order becomes when the partner cannot take it: default `stay_missing`. */
  on_order_placed_error: 'stay_missing' | 'processing'
  /** What the cart does when the partner gives no stock answer: default `block`. */
  on_stock_error: 'block' | 'allow'
  /** Whether the safety stock counts in the cart, too: default true. */
  apply_on_cart: boolean
  /** `naive` applies every delivery of an event and mails again, to show the bug: default `once`. */
  webhook_events: 'once' | 'naive'
}
