import type { Trace } from './partners/call.ts'
import { PartnerError } from './partners/errors.ts'
import { afterFailure, interactive, outboxPolicy, type RetryPolicy } from './partners/retry.ts'
import type { Site } from './site.ts'

export type OutboxOperation = 'order-placed' | 'confirm-payment' | 'refund' | 'refund-report'

export type OutboxRow = {
  number: number
  operation: OutboxOperation
  key: string
  order_id: string
  state: 'waiting' | 'done' | 'refused' | 'dead'
  attempts: number
  is_maybe_applied: number
  due_at: number
  last_error: string | null
}

export type OutboxHandler = {
  /** One attempt. Resolves with what to write in the very transaction that ends the row; throws a `PartnerError`. */
  send(row: OutboxRow, context: { trace: Trace; attempt: number }): Promise<() => void>
  /** The partner said a final no: what to write in the transaction that marks the row refused. */
  refused(row: OutboxRow, error: PartnerError): void
}

/** The calls that this website's partner knows. */
export type OutboxHandlers = Partial<Record<OutboxOperation, OutboxHandler>>

/** How an attempt ended, for whoever waited on it. */
export type Outcome = { done: true } | { done: false; error: PartnerError; isWaiting: boolean }

export type Outbox = {
  /** Writes a call that must happen; in a transaction. A row of the same key that is over is opened again. */
  enqueue(operation: OutboxOperation, key: string, orderId: string, delayMs: number): void
  /** Marks a row done, because its effect was learnt in another way; in a transaction. */
  settle(operation: OutboxOperation, key: string): void
  /** Ends a waiting row without a success; in a transaction. */
  giveUp(operation: OutboxOperation, key: string): void
  find(operation: OutboxOperation, key: string): OutboxRow | undefined
  /** Tries now, as long as somebody at a screen would wait; the pump goes on where this ends. */
  attemptNow(
    operation: OutboxOperation,
    key: string,
    trace: Trace,
    attemptsMax?: number,
  ): Promise<Outcome>
  /** Lets the pump look at what is due. */
  wake(): void
  close(): void
}

const batchMax = 8

/** The calls that must happen, kept until they did (design.md 8). One row is attempted once at a time. */
export function createOutbox(site: Site, handlers: OutboxHandlers): Outbox {
  const { storage } = site
  const find = (operation: OutboxOperation, key: string) =>
    storage.get<OutboxRow>('SELECT * FROM outbox WHERE operation = ? AND key = ?', operation, key)
  const attempt = (row: OutboxRow, trace: Trace) =>
    site.once(`outbox/${row.number}`, () => attemptRow(site, handlers, row.number, trace))
  const pump = createPump(site, (row) => attempt(row, []))

  return {
    enqueue(operation, key, orderId, delayMs) {
      const nowMs = site.nowMs()
      storage.run(
        `INSERT INTO outbox (operation, key, order_id, state, attempts, is_maybe_applied, due_at, created_at)
         VALUES (?, ?, ?, 'waiting', 0, 0, ?, ?)
         ON CONFLICT (operation, key) DO UPDATE SET state = 'waiting', attempts = 0, due_at = excluded.due_at
         WHERE state IN ('dead', 'refused')`,
        operation,
        key,
        orderId,
        nowMs + delayMs,
        nowMs,
      )
    },
    settle(operation, key) {
      storage.run(
        `UPDATE outbox SET state = 'done' WHERE operation = ? AND key = ? AND state <> 'done'`,
        operation,
        key,
      )
    },
    giveUp(operation, key) {
      storage.run(
        `UPDATE outbox SET state = 'dead' WHERE operation = ? AND key = ? AND state = 'waiting'`,
        operation,
        key,
      )
    },
    find,
    async attemptNow(operation, key, trace, attemptsMax = interactive.attemptsMax) {
      for (let number = 1; ; number += 1) {
        const row = find(operation, key)
        if (row === undefined) throw new Error(`Nothing in the outbox: ${operation} ${key}.`)
        const outcome = await attempt(row, trace)
        if (outcome.done || !outcome.isWaiting) return outcome
        const policy = { ...interactive, attemptsMax }
        const verdict = judge(site, row, number, outcome.error, policy)
        if (!verdict.retry) return outcome
        await site.ports.clock.sleep(verdict.afterMs)
      }
    },
    wake: pump.wake,
    close: pump.close,
  }
}

