import {
  openShop,
  type SellerServerOptions,
  type ShopServer,
  type WebsiteServerOptions,
} from '../reference-client/server.ts'
import { ownRange } from '../scenarios/engine/drivers/own-range.ts'
import type { OwnCatalogue } from '../simulators/core/own-catalogue.ts'
import type { World } from '../simulators/core/world.ts'

/** The three sites of the reference client, open on their ports. */
export interface ReferenceShops {
  /** By site, in the order of the ports. */
  urls: Readonly<Record<string, string>>
  close(): Promise<void>
}

export interface ShopsWish {
  world: World
  /** Port of the first site; the others follow it. 0 picks free ones. */
  port: number
  host: string
  allowedHosts: string[]
  adminToken: string | undefined
  /** What the sites sell instead of their usual range. */
  own: OwnCatalogue | undefined
}

/** Opens one site for each partner that has one, with the world's credentials. Rejects when a port is taken; none stays open then. */
export async function openReferenceShops(wish: ShopsWish): Promise<ReferenceShops> {
  const { port, host, allowedHosts, adminToken } = wish
  const opened: [site: string, shop: ShopServer][] = []
  const close = async () => {
    for (const [, shop] of opened) await shop.close()
  }
  const isLoopback = host === '127.0.0.1' || host === 'localhost' || host === '::1'
  try {
    for (const [index, options] of sitesOf(wish).entries()) {
      const shop = await openShop({
        ...options,
        port: port === 0 ? 0 : port + index,
        host,
        allowedHosts,
        forTests: isLoopback,
        ...(adminToken === undefined ? {} : { adminToken }),
      })
      opened.push([options.site, shop])
    }
  } catch (error) {
    await close()
    throw error
  }
  return { urls: Object.fromEntries(opened.map(([site, shop]) => [site, shop.url])), close }
}

type Site =
  | (Omit<WebsiteServerOptions, 'port' | 'site'> & { site: 'fynd' | 'arvind' })
  | Omit<SellerServerOptions, 'port'>

/** What each site has typed in, in the order of their ports (4100, 4101, 4102). */
function sitesOf({ world, own }: ShopsWish): Site[] {
  const of = (partner: string, name: string) => world.credentials(partner)[name] ?? ''
  const gateway = {
    url: world.baseUrl('payment-gateway'),
    key_id: of('payment-gateway', 'key_id'),
    key_secret: of('payment-gateway', 'key_secret'),
    webhook_secret: of('payment-gateway', 'webhook_secret'),
  }
  const gofynd = {
    api_url: world.baseUrl('fynd'),
    affiliate_id: of('fynd', 'affiliate_id'),
    affiliate_token: of('fynd', 'token'),
    secret_key: of('fynd', 'secret'),
  }
  const arvind = {
    api_url: world.baseUrl('arvind'),
    username: of('arvind', 'username'),
    password: of('arvind', 'password'),
    auth_token: of('arvind', 'auth_token'),
    channel_id: of('arvind', 'channel_id'),
    warehouse_id: of('arvind', 'warehouse_id'),
    ordering_store_id: of('arvind', 'ordering_store_id'),
  }
  const konnect = {
    api_url: world.baseUrl('konnect'),
    access: 'company' as const,
    username: of('konnect', 'username'),
    password: of('konnect', 'password'),
    locations: locationsOf(own).map((code) => ({ code })),
  }
  const range = own === undefined ? {} : { catalogue: ownRange(own) }
  return [
    { site: 'fynd', settings: { gofynd, gateway }, ...range },
    { site: 'arvind', settings: { arvind, gateway }, ...range },
    { site: 'konnect', settings: { konnect } },
  ]
}

/** Where the seller ships from: the stores of the user's file, or the locations with speaking names. */
const locationsOf = (own: OwnCatalogue | undefined): string[] =>
  own ? [...new Set(own.stock.map(({ store }) => store))] : ['BLR-01', 'DEL-01', 'BOM-01']
