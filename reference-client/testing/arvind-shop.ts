import type { ArvindOrder } from '../index.ts'
import { type ArvindStub, arvindAccount, basic, createArvindStub } from './arvind-stub.ts'
import { createTestPorts, type TestPorts } from './ports.ts'
import { type Answered, openTestShop, testSettings } from './shop.ts'

export const arvindSettings = {
  public_url: testSettings.public_url,
  arvind: arvindAccount,
  gateway: testSettings.gateway,
}

type Options = Omit<Parameters<typeof openTestShop>[0] & object, 'stub'> & {
  arvind?: ArvindStub
  clock?: TestPorts
  /** Pushed by Arvind before the test begins; null pushes nothing. */
  stock?: { [sku: string]: number } | null
}

export type ArvindShop = Awaited<ReturnType<typeof openArvindShop>>

/** An Arvind website before stubs of its partners, with 5 of each default SKU in stock. */
export async function openArvindShop({ arvind, stock, ...options }: Options = {}) {
  const stub: ArvindStub = arvind ?? createArvindStub(() => clock.nowMs())
  const clock: TestPorts = options.clock ?? createTestPorts((url, init) => stub.send(url, init))
  const t = openTestShop({
    site: 'arvind',
    settings: arvindSettings,
    ...options,
    clock,
    stub: stub.gateway,
  })
  const api = (path: string, body: object | string, headers: object = basic()) =>
    t.call('POST', `/api/arvind/${path}`, body, headers)
  const pushStock = (stocks: { [sku: string]: number }, more: object = {}, headers?: object) =>
    api(
      'update-inventory',
      {
        channelId: arvindAccount.channel_id,
        warehouseId: arvindAccount.warehouse_id,
        inventories: Object.entries(stocks).map(([skuId, quantity]) => ({ skuId, quantity })),
        ...more,
      },
      headers,
    )
  if (stock !== null) {
    await pushStock(stock ?? { 'TEE-S': 5, 'TEE-M': 5, 'SHOE-9': 5, 'MUG-1': 5 })
  }
  let events = 0
  return {
    ...t,
    arvind: stub,
    api,
    pushStock,
    runPush: (window = ''): Promise<Answered> =>
      t.post(`/admin/cron/arvind-push${window === '' ? '' : `?window=${window}`}`),
    /** A status webhook about items of an order; all of them unless named. */
    tell(orderReference: string, status: string, more: object = {}): Promise<Answered> {
      events += 1
      return api('order-status', {
        eventId: `event-${events}`,
        orderReference,
        channelId: arvindAccount.channel_id,
        consignmentId: 'CON-1',
        status,
        statusTime: clock.nowMs() + events,
        items: [],
        ...more,
      })
    },
    async arvindOrder(id: string): Promise<ArvindOrder> {
      return (await t.get(`/admin/orders/${id}`)).body
    },
    press: (kind: 'cancel' | 'return', item: string, body?: object): Promise<Answered> =>
      t.call('POST', `/account/orders/${item.split('-')[0]}/items/${item}/${kind}`, body),
    /** A COD order of one or more units that Arvind has; answers its id. */
    async buyPushed(items = [{ sku: 'TEE-M', quantity: 1 }]): Promise<string> {
      const { body } = await t.buyCod(items)
      await t.post('/admin/cron/arvind-push')
      return String(body.order_id)
    },
  }
}
