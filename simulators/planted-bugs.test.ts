import { expect, test } from 'vitest'
import type { ShopOrderView, ShopView } from './core/judge/views.ts'
import type { OutgoingCall } from './core/messenger/delivery.ts'
import type { Operation, Partner, PartnerTypes } from './core/partner.ts'
import { createWorld, type World } from './core/world.ts'
import { fynd } from './fynd/index.ts'
import { paymentGateway } from './payment-gateway/index.ts'

/**
 * The judge against simulators that are wrong on purpose: one COD and one prepaid order are played by an honest shop, against partners of
 * which one operation is replaced. What is planted must turn exactly its own law red.
 */
const story = async (partners: readonly Partner[], shopBug: ShopBug = {}) => {
  const world = createWorld({ partners, seed: 7, strict: false })
  const shop = createShop(world)
  world.act('fynd.stock.set', { sku: 'TEE-M', store: 'BLR-01', quantity: 1 })
  world.act('fynd.stock.set', { sku: 'TEE-M', store: 'DEL-01', quantity: 1 })
  world.act('fynd.stock.set', { sku: 'TEE-M', store: 'BOM-01', quantity: 0 })
  await shop.place('1', 'COD')
  if (shopBug.placesTwice) await shop.place('1', 'COD')
  const placed = await shop.place('2', 'PREPAID')
  const payment = await shop.initiate('2')
  world.act('payment-gateway.payment.pay', { payment_id: payment })
  if (!shopBug.neverConfirms) await shop.confirm('2', placed, payment)
  await shop.place('3', 'COD')
  const refunded = await shop.initiate('9')
  world.act('payment-gateway.payment.pay', { payment_id: refunded })
  // The operator presses twice for the first half.
  for (const half of ['first', 'first', 'second']) await shop.refund(refunded, 24_950, half)
  shop.settle()
  return world.judge(await shop.view())
}

interface ShopBug {
  placesTwice?: boolean
  neverConfirms?: boolean
}

const laws = (report: Awaited<ReturnType<typeof story>>) => [
  ...new Set(report.breaches.map(({ invariant }) => invariant)),
]

/** The partner with one operation replaced by what `plant` makes of it. */
const mutant = (
  partner: Partner,
  operationId: string,
  plant: (honest: Operation<PartnerTypes>) => Operation<PartnerTypes>,
): Partner => {
  const honest = partner.operations[operationId]
  if (!honest) throw new Error(`${partner.name} has no operation ${operationId}.`)
  return { ...partner, operations: { ...partner.operations, [operationId]: plant(honest) } }
}

interface Stocked {
  stock: Map<string, { sellable: number }[]>
  orders: Map<string, { request: { affiliateOrderId: string } }>
}

test('the honest story is green, and every law was checked', async () => {
  const report = await story([fynd, paymentGateway])
  expect(report.breaches).toEqual([])
  expect(report.notChecked).toEqual([])
})

test('a partner that sells what it has not turns never-oversold red', async () => {
  const blind = mutant(fynd, 'placeOrder', (honest) => (call) => {
    const rows = (call.ctx.state as Stocked).stock.get('TEE-M') ?? []
    for (const row of rows) row.sellable += 10
    const answer = honest(call)
    for (const row of rows) row.sellable -= 10
    return answer
  })
  const report = await story([blind, paymentGateway])
  expect(laws(report)).toEqual(['never-oversold'])
  expect(report.breaches[0]).toMatchObject({ partner: 'fynd', found: -2 })
})

test('a partner that forgets an order turns order-exists-once red', async () => {
  const forgetful = mutant(fynd, 'placeOrder', (honest) => (call) => {
    const answer = honest(call)
    const { orders } = call.ctx.state as Stocked
    for (const [id, order] of orders) {
      if (order.request.affiliateOrderId === '1') orders.delete(id)
    }
    return answer
  })
  const report = await story([forgetful, paymentGateway])
  expect(laws(report)).toEqual(['order-exists-once'])
  expect(report.breaches[0]).toMatchObject({ subject: 'order 1', found: 0 })
})

