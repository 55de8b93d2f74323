import { check, fail } from 'k6'
import crypto from 'k6/crypto'
import encoding from 'k6/encoding'
import exec from 'k6/execution'
import http, { type RefinedResponse } from 'k6/http'
import { Counter, Rate } from 'k6/metrics'
import type { Options } from 'k6/options'
import { type CheckoutPlan, loadSkus, loadStore, planCheckout } from './lib/checkout-plan.ts'
import {
  renderClaim,
  renderConfirmation,
  renderInitiate,
  renderOrder,
  renderServiceability,
} from './lib/checkout-wire.ts'
import { findProfile } from './lib/profiles.ts'
import { renderJunit, renderLines, renderReport, type Summary } from './lib/results.ts'
import { signedHeaders, targetOf } from './lib/sign-request.ts'

/**
 * How fast do checkouts go through, and is every acknowledged order there afterwards? Stock, serviceability, order, payment,
 * confirmation against a world of its own; the last step asks the judge.
 */
const control = __ENV.CONTROL ?? 'http://127.0.0.1:4000'
const results = __ENV.RESULTS ?? 'out/load'
const profile = findProfile(__ENV.PROFILE ?? 'smoke')

const ordersAcknowledged = new Counter('orders_acknowledged')
const judgeAsked = new Counter('judge_asked')
const judgeGreen = new Rate('judge_green')

export const options: Options = {
  scenarios: {
    checkout: {
      executor: 'constant-arrival-rate',
      rate: profile.ratePerSecond,
      timeUnit: '1s',
      duration: `${profile.durationSeconds}s`,
      preAllocatedVUs: profile.users,
      maxVUs: profile.users * 2,
      gracefulStop: '5s',
    },
  },
  thresholds: {
    checks: ['rate==1'],
    dropped_iterations: ['count==0'],
    http_req_failed: ['rate==0'],
    'http_req_duration{name:stock}': ['p(95)<100'],
    'http_req_duration{name:order}': ['p(95)<100'],
    orders_acknowledged: ['count>0'],
    // Both: a rate without samples passes.
    judge_asked: ['count==1'],
    judge_green: ['rate==1'],
  },
  setupTimeout: '30s',
  teardownTimeout: '60s',
  summaryTrendStats: ['min', 'med', 'p(95)', 'p(99)', 'max'],
}

/** k6 has one; its types do not. */
declare const console: { log(text: string): void }

interface Account {
  base_url: string
  credentials: Record<string, string>
}

interface Run {
  world: string
  fynd: Account
  gateway: Account
}

/** A world of its own, stock that cannot run out, and a gateway that calls nobody. */
export function setup(): Run {
  const world = asked('POST', '/_sim/worlds', { ttl: '1h', clock: 'real' }, 201) as {
    name: string
    partners: { fynd: Account; 'payment-gateway': Account }
  }
  const path = `/_sim/worlds/${world.name}`
  for (const { sku } of loadSkus) {
    asked('POST', `${path}/acts/fynd.stock.set`, { sku, store: loadStore, quantity: 1_000_000 })
  }
  asked('PATCH', `${path}/assumptions/payment-gateway`, { callback: 'none', webhook: 'none' })
  return {
    world: world.name,
    fynd: world.partners.fynd,
    gateway: world.partners['payment-gateway'],
  }
}

export default function checkout(run: Run): void {
  const plan = planCheckout(run.world, exec.scenario.iterationInTest)
  const { base_url, credentials } = run.fynd
  const affiliate = `${base_url}/v1/affiliates/${credentials.affiliate_id}`
  const authorization = `Bearer ${encoding.b64encode(`${credentials.affiliate_id}:${credentials.token}`)}`

  const stock = http.get(`${affiliate}/inventory/stock-status?sku_code=${plan.sku.sku}`, {
    headers: { authorization },
    tags: { name: 'stock' },
  })
  if (
    !check(stock, { 'stock is there': (answer) => answer.status === 200 && quantityIn(answer) > 0 })
  )
    return

  const serviceability = http.post(
    `${affiliate}/serviceability`,
    JSON.stringify(renderServiceability(plan)),
    { headers: { authorization, ...json }, tags: { name: 'serviceability' } },
  )
  if (!check(serviceability, { 'may be ordered': (answer) => answer.json('is_valid') === true })) {
    return
  }

  const write = (url: string, body: object, name: string) =>
    postSigned(url, body, { authorization, secret: credentials.secret ?? '', name })
  const placed = write(
    `${affiliate}/orders`,
    renderOrder(plan, credentials.affiliate_id ?? ''),
    'order',
  )
  if (!check(placed, { 'order placed': (answer) => answer.json('success') === true })) return
  const fyndOrderId = String(placed.json('fynd_order_id'))

  if (plan.paymentMode === 'PREPAID') {
    const paymentId = pay(run.gateway, plan, fyndOrderId)
    if (paymentId === undefined) return
    const confirmed = write(
      `${affiliate}/orders/${fyndOrderId}/payment/confirm`,
      renderConfirmation(plan, fyndOrderId, paymentId),
      'confirm',
    )
    if (!check(confirmed, { 'payment confirmed': (answer) => answer.json('success') === true }))
      return
  }
  ordersAcknowledged.add(1)
  asked('POST', `/_sim/worlds/${run.world}/claims`, renderClaim(plan, fyndOrderId))
}

