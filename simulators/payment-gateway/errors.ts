import { type Answer, answer } from '../core/answer.ts'
import type { Refusal, RefusalReason } from '../core/refusal.ts'
import { renderRefusalPage } from './pages.ts'

/** facts/kartify.md 10.1: the statuses; the codes are ASSUMED. */
const dialect: Record<RefusalReason, { status: number; code: string }> = {
  invalid: { status: 400, code: 'bad_request' },
  unauthorized: { status: 401, code: 'unauthorized' },
  forbidden: { status: 403, code: 'forbidden' },
  'not-found': { status: 404, code: 'not_found' },
  'method-not-allowed': { status: 405, code: 'method_not_allowed' },
  conflict: { status: 409, code: 'conflict' },
  'payment-settled': { status: 409, code: 'payment_settled' },
  'repeated-initiate': { status: 409, code: 'payment_exists' },
  'idempotency-key-reused': { status: 409, code: 'idempotency_key_reused' },
  'payment-not-refundable': { status: 409, code: 'payment_not_refundable' },
  'refund-exceeds-payment': { status: 409, code: 'refund_exceeds_payment' },
  'too-large': { status: 413, code: 'payload_too_large' },
  'unsupported-media-type': { status: 415, code: 'unsupported_media_type' },
  'rate-limited': { status: 429, code: 'rate_limited' },
  unavailable: { status: 503, code: 'unavailable' },
}

/** `{error: {code, message}}` for programs, a page for the customer's browser. */
export function renderRefusal(
  refusal: Refusal,
  call: { operationId: string | undefined; requestId: string },
): Answer {
  const known = Object.hasOwn(dialect, refusal.reason) ? dialect[refusal.reason] : undefined
  const { status, code } = known ?? { status: 400, code: 'bad_request' }
  if (call.operationId === 'showPayPage' || call.operationId === 'pressPayPage') {
    return renderRefusalPage(status, refusal.message)
  }
  return answer(
    status,
    { error: { code: refusal.details.code ?? code, message: refusal.message } },
    refusal.details.headers,
  )
}
