import { check, fail, sleep } from 'k6'
import exec from 'k6/execution'
import { Counter, Trend } from 'k6/metrics'
import type { Site } from './lib/load-run.ts'
import { iterationsOf, planScenario, type Wanted } from './lib/profiles.ts'
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
 * placed and delivered at once; its events go to a receiver that takes all. Subject `shop`: the shop's own orders are advanced a step at a
 * time, and the shop is asked until it shows the step.
 */
const advancing = { exec: 'advance', ratePerSecond: 20, calls: 1 }
const placing: Record<Site, Wanted> = {
  fynd: { exec: 'stormFynd', ratePerSecond: 20, calls: 1 },
  konnect: { exec: 'stormKonnect', ratePerSecond: 5, mainRatePerSecond: 20, calls: 1 },
  arvind: { exec: 'stormArvind', ratePerSecond: 5, mainRatePerSecond: 20, calls: 1 },
}

/** From the event to the end of its last attempt. */
const lags = {
  fynd: new Trend('fynd_delivery_lag', true),
  konnect: new Trend('konnect_delivery_lag', true),
  arvind: new Trend('arvind_delivery_lag', true),
}
const deliveriesSettled = {
  fynd: new Counter('fynd_deliveries_settled'),
  konnect: new Counter('konnect_deliveries_settled'),
  arvind: new Counter('arvind_deliveries_settled'),
}
const shownLag = new Trend('shown_lag', true)

const watching: Record<Site, string> = {
  fynd: 'watchFynd',
  konnect: 'watchKonnect',
  arvind: 'watchArvind',
}

export const options = loadOptions(
  Object.fromEntries(
    run.sites.flatMap((site) => [
      [
        `${site}_storm`,
        planScenario(run, run.subject === 'shop' ? advancing : placing[site]) as object,
      ],
      [`${site}_ledger`, ledgerReader(watching[site])],
    ]),
  ),
  {
    ...Object.fromEntries(
      run.sites.flatMap((site) => [
        [`${site}_deliveries_settled`, ['count>0']],
        [`${site}_delivery_lag`, ['p(95)<5000']],
      ]),
    ),
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
const place = 'BLR-01'
const quantity = 1_000_000

/** Stock that cannot run out. */
const stockUp: Record<Site, () => void> = {
  fynd: () => act('fynd.stock.set', { sku, store: place, quantity }),
  konnect: () => act('konnect.stock.set', { sku, location: place, quantity }),
  arvind() {
    act('arvind.inventory.set', { skuId: sku, centre: place, quantity })
    // Pushes of stock are another question.
    const never = { inventory_delta_seconds: null, inventory_full_minutes: null }
    asked('PATCH', '/assumptions/arvind', never)
  },
}

export function setup(): Ready {
  for (const site of run.sites) stockUp[site]()
  const orders = run.subject === 'shop' ? buyMany() : []
  armFaults()
  return { orders, beganMs: Date.now() }
}

/** As many orders of the shop's as the storm has steps for. */
function buyMany(): string[] {
  shopApi('fynd').post('/admin/cron/fynd-inventory')
  const customers = Array.from(
    { length: ordersFor(iterationsOf(run, advancing)) },
    (_, number) => `storm-${run.world}-${number}`,
  )
  const orders = chunk(customers, customersTogether).flatMap(buyAll)
  settleDeliveries()
  return orders
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

const nameOrder = (): string => `${run.world}-${exec.scenario.iterationInTest}`

export function stormFynd(): void {
  const affiliate_order_id = nameOrder()
  act('fynd.order.place', { affiliate_order_id, lines: [{ sku }] })
  act('fynd.order.advance', { affiliate_order_id, to: 'delivery_done' })
}

export function stormKonnect(): void {
  const marketplace_order_id = nameOrder()
  act('konnect.order.place', { marketplace_order_id, lines: [{ sku }] })
  act('konnect.order.advance', { marketplace_order_id, to: 'delivery_done' })
}

export function stormArvind(): void {
  const orderReference = nameOrder()
  act('arvind.order.place', { orderReference, items: [{ skuId: sku }] })
  act('arvind.order.advance', { orderReference, to: 'DELIVERED' })
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

function watch(site: Site, { beganMs }: Ready): void {
  readLedger(site, (settled) => {
    for (const lag of settledLags(settled, beganMs)) {
      lags[site].add(lag)
      deliveriesSettled[site].add(1)
    }
  })
}

export const watchFynd = (ready: Ready): void => watch('fynd', ready)
export const watchKonnect = (ready: Ready): void => watch('konnect', ready)
export const watchArvind = (ready: Ready): void => watch('arvind', ready)

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
