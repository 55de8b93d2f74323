import { type Cart, readCart, writeCart } from './carts.ts'
import type { Address, CartLine, PaymentMode } from './model.ts'
import {
  draftOrder,
  moveOrder,
  type OrderRow,
  orderRow,
  type Purchase,
  reusableOrder,
} from './orders.ts'
import type { Outbox } from './outbox.ts'
import { withRetries } from './partners/call.ts'
import { PartnerError } from './partners/errors.ts'
import { type ServiceabilityQuestion, stockSkusMax, wireMoney } from './partners/fynd.ts'
import { interactive } from './partners/retry.ts'
import { openPayment } from './payments.ts'
import { enqueuePlacing, placeCod, placePrepaid } from './placing.ts'
import { sellable } from './products.ts'
import { ShopRefusal } from './refusal.ts'
import type { Site, Visit } from './site.ts'

export const cartLinesMax = stockSkusMax

type Line = {
  sku: string
  quantity: number
  available: number | null
  ok: boolean
  message?: string
}

/** The cart page: replaces the cart and asks the partner for the stock of its SKUs, in real time (kartify.md 4.2). */
export async function showCart(site: Site, customer: string, items: CartLine[], visit: Visit) {
  const lines = mergeLines(items)
  for (const line of lines) site.range.unit(line.sku)
  const before = readCart(site, customer)
  site.storage.transaction('replace-cart', () =>
    writeCart(site, customer, { ...before, lines, paymentMode: null, lastOrderId: null }),
  )
  if (lines.length === 0) return { page: 'cart', message: 'Your cart is empty.', lines: [] }
  const checked = await checkLines(site, lines, visit)
  if (checked === undefined) {
    const unknown = lines.map((line) => ({ ...line, available: null }))
    if (site.switches.on_stock_error === 'allow') {
      return { page: 'address', lines: unknown.map((line) => ({ ...line, ok: true })) }
    }
    return {
      page: 'cart',
      message: 'We cannot check the stock at the moment. Please try again.',
      lines: unknown.map((line) => ({ ...line, ok: false })),
    }
  }
  const stopped = checked.find((line) => !line.ok)
  if (stopped === undefined) return { page: 'address', lines: checked }
  return { page: 'cart', message: stopped.message, lines: checked }
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

/** The payment method page: serviceability for this address and this cart; no sends one step back (kartify.md 4.3). */
export async function choosePayment(
  site: Site,
  customer: string,
  paymentMode: PaymentMode,
  visit: Visit,
) {
  const cart = readCart(site, customer)
  requireLines(cart)
  if (cart.address === null) throw new ShopRefusal(409, 'address-missing', 'Give an address first.')
  const question = askServiceability(site, cart.lines, cart.address, paymentMode)
  let verdict: Awaited<ReturnType<Site['fynd']['serviceability']>>
  try {
    verdict = await withRetries(site.ports, interactive, `serviceability/${customer}`, (attempt) =>
      site.fynd.serviceability(question, { trace: visit.trace, attempt }),
    )
  } catch (error) {
    if (!(error instanceof PartnerError)) throw error
    if (error.failure.kind === 'refused') return { page: 'cart', message: error.failure.message }
    return {
      page: 'payment-method',
      message: 'We cannot check the delivery at the moment. Please try again.',
    }
  }
  if (!verdict.isServiceable) return { page: 'cart', message: verdict.message }
  const now = readCart(site, customer)
  if (JSON.stringify([now.lines, now.address]) !== JSON.stringify([cart.lines, cart.address])) {
    throw new ShopRefusal(409, 'cart-changed', 'The cart changed meanwhile. Look at it again.')
  }
  site.storage.transaction('choose-payment', () =>
    writeCart(site, customer, { ...now, paymentMode }),
  )
  return { page: 'confirm' }
}

/**
 * The confirm page: the order exists from here on, as missing (kartify.md 3). PREPAID is placed at the partner as soon as the page
 * opens; COD calls nobody yet.
 */
export async function showConfirm(site: Site, customer: string, visit: Visit) {
  const purchase = requirePurchase(site, customer)
  const order = site.storage.transaction('show-confirm', () => draftOrReuse(site, purchase))
  const shown = { page: 'confirm', order_id: order.id, total_minor: order.total_minor }
  if (purchase.paymentMode === 'COD') return { ...shown, fynd_order_id: order.fynd_order_id }
  const outcome = await placePrepaid(site, order.id, visit)
  if (!outcome.placed && outcome.isRefused) return { page: 'cart', message: outcome.message }
  return {
    ...shown,
    fynd_order_id: orderRow(site.storage, order.id).fynd_order_id,
    ...(!outcome.placed && { message: outcome.message }),
  }
}

/** The click on Confirm order: COD places the order, PREPAID opens the payment page (kartify.md 4.5). */
export async function clickConfirm(site: Site, outbox: Outbox, customer: string, visit: Visit) {
  const cart = readCart(site, customer)
  // A second click after the first one succeeded shows the same page again.
  if (cart.lines.length === 0 && cart.lastOrderId !== null) {
    return { page: 'success', order_id: cart.lastOrderId }
  }
  const purchase = requirePurchase(site, customer)
  if (purchase.paymentMode === 'COD') {
    const order = site.storage.transaction('place-order', (): OrderRow => {
      const draft = draftOrReuse(site, purchase)
      enqueuePlacing(site, outbox, draft.id)
      return draft
    })
    const outcome = await placeCod(site, outbox, order.id, visit)
    if (outcome.placed) return { page: 'success', order_id: order.id }
    return { page: 'confirm', order_id: order.id, message: outcome.message }
  }
  const shown = await showConfirm(site, customer, visit)
  if (!('order_id' in shown) || shown.fynd_order_id === null) return shown
  const { order_id: orderId } = shown
  return site.once(`pay/${orderId}`, () =>
    openPayment(site, orderRow(site.storage, orderId), visit),
  )
}

/** In a transaction. A customer who comes back after a failed payment pays for the same order. */
function draftOrReuse(site: Site, purchase: Purchase): OrderRow {
  const known = reusableOrder(site, purchase)
  if (known === undefined) return draftOrder(site, purchase)
  moveOrder(site, known.id, 'missing', 'confirm order page again')
  return orderRow(site.storage, known.id)
}

/** F3's question for a cart. */
export function askServiceability(
  site: Site,
  lines: CartLine[],
  address: Address,
  paymentMode: PaymentMode,
): ServiceabilityQuestion {
  const priced = lines.map((line) => ({
    ...line,
    priceMinor: site.range.unit(line.sku).priceMinor,
  }))
  const totalMinor = priced.reduce((sum, line) => sum + line.quantity * line.priceMinor, 0)
  return {
    to_pincode: address.pincode,
    payment_mode: paymentMode,
    order_value: wireMoney(totalMinor),
    shipping_address: address,
    cart_items: priced.map((line) => ({
      sku_code: line.sku,
      quantity: line.quantity,
      price_effective: wireMoney(line.priceMinor),
    })),
  }
}

/** Undefined when the partner gave no answer. */
async function checkLines(
  site: Site,
  lines: CartLine[],
  visit: Visit,
): Promise<Line[] | undefined> {
  const skus = lines.map((line) => line.sku)
  let totals: Map<string, number>
  try {
    totals = await withRetries(site.ports, interactive, `stock-status/${skus}`, (attempt) =>
      site.fynd.stockStatus(skus, { trace: visit.trace, attempt }),
    )
  } catch (error) {
    if (!(error instanceof PartnerError)) throw error
    return undefined
  }
  const safety = site.switches.apply_on_cart ? (site.settings.read().gofynd.safety_stock ?? 0) : 0
  return lines.map((line) => {
    const available = sellable(totals.get(line.sku) ?? 0, safety)
    if (available >= line.quantity) return { ...line, available, ok: true }
    const message =
      available === 0
        ? `${line.sku} is out of stock.`
        : `Only ${available} of ${line.sku} left, you asked for ${line.quantity}.`
    return { ...line, available, ok: false, message }
  })
}

function mergeLines(items: CartLine[]): CartLine[] {
  const merged = new Map<string, number>()
  for (const item of items) merged.set(item.sku, (merged.get(item.sku) ?? 0) + item.quantity)
  return [...merged].map(([sku, quantity]) => ({ sku, quantity }))
}

function requireLines(cart: Cart) {
  if (cart.lines.length === 0) throw new ShopRefusal(409, 'cart-empty', 'Your cart is empty.')
}

function requirePurchase(site: Site, customer: string) {
  const cart = readCart(site, customer)
  requireLines(cart)
  if (cart.address === null) throw new ShopRefusal(409, 'address-missing', 'Give an address first.')
  if (cart.paymentMode === null) {
    throw new ShopRefusal(409, 'payment-method-missing', 'Choose a payment method first.')
  }
  return { customer, lines: cart.lines, address: cart.address, paymentMode: cart.paymentMode }
}
