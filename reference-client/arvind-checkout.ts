import { type ArvindSite, isModuleOn } from './arvind-site.ts'
import { clearCart } from './carts.ts'
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
import type { CartLine, PaymentMode } from './model.ts'
import { moveOrder } from './orders.ts'
import type { Serviceability, ServiceabilityQuestion } from './partners/arvind.ts'
import { withRetries } from './partners/call.ts'
import { PartnerError } from './partners/errors.ts'
import { interactive } from './partners/retry.ts'
import { ownStock } from './products.ts'
import { arvindOf } from './settings.ts'
import type { Visit } from './site.ts'

/** The pages of an Arvind website's checkout (kartify.md 5). */
export function arvindCheckout(site: ArvindSite): Checkout {
  return {
    showCart: async (customer, items) => showCart(site, customer, items),
    choosePayment: (customer, mode, visit) => choosePayment(site, customer, mode, visit),
    showConfirm: async (customer) => showConfirm(site, customer),
    clickConfirm: (customer, visit) => clickConfirm(site, customer, visit),
  }
}

/** The cart page asks nobody: the stock that Arvind pushed is what the shop sells by. */
function showCart(site: ArvindSite, customer: string, items: CartLine[]) {
  const lines = replaceCart(site, customer, items)
  if (lines.length === 0) return { page: 'cart', message: 'Your cart is empty.', lines: [] }
  const checked = lines.map((line) => {
    const available = ownStock(site.storage, line.sku)
    const message = site.switches.cart_stock === 'unchecked' ? undefined : shortage(line, available)
    return { ...line, available, ok: message === undefined, ...(message && { message }) }
  })
  const stopped = checked.find((line) => !line.ok)
  if (stopped === undefined) return { page: 'address', lines: checked }
  return { page: 'cart', message: stopped.message, lines: checked }
}

/** The checkout page: can all of it be delivered there, and is it in stock (arvind.md 3.2)? A no is shown and leads no further. */
async function choosePayment(
  site: ArvindSite,
  customer: string,
  paymentMode: PaymentMode,
  visit: Visit,
) {
  const cart = requireAddressed(site, customer)
  if (isModuleOn(site)) {
    const { pincode } = cart.address
    const stopped = await askArvind(site, customer, cart.lines, pincode, paymentMode, visit)
    if (stopped !== undefined) return { page: 'payment-method', ...stopped }
  }
  keepPaymentMode(site, customer, cart, paymentMode)
  return { page: 'confirm' }
}

/** The confirm page: the order exists from here on, as missing; Arvind hears of it only from the cron. */
function showConfirm(site: ArvindSite, customer: string) {
  const purchase = requirePurchase(site, customer)
  const order = site.storage.transaction('show-confirm', () => draftOrReuse(site, purchase))
  return { page: 'confirm', order_id: order.id, total_minor: order.total_minor }
}

/** The click: COD makes the order processing in one step, PREPAID opens the payment page (kartify.md 5.3). */
async function clickConfirm(site: ArvindSite, customer: string, visit: Visit) {
  const bought = boughtAlready(site, customer)
  if (bought !== undefined) return { page: 'success', order_id: bought }
  const purchase = requirePurchase(site, customer)
  if (purchase.paymentMode === 'PREPAID') {
    return payFor(site, showConfirm(site, customer).order_id, visit)
  }
  const order = site.storage.transaction('place-order', () => {
    const draft = draftOrReuse(site, purchase)
    moveOrder(site, draft.id, 'processing', 'confirmed, cash on delivery')
    clearCart(site, draft)
    return draft
  })
  return { page: 'success', order_id: order.id }
}

type Stopped = { message: string; items?: object[] }

async function askArvind(
  site: ArvindSite,
  customer: string,
  lines: CartLine[],
  pincode: string,
  paymentMode: PaymentMode,
  visit: Visit,
): Promise<Stopped | undefined> {
  const { channel_id, ordering_store_id, warehouse_id } = arvindOf(site.settings)
  const question: ServiceabilityQuestion = {
    location: pincode,
    channelId: channel_id,
    orderingStoreId: ordering_store_id,
    paymentMode,
    items: lines.map(({ sku, quantity }) => ({ skuId: sku, quantity, warehouseId: warehouse_id })),
  }
  try {
    const answer = await withRetries(
      site.ports,
      interactive,
      `serviceability/${customer}`,
      (attempt) => site.arvind.serviceability(question, { trace: visit.trace, attempt }),
    )
    return readServiceability(answer, lines, pincode, paymentMode)
  } catch (error) {
    if (!(error instanceof PartnerError)) throw error
    if (error.failure.kind === 'refused') return { message: error.failure.message }
    if (site.switches.on_serviceability_error === 'allow') return undefined
    return { message: 'We cannot check the delivery at the moment. Please try again.' }
  }
}

/** Reads the answer item by item; undefined when everything can be had, delivered and paid this way. */
export function readServiceability(
  answer: Serviceability,
  lines: CartLine[],
  pincode: string,
  paymentMode: PaymentMode,
): Stopped | undefined {
  const { data } = answer
  const isCodRefused = paymentMode === 'COD' && data.codAvailable === false
  const items = lines.flatMap((line) => {
    const row = data.items?.find((item) => item.skuId === line.sku)
    const available = row?.availableQuantity ?? null
    const isShort = available !== null && available < line.quantity
    const isFine = row?.serviceable !== false && row?.inventoryAvailable !== false && !isShort
    // An item that the answer leaves out was not asked about, as far as we know.
    if (row !== undefined && isFine && row.reason == null) return []
    const reason = row?.reason ?? (isShort ? 'INSUFFICIENT_INVENTORY' : 'NOT_ANSWERED')
    return [{ sku: line.sku, quantity: line.quantity, available, reason }]
  })
  const [first] = items
  if (first === undefined && data.serviceable && !isCodRefused) return undefined
  const message =
    first === undefined
      ? isCodRefused
        ? codMessage
        : (answer.message ?? `We do not deliver to ${pincode}.`)
      : sayReason(first, pincode)
  return { message, items }
}

const codMessage = 'Cash on delivery is not available for this address.'

function sayReason(
  item: { sku: string; quantity: number; available: number | null; reason: string },
  pincode: string,
): string {
  switch (item.reason) {
    case 'INSUFFICIENT_INVENTORY':
      return shortage(item, item.available ?? 0) ?? `${item.sku} is out of stock.`
    case 'COD_NOT_AVAILABLE':
      return codMessage
    case 'PINCODE_NOT_SERVICEABLE':
      return `We do not deliver ${item.sku} to ${pincode}.`
    default:
      return `${item.sku} cannot be delivered to ${pincode} (${item.reason}).`
  }
}
