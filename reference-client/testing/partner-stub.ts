import { createHash, createHmac } from 'node:crypto'
import type { ShopPorts, ShopRequestInit } from '../ports.ts'

/** Plainly fake credentials, the same on both sides of a test. */
export const credentials = {
  affiliateId: '5c0000000000000000000001',
  affiliateToken: 'fake-token-for-tests',
  secretKey: 'fake-secret-for-tests',
  keyId: 'fake-key',
  keySecret: 'fake-key-secret',
  webhookSecret: 'fake-webhook-secret',
}

export const fyndUrl = 'http://fynd.test/gofynd'
export const gatewayUrl = 'http://gateway.test'

/** What one call of an operation meets instead of an ordinary answer. */
export type Mishap =
  | 'answer-lost'
  | 'reset'
  | 'refused-connection'
  | 'hang'
  | 'html'
  | { status: number; json?: object; headers?: Record<string, string> }

export type StubBag = { affiliate_bag_id: string; sku: string; bag_id: number; amount: number }
export type StubOrder = {
  fyndOrderId: string
  affiliateOrderId: string
  body: string
  status: 'pending' | 'placed'
  shipmentId: string
  bags: StubBag[]
  timesPlaced: number
}
export type StubPayment = {
  payment_id: string
  merchant_order_id: string
  amount_minor: number
  status: string
  return_url: string
  webhook_url: string
  refunds: { key: string; amount_minor: number; refund_id: string }[]
}

export type Sent = {
  operation: string
  url: string
  body: string | undefined
  headers: Record<string, string>
}

/** A small hand-written reading of FYND and the gateway (fynd.md F1 to F6, kartify.md 10.1): enough to try the shop alone. */
export function createPartnerStub(nowMs: () => number) {
  const stock = new Map<string, number>([
    ['TEE-S', 5],
    ['TEE-M', 5],
    ['TEE-L', 5],
    ['TEE-XL', 5],
    ['SHOE-9', 5],
    ['MUG-1', 5],
  ])
  const state = {
    stock,
    orders: new Map<string, StubOrder>(),
    payments: new Map<string, StubPayment>(),
    sent: [] as Sent[],
    mishaps: [] as { operation: string; mishap: Mishap }[],
    /** Answers by operation that replace the stub's own. */
    answers: new Map<string, (sent: Sent) => { status: number; json: object } | undefined>(),
    changes: [] as { sku_code: string; updated_at: string }[],
    pageSize: 100,
    nowMs,
  }
  const answer = (sent: Sent): { status: number; json: object } =>
    state.answers.get(sent.operation)?.(sent) ??
    (sent.url.startsWith(fyndUrl) ? askFynd(state, sent) : askGateway(state, sent))
  const send: ShopPorts['fetch'] = async (url, init = {}) => {
    const sent = readSent(url, init)
    state.sent.push(sent)
    const index = state.mishaps.findIndex((planned) => planned.operation === sent.operation)
    const mishap = index < 0 ? undefined : state.mishaps.splice(index, 1)[0]?.mishap
    return meet(mishap, () => answer(sent), init)
  }
  return {
    ...state,
    send,
    /** Plans what the next calls of an operation meet, one after the other. */
    plan(operation: string, ...mishaps: Mishap[]) {
      state.mishaps.push(...mishaps.map((mishap) => ({ operation, mishap })))
    },
    calls: (operation: string) => state.sent.filter((sent) => sent.operation === operation),
    order(affiliateOrderId: string): StubOrder {
      const order = state.orders.get(affiliateOrderId)
      if (order === undefined) throw new Error(`The stub has no order ${affiliateOrderId}.`)
      return order
    },
    setPageSize(size: number) {
      state.pageSize = size
    },
  }
}

export type PartnerStub = ReturnType<typeof createPartnerStub>
type State = {
  stock: Map<string, number>
  orders: Map<string, StubOrder>
  payments: Map<string, StubPayment>
  changes: { sku_code: string; updated_at: string }[]
  pageSize: number
  nowMs(): number
}

