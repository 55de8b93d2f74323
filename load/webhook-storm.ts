import { check, fail, sleep } from 'k6'
import exec from 'k6/execution'
import { Counter, Trend } from 'k6/metrics'
import { iterationsOf, planScenario } from './lib/profiles.ts'
import { hasHeard, ordersFor, planStep, settledLags } from './lib/storm-plan.ts'
import { chunk } from './lib/sync-plan.ts'
import {
  act,
  armFaults,
  asked,
  askJudge,
  disarmFaults,
  loadOptions,
  run,
  settleDeliveries,
} from './lib-k6/control.ts'
import { field } from './lib-k6/fynd-api.ts'
import { ledgerReader, readLedger } from './lib-k6/ledger.ts'
import { address, shopApi } from './lib-k6/shop-api.ts'

export { handleSummary } from './lib-k6/control.ts'

/**
 * How long from an event to its settled delivery, when orders are advanced in bulk? Subject `partner`: each iteration is an order that is
 * placed and delivered at once, six events to a receiver that takes all. Subject `shop`: the shop's own orders are advanced a step at a time,
 * and the shop is asked until it shows the step.
 */
const wanted =
  run.subject === 'shop'
    ? { exec: 'advance', ratePerSecond: 20, calls: 1 }
    : { exec: 'placeAndDeliver', ratePerSecond: 20, calls: 1 }

const deliveryLag = new Trend('delivery_lag', true)
const deliveriesSettled = new Counter('deliveries_settled')
const shownLag = new Trend('shown_lag', true)

export const options = loadOptions(
  {
    storm: planScenario(run, wanted),
    ledger: ledgerReader('watchLedger'),
  },
  {
    deliveries_settled: ['count>0'],
    delivery_lag: ['p(95)<5000'],
    ...(run.subject === 'shop' ? { shown_lag: ['p(95)<5000'] } : {}),
  },
  run.subject === 'shop',
)

interface Ready {
  /** The shop's order ids. */
  orders: string[]
  /** What was sent before is no part of the storm. */
  beganMs: number
}

const sku = run.skus[0] ?? 'TEE-M'
const store = 'BLR-01'

export function setup(): Ready {
  act('fynd.stock.set', { sku, store, quantity: 1_000_000 })
  if (run.subject === 'partner') {
    armFaults()
    return { orders: [], beganMs: Date.now() }
  }
  shopApi('fynd').post('/admin/cron/fynd-inventory')
  const customers = Array.from(
    { length: ordersFor(iterationsOf(run, wanted)) },
    (_, number) => `storm-${run.world}-${number}`,
  )
  const orders = chunk(customers, customersTogether).flatMap(buyAll)
  settleDeliveries()
  armFaults()
  return { orders, beganMs: Date.now() }
}

const customersTogether = 10

/** So many COD orders as there are customers, page by page, all of them side by side. */
function buyAll(customers: string[]): string[] {
  const shop = shopApi('fynd')
  shop.postAll('/shop/cart', () => ({ items: [{ sku, quantity: 1 }] }), customers)
  shop.postAll('/shop/checkout/address', () => address, customers)
  shop.postAll('/shop/checkout/payment-method', () => ({ payment_mode: 'COD' }), customers)
  shop.getAll(
    customers.map(() => '/shop/checkout/confirm'),
    customers,
  )
  return shop
    .postAll('/shop/checkout/confirm', () => undefined, customers)
    .map((answer) =>
      field(answer, 'page') === 'success'
        ? String(field(answer, 'order_id'))
        : fail(`The shop takes no order: ${answer.status} ${answer.body}`),
    )
}

export function placeAndDeliver(): void {
  const affiliate_order_id = `${run.world}-${exec.scenario.iterationInTest}`
  act('fynd.order.place', { affiliate_order_id, lines: [{ sku }] })
  act('fynd.order.advance', { affiliate_order_id, to: 'delivery_done' })
}

/** Long enough for a first retry. */
const shownMsMax = 20_000

export function advance({ orders }: Ready): void {
  const step = planStep(exec.scenario.iterationInTest, orders.length)
  if (step === undefined) return
  const id = orders[step.order] ?? ''
  const beganMs = Date.now()
  act('fynd.order.advance', { affiliate_order_id: id, to: step.to })
  const shop = shopApi('fynd')
  let isShown = false
  while (!isShown && Date.now() - beganMs < shownMsMax) {
    isShown = hasHeard(field(shop.get(`/admin/orders/${id}`), 'items.0.status'), step.to)
    if (!isShown) sleep(pollSeconds)
  }
  if (check(isShown, { 'the shop shows the step': (shown) => shown })) {
    shownLag.add(Date.now() - beganMs)
  }
}

const pollSeconds = 0.02

export function watchLedger({ beganMs }: Ready): void {
  readLedger('fynd', (settled) => {
    for (const lag of settledLags(settled, beganMs)) {
      deliveryLag.add(lag)
      deliveriesSettled.add(1)
    }
  })
}

/** Runs once, after every iteration: the storm is over when nothing is under way. */
export function teardown({ orders }: Ready): void {
  disarmFaults()
  settleDeliveries()
  for (const part of chunk(orders, claimsTogether)) {
    asked('POST', '/claims', { orders: part.map(renderClaim) })
  }
  askJudge([
    'deliveries-accounted',
    'stock-conserved',
    'calls-understood',
    ...(run.subject === 'shop' ? ['order-exists-once'] : []),
  ])
}

const claimsTogether = 1_000

const renderClaim = (id: string) => ({
  id,
  partner: 'fynd',
  status: 'processed',
  acknowledged: true,
  payment_mode: 'COD',
})
