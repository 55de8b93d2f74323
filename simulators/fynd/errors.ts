import { type Answer, answer } from '../core/answer.ts'
import type { Refusal, RefusalReason } from '../core/refusal.ts'

/** facts/fynd.md 2: status and `exception` for each reason; `ValidationError` and `DoesNotExist` are public names, the rest ASSUMED. */
const dialect: Record<RefusalReason, { status: number; exception: string }> = {
  invalid: { status: 400, exception: 'ValidationError' },
  unauthorized: { status: 401, exception: 'AuthenticationError' },
  forbidden: { status: 403, exception: 'AffiliateMismatch' },
  'affiliate-disabled': { status: 403, exception: 'AffiliateDisabled' },
  'not-found': { status: 404, exception: 'DoesNotExist' },
  'method-not-allowed': { status: 405, exception: 'MethodNotAllowed' },
  'duplicate-order': { status: 409, exception: 'DuplicateOrder' },
  'order-expired': { status: 409, exception: 'OrderExpired' },
  'out-of-stock': { status: 409, exception: 'OutOfStock' },
  // On the wire: a refund that is reported a second time under another id (F8). Acts refuse with it too, but in words only.
  conflict: { status: 409, exception: 'DuplicateRefund' },
  'too-large': { status: 413, exception: 'PayloadTooLarge' },
  'unsupported-media-type': { status: 415, exception: 'UnsupportedMediaType' },
  'not-serviceable': { status: 422, exception: 'NotServiceable' },
  'rate-limited': { status: 429, exception: 'Throttled' },
  unavailable: { status: 503, exception: 'InternalError' },
}

/** The public shape of create-order errors (facts/fynd.md 2); the request id stands in the header too. */
export function renderRefusal(refusal: Refusal, call: { requestId: string }): Answer {
  const known = Object.hasOwn(dialect, refusal.reason) ? dialect[refusal.reason] : undefined
  const { status, exception } = known ?? { status: 400, exception: 'ValidationError' }
  const issues = refusal.details.issues ?? []
  const body = {
    status,
    code: refusal.details.code ?? String(status),
    message: refusal.message,
    exception,
    info: issues.length > 0 ? issues.map(({ path, message }) => ({ path, message })) : null,
    meta: null,
    request_id: call.requestId,
    stack_trace: null,
  }
  return answer(status, body, { ...refusal.details.headers, 'x-request-id': call.requestId })
}
