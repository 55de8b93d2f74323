import { Hono } from 'hono'
import { z } from 'zod'
import type { SellerSite } from '../konnect/seller-site.ts'
import { putPrices, putStock, readPrices, readStock } from '../konnect/seller-stock.ts'
import { ShopRefusal } from '../refusal.ts'
import { readJson, type ShopEnv } from './door.ts'

const itemsMax = 5_000
const location = z.string().min(1).max(100)
const sku = z.string().min(1).max(200)
const amountMinor = z.int().min(0).max(100_000_000_000)

const stockShape = z.object({
  items: z
    .array(z.object({ location, sku, quantity: z.int().min(0).max(1_000_000_000) }))
    .max(itemsMax),
})

const pricesShape = z.object({
  items: z
    .array(
      z.object({
        location,
        sku,
        esp_minor: amountMinor,
        mrp_minor: amountMinor,
        currency: z
          .string()
          .regex(/^[A-Z]{3}$/)
          .default('INR'),
      }),
    )
    .max(itemsMax),
})

/** What the warehouse knows (kartify.md 11): kept here at once, told to Konnect by the jobs. */
export function sellerStockRoutes(site: SellerSite) {
  const ours = (items: { location: string }[]) => {
    const known = new Set(site.locations())
    const foreign = items.find((item) => !known.has(item.location))
    if (foreign === undefined) return
    const message = `No location ${foreign.location}. Known: ${[...known].join(', ')}.`
    throw new ShopRefusal(400, 'unknown-location', message.slice(0, 300))
  }
  return new Hono<ShopEnv>()
    .get('/seller/stock', (c) => c.json(readStock(site)))
    .put('/seller/stock', async (c) => {
      const { items } = await readJson(c, stockShape)
      ours(items)
      return c.json(putStock(site, items))
    })
    .get('/seller/prices', (c) => c.json(readPrices(site)))
    .put('/seller/prices', async (c) => {
      const { items } = await readJson(c, pricesShape)
      ours(items)
      return c.json(putPrices(site, items))
    })
}
