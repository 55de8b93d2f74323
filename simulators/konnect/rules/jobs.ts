import { Refusal } from '../../core/refusal.ts'
import type { Job, KonnectContext } from '../state.ts'
import { checkProduct, type SentProduct } from './product-checks.ts'
import { applyProduct } from './products.ts'

export const jobTimer = 'konnect.job.process'

/** Jobs that a world remembers; the oldest are forgotten. */
const jobsMax = 10_000

/** As if assigned, also to a name like `__proto__`. */
const plain = { enumerable: true, configurable: true, writable: true }

/** One product of a call, with what its shape got wrong. */
export interface Intake {
  sent: SentProduct
  problems: string[]
}

/**
 * Takes a call's products in and answers at once; the work is done later, one product after the other (facts/konnect.md 2.12). Which checks
 * are made when is the switch `product_checks`.
 */
export function startJob(
  ctx: KonnectContext,
  kind: Job['kind'],
  template: string,
  intake: readonly Intake[],
): Job {
  const { state, assumptions } = ctx
  const good: Record<string, unknown>[] = []
  const refused: Record<string, string[]> = {}
  let refusedCount = 0
  const codes = new Set<unknown>()
  for (const [at, { sent, problems }] of intake.entries()) {
    const isEarly = assumptions.product_checks === 'intake' && problems.length === 0
    const all = isEarly ? [...checkProduct(ctx, kind, template, sent)] : [...problems]
    const isTwice = isEarly && kind === 'create' && codes.has(sent.item_code)
    if (isTwice) all.push('item_code must be unique')
    codes.add(sent.item_code)
    if (all.length === 0) {
      good.push(sent)
      continue
    }
    // Two products of one call may have one name: neither's words hide the other's.
    const name = identifierOf(sent, at)
    const earlier = Object.hasOwn(refused, name) ? (refused[name] ?? []) : []
    Object.defineProperty(refused, name, { ...plain, value: [...earlier, ...all] })
    refusedCount += 1
  }
  const job: Job = {
    traceId: drawTraceId(ctx, kind),
    batchId: ctx.random('ids/konnect.batch').hex(24),
    kind,
    template,
    total: intake.length,
    refused,
    refusedCount,
    waiting: good,
    accepted: good.length,
    succeeded: 0,
    failures: [],
    startedMs: ctx.nowMs,
    updatedMs: ctx.nowMs,
  }
  for (const oldest of state.jobs.keys()) {
    if (state.jobs.size < jobsMax) break
    state.jobs.delete(oldest)
  }
  state.jobs.set(job.traceId, job)
  ctx.record('konnect.job.taken-in', { trace_id: job.traceId, kind, accepted: job.accepted })
  if (good.length > 0) scheduleNext(ctx, job)
  return job
}

/** The timer's code: one product, then the next. */
export function processNext(ctx: KonnectContext, { traceId }: { traceId: string }): void {
  const job = ctx.state.jobs.get(traceId)
  const sent = job?.waiting.shift() as SentProduct | undefined
  if (!job || !sent) return
  const problems = checkProduct(ctx, job.kind, job.template, sent)
  if (problems.length === 0) {
    applyProduct(ctx, job.kind, job.template, sent)
    job.succeeded += 1
  } else {
    const identifier = identifierOf(sent, job.succeeded + job.failures.length)
    job.failures.push({ identifier, message: problems.join('; ') })
  }
  job.updatedMs = ctx.nowMs
  if (job.waiting.length > 0) {
    scheduleNext(ctx, job)
    return
  }
  ctx.record('konnect.job.done', {
    trace_id: traceId,
    succeeded: job.succeeded,
    failed: job.failures.length,
  })
}

export function findJob(ctx: KonnectContext, traceId: string): Job {
  const job = ctx.state.jobs.get(traceId)
  if (!job) throw new Refusal('not-found', 'Unknown trace_id')
  return job
}

/** RUNNING, then COMPLETED, PARTIAL or FAILED (facts/konnect.md 2.15). */
export function stageOf(job: Job): 'RUNNING' | 'COMPLETED' | 'PARTIAL' | 'FAILED' {
  if (job.waiting.length > 0) return 'RUNNING'
  if (job.succeeded === 0) return 'FAILED'
  return job.failures.length === 0 ? 'COMPLETED' : 'PARTIAL'
}

function scheduleNext(ctx: KonnectContext, job: Job): void {
  const done = job.accepted - job.waiting.length + 1
  const wholeMs = ctx.assumptions.catalog_seconds * 1000
  ctx.schedule({
    name: jobTimer,
    kind: 'work',
    dueMs: Math.max(ctx.nowMs, job.startedMs + Math.round((wholeMs * done) / job.accepted)),
    args: { traceId: job.traceId },
  })
}

function identifierOf(sent: SentProduct, at: number): string {
  const first = sent.sizes?.[0]?.primary_identifier
  const named = [sent.item_code, sent.slug, first].find((text) => typeof text === 'string')
  return named ?? String(at)
}

/** Two forms: UUID, or 16 hex digits and milliseconds (facts/konnect.md 2.12). */
function drawTraceId(ctx: KonnectContext, kind: Job['kind']): string {
  const form = ctx.assumptions.trace_ids
  const random = ctx.random('ids/konnect.trace')
  const isMixed = form === 'mixed' && random.next() < 0.5
  const isLong = form === 'timestamped' || isMixed || (form === 'by_operation' && kind === 'delete')
  return isLong ? `${random.hex(16)}-${ctx.nowMs}` : random.uuid()
}
