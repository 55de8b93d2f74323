import { Hono } from 'hono'
import { z } from 'zod'
import type { ArvindSite } from '../arvind-site.ts'
import { mapSkus } from '../arvind-sku-map.ts'
import { PartnerError } from '../partners/errors.ts'
import { ShopRefusal } from '../refusal.ts'
import { arvindOf, isMasked, mask } from '../settings.ts'
import { readBytes, readJson, type ShopEnv } from './door.ts'
import { requireOrder } from './order-lists.ts'

const text = z.string().trim().min(1).max(500)

const settingsShape = z.strictObject({
  status: z.enum(['enabled', 'disabled']).optional(),
  username: text.regex(/^[^:]*$/, 'no colon').optional(),
  password: text.optional(),
  auth_token: z.string().trim().min(1).max(8_000).optional(),
  channel_id: text.optional(),
  warehouse_id: text.optional(),
  api_url: z
    .url({ protocol: /^https?$/ })
    .max(500)
    .optional(),
  ordering_store_id: text.optional(),
})

/** The admin pages of an Arvind website: the module, the bulk SKU list, and a look at what Arvind has (kartify.md 2). */
export function arvindAdminRoutes(site: ArvindSite) {
  return new Hono<ShopEnv>()
    .get('/admin/settings/arvind', (c) => c.json(showSettings(site)))
    .put('/admin/settings/arvind', async (c) => {
      const given = await readJson(c, settingsShape)
      const changes = Object.entries(given).filter(
        ([, value]) => value !== undefined && !isMasked(value),
      )
      site.settings.update((document) => {
        document.arvind = { ...arvindOf(site.settings), ...Object.fromEntries(changes) }
      })
      return c.json(showSettings(site))
    })
    .post('/admin/arvind/sku-map', async (c) => {
      const type = c.req.header('content-type') ?? ''
      if (!/^text\/csv\s*(;|$)/i.test(type)) {
        throw new ShopRefusal(415, 'not-csv', `Send text/csv, not "${type.slice(0, 80)}".`)
      }
      const csv = Buffer.from(await readBytes(c)).toString('utf8')
      const { ok, ...result } = mapSkus(site, csv)
      if (ok) return c.json(result)
      const message = 'Nothing was mapped: some lines are wrong.'
      return c.json({ error: { code: 'invalid', message }, ...result }, 400)
    })
    .post('/admin/arvind/track-order', async (c) => {
      const shape = z.object({ order_id: z.string().min(1).max(100) })
      const { id } = requireOrder(site.storage, (await readJson(c, shape)).order_id)
      try {
        const answer = await site.arvind.track(id, { ...c.get('visit'), orderId: id })
        return c.json({ status: answer.status, body: answer.json ?? answer.text.slice(0, 2_000) })
      } catch (error) {
        if (!(error instanceof PartnerError)) throw error
        return c.json({ status: null, body: null, why: error.message }, 502)
      }
    })
}

function showSettings(site: ArvindSite) {
  const { password, auth_token, ...open } = arvindOf(site.settings)
  return { ...open, password: mask(password), auth_token: mask(auth_token) }
}