/** Initiates a payment and presses the customer's button. */
function pay(gateway: Account, plan: CheckoutPlan, fyndOrderId: string): string | undefined {
  const { key_id, key_secret } = gateway.credentials
  const initiated = http.post(
    `${gateway.base_url}/payments/initiate`,
    JSON.stringify(renderInitiate(plan, fyndOrderId)),
    {
      headers: { authorization: `Basic ${encoding.b64encode(`${key_id}:${key_secret}`)}`, ...json },
      tags: { name: 'initiate' },
    },
  )
  if (!check(initiated, { 'payment begun': (answer) => answer.json('payment_id') !== undefined }))
    return
  const paid = http.post(
    String(initiated.json('pay_url')),
    { outcome: 'paid' },
    { tags: { name: 'pay' }, redirects: 0 },
  )
  if (!check(paid, { 'customer paid': (answer) => answer.status < 400 })) return
  return String(initiated.json('payment_id'))
}

/** Runs once, after every iteration of every scenario. */
export function teardown(run: Run): void {
  const report = asked('GET', `/_sim/worlds/${run.world}/judge`) as {
    green: boolean
    checked: string[]
    breaches: object[]
  }
  judgeAsked.add(1)
  // Green about nothing is not green: these two are what the run is for.
  const wanted = ['order-exists-once', 'stock-conserved']
  judgeGreen.add(report.green && wanted.every((law) => report.checked.includes(law)))
  console.log(`judge: ${JSON.stringify(report)}`)
  if (__ENV.KEEP !== 'true') asked('DELETE', `/_sim/worlds/${run.world}`)
}

/** k6 says nothing when a file cannot be written: whoever starts it makes the folder and looks. */
export function handleSummary(summary: Summary): Record<string, string> {
  return {
    stdout: renderLines(summary),
    [`${results}/checkout.json`]: JSON.stringify(summary, null, 1),
    [`${results}/checkout.xml`]: renderJunit('checkout', summary),
    [`${results}/checkout.html`]: renderReport('checkout', summary),
  }
}

const json = { 'content-type': 'application/json; charset=utf-8' }

/** Calls the control plane; anything but the wanted status ends the iteration as an error. */
function asked(method: string, path: string, body?: object, status = 200): unknown {
  const headers: Record<string, string> = body ? { ...json } : {}
  if (__ENV.TOKEN !== undefined) headers.authorization = `Bearer ${__ENV.TOKEN}`
  const answer = http.request(method, `${control}${path}`, body ? JSON.stringify(body) : null, {
    headers,
    tags: { name: `control ${method}` },
    timeout: '30s',
  })
  if (answer.status !== status) fail(`${method} ${path}: ${answer.status} ${answer.body}`)
  return answer.json()
}

function postSigned(
  url: string,
  body: object,
  how: { authorization: string; secret: string; name: string },
): RefinedResponse<'text'> {
  const text = JSON.stringify(body)
  const signed = signedHeaders(
    { method: 'POST', target: targetOf(url), body: text, nowMs: Date.now(), secret: how.secret },
    {
      sha256Hex: (input) => crypto.sha256(input, 'hex'),
      hmacSha256Hex: (secret, input) => crypto.hmac('sha256', secret, input, 'hex'),
    },
  )
  return http.post(url, text, {
    headers: { authorization: how.authorization, ...json, ...signed },
    tags: { name: how.name },
    responseType: 'text',
  })
}

function quantityIn(answer: RefinedResponse<'text' | undefined>): number {
  const rows = answer.json('items') as unknown as { quantity: number }[]
  return rows.reduce((sum, row) => sum + row.quantity, 0)
}
