import type { RequestListener } from 'node:http'
import { createWallClock } from '../../reference-client/clock.ts'
import { createShop, openStorage, type Shop } from '../../reference-client/index.ts'
import { createRandom } from '../../reference-client/random.ts'
import { createWorld, type World } from '../../simulators/index.ts'
import { step } from '../consumer/shop-under-contract.ts'
import { readBytes } from './listen.ts'

/** A shop before a world of its own: what it buys there it can be told about. */
export interface ShopUnderVerification {
  /** The shop of the moment, over HTTP. */
  listener: RequestListener
  states: RequestListener
  world(): World
}

/** A website, or the seller. */
export type ShopSite = 'fynd' | 'arvind' | 'konnect'

const publicUrl = 'http://127.0.0.1:4100'

/** The reference client as the provider of its webhooks. Every teardown begins with another shop and another world. */
export function openShopUnderVerification(site: ShopSite): ShopUnderVerification {
  let room = open(site)
  const known: Record<string, () => Promise<object>> = {
    // An interaction without states calls, too.
    '': async () => ({}),
    'shop.order.placed': () => buy(room, site, 'COD'),
    'shop.order.unpaid': () => buy(room, site, 'PREPAID'),
  }
  const apply = async (state: string, action: string): Promise<object> => {
    if (action === 'teardown') {
      room.shop.close()
      room = open(site)
      return {}
    }
    const act = known[state]
    if (act === undefined) {
      throw new Error(`Unknown state "${state}". Known: ${Object.keys(known).join(', ')}`)
    }
    return { ...room.world.credentials(site), ...(await act()) }
  }
  return {
    world: () => room.world,
    listener: (incoming, outgoing) => {
      readBytes(incoming)
        .then(async (body) => {
          const headers = new Headers()
          for (const [name, value] of Object.entries(incoming.headers)) {
            if (typeof value === 'string' && name !== 'host') headers.set(name, value)
          }
          const { method = 'GET', url = '/' } = incoming
          const request = new Request(`${publicUrl}${url}`, {
            method,
            headers,
            ...(body.length > 0 && { body: new Uint8Array(body) }),
          })
          const answer = await room.shop.fetch(request)
          outgoing.writeHead(answer.status, Object.fromEntries(answer.headers))
          outgoing.end(await answer.text())
        })
        .catch((error: unknown) => {
          outgoing.writeHead(500)
          outgoing.end(String(error))
        })
    },
    states: (request, response) => {
      const send = (status: number, body: object) => {
        response.writeHead(status, { 'content-type': 'application/json' })
        response.end(JSON.stringify(body))
      }
      readBytes(request)
        .then((bytes) => {
          const { state, action } = JSON.parse(bytes.toString('utf8'))
          return apply(String(state), String(action))
        })
        .then((values) => send(200, values))
        .catch((error: unknown) => send(400, { error: String(error) }))
    },
  }
}

interface Room {
  world: World
  shop: Shop
}

function open(site: ShopSite): Room {
  const world = createWorld({ seed: 7 })
  const gateway = world.credentials('payment-gateway')
  const account = world.credentials(site)
  const text = (name: string) => account[name] ?? ''
  const ports = {
    fetch: (url: string, init?: RequestInit) => world.fetch(new Request(url, init)),
    clock: { ...createWallClock(), nowMs: () => world.clock.nowMs },
    random: createRandom('contract'),
    background: (_name: string, job: () => Promise<void>) => void job(),
  }
  const storage = openStorage({ file: ':memory:' })
  if (site === 'konnect') {
    const konnect = {
      api_url: world.baseUrl('konnect'),
      access: 'company' as const,
      username: text('username'),
      password: text('password'),
      locations: [{ code: 'BLR-01' }],
    }
    return {
      world,
      shop: createShop({ site, ports, storage, settings: { public_url: publicUrl, konnect } }),
    }
  }
  const settings = {
    public_url: publicUrl,
    gateway: {
      url: world.baseUrl('payment-gateway'),
      key_id: gateway.key_id ?? '',
      key_secret: gateway.key_secret ?? '',
      webhook_secret: gateway.webhook_secret ?? '',
    },
    ...(site === 'fynd'
      ? {
          gofynd: {
            api_url: world.baseUrl('fynd'),
            affiliate_id: text('affiliate_id'),
            affiliate_token: text('token'),
            secret_key: text('secret'),
          },
        }
      : {
          arvind: {
            api_url: world.baseUrl('arvind'),
            auth_token: text('auth_token'),
            username: text('username'),
            password: text('password'),
            channel_id: text('channel_id'),
            warehouse_id: text('warehouse_id'),
            ordering_store_id: text('ordering_store_id'),
          },
        }),
  }
  return { world, shop: createShop({ site, ports, storage, settings }) }
}

/** Asha buys one tee; answers what the shop then knows of the order. */
async function buy(
  { world, shop }: Room,
  site: ShopSite,
  mode: 'COD' | 'PREPAID',
): Promise<object> {
  if (site === 'arvind') await takeStock(world, shop)
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
  const { order_id, payment_id } = await step(shop, 'POST', '/shop/checkout/confirm')
  if (typeof order_id !== 'string') throw new Error('The shop sold nothing.')
  if (site === 'arvind') await step(shop, 'POST', '/admin/cron/arvind-push')
  const order = await step(shop, 'GET', `/admin/orders/${order_id}`)
  const [item] = Array.isArray(order.items) ? order.items : []
  return {
    order_id,
    payment_id: payment_id ?? '',
    fynd_order_id: order.fynd_order_id ?? '',
    affiliate_bag_id: `${order_id}-1`,
    bag_id: Number(item?.bag_id ?? 0),
    shipment_id: item?.shipment_id ?? '',
  }
}

async function takeStock(world: World, shop: Shop): Promise<void> {
  const { channel_id, warehouse_id, username, password } = world.credentials('arvind')
  const answer = await shop.fetch(
    new Request(`${publicUrl}/api/arvind/update-inventory`, {
      method: 'POST',
      headers: {
        'content-type': 'application/json',
        authorization: `Basic ${btoa(`${username}:${password}`)}`,
      },
      body: JSON.stringify({
        channelId: channel_id,
        warehouseId: warehouse_id,
        inventories: [{ skuId: 'TEE-M', quantity: 5 }],
      }),
    }),
  )
  if (answer.status !== 200) throw new Error(`The shop took no stock: ${await answer.text()}`)
}
