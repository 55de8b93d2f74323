import type { FailureKind } from './retry.ts'

export type PartnerFailure = {
  partner: string
  operation: string
  kind: FailureKind
  message: string
  /** True when the partner may have done what was asked, although it did not say so. */
  maybeApplied: boolean
  status?: number
  /** The partner's own code of the refusal, as it wrote it. */
  code?: string
  retryAfterMs?: number
  cause?: unknown
}

/** The one error of a call to a partner. Made only by `failedAnswer`, `refusedAnswer` and `failedCall`. */
export class PartnerError extends Error {
  override name = 'PartnerError'
  readonly failure: PartnerFailure
  constructor(failure: PartnerFailure) {
    super(
      `${failure.partner} ${failure.operation}: ${failure.message}`,
      failure.cause === undefined ? {} : { cause: failure.cause },
    )
    this.failure = failure
  }
}

/** Where an answer came from; enough to say what failed. */
export type Asked = { partner: string; operation: string; nowMs: number }

export type Answer = {
  status: number
  /** The parsed body, or undefined when it is not JSON. */
  json: unknown
  text: string
  /** The body as it came, for answers that are no text (PDF). */
  bytes?: Uint8Array
  contentType?: string | null
  retryAfter: string | null
}

/** A call that ended without an HTTP answer: timed out, reset, refused by the network. */
export function failedCall(asked: Asked, cause: unknown): PartnerError {
  const isTimeout = cause instanceof Error && cause.name === 'TimeoutError'
  const networkCode = codeOf(cause)
  return new PartnerError({
    partner: asked.partner,
    operation: asked.operation,
    kind: isTimeout ? 'timeout' : 'no-answer',
    message: isTimeout ? 'no answer in time' : `no answer (${networkCode ?? 'connection failed'})`,
    // Only when nobody listened is it certain that nothing was done.
    maybeApplied: !neverArrived.has(networkCode ?? ''),
    cause,
  })
}

/** An answer that is not the one hoped for, as an error of the tree. */
export function failedAnswer(asked: Asked, answer: Answer, why?: string): PartnerError {
  const told = partnerWords(answer.json)
  const kind = kindOf(answer.status)
  const retryAfterMs = parseRetryAfter(answer.retryAfter, asked.nowMs)
  return new PartnerError({
    partner: asked.partner,
    operation: asked.operation,
    kind,
    message: why ?? told.message ?? `answered ${answer.status}`,
    // 503 and 429 say that the work was not begun; the other failures of a server say nothing about it.
    maybeApplied: kind === 'not-understood' || (kind === 'unavailable' && answer.status !== 503),
    status: answer.status,
    ...(told.code !== undefined && { code: told.code }),
    ...(retryAfterMs !== undefined && { retryAfterMs }),
  })
}

/** A 2xx answer that says no in its body: final, and nothing was done. `reason` stands in for a code that the top does not name. */
export function refusedAnswer(asked: Asked, answer: Answer, reason?: string): PartnerError {
  const told = partnerWords(answer.json)
  const code = told.code ?? reason
  return new PartnerError({
    partner: asked.partner,
    operation: asked.operation,
    kind: 'refused',
    message: told.message ?? code ?? 'refused',
    maybeApplied: false,
    status: answer.status,
    ...(code !== undefined && { code }),
  })
}

/** Seconds or an HTTP date (RFC 9110); undefined when absent or not understood. */
export function parseRetryAfter(value: string | null, nowMs: number): number | undefined {
  if (value === null || value.trim() === '') return undefined
  if (/^\d{1,9}$/.test(value.trim())) return Number(value) * 1000
  const dateMs = Date.parse(value)
  return Number.isNaN(dateMs) ? undefined : Math.max(0, dateMs - nowMs)
}

const neverArrived = new Set(['ECONNREFUSED', 'ENOTFOUND', 'EAI_AGAIN'])

function kindOf(status: number): FailureKind {
  if (status === 401 || status === 403) return 'unauthorized'
  if (status === 429) return 'throttled'
  if (status >= 500) return 'unavailable'
  if (status >= 400) return 'refused'
  return 'not-understood'
}

function codeOf(cause: unknown): string | undefined {
  for (let error = cause, depth = 0; error instanceof Error && depth < 4; depth += 1) {
    if ('code' in error && typeof error.code === 'string') return error.code
    const inner: unknown = error.cause
    if (isRecord(inner) && typeof inner.code === 'string') return inner.code
    error = inner
  }
  return undefined
}

/** FYND says `{ exception, message }`, Arvind `{ errorCode, message }`, the gateway `{ error: { code, message } }`. */
function partnerWords(json: unknown): { code?: string; message?: string } {
  if (!isRecord(json)) return {}
  const source = isRecord(json.error) && typeof json.error.message === 'string' ? json.error : json
  const code = json.exception ?? json.errorCode ?? source.code
  return {
    ...(typeof code === 'string' && { code }),
    ...(typeof source.message === 'string' && { message: source.message.slice(0, 300) }),
  }
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null
}
