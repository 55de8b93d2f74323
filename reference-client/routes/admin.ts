import { Hono } from 'hono'
import { z } from 'zod'
import type { Jobs } from '../jobs.ts'
import { readMessages, setTemplate } from '../messages.ts'
import { orderStatuses } from '../model.ts'
import { isoTime, moveOrder, orderRow } from '../orders.ts'
import type { Outbox, OutboxRow } from '../outbox.ts'
import { PartnerError } from '../partners/errors.ts'
import { refundMoney } from '../payments.ts'
import { inspectProduct } from '../products.ts'
import { ShopRefusal } from '../refusal.ts'
import type { Site } from '../site.ts'
import { limitOf, page, parsed, readJson, type ShopContext, type ShopEnv } from './door.ts'
import { exportOrders, findOrders, requireOrder } from './order-lists.ts'

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
    .get('/admin/orders', (c) => c.json(findOrders(site, c)))
    .get('/admin/orders/export', (c) => exportOrders(site.storage, c))
    .get('/admin/orders/:id', (c) =>
      c.json(site.showOrder(requireOrder(site.storage, c.req.param('id')))),
    )
    .post('/admin/orders/:id/status', async (c) => {
      const { id } = requireOrder(site.storage, c.req.param('id'))
      const { status } = await readJson(c, z.object({ status: z.enum(orderStatuses) }))
      // The trap of kartify.md 3: this tells the partner nothing.
      site.storage.transaction('edit-status', () => moveOrder(site, id, status, 'edited by hand'))
      return c.json(site.showOrder(orderRow(site.storage, id)))
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
    .get('/admin/logs/email', (c) =>
      c.json({ entries: readMessages(site, 'email', c.req.query('order'), max(c)) }),
    )
    .get('/admin/logs/partner', (c) => {
      const operation = c.req.query('operation') ?? null
      const order = c.req.query('order') ?? null
      const partner = c.req.query('partner') ?? null
      const item = c.req.query('item') ?? null
      const correlation = c.req.query('correlation') ?? null
      const rows = site.storage.all<PartnerLogRow>(
        `SELECT partner_log.*, correlation_id, item_id, request, response FROM partner_log
         LEFT JOIN partner_bodies ON log_number = number
         WHERE (? IS NULL OR operation = ?) AND (? IS NULL OR order_id = ?) AND (? IS NULL OR partner = ?)
         AND (? IS NULL OR item_id = ?) AND (? IS NULL OR correlation_id = ?) ORDER BY number DESC LIMIT ?`,
        ...[operation, order, partner, item, correlation].flatMap((value) => [value, value]),
        max(c),
      )
      const entries = rows.reverse().map(showLogRow)
      return c.json({ entries })
    })
}

function settingRoutes(site: Site) {
  return new Hono<ShopEnv>()
    .get('/admin/templates', (c) => c.json({ templates: site.settings.read().templates }))
    .put('/admin/templates/:event/:channel', async (c) => {
      const channel = parsed(z.enum(['email', 'sms']), c.req.param('channel'))
      const { template } = await readJson(c, templateShape)
      return c.json(setTemplate(site, c.req.param('event'), channel, template))
    })
    .get('/admin/products/:id', (c) =>
      c.json(inspectProduct(site.storage, site.range, c.req.param('id'), site.safetyStock())),
    )
    .put('/admin/products/:id/options', async (c) => {
      const id = c.req.param('id')
      const { options } = await readJson(c, optionsShape)
      site.range.remap(id, options)
      return c.json(inspectProduct(site.storage, site.range, id, site.safetyStock()))
    })
}

async function runCron(jobs: Jobs, name: string, c: ShopContext) {
  if (!jobs.names.includes(name)) {
    const known = jobs.names.join(', ')
    throw new ShopRefusal(404, 'unknown-cron', `Unknown cron "${name}". Known: ${known}.`)
  }
  const run = jobs.run(name, c.get('visit'), c.req.query('window'))
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
  correlation_id: string | null
  item_id: string | null
  request: string | null
  response: string | null
}

function showLogRow(found: PartnerLogRow) {
  const { number, at, correlation_id, item_id, request, response, ...row } = found
  const bodies = correlation_id === null ? {} : { correlation_id, item_id, request, response }
  return { id: String(number), at: isoTime(at), ...row, ...bodies }
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

function isDistinct(options: { value: string; sku: string }[]): boolean {
  const values = new Set(options.map((option) => option.value))
  const skus = new Set(options.map((option) => option.sku))
  return values.size === options.length && skus.size === options.length
}
