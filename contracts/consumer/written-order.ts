import { createHmac } from 'node:crypto'
import { createWallClock } from '../../reference-client/clock.ts'
import { createShop, openStorage, type Shop } from '../../reference-client/index.ts'
import type { CancelRequest, ReturnRequest } from '../../reference-client/partners/arvind.ts'
import { createRandom } from '../../reference-client/random.ts'
import { examples } from './examples.ts'
import { step } from './shop-under-contract.ts'

/** What the shop calls its first order, and the item of it. */
export const orderReference = '100001'
const itemReference = `${orderReference}-1`

type PaymentMode = 'COD' | 'PREPAID'

const nowMs = Date.UTC(2026, 0, 5, 4, 30)
const account = {
  username: 'fake-user-of-the-contract',
  password: 'fake-password-of-the-contract',
  auth_token: 'fake-token-of-the-contract',
  channel_id: examples.channel_id,
  warehouse_id: examples.warehouse_id,
  ordering_store_id: examples.ordering_store_id,
  api_url: 'http://127.0.0.1:9',
}
const webhookSecret = 'fake-webhook-secret-of-the-contract'

/** Asha's order as the Arvind website itself writes it down: cart, address, COD, click, push. */
export async function writeArvindOrder(): Promise<string> {
  const { written } = await buy('COD')
  return written('/order/v2')
}

/** What the website sends when Asha presses Cancel. */
export async function writeArvindCancel(): Promise<CancelRequest> {
  const { shop, written } = await buy('COD')
  await step(shop, 'POST', `${button}/cancel`, { reason: 'Changed my mind' })
  return JSON.parse(written('/order/cancel'))
}

/** What the website sends when Asha presses Return: of a COD order with the bank account that her money goes to. */
export async function writeArvindReturn(mode: PaymentMode): Promise<ReturnRequest> {
  const { shop, written } = await buy(mode)
  await shop.fetch(delivered())
  await step(shop, 'POST', `${button}/return`, mode === 'COD' ? { neftDetails } : {})
  return JSON.parse(written('/order/return'))
}

const button = `/account/orders/${orderReference}/items/${itemReference}`

const neftDetails = {
  customerName: 'Asha Example',
  bankName: 'Bank of the Contract',
  branchName: 'Example Road',
  branchAddress: '1 Example Road',
  accountNature: 'SAVINGS',
  accountNumber: '000111222333',
  ifscCode: 'FAKE0000001',
}

interface Website {
  shop: Shop
  /** The body of the last call to a path that ends so. */
  written(path: string): string
}

async function buy(mode: PaymentMode): Promise<Website> {
  const sent = new Map<string, string>()
  const shop = createShop({
    site: 'arvind',
    storage: openStorage({ file: ':memory:' }),
    ports: {
      async fetch(url, { body = '' } = {}) {
        const { pathname } = new URL(url)
        sent.set(pathname, body)
        return new Response(JSON.stringify(answerTo(pathname)))
      },
      clock: { ...createWallClock(), nowMs: () => nowMs },
      random: createRandom('contract'),
      background: (_name, job) => void job(),
    },
    settings: {
      public_url: 'http://127.0.0.1:4100',
      arvind: account,
      gateway: {
        url: 'http://127.0.0.1:9',
        key_id: '',
        key_secret: '',
        webhook_secret: webhookSecret,
      },
    },
  })
  await checkOut(shop, mode)
  return {
    shop,
    written(path) {
      const [, body] = [...sent].find(([each]) => each.endsWith(path)) ?? []
      if (body === undefined) throw new Error(`The website sent nothing to ${path}.`)
      return body
    },
  }
}

const serviceable = {
  skuId: 'TEE-M',
  availableQuantity: 5,
  serviceable: true,
  inventoryAvailable: true,
}

function answerTo(path: string): object {
  if (path.startsWith('/payments')) {
    return { payment_id: examples.payment_id, pay_url: 'http://127.0.0.1:4040/pay/1' }
  }
  if (path.endsWith('checkServiceability')) {
    const data = { serviceable: true, codAvailable: true, items: [serviceable] }
    return { status: true, data }
  }
  if (path.endsWith('/cancel')) return { status: true, data: { items: [{ eligible: true }] } }
  if (path.endsWith('/return')) {
    return { status: true, data: { returns: [{ eligible: true, returnId: 'RT0000000001' }] } }
  }
  return { status: true, data: { orderId: 'AI0000000001' } }
}

async function checkOut(shop: Shop, mode: PaymentMode): Promise<void> {
  await shop.fetch(stockOf('TEE-M', 5))
  await step(shop, 'POST', '/shop/cart', { items: [{ sku: 'TEE-M', quantity: 1 }] })
  await step(shop, 'POST', '/shop/checkout/address', {
    first_name: 'Asha',
    last_name: 'Example',
    email: 'asha@shop.example',
    mobile: '9000000001',
    address1: '1 Example Road',
    city: 'Bengaluru',
    state: 'Karnataka',
    country: 'India',
    pincode: '560001',
  })
  await step(shop, 'POST', '/shop/checkout/payment-method', { payment_mode: mode })
  await step(shop, 'GET', '/shop/checkout/confirm')
  const { order_id } = await step(shop, 'POST', '/shop/checkout/confirm')
  if (mode === 'PREPAID') await shop.fetch(paid(String(order_id)))
  await step(shop, 'POST', '/admin/cron/arvind-push')
}

const post = (path: string, headers: Record<string, string>, body: string) =>
  new Request(`http://shop.test${path}`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', ...headers },
    body,
  })

const basic = {
  authorization: `Basic ${btoa(`${account.username}:${account.password}`)}`,
}

const stockOf = (skuId: string, quantity: number) =>
  post(
    '/api/arvind/update-inventory',
    basic,
    JSON.stringify({
      channelId: account.channel_id,
      warehouseId: account.warehouse_id,
      inventories: [{ skuId, quantity }],
    }),
  )

const delivered = () =>
  post(
    '/api/arvind/order-status',
    basic,
    JSON.stringify({
      eventId: 'ab3700d6-f24e-4d1e-a972-67e74ba750a5',
      orderReference,
      channelId: account.channel_id,
      status: 'DELIVERED',
      statusTime: nowMs,
      items: [{ itemReference, skuId: 'TEE-M', quantity: 1, status: 'DELIVERED' }],
    }),
  )

function paid(orderId: string): Request {
  const body = JSON.stringify({
    event_id: 'evt_1',
    type: 'payment.captured',
    created_at: new Date(nowMs).toISOString(),
    payment: {
      payment_id: examples.payment_id,
      merchant_order_id: orderId,
      amount_minor: 49_900,
      status: 'captured',
    },
  })
  const signature = createHmac('sha256', webhookSecret).update(body).digest('hex')
  return post('/gateway/webhook', { 'x-gateway-signature': signature }, body)
}
