import { PartnerError } from '../partners/errors.ts'
import type { Context } from '../partners/konnect.ts'
import type { RecordFailure } from '../partners/konnect-records.ts'
import type { Access } from '../partners/konnect-token.ts'
import { afterFailure, interactive, outboxPolicy, type RetryPolicy } from '../partners/retry.ts'
import type { Visit } from '../site.ts'
import type { SellerSite } from './seller-site.ts'

export type WorkRow = {
  number: number
  operation: string
  /** The order, the return or the product job that it is about. */
  subject: string
  key: string
  body: string
  state: 'waiting' | 'done' | 'refused' | 'dead'
  attempts: number
  is_maybe_applied: number
  due_at: number
  code: string | null
  last_error: string | null
}

/** What became of one record of a batch. */
export type RecordOutcome =
  | { kind: 'done' }
  | { kind: 'refused'; failure: RecordFailure }
  /** Nobody knows: it is sent again, alone. */
  | { kind: 'doubtful'; error: PartnerError }

export type WorkHandler = {
  batchMax: number
  accessOf(row: WorkRow): Access
  /** One attempt with all rows in one call; throws a `PartnerError` when the call as a whole failed. */
  send(rows: WorkRow[], access: Access, context: Context): Promise<Map<number, RecordOutcome>>
  /** What to write in the very transaction that ends the row. */
  done(row: WorkRow): void
  refused(row: WorkRow, failure: RecordFailure): void
}

/** The calls that must happen, written down before they are made and kept until Konnect has answered each record. */
export type OrderWork = {
  /** Writes a piece of work; in a transaction. One that is over without success is opened again, one that is done stays done. */
  enqueue(operation: string, subject: string, key: string, body: object): number
  /** Tries now, as long as somebody at a screen would wait; the pump goes on where this ends. */
  attemptNow(number: number, visit: Visit): Promise<WorkRow>
  /** Lets the pump look at what is due. */
  wake(): void
  close(): void
}

const dueMax = 200

/** What is due so soon after something else travels with it. */
const gatherMs = 2_000

/** An outbox whose rows travel in batches: 20 orders of one operation and one token in one call (konnect.md 4). */
export function createOrderWork(
  site: SellerSite,
  handlerOf: (operation: string) => WorkHandler,
): OrderWork {
  const { storage } = site
  const sender = createSender(site, handlerOf)
  const pump = createPump(site, handlerOf, sender)
  const rowOf = (number: number) => workRow(site, number)

  return {
    enqueue(operation, subject, key, body) {
      const nowMs = site.nowMs()
      storage.run(
        `INSERT INTO seller_work (operation, subject, key, body, state, attempts, is_maybe_applied, due_at, created_at)
         VALUES (?, ?, ?, ?, 'waiting', 0, 0, ?, ?)
         ON CONFLICT (operation, subject, key) DO UPDATE SET state = 'waiting', body = excluded.body, attempts = 0, code = NULL,
         last_error = NULL, due_at = excluded.due_at WHERE state IN ('dead', 'refused')`,
        operation,
        subject,
        key,
        JSON.stringify(body),
        nowMs,
        nowMs,
      )
      const row = storage.get<{ number: number }>(
        'SELECT number FROM seller_work WHERE operation = ? AND subject = ? AND key = ?',
        operation,
        subject,
        key,
      )
      if (row === undefined) throw new Error(`Nothing was written: ${operation} ${subject}.`)
      return row.number
    },
    async attemptNow(number, visit) {
      for (let attempt = 1; ; attempt += 1) {
        const earlier = earlierWork(site, rowOf(number))
        const error = await sender([earlier ?? rowOf(number)], visit)
        const row = rowOf(number)
        if (row.state !== 'waiting') return row
        // What was asked before comes first; once it is over, this one has its turn.
        if (earlier !== undefined && rowOf(earlier.number).state !== 'waiting') continue
        if (error === undefined) return row
        const verdict = judge(site, row, attempt, error, interactive)
        if (!verdict.retry) return row
        await site.ports.clock.sleep(verdict.afterMs)
      }
    },
    wake: pump.wake,
    close: pump.close,
  }
}

