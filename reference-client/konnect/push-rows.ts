import { PartnerError } from '../partners/errors.ts'
import type { Context } from '../partners/konnect.ts'
import type { BatchResult, RecordFailure } from '../partners/konnect-records.ts'
import type { Access } from '../partners/konnect-token.ts'
import type { Visit } from '../site.ts'
import type { SellerSite } from './seller-site.ts'

/** A row that Konnect should know. It waits while `sent_version` lags behind `version`. */
export type PushRow = {
  location: string
  sku: string
  version: number
  sent_version: number | null
  error_code: string | null
}

export type PushReport = {
  batches: number
  sent: number
  applied: number
  failed: { location: string; sku: string; code: string; message: string }[]
}

export type Pushable<Row extends PushRow> = {
  table: 'seller_stock' | 'seller_prices'
  /** The commit that keeps what a batch did. */
  name: string
  use: string
  batchMax: number
  read(location: string, sku: string): Row | undefined
  send(rows: Row[], access: Access, context: Context): Promise<BatchResult>
  /** Writes what only this table keeps of a row that was taken. */
  keep(row: Row): void
}

type Key = { location: string; sku: string }
type Failure = Key & RecordFailure

/** The first go and one more for the records that failed; what still fails is left to the next run. */
const roundsMax = 2
const roundDelayMs = 1_000

/**
 * Sends the rows that changed, batch by batch; each batch is kept before the next one leaves, so that a run that breaks off goes on
 * where it stopped. Only failed records are sent again. Throws the first `PartnerError`, after the other stores had their turn.
 */
export async function pushRows<Row extends PushRow>(
  site: SellerSite,
  visit: Visit,
  pushable: Pushable<Row>,
): Promise<PushReport> {
  const report: PushReport = { batches: 0, sent: 0, applied: 0, failed: [] }
  let error: PartnerError | undefined
  for (const [access, keys] of waitingByAccess(site, pushable.table)) {
    try {
      let left = keys
      for (let round = 1; round <= roundsMax && left.length > 0; round += 1) {
        if (round > 1) {
          const jitter = site.ports.random(`retry/${pushable.use}-records/${access}`)
          await site.ports.clock.sleep(Math.round(roundDelayMs * (1 + jitter / 2)))
        }
        const failed = await pushBatches(site, visit, pushable, access, left, report)
        if (round === roundsMax) report.failed.push(...failed)
        left = failed
      }
    } catch (cause) {
      if (!(cause instanceof PartnerError)) throw cause
      error ??= cause
    }
  }
  if (error !== undefined) throw error
  return report
}

/** `waiting` until Konnect took it, `refused` while it last said no. */
export function stateOf(row: PushRow): 'waiting' | 'pushed' | 'refused' {
  if (row.sent_version === row.version) return 'pushed'
  return row.error_code === null ? 'waiting' : 'refused'
}

/** One token a store where access is by location, so a batch never mixes them. */
function waitingByAccess(site: SellerSite, table: string): Map<Access, Key[]> {
  const groups = new Map<Access, Key[]>()
  const known = new Set(site.locations())
  const rows = site.storage.all<Key>(
    `SELECT location, sku FROM ${table} WHERE sent_version IS NULL OR sent_version < version ORDER BY location, sku`,
  )
  for (const row of rows) {
    // A store that was taken out of the settings since.
    if (!known.has(row.location)) continue
    const access = site.konnect.accessOf(row.location)
    const group = groups.get(access)
    if (group === undefined) groups.set(access, [row])
    else group.push(row)
  }
  return groups
}

async function pushBatches<Row extends PushRow>(
  site: SellerSite,
  visit: Visit,
  pushable: Pushable<Row>,
  access: Access,
  keys: Key[],
  report: PushReport,
): Promise<Failure[]> {
  const failed: Failure[] = []
  for (let start = 0; start < keys.length; start += pushable.batchMax) {
    const chunk = keys.slice(start, start + pushable.batchMax)
    let rows: Row[] = []
    const use = `${pushable.use}/${chunk[0]?.location}/${chunk[0]?.sku}`
    const result = await site.persist(use, visit.trace, (context) => {
      // Read for each attempt: what is sent is what is true then.
      rows = chunk.flatMap(({ location, sku }) => pushable.read(location, sku) ?? [])
      report.batches += 1
      report.sent += rows.length
      return pushable.send(rows, access, context)
    })
    const failures = failuresOf(rows, result)
    site.storage.transaction(pushable.name, () => keepResult(site, pushable, rows, failures))
    report.applied += rows.length - failures.size
    failed.push(...failures.values())
  }
  return failed
}

function failuresOf(rows: Key[], result: BatchResult): Map<string, Failure> {
  const doubt = {
    code: 'in-doubt',
    message: 'The counters of the answer do not add up, so it is sent again.',
  }
  const failures = new Map<string, Failure>()
  const doubtful = new Set(result.doubtful)
  for (const { location, sku } of rows) {
    const key = `${location}\n${sku}`
    const failure = result.failed.get(key) ?? (doubtful.has(key) ? doubt : undefined)
    if (failure !== undefined) failures.set(key, { location, sku, ...failure })
  }
  return failures
}

function keepResult<Row extends PushRow>(
  site: SellerSite,
  pushable: Pushable<Row>,
  rows: Row[],
  failures: Map<string, Failure>,
) {
  for (const row of rows) {
    const failure = failures.get(`${row.location}\n${row.sku}`)
    site.storage.run(
      `UPDATE ${pushable.table} SET sent_version = CASE WHEN ? IS NULL THEN ? ELSE sent_version END,
       error_code = ?, error_message = ? WHERE location = ? AND sku = ?`,
      failure?.code ?? null,
      row.version,
      failure?.code ?? null,
      failure?.message ?? null,
      row.location,
      row.sku,
    )
    if (failure === undefined) pushable.keep(row)
  }
}
