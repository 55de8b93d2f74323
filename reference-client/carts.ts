import type { Address, CartLine, PaymentMode } from './model.ts'
import { fingerprintOf, type OrderRow } from './orders.ts'
import type { Site } from './site.ts'

/** How far a customer has come. */
export type Cart = {
  lines: CartLine[]
  address: Address | null
  /** Chosen and checked for this cart and this address; null again as soon as one of them changes. */
  paymentMode: PaymentMode | null
  /** The order that this cart became. */
  lastOrderId: string | null
}

type CartRow = {
  lines: string
  address: string | null
  payment_mode: PaymentMode | null
  last_order_id: string | null
}

export function readCart(site: Site, customer: string): Cart {
  const row = site.storage.get<CartRow>('SELECT * FROM carts WHERE customer = ?', customer)
  if (row === undefined) return { lines: [], address: null, paymentMode: null, lastOrderId: null }
  return {
    lines: JSON.parse(row.lines),
    address: row.address === null ? null : JSON.parse(row.address),
    paymentMode: row.payment_mode,
    lastOrderId: row.last_order_id,
  }
}

/** In a transaction. */
export function writeCart(site: Site, customer: string, cart: Cart) {
  site.storage.run(
    `INSERT INTO carts (customer, lines, address, payment_mode, last_order_id) VALUES (?, ?, ?, ?, ?)
     ON CONFLICT (customer) DO UPDATE SET lines = excluded.lines, address = excluded.address,
     payment_mode = excluded.payment_mode, last_order_id = excluded.last_order_id`,
    customer,
    JSON.stringify(cart.lines),
    cart.address === null ? null : JSON.stringify(cart.address),
    cart.paymentMode,
    cart.lastOrderId,
  )
}

/** Empties the customer's cart if it is still the one that became this order; in a transaction. */
export function clearCart(site: Site, order: OrderRow) {
  const cart = readCart(site, order.customer)
  if (cart.address === null || cart.paymentMode === null || cart.lines.length === 0) return
  const purchase = {
    customer: order.customer,
    lines: cart.lines,
    address: cart.address,
    paymentMode: cart.paymentMode,
    coupon: readCoupon(site, order.customer),
  }
  if (fingerprintOf(site, purchase) !== order.fingerprint) return
  writeCart(site, order.customer, {
    ...cart,
    lines: [],
    paymentMode: null,
    lastOrderId: order.id,
  })
  site.storage.run('DELETE FROM cart_coupons WHERE customer = ?', order.customer)
}

/** The coupon that the customer typed in for this cart, if any. */
export function readCoupon(site: Site, customer: string): string | null {
  const row = site.storage.get<{ code: string }>(
    'SELECT code FROM cart_coupons WHERE customer = ?',
    customer,
  )
  return row?.code ?? null
}

/** In a transaction. */
export function writeCoupon(site: Site, customer: string, code: string | null) {
  site.storage.run('DELETE FROM cart_coupons WHERE customer = ?', customer)
  if (code === null) return
  site.storage.run('INSERT INTO cart_coupons (customer, code) VALUES (?, ?)', customer, code)
}
