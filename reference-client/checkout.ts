import { type Cart, readCart, readCoupon, writeCart, writeCoupon } from './carts.ts'
import type { Address, CartLine, PaymentMode } from './model.ts'
import {
  draftOrder,
  moveOrder,
  type OrderRow,
  orderRow,
  type Purchase,
  reusableOrder,
} from './orders.ts'
import { openPayment } from './payments.ts'
import { ShopRefusal } from './refusal.ts'
import type { Site, Visit } from './site.ts'

/** The page shown next, and what stands on it. */
type Page = { page: string; message?: string | undefined }

/** The pages on which the partner has a word (kartify.md 4 and 5); every partner writes its own. */
export type Checkout = {
  showCart(customer: string, items: CartLine[], visit: Visit): Promise<Page>
  choosePayment(customer: string, paymentMode: PaymentMode, visit: Visit): Promise<Page>
  showConfirm(customer: string, visit: Visit): Promise<Page>
  clickConfirm(customer: string, visit: Visit): Promise<Page>
}

export const cartLinesMax = 50

/** Replaces the cart; answers its lines, one for each SKU. Throws for an SKU that no option has. */
export function replaceCart(site: Site, customer: string, items: CartLine[]): CartLine[] {
  const lines = mergeLines(items)
  for (const line of lines) site.range.unit(line.sku)
  const before = readCart(site, customer)
  site.storage.transaction('replace-cart', () =>
    writeCart(site, customer, { ...before, lines, paymentMode: null, lastOrderId: null }),
  )
  return lines
}

/** What is wrong with a line of which `available` can be had; undefined when nothing is. */
export function shortage(line: CartLine, available: number): string | undefined {
  if (available >= line.quantity) return undefined
  return available === 0
    ? `${line.sku} is out of stock.`
    : `Only ${available} of ${line.sku} left, you asked for ${line.quantity}.`
}

/** The address page. A changed address makes the payment method page due again. */
export function takeAddress(site: Site, customer: string, address: Address) {
  const cart = readCart(site, customer)
  requireLines(cart)
  site.storage.transaction('take-address', () =>
    writeCart(site, customer, { ...cart, address, paymentMode: null }),
  )
  return { page: 'payment-method' }
}

/** Takes a coupon for the cart, or takes it away with null. Throws a 409 for a code that means nothing, or too much, for this cart. */
export function takeCoupon(site: Site, customer: string, code: string | null) {
  const cart = readCart(site, customer)
  requireLines(cart)
  const cartMinor = valueMinor(site, cart.lines)
  const offMinor = code === null ? 0 : site.range.couponMinor(code)
  if (offMinor === undefined || offMinor >= cartMinor) {
    throw new ShopRefusal(409, 'coupon-not-valid', `Coupon ${code} is not valid for this cart.`)
  }
  site.storage.transaction('take-coupon', () => {
    writeCoupon(site, customer, code)
    writeCart(site, customer, { ...cart, paymentMode: null })
  })
  return {
    page: 'address',
    coupon: code,
    discount_minor: offMinor,
    total_minor: cartMinor - offMinor,
  }
}

/** What the lines cost without any coupon. */
export function valueMinor(site: Site, lines: CartLine[]): number {
  return lines.reduce((sum, line) => sum + line.quantity * site.range.unit(line.sku).priceMinor, 0)
}

/** The cart that a payment method is chosen for. */
export function requireAddressed(site: Site, customer: string) {
  const cart = readCart(site, customer)
  requireLines(cart)
  const { lines, address } = cart
  if (address === null) throw new ShopRefusal(409, 'address-missing', 'Give an address first.')
  return { lines, address }
}

/** Keeps the payment method of a cart that was checked; throws a 409 when the cart changed while the partner was asked. */
export function keepPaymentMode(
  site: Site,
  customer: string,
  checked: { lines: CartLine[]; address: Address },
  paymentMode: PaymentMode,
) {
  const now = readCart(site, customer)
  const { lines, address } = checked
  if (JSON.stringify([now.lines, now.address]) !== JSON.stringify([lines, address])) {
    throw new ShopRefusal(409, 'cart-changed', 'The cart changed meanwhile. Look at it again.')
  }
  site.storage.transaction('choose-payment', () =>
    writeCart(site, customer, { ...now, paymentMode }),
  )
}

/** The order that a second click after a success shows again, or undefined. */
export function boughtAlready(site: Site, customer: string): string | undefined {
  const { lines, lastOrderId } = readCart(site, customer)
  return lines.length === 0 && lastOrderId !== null ? lastOrderId : undefined
}

/** In a transaction. A customer who comes back after a failed payment pays for the same order. */
export function draftOrReuse(site: Site, purchase: Purchase): OrderRow {
  const known = reusableOrder(site, purchase)
  if (known === undefined) return draftOrder(site, purchase)
  moveOrder(site, known.id, 'missing', 'confirm order page again')
  return orderRow(site.storage, known.id)
}

/** The payment page of an order, opened once for clicks that come together. */
export function payFor(site: Site, orderId: string, visit: Visit) {
  return site.once(`pay/${orderId}`, () =>
    openPayment(site, orderRow(site.storage, orderId), visit),
  )
}

/** Everything that an order is made of. Throws a 409 that says which step is missing. */
export function requirePurchase(site: Site, customer: string): Purchase {
  const { lines, address } = requireAddressed(site, customer)
  const { paymentMode } = readCart(site, customer)
  if (paymentMode === null) {
    throw new ShopRefusal(409, 'payment-method-missing', 'Choose a payment method first.')
  }
  return { customer, lines, address, paymentMode, coupon: readCoupon(site, customer) }
}

function mergeLines(items: CartLine[]): CartLine[] {
  const merged = new Map<string, number>()
  for (const item of items) merged.set(item.sku, (merged.get(item.sku) ?? 0) + item.quantity)
  return [...merged].map(([sku, quantity]) => ({ sku, quantity }))
}

function requireLines(cart: Cart) {
  if (cart.lines.length === 0) throw new ShopRefusal(409, 'cart-empty', 'Your cart is empty.')
}
