import { check, fail } from 'k6'
import encoding from 'k6/encoding'
import exec from 'k6/execution'
import http from 'k6/http'
import { Counter } from 'k6/metrics'
import { type CheckoutPlan, type LoadSku, planCheckout } from './lib/checkout-plan.ts'
import {
  renderClaim,
  renderConfirmation,
  renderInitiate,
  renderOrder,
  renderServiceability,
} from './lib/checkout-wire.ts'
import { planScenario } from './lib/profiles.ts'
import {
  act,
  armFaults,
  asked,
  askJudge,
  disarmFaults,
  json,
  loadOptions,
  run,
  settleDeliveries,
  subject,
} from './lib-k6/control.ts'
import { field, fyndApi, type StockRow, stockSkusMax } from './lib-k6/fynd-api.ts'
import { address, shopApi } from './lib-k6/shop-api.ts'

export { handleSummary } from './lib-k6/control.ts'

/**
 * How fast do checkouts go through, and is every acknowledged order there afterwards? Stock, serviceability, order, payment,
 * confirmation; half COD, half prepaid. Subject `shop`: customers walk through the shop's own pages.
 */
const wanted =
  run.subject === 'shop'
    ? { exec: 'buy', ratePerSecond: 10, calls: 10 }
    : { exec: 'checkout', ratePerSecond: 100, calls: 5 }

const ordersAcknowledged = new Counter('orders_acknowledged')

export const options = loadOptions(
  { checkout: planScenario(run, wanted) },
  { orders_acknowledged: ['count>0'] },
)

interface Ready {
  skus: LoadSku[]
}

/** Stock that cannot run out, at the partner's own prices; with k6 as the client the gateway calls nobody. */
export function setup(): Ready {
  const names = run.skus.slice(0, stockSkusMax)
  const answer = fyndApi().get(`/inventory/stock-status?sku_code=${names.join(',')}`, 'stock')
  const rows = new Map(
    ((field(answer, 'items') ?? []) as StockRow[]).map((row) => [row.identifier.sku_code, row]),
  )
  const skus = [...rows.values()].map(({ identifier, size, price }) => ({
    sku: identifier.sku_code,
    size,
    priceMarked: price.marked,
    priceEffective: price.effective,
  }))
  if (skus.length === 0) fail(`FYND has none of these SKUs: ${names.join(', ')}. Name some: --skus`)
  if (run.control === undefined) return { skus }
  for (const [sku, { store }] of rows) {
    act('fynd.stock.set', { sku, store: store.code, quantity: 1_000_000 })
  }
  if (run.subject === 'partner') {
    asked('PATCH', '/assumptions/payment-gateway', { callback: 'none', webhook: 'none' })
  } else {
    // The webhook is no part of the checkout: a run need not wait a minute for the last one.
    if (run.isShopOurs) asked('PATCH', '/assumptions/payment-gateway', { webhook_lag_seconds: 1 })
    shopApi('fynd').post('/admin/cron/fynd-inventory')
  }
  armFaults()
  return { skus }
}

export function checkout({ skus }: Ready): void {
  const plan = planCheckout(run.world, exec.scenario.iterationInTest, skus)
  const fynd = fyndApi()
  const stock = fynd.get(`/inventory/stock-status?sku_code=${plan.sku.sku}`, 'stock')
  const rows = (field(stock, 'items') ?? []) as StockRow[]
  if (!check(rows, { 'stock is there': () => rows.some(({ quantity }) => quantity > 0) })) return

  const serviceability = fynd.ask('/serviceability', renderServiceability(plan), 'serviceability')
  const isServiceable = () => field(serviceability, 'is_valid') === true
  if (!check(serviceability, { 'may be ordered': isServiceable })) return

  const placed = fynd.write('/orders', renderOrder(plan, fynd.affiliateId), 'order')
  if (!check(placed, { 'order placed': () => field(placed, 'success') === true })) return
  const fyndOrderId = String(field(placed, 'fynd_order_id'))

  if (plan.paymentMode === 'PREPAID') {
    const paymentId = pay(plan, fyndOrderId)
    if (paymentId === undefined) return
    const confirmed = fynd.insist(
      `/orders/${fyndOrderId}/payment/confirm`,
      renderConfirmation(plan, fyndOrderId, paymentId),
      'confirm',
    )
    if (!check(confirmed, { 'payment confirmed': () => field(confirmed, 'success') === true }))
      return
  }
  ordersAcknowledged.add(1)
  if (run.control !== undefined) asked('POST', '/claims', renderClaim(plan, fyndOrderId))
}