test('a partner that takes a repeated order for a new one turns order-exists-once red', async () => {
  const doubling = mutant(fynd, 'placeOrder', (honest) => (call) => {
    const assumptions = { ...call.ctx.assumptions, duplicate_mode: 'create_new' }
    return honest({ ...call, ctx: withMembers(call.ctx, { assumptions }) })
  })
  expect(laws(await story([fynd, paymentGateway], { placesTwice: true }))).toEqual([])
  const report = await story([doubling, paymentGateway], { placesTwice: true })
  expect(laws(report)).toContain('order-exists-once')
  expect(report.breaches).toContainEqual(expect.objectContaining({ subject: 'order 1', found: 2 }))
})

test('a partner whose stock leaks turns stock-conserved red', async () => {
  const leaking = mutant(fynd, 'placeOrder', (honest) => (call) => {
    const answer = honest(call)
    const rows = (call.ctx.state as Stocked).stock.get('TEE-M') ?? []
    const row = rows.find(({ sellable }) => sellable > 0)
    if (row) row.sellable -= 1
    return answer
  })
  expect(laws(await story([leaking, paymentGateway]))).toContain('stock-conserved')
})

test('a gateway that gives money back twice turns refunded-once red', async () => {
  expect(laws(await story([fynd, careless]))).toEqual(['refunded-once'])
})

test('a partner that swallows a webhook turns item-status-agrees red', async () => {
  const silent = mutant(
    fynd,
    'placeOrder',
    (honest) => (call) => honest({ ...call, ctx: withMembers(call.ctx, { emit: () => {} }) }),
  )
  expect(laws(await story([silent, paymentGateway]))).toEqual(['item-status-agrees'])
})

test('a shop that takes money and never confirms turns paid-means-placed-or-refunded red', async () => {
  const report = await story([fynd, paymentGateway], { neverConfirms: true })
  expect(laws(report)).toEqual(['order-exists-once', 'paid-means-placed-or-refunded'])
})

/** The same context with other members; what is not named goes on to the partner's own. */
const withMembers = <Context extends object>(ctx: Context, members: Partial<Context>): Context =>
  new Proxy(ctx, {
    get: (target, name) => Reflect.get(Object.hasOwn(members, name) ? members : target, name),
  })

/** Does not know its own idempotency keys again. */
const careless = mutant(paymentGateway, 'refundPayment', (honest) => (call) => {
  const body = call.body as { idempotency_key: string }
  return honest({
    ...call,
    body: { ...body, idempotency_key: `${body.idempotency_key}#${call.requestId}` },
  })
})