function workRow(site: SellerSite, number: number): WorkRow {
  const row = site.storage.get<WorkRow>('SELECT * FROM seller_work WHERE number = ?', number)
  if (row === undefined) throw new Error(`No work ${number}.`)
  return row
}

/** Work on one order is done in the order in which it was asked for. */
function earlierWork(site: SellerSite, row: WorkRow): WorkRow | undefined {
  return site.storage.get<WorkRow>(
    `SELECT * FROM seller_work WHERE subject = ? AND state = 'waiting' AND number < ? ORDER BY number LIMIT 1`,
    row.subject,
    row.number,
  )
}

type Sender = (rows: WorkRow[], visit: Visit) => Promise<PartnerError | undefined>

/** Sends rows of one operation and one token as one batch, each row once at a time; answers why some still wait. */
function createSender(site: SellerSite, handlerOf: (operation: string) => WorkHandler): Sender {
  const underWay = new Map<number, Promise<PartnerError | undefined>>()
  return async (rows, visit) => {
    const busy = rows.map(({ number }) => underWay.get(number)).find((run) => run !== undefined)
    if (busy !== undefined) return busy
    const fresh = rows
      .map(({ number }) => workRow(site, number))
      .filter(({ state }) => state === 'waiting')
    const [first] = fresh
    if (first === undefined) return undefined
    const run = sendBatch(site, handlerOf(first.operation), fresh, visit).finally(() => {
      for (const { number } of fresh) underWay.delete(number)
    })
    for (const { number } of fresh) underWay.set(number, run)
    return run
  }
}

async function sendBatch(
  site: SellerSite,
  handler: WorkHandler,
  rows: WorkRow[],
  visit: Visit,
): Promise<PartnerError | undefined> {
  const [first] = rows
  if (first === undefined) return undefined
  const name = first.operation
  const context: Context = {
    trace: visit.trace,
    attempt: Math.max(...rows.map(({ attempts }) => attempts)) + 1,
    ...(rows.length === 1 && { orderId: first.subject }),
  }
  try {
    const outcomes = await handler.send(rows, handler.accessOf(first), context)
    return site.storage.transaction(`${name}-done`, () =>
      writeOutcomes(site, handler, rows, outcomes),
    )
  } catch (error) {
    if (!(error instanceof PartnerError)) throw error
    if (error.failure.kind === 'refused' && rows.length > 1) {
      // The batch as a whole was refused, so one record may have spoilt it for all: each alone.
      for (const row of rows) await sendBatch(site, handler, [row], visit)
      return undefined
    }
    site.storage.transaction(`${name}-failed`, () => {
      for (const row of rows) writeFailure(site, handler, row, error)
    })
    return error
  }
}

function writeOutcomes(
  site: SellerSite,
  handler: WorkHandler,
  rows: WorkRow[],
  outcomes: Map<number, RecordOutcome>,
): PartnerError | undefined {
  let doubt: PartnerError | undefined
  for (const row of rows) {
    const outcome = outcomes.get(row.number)
    if (outcome === undefined) throw new Error(`No outcome of work ${row.number}.`)
    if (outcome.kind === 'doubtful') {
      doubt = outcome.error
      writeFailure(site, handler, row, outcome.error)
      continue
    }
    const failure = outcome.kind === 'refused' ? outcome.failure : undefined
    site.storage.run(
      `UPDATE seller_work SET state = ?, attempts = ?, is_maybe_applied = 0, code = ?, last_error = ? WHERE number = ?`,
      failure === undefined ? 'done' : 'refused',
      row.attempts + 1,
      failure?.code ?? null,
      failure?.message ?? null,
      row.number,
    )
    if (failure === undefined) handler.done(row)
    else handler.refused(row, failure)
  }
  return doubt
}

function writeFailure(site: SellerSite, handler: WorkHandler, row: WorkRow, error: PartnerError) {
  const verdict = judge(site, row, row.attempts + 1, error, outboxPolicy)
  const isRefused = error.failure.kind === 'refused'
  const state = verdict.retry ? 'waiting' : isRefused ? 'refused' : 'dead'
  site.storage.run(
    `UPDATE seller_work SET state = ?, attempts = ?, is_maybe_applied = ?, due_at = ?, code = ?, last_error = ? WHERE number = ?`,
    state,
    row.attempts + 1,
    isRefused ? 0 : Math.max(row.is_maybe_applied, error.failure.maybeApplied ? 1 : 0),
    site.nowMs() + (verdict.retry ? verdict.afterMs : 0),
    error.failure.code ?? null,
    error.message.slice(0, 500),
    row.number,
  )
  if (!isRefused) return
  handler.refused(row, {
    code: error.failure.code ?? `http-${error.failure.status ?? 400}`,
    message: error.failure.message,
  })
}