/** A FYND event as its messenger would post it. */
export function fyndEvent(order: StubOrder, event: object): Request {
  const body = JSON.stringify({
    created_timestamp: 0,
    affiliate_id: credentials.affiliateId,
    fynd_order_id: order.fyndOrderId,
    affiliate_order_id: order.affiliateOrderId,
    shipment_id: order.shipmentId,
    previous_shipment_id: null,
    bags: order.bags.map(({ bag_id, affiliate_bag_id, sku }) => ({
      bag_id,
      affiliate_bag_id,
      sku,
    })),
    ...event,
  })
  return signedWebhook(body, credentials.secretKey)
}

export function signedWebhook(body: string, secret: string): Request {
  return new Request('http://shop.test/webhooks/gofynd', {
    method: 'POST',
    headers: { 'content-type': 'application/json', 'x-fp-signature': hmac(secret, body) },
    body,
  })
}

/** The form that the gateway's page lets the customer's browser post. */
export function callback(payment: StubPayment, status: string, debited = false): Request {
  const fields = {
    payment_id: payment.payment_id,
    merchant_order_id: payment.merchant_order_id,
    status,
    debited: String(debited || status === 'success'),
  }
  const signature = hmac(credentials.webhookSecret, Object.values(fields).join('|'))
  return new Request(payment.return_url, {
    method: 'POST',
    headers: { 'content-type': 'application/x-www-form-urlencoded' },
    body: new URLSearchParams({ ...fields, signature }).toString(),
  })
}

export function gatewayWebhook(payment: StubPayment, eventId: string): Request {
  const { payment_id, merchant_order_id, amount_minor, status } = payment
  const body = JSON.stringify({
    event_id: eventId,
    type: status === 'captured' ? 'payment.captured' : 'payment.failed',
    payment: { payment_id, merchant_order_id, amount_minor, status },
    created_at: '2026-01-05T04:30:00Z',
  })
  return new Request(payment.webhook_url, {
    method: 'POST',
    headers: {
      'content-type': 'application/json',
      'x-gateway-signature': hmac(credentials.webhookSecret, body),
    },
    body,
  })
}

function hmac(secret: string, body: string): string {
  return createHmac('sha256', secret).update(body).digest('hex')
}

/** Lets one call meet a mishap. */
export async function meet(
  mishap: Mishap | undefined,
  apply: () => { status: number; json: object },
  init: ShopRequestInit,
): Promise<Response> {
  if (mishap === undefined) return render(apply())
  if (mishap === 'answer-lost') apply()
  if (mishap === 'answer-lost' || mishap === 'reset') throw failed('ECONNRESET')
  if (mishap === 'refused-connection') throw failed('ECONNREFUSED')
  if (mishap === 'html') return new Response('<html>Maintenance</html>', { status: 200 })
  if (mishap === 'hang') {
    return new Promise((_, reject) => {
      init.signal?.addEventListener('abort', () => reject(init.signal?.reason))
    })
  }
  return render({ status: mishap.status, json: mishap.json ?? {} }, mishap.headers)
}

function failed(code: string): TypeError {
  return new TypeError('fetch failed', { cause: Object.assign(new Error(code), { code }) })
}

function render(answer: { status: number; json: object }, headers: object = {}): Response {
  return new Response(JSON.stringify(answer.json), {
    status: answer.status,
    headers: { 'content-type': 'application/json', ...headers },
  })
}

function readSent(url: string, init: ShopRequestInit): Sent {
  const { pathname } = new URL(url)
  const names: [RegExp, string][] = [
    [/\/inventory\/changes$/, 'changed-skus'],
    [/\/inventory\/stock-status$/, 'stock-status'],
    [/\/serviceability$/, 'serviceability'],
    [/\/orders$/, 'order-placed'],
    [/\/payment\/confirm$/, 'confirm-payment'],
    [/\/track$/, 'track-order'],
    [/\/shipments\/status$/, 'shipment-status'],
    [/\/reasons$/, 'reasons'],
    [/\/refunds\/[^/]+\/done$/, 'refund-report'],
    [/\/payments\/initiate$/, 'initiate'],
    [/\/payments$/, 'payments'],
    [/\/refunds$/, 'refund'],
  ]
  const operation = names.find(([pattern]) => pattern.test(pathname))?.[1] ?? pathname
  return { operation, url, body: init.body, headers: init.headers ?? {} }
}

