import { createWallClock } from '../../reference-client/clock.ts'
import { createShop, openStorage } from '../../reference-client/index.ts'
import { createRandom } from '../../reference-client/random.ts'
import { examples } from './examples.ts'
import { step } from './shop-under-contract.ts'

/** What the shop calls its first order. */
export const orderReference = '100001'

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

/** Asha's order as the Arvind website itself writes it down: cart, address, COD, click, push. */
export async function writeArvindOrder(): Promise<string> {
  let written: string | undefined
  const shop = createShop({
    site: 'arvind',
    storage: openStorage({ file: ':memory:' }),
    ports: {
      async fetch(url, { body = '' } = {}) {
        if (url.endsWith('/order/v2')) written = body
        const data = url.endsWith('checkServiceability')
          ? {
              serviceable: true,
              codAvailable: true,
              items: [
                {
                  skuId: 'TEE-M',
                  availableQuantity: 5,
                  serviceable: true,
                  inventoryAvailable: true,
                },
              ],
            }
          : { orderId: 'AI0000000001' }
        return new Response(JSON.stringify({ status: true, data }))
      },
      clock: { ...createWallClock(), nowMs: () => nowMs },
      random: createRandom('contract'),
      background: (_name, job) => void job(),
    },
    settings: {
      public_url: 'http://127.0.0.1:4100',
      arvind: account,
      gateway: { url: 'http://127.0.0.1:9', key_id: '', key_secret: '', webhook_secret: 'fake' },
    },
  })
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
  await step(shop, 'POST', '/shop/checkout/payment-method', { payment_mode: 'COD' })
  await step(shop, 'GET', '/shop/checkout/confirm')
  await step(shop, 'POST', '/shop/checkout/confirm')
  await step(shop, 'POST', '/admin/cron/arvind-push')
  shop.close()
  if (written === undefined) throw new Error('The website pushed no order.')
  return written
}

const stockOf = (skuId: string, quantity: number) =>
  new Request('http://shop.test/api/arvind/update-inventory', {
    method: 'POST',
    headers: {
      'content-type': 'application/json',
      authorization: `Basic ${btoa(`${account.username}:${account.password}`)}`,
    },
    body: JSON.stringify({
      channelId: account.channel_id,
      warehouseId: account.warehouse_id,
      inventories: [{ skuId, quantity }],
    }),
  })
