import { createShop, type Order, openStorage, type ShopOptions, type Storage } from '../index.ts'
import {
  createPartnerStub,
  credentials,
  fyndUrl,
  gatewayUrl,
  type PartnerStub,
} from './partner-stub.ts'
import { createTestPorts, type TestPorts } from './ports.ts'

export const testSettings = {
  public_url: 'http://shop.test',
  gofynd: {
    api_url: `${fyndUrl}/`,
    affiliate_id: credentials.affiliateId,
    affiliate_token: credentials.affiliateToken,
    secret_key: credentials.secretKey,
    safety_stock: 0,
  },
  gateway: {
    url: gatewayUrl,
    key_id: credentials.keyId,
    key_secret: credentials.keySecret,
    webhook_secret: credentials.webhookSecret,
  },
}

export const address = {
  first_name: 'Asha',
  last_name: 'Example',
  email: 'asha@example.test',
  mobile: '9000000001',
  address1: '1 Example Street',
  city: 'Bengaluru',
  state: 'Karnataka',
  country: 'India',
  pincode: '560001',
}

// A test reads pages of many shapes; what is in them is what the test asserts.
// biome-ignore lint/suspicious/noExplicitAny: the answers of all routes, read only by assertions
export type Page = any
export type Answered = { status: number; body: Page; headers: Headers }

export type TestShop = ReturnType<typeof openTestShop>

type Options = Partial<Omit<ShopOptions, 'ports'>> & { stub?: PartnerStub; clock?: TestPorts }

/** A shop before stubs of its partners, on a clock that moves by itself when nothing else can. */
export function openTestShop(options: Options = {}) {
  const stub = options.stub ?? createPartnerStub(() => clock.nowMs())
  const clock: TestPorts = options.clock ?? createTestPorts((url, init) => stub.send(url, init))
  const storage: Storage = options.storage ?? openStorage({ file: ':memory:' })
  const shop = createShop({
    site: 'fynd',
    settings: testSettings,
    ...options,
    ports: clock.ports,
    storage,
  })
  const send = async (request: Request): Promise<Answered> => {
    const response = await clock.drive(shop.fetch(request))
    const text = await response.text()
    const isJson = response.headers.get('content-type')?.startsWith('application/json') === true
    return {
      status: response.status,
      body: isJson ? JSON.parse(text) : text,
      headers: response.headers,
    }
  }
  const call = (method: string, path: string, body?: object | string, headers: object = {}) =>
    send(
      new Request(`http://shop.test${path}`, {
        method,
        headers: {
          'x-customer': 'asha',
          ...(body !== undefined && { 'content-type': 'application/json' }),
          ...headers,
        },
        ...(body !== undefined && { body: typeof body === 'string' ? body : JSON.stringify(body) }),
      }),
    )
  return {
    shop,
    stub,
    clock,
    storage,
    send,
    call,
    get: (path: string) => call('GET', path),
    post: (path: string, body?: object) => call('POST', path, body),
    async order(id: string): Promise<Order> {
      return (await call('GET', `/admin/orders/${id}`)).body
    },
    /** Everything up to the confirm page, which is not opened. */
    async fill(paymentMode: 'COD' | 'PREPAID', items = [{ sku: 'TEE-M', quantity: 1 }]) {
      await call('POST', '/shop/cart', { items })
      await call('POST', '/shop/checkout/address', address)
      return call('POST', '/shop/checkout/payment-method', { payment_mode: paymentMode })
    },
    async buyCod(items = [{ sku: 'TEE-M', quantity: 1 }]): Promise<Answered> {
      await this.fill('COD', items)
      await call('GET', '/shop/checkout/confirm')
      return call('POST', '/shop/checkout/confirm')
    },
    /** Up to the open payment page. */
    async buyPrepaid(items = [{ sku: 'TEE-M', quantity: 1 }]) {
      await this.fill('PREPAID', items)
      await call('GET', '/shop/checkout/confirm')
      const answer = await call('POST', '/shop/checkout/confirm')
      const payment = stub.payments.get(answer.body.payment_id)
      if (payment === undefined) throw new Error(`No payment: ${JSON.stringify(answer.body)}`)
      return { id: String(answer.body.order_id), payment, answer }
    },
  }
}
