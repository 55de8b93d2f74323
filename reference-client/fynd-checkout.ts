import { readCoupon } from './carts.ts'
import {
  boughtAlready,
  type Checkout,
  draftOrReuse,
  keepPaymentMode,
  payFor,
  replaceCart,
  requireAddressed,
  requirePurchase,
  shortage,
} from './checkout.ts'
import { enqueuePlacing, placeCod, placePrepaid } from './fynd-placing.ts'
import type { FyndSite } from './fynd-site.ts'
import type { Address, CartLine, PaymentMode } from './model.ts'
import { type OrderRow, orderRow } from './orders.ts'
import type { Outbox } from './outbox.ts'
import { withRetries } from './partners/call.ts'
import { PartnerError } from './partners/errors.ts'
import type { ServiceabilityQuestion } from './partners/fynd.ts'
import { wireMoney } from './partners/money.ts'
import { interactive } from './partners/retry.ts'
import { sellable } from './products.ts'
import type { Visit } from './site.ts'

type Line = {
  sku: string
  quantity: number
  available: number | null
  ok: boolean
  message?: string
}

/** The pages of a FYND website's checkout. */
export function fyndCheckout(site: FyndSite, outbox: Outbox): Checkout {
  return {
    showCart: (customer, items, visit) => showCart(site, customer, items, visit),
    choosePayment: (customer, mode, visit) => choosePayment(site, customer, mode, visit),
    showConfirm: (customer, visit) => showConfirm(site, customer, visit),
    clickConfirm: (customer, visit) => clickConfirm(site, outbox, customer, visit),
  }
}

/** The cart page: replaces the cart and asks the partner for the stock of its SKUs, in real time (kartify.md 4.2). */
async function showCart(site: FyndSite, customer: string, items: CartLine[], visit: Visit) {
  const lines = replaceCart(site, customer, items)
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

/** The payment method page: serviceability for this address and this cart; no sends one step back (kartify.md 4.3). */
async function choosePayment(
  site: FyndSite,
  customer: string,
  paymentMode: PaymentMode,
  visit: Visit,
) {
  const cart = requireAddressed(site, customer)
  const coupon = readCoupon(site, customer)
  const offMinor = (coupon !== null && site.range.couponMinor(coupon)) || 0
  const question = askServiceability(site, { ...cart, paymentMode, offMinor })
  let verdict: Awaited<ReturnType<FyndSite['fynd']['serviceability']>>
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
  keepPaymentMode(site, customer, cart, paymentMode)
  return { page: 'confirm' }
}

/**
 * The confirm page: the order exists from here on, as missing (kartify.md 3). PREPAID is placed at the partner as soon as the page
 * opens; COD calls nobody yet.
 */
async function showConfirm(site: FyndSite, customer: string, visit: Visit) {
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
async function clickConfirm(site: FyndSite, outbox: Outbox, customer: string, visit: Visit) {
  const bought = boughtAlready(site, customer)
  if (bought !== undefined) return { page: 'success', order_id: bought }
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
  return payFor(site, shown.order_id, visit)
}

/** F3's question for a cart. */
export function askServiceability(
  site: FyndSite,
  purchase: { lines: CartLine[]; address: Address; paymentMode: PaymentMode; offMinor: number },
): ServiceabilityQuestion {
  const { lines, address, paymentMode, offMinor } = purchase
  const priced = lines.map((line) => ({
    ...line,
    priceMinor: site.range.unit(line.sku).priceMinor,
  }))
  const totalMinor = priced.reduce((sum, line) => sum + line.quantity * line.priceMinor, 0)
  return {
    to_pincode: address.pincode,
    payment_mode: paymentMode,
    order_value: wireMoney(Math.max(0, totalMinor - offMinor)),
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
  site: FyndSite,
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
  const safety = site.switches.apply_on_cart ? site.safetyStock() : 0
  return lines.map((line) => {
    const available = sellable(totals.get(line.sku) ?? 0, safety)
    const message = shortage(line, available)
    return { ...line, available, ok: message === undefined, ...(message && { message }) }
  })
}