const no = (status: number, exception: string, message: string) => ({
  status,
  json: { status, code: exception, exception, message },
})

function askFynd(state: State, sent: Sent): { status: number; json: object } {
  const { affiliateId, affiliateToken } = credentials
  const token = Buffer.from(`${affiliateId}:${affiliateToken}`).toString('base64')
  if (sent.headers.authorization !== `Bearer ${token}`) {
    return no(401, 'AuthenticationError', 'bad token')
  }
  const { searchParams } = new URL(sent.url)
  switch (sent.operation) {
    case 'changed-skus':
      return changedSkus(state, searchParams)
    case 'stock-status':
      return stockStatus(state, sent, searchParams)
    case 'serviceability':
      return serviceability(sent)
    case 'order-placed':
      return isSigned(sent) ? placeOrder(state, sent) : no(401, 'AuthenticationError', 'signature')
    case 'confirm-payment':
      return isSigned(sent) ? confirm(state, sent) : no(401, 'AuthenticationError', 'signature')
    default:
      return no(404, 'DoesNotExist', 'no such operation')
  }
}

/** fynd.md 2, written a second time on purpose. */
function isSigned(sent: Sent): boolean {
  const { pathname, search } = new URL(sent.url)
  const bodyHash = createHash('sha256')
    .update(sent.body ?? '')
    .digest('hex')
  const toSign = ['POST', `${pathname}${search}`, sent.headers['x-fp-date'], bodyHash].join('\n')
  return sent.headers['x-fp-signature'] === `v1:${hmac(credentials.secretKey, toSign)}`
}

function changedSkus(state: State, query: URLSearchParams) {
  const since = query.get('timestamp') ?? ''
  const changed = state.changes.filter((change) => change.updated_at >= since)
  const start = Number(query.get('page_id') ?? '0')
  const items = changed.slice(start, start + state.pageSize)
  const hasNext = start + state.pageSize < changed.length
  const page = { type: 'cursor', has_next: hasNext, next_id: String(start + state.pageSize) }
  const asOf = `${new Date(state.nowMs()).toISOString().slice(0, 19)}Z`
  return { status: 200, json: { items, page, as_of: asOf } }
}

function stockStatus(state: State, sent: Sent, query: URLSearchParams) {
  const skus =
    sent.body === undefined
      ? (query.get('sku_code') ?? '').split(',')
      : JSON.parse(sent.body).sku_codes
  if (skus.length > 50) return no(400, 'ValidationError', 'at most 50')
  const items = skus.flatMap((sku: string) => {
    const quantity = state.stock.get(sku)
    return quantity === undefined ? [] : [{ identifier: { sku_code: sku }, quantity }]
  })
  return { status: 200, json: { items } }
}

function serviceability(sent: Sent) {
  const question = JSON.parse(sent.body ?? '{}')
  const isKnown = question.to_pincode !== '999999'
  const items = question.cart_items.map((item: { sku_code: string; quantity: number }) => ({
    sku_code: item.sku_code,
    quantity: item.quantity,
    message: null,
    availability: { deliverable: isKnown, out_of_stock: false, is_valid: isKnown },
  }))
  const message = isKnown ? '' : `We are not delivering to ${question.to_pincode}`
  return {
    status: 200,
    json: { success: isKnown, is_valid: isKnown, message, is_cod_available: true, items },
  }
}

