import { Hono } from 'hono'
import { z } from 'zod'
import { currentIntervalMinutes, readFact } from '../inventory.ts'
import { type CronName, cronNames, type Jobs } from '../jobs.ts'
import { readMessages, setTemplate } from '../messages.ts'
import { orderStatuses } from '../model.ts'
import { isoTime, moveOrder, orderRow, showOrder } from '../orders.ts'
import type { Outbox, OutboxRow } from '../outbox.ts'
import { PartnerError } from '../partners/errors.ts'
import { fyndEvents } from '../partners/fynd.ts'
import { refundMoney } from '../payments.ts'
import { inspectProduct } from '../products.ts'
import { ShopRefusal } from '../refusal.ts'
import { isMasked, mask } from '../settings.ts'
import type { Site } from '../site.ts'
import { limitOf, page, parsed, readJson, type ShopContext, type ShopEnv } from './door.ts'
import { exportOrders, findOrders, requireOrder } from './order-lists.ts'

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
})

const optionsShape = z.object({
  options: z
    .array(z.object({ value: z.string().min(1).max(40), sku: z.string().min(1).max(100) }))
    .max(100)
    .refine(isDistinct, 'a value or an SKU stands twice'),
})

const templateShape = z.object({ template: z.string().max(2_000).nullable() })

/** The admin panel (kartify.md 2 and 11). */
export function adminRoutes(
  site: Site,
  outbox: Outbox,
  jobs: Jobs,
  moveClock: ((advanceMs: number) => void) | undefined,
) {
  return new Hono<ShopEnv>()
    .route('/', orderRoutes(site, outbox))
    .route('/', logRoutes(site))
    .route('/', settingRoutes(site))
    .post('/admin/cron/:name', (c) => runCron(jobs, c.req.param('name'), c))
    .get('/admin/sync', (c) =>
      c.json({
        cursor: readFact(site, 'sync-cursor') ?? null,
        last_run: readFact(site, 'sync-last-run') ?? null,
        interval_minutes: currentIntervalMinutes(site),
      }),
    )
    .post('/admin/clock', async (c) => {
      if (moveClock === undefined) {
        throw new ShopRefusal(404, 'no-test-clock', 'The shop was not started for tests.')
      }
      const shape = z.object({
        advance_ms: z
          .int()
          .min(0)
          .max(400 * 24 * 3_600_000),
      })
      const { advance_ms: advanceMs } = await readJson(c, shape)
      moveClock(advanceMs)
      return c.json({ now_ms: site.nowMs() })
    })
}

function orderRoutes(site: Site, outbox: Outbox) {
  return new Hono<ShopEnv>()
    .get('/admin/orders', (c) => c.json(findOrders(site.storage, c)))
    .get('/admin/orders/export', (c) => exportOrders(site.storage, c))
    .get('/admin/orders/:id', (c) =>
      c.json(showOrder(site.storage, requireOrder(site.storage, c.req.param('id')))),
    )
    .post('/admin/orders/:id/status', async (c) => {
      const { id } = requireOrder(site.storage, c.req.param('id'))
      const { status } = await readJson(c, z.object({ status: z.enum(orderStatuses) }))
      // The trap of kartify.md 3: this tells the partner nothing.
      site.storage.transaction('edit-status', () => moveOrder(site, id, status, 'edited by hand'))
      return c.json(showOrder(site.storage, orderRow(site.storage, id)))
    })
    .post('/admin/orders/:id/refund', async (c) =>
      page(c, await refundMoney(site, outbox, c.req.param('id'), c.get('visit'))),
    )
    .get('/admin/outbox', (c) => {
      const state = c.req.query('state')
      const rows = site.storage.all<OutboxRow>(
        `SELECT * FROM outbox WHERE CASE WHEN ? IS NULL THEN state <> 'done' ELSE state = ? END ORDER BY number LIMIT ?`,
        state ?? null,
        state ?? null,
        limitOf(c, 1_000, 10_000),
      )
      return c.json({ entries: rows.map(showOutboxRow) })
    })
}