/** Sends what is due and sleeps until something is, as one job in the background; ends when nothing waits. */
function createPump(site: Site, attempt: (row: OutboxRow) => Promise<Outcome>) {
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
      const due = storage.all<OutboxRow>(
        `SELECT * FROM outbox WHERE state = 'waiting' AND due_at <= ? ORDER BY due_at, number LIMIT ?`,
        site.nowMs(),
        batchMax,
      )
      if (due.length > 0) {
        await Promise.all(due.map(attempt))
        continue
      }
      const next = storage.get<{ due_at: number | null }>(
        `SELECT min(due_at) AS due_at FROM outbox WHERE state = 'waiting'`,
      )
      if (next?.due_at == null || isClosed) {
        // In the same breath as the look that found nothing, or a call that is enqueued now would wait for nobody.
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
      const waiting = storage.get(`SELECT 1 FROM outbox WHERE state = 'waiting' LIMIT 1`)
      if (waiting === undefined) return
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

/** Sends one row once and writes what came of it. */
async function attemptRow(
  site: Site,
  handlers: OutboxHandlers,
  number: number,
  trace: Trace,
): Promise<Outcome> {
  const { storage } = site
  const row = storage.get<OutboxRow>('SELECT * FROM outbox WHERE number = ?', number)
  if (row === undefined) throw new Error(`No outbox row ${number}.`)
  if (row.state === 'done') return { done: true }
  const handler = handlers[row.operation]
  if (handler === undefined) throw new Error(`Nobody handles ${row.operation} on this website.`)
  const attempt = row.attempts + 1
  try {
    const write = await handler.send(row, { trace, attempt })
    storage.transaction(`${row.operation}-done`, () => {
      storage.run(
        `UPDATE outbox SET state = 'done', attempts = ?, last_error = NULL WHERE number = ?`,
        attempt,
        number,
      )
      write()
    })
    return { done: true }
  } catch (error) {
    if (!(error instanceof PartnerError)) throw error
    return storage.transaction(`${row.operation}-failed`, () =>
      writeFailure(site, handler, row, attempt, error),
    )
  }
}

function writeFailure(
  site: Site,
  handler: OutboxHandler,
  row: OutboxRow,
  attempt: number,
  error: PartnerError,
): Outcome {
  const { storage } = site
  const now = storage.get<OutboxRow>('SELECT * FROM outbox WHERE number = ?', row.number)
  // While the call was under way its effect was learnt in another way, by a webhook for example.
  if (now?.state === 'done') return { done: true }
  const verdict = judge(site, row, attempt, error, outboxPolicy)
  const isRefused = error.failure.kind === 'refused'
  const state = verdict.retry ? 'waiting' : isRefused ? 'refused' : 'dead'
  storage.run(
    'UPDATE outbox SET state = ?, attempts = ?, is_maybe_applied = ?, due_at = ?, last_error = ? WHERE number = ?',
    state,
    attempt,
    isRefused ? 0 : Math.max(row.is_maybe_applied, error.failure.maybeApplied ? 1 : 0),
    site.nowMs() + (verdict.retry ? verdict.afterMs : 0),
    error.message.slice(0, 500),
    row.number,
  )
  if (isRefused) handler.refused(row, error)
  return { done: false, error, isWaiting: verdict.retry }
}

function judge(
  site: Site,
  row: OutboxRow,
  number: number,
  error: PartnerError,
  policy: RetryPolicy,
) {
  const { kind, retryAfterMs } = error.failure
  return afterFailure(
    { number, kind, ...(retryAfterMs !== undefined && { retryAfterMs }) },
    policy,
    site.ports.random(`retry/${row.operation}/${row.key}/${row.attempts + 1}`),
  )
}
