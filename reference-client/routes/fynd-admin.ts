import { Hono } from 'hono'
import { z } from 'zod'
import { currentIntervalMinutes, readFact } from '../fynd-inventory.ts'
import type { FyndSite } from '../fynd-site.ts'
import { readMessages } from '../messages.ts'
import { gofyndOf, isMasked, mask } from '../settings.ts'
import { limitOf, readJson, type ShopEnv } from './door.ts'

const text = z.string().trim().min(1).max(500)

const settingsShape = z.strictObject({
  api_url: z
    .url({ protocol: /^https?$/ })
    .max(500)
    .optional(),
  affiliate_id: z.string().trim().min(1).max(100).optional(),
  affiliate_token: text.optional(),
  secret_key: text.optional(),
  safety_stock: z.int().min(0).max(1_000_000).optional(),
  page_size: z.int().min(1).max(500).optional(),
  timestamps: z.enum(['ist_labelled_utc', 'true_utc']).optional(),
  report_refunds: z.boolean().optional(),
})

/** The admin pages of a FYND website: the Gofynd API section, its sync and its mail log (kartify.md 2). */
export function fyndAdminRoutes(site: FyndSite) {
  return new Hono<ShopEnv>()
    .get('/admin/sync', (c) =>
      c.json({
        cursor: readFact(site, 'sync-cursor') ?? null,
        last_run: readFact(site, 'sync-last-run') ?? null,
        interval_minutes: currentIntervalMinutes(site),
      }),
    )
    .get('/admin/logs/gofynd-email', (c) => {
      const max = limitOf(c, 1_000, 20_000)
      return c.json({ entries: readMessages(site, 'email', c.req.query('order'), max) })
    })
    .get('/admin/settings/gofynd', (c) => c.json(showSettings(site)))
    .put('/admin/settings/gofynd', async (c) => {
      const given = await readJson(c, settingsShape)
      const changes = Object.entries(given).filter(
        ([, value]) => value !== undefined && !(typeof value === 'string' && isMasked(value)),
      )
      site.settings.update((document) => {
        document.gofynd = { ...gofyndOf(site.settings), ...Object.fromEntries(changes) }
      })
      return c.json(showSettings(site))
    })
}

function showSettings(site: FyndSite) {
  const { affiliate_token, secret_key, ...open } = gofyndOf(site.settings)
  return { ...open, affiliate_token: mask(affiliate_token), secret_key: mask(secret_key) }
}
