import { z } from 'zod'
import { PartnerError } from '../partners/errors.ts'
import type { ProductStatus } from '../partners/konnect-shapes.ts'
import type { Visit } from '../site.ts'
import type { OrderWork, WorkHandler, WorkRow } from './order-work.ts'
import { companyAccess, walkCatalogue } from './reference-data.ts'
import { type SellerSite, utcTime } from './seller-site.ts'

export const productOperations = ['create', 'update', 'delete'] as const
export type ProductOperation = (typeof productOperations)[number]

export type JobState =
  | 'waiting'
  | 'pending'
  | 'completed'
  | 'partial'
  | 'failed'
  | 'refused'
  | 'lost'

type JobRow = {
  number: number
  operation: ProductOperation
  body: string
  item_codes: string
  state: JobState
  trace_id: string | null
  intake: string | null
  processing: string | null
  last_error: string | null
  created_at: number
  ended_at: number | null
}

export type Processing = {
  stage: string | null
  succeed: number
  failed: number
  failed_records: unknown[]
}

/** Writes a job and the call that starts it, in one transaction. Answers the job's id and the work to attempt. */
export function startJob(
  site: SellerSite,
  work: OrderWork,
  operation: ProductOperation,
  body: object,
  itemCodes: string[],
): { id: string; work: number } {
  return site.storage.transaction('product-job', () => {
    const last = site.storage.get<{ number: number | null }>(
      'SELECT max(number) AS number FROM product_jobs',
    )
    const number = (last?.number ?? 0) + 1
    site.storage.run(
      `INSERT INTO product_jobs (number, operation, body, item_codes, state, created_at) VALUES (?, ?, ?, ?, 'waiting', ?)`,
      number,
      operation,
      JSON.stringify(body),
      JSON.stringify(itemCodes),
      site.nowMs(),
    )
    const id = jobId(number)
    return { id, work: work.enqueue(`${operation}-products`, id, '', {}) }
  })
}

export function findJob(site: SellerSite, id: string): JobRow | undefined {
  const number = /^job-(\d{1,15})$/.exec(id)?.[1]
  if (number === undefined) return undefined
  return site.storage.get<JobRow>('SELECT * FROM product_jobs WHERE number = ?', Number(number))
}

export function listJobs(site: SellerSite, max: number): JobRow[] {
  return site.storage.all<JobRow>('SELECT * FROM product_jobs ORDER BY number LIMIT ?', max)
}

export function showJob(row: JobRow) {
  const parsed = (text: string | null): unknown => (text === null ? null : JSON.parse(text))
  return {
    id: jobId(row.number),
    operation: row.operation,
    state: row.state,
    trace_id: row.trace_id,
    item_codes: parsed(row.item_codes),
    intake: parsed(row.intake),
    processing: parsed(row.processing),
    last_error: row.last_error,
    created_at: utcTime(row.created_at),
    ended_at: row.ended_at === null ? null : utcTime(row.ended_at),
  }
}

/** How a product job is sent: the acknowledgement is only the intake; the job goes on at Konnect (konnect.md 2.12 to 2.15). */
export function productHandler(site: SellerSite, operation: ProductOperation): WorkHandler {
  const intakes = new Map<number, { traceId: string; intake: object }>()
  const jobOf = (row: WorkRow): JobRow => {
    const job = findJob(site, row.subject)
    if (job === undefined) throw new Error(`No product job ${row.subject}.`)
    return job
  }
  return {
    batchMax: 1,
    accessOf: () => companyAccess(site),
    async send(rows, access, context) {
      for (const row of rows) {
        const { body } = jobOf(row)
        const ack = await site.konnect.writeProducts(operation, body, access, context)
        const { total, success, failed, errors } = ack
        intakes.set(row.number, {
          traceId: ack.trace_id,
          intake: { total, success, failed, errors: errors ?? {} },
        })
      }
      return new Map(rows.map((row) => [row.number, { kind: 'done' }]))
    },
    done(row) {
      const told = intakes.get(row.number)
      intakes.delete(row.number)
      site.storage.run(
        `UPDATE product_jobs SET state = 'pending', trace_id = ?, intake = ?, last_error = NULL WHERE number = ?`,
        told?.traceId ?? null,
        JSON.stringify(told?.intake ?? null),
        jobOf(row).number,
      )
    },
    refused(row, failure) {
      site.storage.run(
        `UPDATE product_jobs SET state = 'refused', last_error = ?, ended_at = ? WHERE number = ?`,
        failure.message,
        site.nowMs(),
        jobOf(row).number,
      )
    },
  }
}

export type CatalogueReport = { asked: number; ended: number; pending: number }

/** Asks how each job goes that is not over. A trace that Konnect does not know is lost, and said so. */
export async function pollJobs(site: SellerSite, visit: Visit): Promise<CatalogueReport> {
  const rows = site.storage.all<JobRow>(
    `SELECT * FROM product_jobs WHERE state = 'pending' ORDER BY number`,
  )
  let ended = 0
  for (const row of rows) {
    if (await pollJob(site, visit, row)) ended += 1
  }
  return { asked: rows.length, ended, pending: rows.length - ended }
}