function logRoutes(site: Site) {
  const max = (c: ShopContext) => limitOf(c, 1_000, 20_000)
  return new Hono<ShopEnv>()
    .get('/admin/logs/sms', (c) =>
      c.json({ entries: readMessages(site, 'sms', c.req.query('number'), max(c)) }),
    )
    .get('/admin/logs/gofynd-email', (c) =>
      c.json({ entries: readMessages(site, 'email', c.req.query('order'), max(c)) }),
    )
    .get('/admin/logs/partner', (c) => {
      const operation = c.req.query('operation') ?? null
      const order = c.req.query('order') ?? null
      const rows = site.storage.all<PartnerLogRow>(
        `SELECT * FROM partner_log WHERE (? IS NULL OR operation = ?) AND (? IS NULL OR order_id = ?)
         ORDER BY number DESC LIMIT ?`,
        operation,
        operation,
        order,
        order,
        max(c),
      )
      const entries = rows
        .reverse()
        .map(({ number, at, ...row }) => ({ id: String(number), at: isoTime(at), ...row }))
      return c.json({ entries })
    })
}

function settingRoutes(site: Site) {
  const safetyStock = () => site.settings.read().gofynd.safety_stock ?? 0
  return new Hono<ShopEnv>()
    .get('/admin/settings/gofynd', (c) => c.json(showSettings(site)))
    .put('/admin/settings/gofynd', async (c) => {
      const given = await readJson(c, settingsShape)
      const changes = Object.entries(given).filter(
        ([, value]) => value !== undefined && !(typeof value === 'string' && isMasked(value)),
      )
      site.settings.update((document) => {
        document.gofynd = { ...document.gofynd, ...Object.fromEntries(changes) }
      })
      return c.json(showSettings(site))
    })
    .get('/admin/templates', (c) => c.json({ templates: site.settings.read().templates }))
    .put('/admin/templates/:event/:channel', async (c) => {
      const event = parsed(z.enum(fyndEvents), c.req.param('event'))
      const channel = parsed(z.enum(['email', 'sms']), c.req.param('channel'))
      const { template } = await readJson(c, templateShape)
      return c.json(setTemplate(site, event, channel, template))
    })
    .get('/admin/products/:id', (c) =>
      c.json(inspectProduct(site.storage, site.range, c.req.param('id'), safetyStock())),
    )
    .put('/admin/products/:id/options', async (c) => {
      const id = c.req.param('id')
      const { options } = await readJson(c, optionsShape)
      site.range.remap(id, options)
      return c.json(inspectProduct(site.storage, site.range, id, safetyStock()))
    })
}

async function runCron(jobs: Jobs, name: string, c: ShopContext) {
  if (!isCron(name)) {
    const known = cronNames.join(', ')
    throw new ShopRefusal(404, 'unknown-cron', `Unknown cron "${name}". Known: ${known}.`)
  }
  const run = jobs.run(name, c.get('visit'))
  if (run === undefined) return page(c, { skipped: true, why: `${name} is running.` }, 409)
  try {
    return page(c, { ran: true, ...(await run) })
  } catch (error) {
    if (!(error instanceof PartnerError)) throw error
    const { kind, message } = error.failure
    return page(c, { ran: false, error: { code: kind, message } }, 502)
  }
}

type PartnerLogRow = {
  number: number
  at: number
  direction: string
  partner: string
  operation: string
  order_id: string | null
  attempt: number
  status: number | null
  outcome: string
  detail: string | null
}

function showOutboxRow(row: OutboxRow) {
  return {
    id: String(row.number),
    operation: row.operation,
    order_id: row.order_id,
    state: row.state,
    attempts: row.attempts,
    due_at: isoTime(row.due_at),
    last_error: row.last_error,
  }
}

function showSettings(site: Site) {
  const { affiliate_token, secret_key, ...open } = site.settings.read().gofynd
  return { ...open, affiliate_token: mask(affiliate_token), secret_key: mask(secret_key) }
}

function isCron(name: string): name is CronName {
  return (cronNames as readonly string[]).includes(name)
}

function isDistinct(options: { value: string; sku: string }[]): boolean {
  const values = new Set(options.map((option) => option.value))
  const skus = new Set(options.map((option) => option.sku))
  return values.size === options.length && skus.size === options.length
}
