import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import {
  openShop,
  type SellerServerOptions,
  type ShopServer,
  type WebsiteServerOptions,
} from '../../reference-client/server.ts'
import type { ShopAccess } from './client.ts'
import { answerAsks } from './talk.ts'

let shop: ShopServer | undefined
let folder = ''

/** The reference client for one partner, with durable storage in a folder of its own. */
async function open({ site, access, skus }: ShopWish): Promise<{ url: string }> {
  folder = await mkdtemp(join(tmpdir(), 'bench-shop-'))
  const shared = { port: 0, dataDir: folder, crons: false, seed: 'bench' }
  const opened = await openShop(
    site === 'konnect'
      ? ({ ...shared, site, settings: { konnect: access.konnect } } as SellerServerOptions)
      : ({
          ...shared,
          site,
          settings:
            site === 'fynd'
              ? { gofynd: access.gofynd, gateway: access.gateway }
              : { arvind: access.arvind, gateway: access.gateway },
          catalogue: catalogueOf(skus),
        } as WebsiteServerOptions),
  )
  shop = opened
  return { url: opened.url }
}

export interface ShopWish {
  site: 'fynd' | 'arvind' | 'konnect'
  access: ShopAccess
  /** What the website sells, each SKU a product of its own. */
  skus: readonly string[]
}

const catalogueOf = (skus: readonly string[]) => ({
  products: skus.map((sku) => ({
    id: sku,
    title: sku,
    price_minor: 49_900,
    options: [{ value: 'M', sku }],
  })),
})

async function close(): Promise<void> {
  await shop?.close()
  await rm(folder, { recursive: true, force: true })
}

answerAsks({ open, close })
