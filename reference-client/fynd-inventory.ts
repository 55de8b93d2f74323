import type { FyndSite } from './fynd-site.ts'
import { isoTime } from './orders.ts'
import { withRetries } from './partners/call.ts'
import { PartnerError } from './partners/errors.ts'
import { stockSkusMax } from './partners/fynd.ts'
import { unattended } from './partners/retry.ts'
import type { Visit } from './site.ts'

export type SyncReport = {
  mode: 'full' | 'delta'
  pages: number
  skus: number
  cursor: string | null
}

const pagesMax = 5_000
const dayMs = 24 * 3_600_000

/** Minutes between two syncs, 15 to 60 by the orders of the last day: busier websites ask more often (kartify.md 4.1). */
export function syncIntervalMinutes(ordersLastDay: number): number {
  if (ordersLastDay >= 100) return 15
  return ordersLastDay >= 20 ? 30 : 60
}

export function currentIntervalMinutes(site: FyndSite): number {
  const row = site.storage.get<{ count: number }>(
    'SELECT count(*) AS count FROM orders WHERE created_at >= ?',
    site.nowMs() - dayMs,
  )
  return syncIntervalMinutes(row?.count ?? 0)
}

/**
 * The inventory cron (kartify.md 4.1): which SKUs changed (F1, all pages), then the stock of those only (F2). The cursor moves
 * last, so that a run that breaks off is repeated as a whole. Throws a `PartnerError` when the partner does not answer.
 */
export async function syncInventory(site: FyndSite, visit: Visit): Promise<SyncReport> {
  const cursor = readFact(site, 'sync-cursor')
  if (cursor === undefined) return syncAll(site, visit)
  try {
    return await syncChanges(site, cursor, visit)
  } catch (error) {
    if (!(error instanceof PartnerError) || !isTooOld(error)) throw error
    return syncAll(site, visit)
  }
}

export function readFact(site: FyndSite, name: string): string | undefined {
  return site.storage.get<{ value: string }>('SELECT value FROM facts WHERE name = ?', name)?.value
}

/** In a transaction. */
export function writeFact(site: FyndSite, name: string, value: string) {
  site.storage.run(
    'INSERT INTO facts (name, value) VALUES (?, ?) ON CONFLICT (name) DO UPDATE SET value = excluded.value',
    name,
    value,
  )
}

async function syncChanges(site: FyndSite, cursor: string, visit: Visit): Promise<SyncReport> {
  const asked = new Set<string>()
  let asOf: string | undefined
  let pages = 0
  for (let pageId: string | undefined = ''; pageId !== undefined; ) {
    if (pages >= pagesMax) throw new Error(`More than ${pagesMax} pages of changed SKUs.`)
    const page = await changedSkus(site, cursor, pageId, visit)
    pages += 1
    // The first page's word: what changes while the pages are read is read again next time.
    asOf ??= page.as_of
    const fresh = page.items.map((item) => item.sku_code).filter((sku) => !asked.has(sku))
    for (const sku of fresh) asked.add(sku)
    await applyStock(site, [...new Set(fresh)], visit)
    const next: string | null | undefined = page.page.has_next ? page.page.next_id : undefined
    pageId = next == null || next === '' ? undefined : next
    if (page.page.has_next && pageId === undefined) {
      throw new Error('The partner says that a page follows, but not which.')
    }
  }
  const moved = asOf ?? cursor
  moveCursor(site, moved)
  return { mode: 'delta', pages, skus: asked.size, cursor: moved }
}

/** Everything that is mapped here or was ever seen. The cursor is asked for first, so that no change falls between. */
async function syncAll(site: FyndSite, visit: Visit): Promise<SyncReport> {
  const asOf = await askCursor(site, visit)
  const seen = site.storage.all<{ sku: string }>('SELECT sku FROM stock ORDER BY sku')
  const skus = [...new Set([...site.range.mappedSkus(), ...seen.map((row) => row.sku)])]
  await applyStock(site, skus, visit)
  if (asOf !== undefined) moveCursor(site, asOf)
  return { mode: 'full', pages: 0, skus: skus.length, cursor: asOf ?? null }
}

async function askCursor(site: FyndSite, visit: Visit): Promise<string | undefined> {
  try {
    const page = await changedSkus(site, `${isoTime(site.nowMs()).slice(0, 19)}Z`, '', visit)
    return page.as_of
  } catch (error) {
    // Our clock is far behind the partner's: there is no cursor to be had, so the next run is a full one again.
    if (error instanceof PartnerError && isTooOld(error)) return undefined
    throw error
  }
}

async function applyStock(site: FyndSite, skus: string[], visit: Visit) {
  for (let start = 0; start < skus.length; start += stockSkusMax) {
    const chunk = skus.slice(start, start + stockSkusMax)
    const totals = await withRetries(site.ports, unattended, `stock/${chunk[0]}`, (attempt) =>
      site.fynd.stockStatus(chunk, { trace: visit.trace, attempt }),
    )
    site.storage.transaction('apply-stock', () => {
      for (const sku of chunk) {
        // An SKU without a row flows no longer: nothing of it can be sold.
        const quantity = totals.get(sku)
        site.storage.run(
          `INSERT INTO stock (sku, quantity, is_flowing, updated_at) VALUES (?, ?, ?, ?) ON CONFLICT (sku) DO UPDATE SET
           quantity = excluded.quantity, is_flowing = excluded.is_flowing, updated_at = excluded.updated_at`,
          sku,
          quantity ?? 0,
          quantity === undefined ? 0 : 1,
          site.nowMs(),
        )
      }
    })
  }
}

function changedSkus(site: FyndSite, timestamp: string, pageId: string, visit: Visit) {
  return withRetries(site.ports, unattended, `changes/${timestamp}/${pageId}`, (attempt) =>
    site.fynd.changedSkus(timestamp, pageId, { trace: visit.trace, attempt }),
  )
}

function moveCursor(site: FyndSite, cursor: string) {
  site.storage.transaction('move-cursor', () => {
    writeFact(site, 'sync-cursor', cursor)
    writeFact(site, 'sync-last-run', isoTime(site.nowMs()))
  })
}

function isTooOld(error: PartnerError): boolean {
  return error.failure.kind === 'refused' && /too old/i.test(error.failure.message)
}