async function pollJob(site: SellerSite, visit: Visit, row: JobRow): Promise<boolean> {
  const end = (state: JobState, processing: Processing | null, why: string | null) =>
    site.storage.transaction('product-job-ended', () =>
      site.storage.run(
        'UPDATE product_jobs SET state = ?, processing = ?, last_error = ?, ended_at = ? WHERE number = ?',
        state,
        processing === null ? null : JSON.stringify(processing),
        why,
        site.nowMs(),
        row.number,
      ),
    )
  try {
    const status = await site.persist(`product-status/${row.number}`, visit.trace, (context) =>
      site.konnect.productStatus(row.trace_id ?? '', companyAccess(site), context),
    )
    const outcome = readOutcome(status, missedAtIntake(row))
    if (outcome === undefined) return false
    const missing = outcome.state === 'completed' ? [] : await findMissing(site, visit, row)
    // A create that was sent twice because its answer was lost fails on the products that the first one made.
    const isFound = missing?.length === 0 && (outcome.isOnlyMissed || wasRepeated(site, row))
    const state = isFound ? 'completed' : outcome.state
    const named = missing ?? rejectedAtIntake(row)
    const why = named.length > 0 ? `Konnect does not have ${named.join(', ')}.` : status.message
    end(state, outcome.processing, state === 'completed' ? null : (why ?? null))
    return true
  } catch (error) {
    if (!(error instanceof PartnerError) || error.failure.status !== 404) throw error
    end('lost', null, error.failure.message)
    return true
  }
}

export type Outcome = {
  state: 'completed' | 'partial' | 'failed'
  processing: Processing
  /** Nothing failed in the job itself. */
  isOnlyMissed: boolean
}

const overStages = ['COMPLETED', 'PARTIAL', 'FAILED']

/**
 * How a job ended, or undefined while it goes on. The counts at the top are of the intake where `meta` counts the processing, so a job
 * can be completed without a failure at the top and still have lost products (konnect.md 2.15). `missed`: products that the
 * acknowledgement did not speak of as taken in; the job knows nothing of them. Pure.
 */
export function readOutcome(status: ProductStatus, missed = 0): Outcome | undefined {
  const word = status.status.toLowerCase()
  const stage = (status.meta?.stage ?? status.stage ?? '').toUpperCase()
  const isOver = word === 'completed' || word === 'failed' || overStages.includes(stage)
  if (word === 'pending' || !isOver) return undefined
  const { meta } = status
  const succeed = meta?.succeed ?? status.success ?? 0
  const failed = Math.max(meta?.failed ?? status.failed ?? 0, word === 'failed' ? 1 : 0)
  const processing = {
    stage: status.meta?.stage ?? status.stage ?? null,
    succeed,
    failed,
    failed_records: meta?.failed_records ?? [],
  }
  // What was rejected at the intake was never processed, and is not there either.
  const rejected = Math.max(meta == null ? 0 : (status.failed ?? 0), missed)
  const isOnlyMissed = failed === 0
  if (failed + rejected === 0) return { state: 'completed', processing, isOnlyMissed }
  return { state: succeed > 0 ? 'partial' : 'failed', processing, isOnlyMissed }
}

const productShape = z.looseObject({ item_code: z.string() })

type Intake = { total: number; failed: number; errors: unknown } | null

/** How many of the products that were sent the acknowledgement does not count as taken in: refused, or never looked at. */
function missedAtIntake(row: JobRow): number {
  const intake: Intake = JSON.parse(row.intake ?? 'null')
  if (intake === null) return 0
  const { products }: { products: unknown[] } = JSON.parse(row.body)
  return Math.max(0, products.length - intake.total) + intake.failed
}

/** Of those the ones that the acknowledgement names: `errors` is an object by item code (konnect.md 2.0, E4). */
function rejectedAtIntake(row: JobRow): string[] {
  const intake: Intake = JSON.parse(row.intake ?? 'null')
  const { errors } = intake ?? {}
  return typeof errors === 'object' && errors !== null ? Object.keys(errors) : []
}

/** Products that should be new and are not there. Undefined for changes and deletions, whose products were there before. */
async function findMissing(
  site: SellerSite,
  visit: Visit,
  row: JobRow,
): Promise<string[] | undefined> {
  if (row.operation !== 'create') return undefined
  const wanted: string[] = JSON.parse(row.item_codes)
  const query = { item_code: wanted.join(',') }
  const found = await walkCatalogue(site, visit, 'products', query, productShape)
  return wanted.filter((code) => !found.some(({ item_code }) => item_code === code))
}

function wasRepeated(site: SellerSite, row: JobRow): boolean {
  const sent = site.storage.get<{ attempts: number }>(
    'SELECT attempts FROM seller_work WHERE operation = ? AND subject = ?',
    `${row.operation}-products`,
    jobId(row.number),
  )
  return (sent?.attempts ?? 1) >= 2
}

function jobId(number: number): string {
  return `job-${number}`
}