/** Sends what is due in batches and sleeps until something is, as one job in the background; ends when nothing waits. */
function createPump(
  site: SellerSite,
  handlerOf: (operation: string) => WorkHandler,
  sender: Sender,
) {
  const { storage } = site
  let isPumping = false
  let isClosed = false
  let nap: AbortController | undefined

  const napUntil = async (dueAt: number) => {
    nap = new AbortController()
    const { signal } = nap
    try {
      await site.ports.clock.sleep(Math.max(1, dueAt - site.nowMs()), signal)
    } catch (error) {
      // Woken early: there is something new to look at.
      if (!signal.aborted || storage.isDead()) throw error
    } finally {
      nap = undefined
    }
  }
  const pump = async () => {
    for (;;) {
      const due = dueWork(site)
      if (due.length > 0) {
        for (const batch of batchesOf(due, handlerOf)) await sender(batch, { trace: [] })
        continue
      }
      const next = storage.get<{ due_at: number | null }>(
        `SELECT min(due_at) AS due_at FROM seller_work WHERE state = 'waiting' AND due_at > ?`,
        site.nowMs(),
      )
      if (next?.due_at == null || isClosed) {
        // In the same breath as the look that found nothing, or work that is asked for now would wait for nobody.
        isPumping = false
        return
      }
      await napUntil(next.due_at)
    }
  }
  return {
    wake() {
      nap?.abort(new Error('Woken.'))
      if (isPumping || isClosed) return
      if (storage.get(`SELECT 1 FROM seller_work WHERE state = 'waiting' LIMIT 1`) === undefined) {
        return
      }
      isPumping = true
      site.ports.background('outbox', async () => {
        try {
          await pump()
        } catch (error) {
          isPumping = false
          throw error
        }
      })
    },
    close() {
      isClosed = true
      nap?.abort(new Error('Closed.'))
    },
  }
}

/** The first waiting row of each subject: none before one is due, and then those that soon would be, for fuller batches. */
function dueWork(site: SellerSite): WorkRow[] {
  const rows = site.storage.all<WorkRow>(
    `SELECT * FROM seller_work w WHERE state = 'waiting' AND due_at <= ? AND NOT EXISTS (
       SELECT 1 FROM seller_work e WHERE e.subject = w.subject AND e.state = 'waiting' AND e.number < w.number)
     ORDER BY due_at, number LIMIT ?`,
    site.nowMs() + gatherMs,
    dueMax,
  )
  return rows.some((row) => row.due_at <= site.nowMs()) ? rows : []
}

function batchesOf(rows: WorkRow[], handlerOf: (operation: string) => WorkHandler): WorkRow[][] {
  const batches: WorkRow[][] = []
  const open = new Map<string, WorkRow[]>()
  for (const row of rows) {
    const handler = handlerOf(row.operation)
    // A record in doubt goes alone: its answer cannot be mistaken for another's.
    const isAlone = row.is_maybe_applied === 1
    const key = `${row.operation}\n${handler.accessOf(row)}`
    const batch = open.get(key)
    if (!isAlone && batch !== undefined && batch.length < handler.batchMax) {
      batch.push(row)
      continue
    }
    const started = [row]
    batches.push(started)
    if (!isAlone) open.set(key, started)
  }
  return batches
}

function judge(
  site: SellerSite,
  row: WorkRow,
  number: number,
  error: PartnerError,
  policy: RetryPolicy,
) {
  const { kind, retryAfterMs } = error.failure
  return afterFailure(
    { number, kind, ...(retryAfterMs !== undefined && { retryAfterMs }) },
    policy,
    site.ports.random(`retry/${row.operation}/${row.subject}/${row.attempts + 1}`),
  )
}
