import {
  createShop,
  openStorage,
  type SellerOptions,
  type SellerOrder,
  type SellerSettings,
  type Storage,
} from '../index.ts'
import { account, createKonnectStub, type KonnectStub, konnectUrl } from './konnect-stub.ts'
import { createTestPorts, type TestPorts } from './ports.ts'
import type { Answered } from './shop.ts'

export const sellerSettings: SellerSettings = {
  public_url: 'http://seller.test',
  konnect: {
    api_url: `${konnectUrl}/`,
    access: 'company',
    username: account.username,
    password: account.password,
    locations: [{ code: 'BLR-01' }, { code: 'DEL-01' }],
  },
}

/** One token a store. */
export const byLocation: SellerSettings = {
  ...sellerSettings,
  konnect: {
    ...sellerSettings.konnect,
    access: 'location',
    username: '',
    password: '',
    locations: Object.entries(account.locations).map(([code, own]) => ({ code, ...own })),
  },
}

type Options = Partial<Omit<SellerOptions, 'ports' | 'site'>> & {
  stub?: KonnectStub
  clock?: TestPorts
}

export type TestSeller = ReturnType<typeof openTestSeller>

/** A seller before a stub of Konnect, on a clock that moves by itself when nothing else can. */
export function openTestSeller(options: Options = {}) {
  const stub = options.stub ?? createKonnectStub(() => clock.nowMs())
  const clock: TestPorts = options.clock ?? createTestPorts((url, init) => stub.send(url, init))
  const storage: Storage = options.storage ?? openStorage({ file: ':memory:' })
  const seller = createShop({
    site: 'konnect',
    settings: sellerSettings,
    ...options,
    ports: clock.ports,
    storage,
  })
  const send = async (request: Request): Promise<Answered> => {
    const response = await clock.drive(seller.fetch(request))
    const text = await response.text()
    const isJson = response.headers.get('content-type')?.startsWith('application/json') === true
    const body = isJson ? JSON.parse(text) : text
    return { status: response.status, body, headers: response.headers }
  }
  const call = (method: string, path: string, body?: object) =>
    send(
      new Request(`http://seller.test${path}`, {
        method,
        ...(body !== undefined && {
          headers: { 'content-type': 'application/json' },
          body: JSON.stringify(body),
        }),
      }),
    )
  return {
    seller,
    stub,
    clock,
    storage,
    call,
    get: (path: string) => call('GET', path),
    post: (path: string, body?: object) => call('POST', path, body),
    put: (path: string, body: object) => call('PUT', path, body),
    job: (name: string) => call('POST', `/seller/jobs/${name}`),
    hint: () => call('POST', '/webhooks/konnect', { event: 'placed', shipment: { id: 'forged' } }),
    async order(id: string): Promise<SellerOrder> {
      return (await call('GET', `/seller/orders/${id}`)).body
    },
    stock: (items: [location: string, sku: string, quantity: number][]) =>
      call('PUT', '/seller/stock', {
        items: items.map(([location, sku, quantity]) => ({ location, sku, quantity })),
      }),
  }
}