function createShop(world: World) {
  world.setShop({ fynd: { base_url: 'http://127.0.0.1:4100' } })
  const { affiliate_id = '' } = world.credentials('fynd')
  const ask = createCaller(world)
  const orders = new Map<string, ShopOrderView>()
  const outgoing: OutgoingCall[] = []
  world.onOutgoing((call) => outgoing.push(call))
  return {
    async place(id: string, mode: 'COD' | 'PREPAID'): Promise<string> {
      const { status, json } = await ask('fynd', '/orders', orderBody(affiliate_id, id, mode))
      if (status !== 200) return ''
      const fyndId = String(json.fynd_order_id)
      const isPlaced = mode === 'COD'
      orders.set(id, {
        id,
        partner: 'fynd',
        partner_order_id: fyndId,
        status: isPlaced ? 'processed' : 'processing',
        acknowledged: isPlaced,
        payment_mode: mode,
        items: [{ id: `${id}-1`, partner_item_id: null, sku: 'TEE-M', quantity: 1, status: null }],
      })
      return fyndId
    },
    async initiate(id: string): Promise<string> {
      const url = 'http://127.0.0.1:4100/gateway'
      const { json } = await ask('payment-gateway', '/payments/initiate', {
        merchant_order_id: id,
        amount_minor: 49_900,
        currency: 'INR',
        return_url: `${url}/callback`,
        webhook_url: `${url}/webhook`,
      })
      const order = orders.get(id)
      // The callback will say success, and the customer sees the success page.
      if (order) order.acknowledged = true
      return String(json.payment_id)
    },
    async confirm(id: string, fyndId: string, paymentId: string) {
      const { status } = await ask('fynd', `/orders/${fyndId}/payment/confirm`, {
        order_id: fyndId,
        payment_methods: [
          {
            mode: 'CARD',
            amount: 499,
            name: 'Card',
            meta: { payment_id: paymentId, current_status: 'success' },
          },
        ],
      })
      const order = orders.get(id)
      if (order && status === 200) order.status = 'processed'
    },
    refund: (paymentId: string, amount: number, idempotencyKey: string) =>
      ask('payment-gateway', `/payments/${paymentId}/refunds`, {
        amount_minor: amount,
        idempotency_key: idempotencyKey,
      }),
    /** Takes every call and answers 200. */
    settle() {
      const take = () => {
        for (let call = outgoing.shift(); call; call = outgoing.shift()) {
          if (call.url.endsWith('/webhooks/gofynd')) applyEvent(orders, JSON.parse(call.body))
          world.answered(call.deliveryId, call.attempt, { status: 200 })
        }
      }
      world.clock.moveTo(world.clock.nowMs)
      take()
      while (world.clock.next('work')) {
        world.clock.fireNext()
        take()
      }
    },
    async view(): Promise<ShopView> {
      const { json } = await ask('fynd', '/inventory/stock-status?sku_code=TEE-M')
      const rows = json.items as { quantity: number }[]
      const total = rows.reduce((sum, row) => sum + row.quantity, 0)
      return { orders: [...orders.values()], quantities: { 'TEE-M': Math.max(0, total) } }
    },
  }
}

function createCaller(world: World) {
  const { affiliate_id = '', token = '' } = world.credentials('fynd')
  const { key_id, key_secret } = world.credentials('payment-gateway')
  return async (partner: 'fynd' | 'payment-gateway', path: string, body?: object) => {
    const account = partner === 'fynd' ? `${affiliate_id}:${token}` : `${key_id}:${key_secret}`
    const base =
      partner === 'fynd'
        ? `${world.baseUrl('fynd')}/v1/affiliates/${affiliate_id}`
        : world.baseUrl('payment-gateway')
    const response = await world.fetch(
      new Request(`${base}${path}`, {
        method: body ? 'POST' : 'GET',
        headers: { authorization: `Basic ${btoa(account)}`, 'content-type': 'application/json' },
        ...(body && { body: JSON.stringify(body) }),
      }),
    )
    return { status: response.status, json: (await response.json()) as Record<string, unknown> }
  }
}

interface FyndEvent {
  affiliate_order_id: string
  bags: { bag_id: number; affiliate_bag_id: string; status: string }[]
}

function applyEvent(orders: Map<string, ShopOrderView>, event: FyndEvent): void {
  for (const bag of event.bags) {
    const items = orders.get(event.affiliate_order_id)?.items ?? []
    const item = items.find(({ id }) => id === bag.affiliate_bag_id)
    if (item) Object.assign(item, { partner_item_id: String(bag.bag_id), status: bag.status })
  }
}

function orderBody(affiliateId: string, id: string, mode: 'COD' | 'PREPAID'): object {
  const address = {
    first_name: 'Asha',
    last_name: 'Example',
    email: 'asha@shop.example',
    mobile: '9000000001',
    phone: '',
    address1: '12 Example Road',
    address2: '',
    city: 'Bengaluru',
    state: 'Karnataka',
    country: 'India',
    pincode: '560001',
  }
  const bag = {
    affiliate_bag_id: `${id}-1`,
    sku: 'TEE-M',
    seller_identifier: 'TEE-M',
    item_size: 'M',
    quantity: 1,
    price_marked: 499,
    price_effective: 499,
    unit_price: 499,
    amount_paid: 499,
    discount: 0,
    delivery_charge: 0,
    transfer_price: 499,
  }
  return {
    affiliate_id: affiliateId,
    order_info: {
      affiliate_order_id: id,
      payment_mode: mode,
      order_value: 499,
      shipping_address: address,
      billing_address: address,
      bags: [bag],
    },
  }
}