function placeOrder(state: State, sent: Sent) {
  const body = sent.body ?? ''
  const { order_info: info } = JSON.parse(body)
  const known = state.orders.get(info.affiliate_order_id)
  if (known !== undefined) {
    known.timesPlaced += 1
    if (known.body !== body) return no(409, 'DuplicateOrder', 'another body under this id')
    return { status: 200, json: { ...renderPlaced(known), duplicate: true } }
  }
  const wanted = new Map<string, number>()
  for (const { sku } of info.bags) wanted.set(sku, (wanted.get(sku) ?? 0) + 1)
  for (const [sku, quantity] of wanted) {
    if ((state.stock.get(sku) ?? 0) < quantity) return no(409, 'OutOfStock', `${sku} is gone`)
  }
  for (const [sku, quantity] of wanted) {
    state.stock.set(sku, (state.stock.get(sku) ?? 0) - quantity)
  }
  const number = state.orders.size + 1
  const order: StubOrder = {
    fyndOrderId: `FY0000000${number}`,
    affiliateOrderId: info.affiliate_order_id,
    body,
    status: info.payment_mode === 'COD' ? 'placed' : 'pending',
    shipmentId: `SHIP-${number}`,
    timesPlaced: 1,
    bags: info.bags.map(
      (bag: { affiliate_bag_id: string; sku: string; amount_paid: number }, index: number) => ({
        affiliate_bag_id: bag.affiliate_bag_id,
        sku: bag.sku,
        amount: bag.amount_paid,
        bag_id: number * 100 + index,
      }),
    ),
  }
  state.orders.set(order.affiliateOrderId, order)
  return { status: 200, json: renderPlaced(order) }
}

function renderPlaced(order: StubOrder) {
  return {
    success: true,
    fynd_order_id: order.fyndOrderId,
    affiliate_order_id: order.affiliateOrderId,
    order_status: order.status,
    shipments: [{ shipment_id: order.shipmentId, bags: order.bags }],
    message: 'Order initiation completed',
  }
}

function confirm(state: State, sent: Sent) {
  const { order_id: id, payment_methods: methods } = JSON.parse(sent.body ?? '{}')
  const order = [...state.orders.values()].find((candidate) => candidate.fyndOrderId === id)
  if (order === undefined) return no(404, 'DoesNotExist', `no order ${id}`)
  const paid = methods.reduce((sum: number, method: { amount: number }) => sum + method.amount, 0)
  if (paid !== JSON.parse(order.body).order_info.order_value) {
    return no(400, 'ValidationError', 'amounts do not add up')
  }
  const message = order.status === 'placed' ? 'Payment already confirmed' : 'Payment Successful'
  order.status = 'placed'
  return { status: 200, json: { success: true, message, order_id: id } }
}

function askGateway(state: State, sent: Sent): { status: number; json: object } {
  const { keyId, keySecret } = credentials
  const key = Buffer.from(`${keyId}:${keySecret}`).toString('base64')
  const refuse = (status: number, code: string) => ({
    status,
    json: { error: { code, message: code } },
  })
  if (sent.headers.authorization !== `Basic ${key}`) return refuse(401, 'unauthorized')
  const { pathname, searchParams } = new URL(sent.url)
  if (sent.operation === 'initiate') {
    const payment_id = `pay_${state.payments.size + 1}`
    const request = JSON.parse(sent.body ?? '{}')
    state.payments.set(payment_id, { ...request, payment_id, status: 'created', refunds: [] })
    return { status: 200, json: { payment_id, pay_url: `${gatewayUrl}/pay/${payment_id}` } }
  }
  if (sent.operation === 'payments') {
    const orderId = searchParams.get('merchant_order_id')
    const items = [...state.payments.values()].filter((one) => one.merchant_order_id === orderId)
    return { status: 200, json: { items } }
  }
  const payment = state.payments.get(pathname.split('/')[2] ?? '')
  if (sent.operation !== 'refund' || payment === undefined) return refuse(404, 'unknown')
  const { amount_minor, idempotency_key: idempotencyKey } = JSON.parse(sent.body ?? '{}')
  const known = payment.refunds.find((refund) => refund.key === idempotencyKey)
  if (known !== undefined && known.amount_minor !== amount_minor) return refuse(409, 'other-amount')
  if (known !== undefined) return { status: 200, json: { ...known, status: 'processed' } }
  const given = payment.refunds.reduce((sum, refund) => sum + refund.amount_minor, 0)
  if (given + amount_minor > payment.amount_minor) return refuse(409, 'too-much')
  const refund_id = `${payment.payment_id}_r${payment.refunds.length + 1}`
  payment.refunds.push({ key: idempotencyKey, amount_minor, refund_id })
  return { status: 200, json: { refund_id, amount_minor, status: 'processed' } }
}