/** Initiates a payment and presses the customer's button; a sandbox has no gateway, and takes our word. */
function pay(plan: CheckoutPlan, fyndOrderId: string): string | undefined {
  const gateway = run.accounts['payment-gateway']
  if (gateway === undefined) return `pay-${plan.orderId}`
  const { key_id, key_secret } = gateway.credentials
  const initiated = http.post(
    `${gateway.base_url}/payments/initiate`,
    JSON.stringify(renderInitiate(plan, fyndOrderId)),
    {
      headers: { authorization: `Basic ${encoding.b64encode(`${key_id}:${key_secret}`)}`, ...json },
      tags: { name: 'initiate', ...subject },
    },
  )
  if (!check(initiated, { 'payment begun': () => initiated.json('payment_id') !== undefined }))
    return
  if (!check(press(initiated.json('pay_url')), { 'customer paid': ({ status }) => status < 400 })) {
    return
  }
  return String(initiated.json('payment_id'))
}

const press = (payUrl: unknown) =>
  http.post(
    String(payUrl),
    { outcome: 'paid' },
    { tags: { name: 'pay', ...subject }, redirects: 0 },
  )

/** One customer on the shop's pages. */
export function buy({ skus }: Ready): void {
  const number = exec.scenario.iterationInTest
  const plan = planCheckout(run.world, number, skus)
  const customer = `load-${number}`
  const shop = shopApi('fynd')
  const cart = shop.post('/shop/cart', { items: [{ sku: plan.sku.sku, quantity: 1 }] }, customer)
  if (!check(cart, { 'cart taken': () => field(cart, 'page') === 'address' })) return
  shop.post('/shop/checkout/address', address, customer)
  const mode = { payment_mode: plan.paymentMode }
  const method = shop.post('/shop/checkout/payment-method', mode, customer)
  if (!check(method, { 'may be ordered': () => field(method, 'page') === 'confirm' })) return
  shop.get('/shop/checkout/confirm', customer)
  const confirmed = shop.post('/shop/checkout/confirm', undefined, customer)
  const orderId = String(field(confirmed, 'order_id'))
  if (plan.paymentMode === 'PREPAID') {
    if (!check(confirmed, { 'payment begun': () => field(confirmed, 'page') === 'pay' })) return
    // As the customer's browser does: the button, then the form that leads back to the shop.
    const paid = press(field(confirmed, 'pay_url'))
    if (!check(paid, { 'customer paid': ({ status }) => status < 400 })) return
    const back = paid.submitForm({ params: { tags: { name: 'callback', ...subject } } })
    if (!check(back, { 'order processed': () => back.json('page') === 'success' })) return
  } else if (!check(confirmed, { 'order placed': () => field(confirmed, 'page') === 'success' })) {
    return
  }
  ordersAcknowledged.add(1)
  const told = shop.get(`/admin/orders/${orderId}`)
  const fyndOrderId = String(field(told, 'fynd_order_id'))
  asked('POST', '/claims', renderClaim({ ...plan, orderId }, fyndOrderId))
}

/** Runs once, after every iteration of every scenario. */
export function teardown(): void {
  if (run.control !== undefined) {
    disarmFaults()
    if (run.subject === 'shop') settleDeliveries()
  }
  askJudge(['order-exists-once', 'stock-conserved', 'paid-means-placed-or-refunded'])
}
