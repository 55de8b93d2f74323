import { Hono } from 'hono'
import { z } from 'zod'
import type { OrderHint } from '../konnect/order-hint.ts'
import type { WorkRow } from '../konnect/order-work.ts'
import { type SellerJobName, type SellerJobs, sellerJobNames } from '../konnect/seller-jobs.ts'
import { type KonnectSettings, konnectSettingsShape } from '../konnect/seller-settings.ts'
import { type SellerSite, utcTime } from '../konnect/seller-site.ts'
import { PartnerError } from '../partners/errors.ts'
import { ShopRefusal } from '../refusal.ts'
import { isMasked, mask } from '../settings.ts'
import { limitOf, page, readJson, type ShopContext, type ShopEnv } from './door.ts'

/** Jobs, settings, logs and Konnect's events (kartify.md 11). */
export function sellerAdminRoutes(
  site: SellerSite,
  jobs: SellerJobs,
  hint: OrderHint,
  moveClock: ((advanceMs: number) => void) | undefined,
) {
  return new Hono<ShopEnv>()
    .post('/seller/jobs/:name', (c) => runJob(jobs, c.req.param('name'), c))
    .post('/webhooks/konnect', async (c) => {
      // Not signed, so not believed: whatever it says, Konnect itself is asked.
      await readJson(c, z.unknown())
      hint.take()
      return c.json({ accepted: true })
    })
    .get('/admin/settings/konnect', (c) => c.json(showSettings(site)))
    .put('/admin/settings/konnect', async (c) => changeSettings(site, c))
    .get('/admin/outbox', (c) => c.json({ entries: listWork(site, c) }))
    .get('/admin/logs/partner', (c) => c.json({ entries: listCalls(site, c) }))
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
      moveClock((await readJson(c, shape)).advance_ms)
      return c.json({ now_ms: site.nowMs() })
    })
}

async function runJob(jobs: SellerJobs, name: string, c: ShopContext) {
  if (!isJob(name)) {
    const known = sellerJobNames.join(', ')
    throw new ShopRefusal(
      404,
      'unknown-job',
      `Unknown job "${name.slice(0, 100)}". Known: ${known}.`,
    )
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

async function changeSettings(site: SellerSite, c: ShopContext) {
  const given = await readJson(c, konnectSettingsShape)
  const { password, locations, ...open } = given
  try {
    site.settings.update((konnect) => {
      Object.assign(konnect, open)
      if (password !== undefined && !isMasked(password)) konnect.password = password
      if (locations !== undefined) konnect.locations = unmasked(konnect, locations)
    })
  } catch (error) {
    const message = error instanceof Error ? error.message : 'The settings contradict themselves.'
    throw new ShopRefusal(400, 'invalid', message.slice(0, 300))
  }
  site.konnect.tokens.dropAll()
  return c.json(showSettings(site))
}

/** A masked password sent back means the one that is kept. */
function unmasked(
  konnect: KonnectSettings,
  locations: KonnectSettings['locations'],
): KonnectSettings['locations'] {
  return locations.map((location) => {
    const { password, ...rest } = location
    if (password === undefined || !isMasked(password)) return location
    const kept = konnect.locations.find(({ code }) => code === location.code)?.password
    return { ...rest, ...(kept !== undefined && { password: kept }) }
  })
}

function showSettings(site: SellerSite) {
  const { password, locations, ...open } = site.settings.read().konnect
  return {
    ...open,
    password: mask(password),
    locations: locations.map((location) => ({
      ...location,
      ...(location.password !== undefined && { password: mask(location.password) }),
    })),
  }
}

function listWork(site: SellerSite, c: ShopContext) {
  const state = c.req.query('state') ?? null
  return site.storage
    .all<WorkRow>(
      `SELECT * FROM seller_work WHERE CASE WHEN ? IS NULL THEN state <> 'done' ELSE state = ? END ORDER BY number LIMIT ?`,
      state,
      state,
      limitOf(c, 1_000, 10_000),
    )
    .map((row) => ({
      id: String(row.number),
      operation: row.operation,
      order_id: row.subject,
      state: row.state,
      attempts: row.attempts,
      due_at: utcTime(row.due_at),
      code: row.code,
      last_error: row.last_error,
    }))
}

type CallRow = { number: number; at: number } & Record<string, string | number | null>

function listCalls(site: SellerSite, c: ShopContext) {
  const operation = c.req.query('operation') ?? null
  const order = c.req.query('order') ?? null
  return site.storage
    .all<CallRow>(
      `SELECT number, at, direction, partner, operation, order_id, attempt, status, outcome, detail FROM partner_log
       WHERE (? IS NULL OR operation = ?) AND (? IS NULL OR order_id = ?) ORDER BY number DESC LIMIT ?`,
      operation,
      operation,
      order,
      order,
      limitOf(c, 1_000, 20_000),
    )
    .reverse()
    .map(({ number, at, ...row }) => ({ id: String(number), at: utcTime(at), ...row }))
}

function isJob(name: string): name is SellerJobName {
  return (sellerJobNames as readonly string[]).includes(name)
}
