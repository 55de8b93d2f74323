import { type Answer, answer } from '../core/answer.ts'
import type { Refusal, RefusalReason } from '../core/refusal.ts'

/**
 * facts/arvind.md 2, 3 and 8: what the partner refuses by its rules is HTTP 200 with `status: false` (`refused`); only malformed calls,
 * strangers and unknown ids have a status of their own. The codes of transport are ASSUMED.
 */
const dialect: Record<RefusalReason, { status: number; code: string }> = {
  refused: { status: 200, code: 'REFUSED' },
  invalid: { status: 400, code: 'INVALID_REQUEST' },
  unauthorized: { status: 401, code: 'UNAUTHORIZED' },
  forbidden: { status: 403, code: 'FORBIDDEN' },
  'not-found': { status: 404, code: 'NOT_FOUND' },
  'method-not-allowed': { status: 405, code: 'METHOD_NOT_ALLOWED' },
  // Only acts say this: nobody on the wire asks for it.
  conflict: { status: 409, code: 'CONFLICT' },
  'too-large': { status: 413, code: 'PAYLOAD_TOO_LARGE' },
  'unsupported-media-type': { status: 415, code: 'UNSUPPORTED_MEDIA_TYPE' },
  'rate-limited': { status: 429, code: 'TOO_MANY_REQUESTS' },
  unavailable: { status: 503, code: 'UNAVAILABLE' },
}

/** `{status: false, errorCode, message}`, the envelope of facts/arvind.md 2. */
export function renderRefusal(refusal: Refusal): Answer {
  const known = Object.hasOwn(dialect, refusal.reason) ? dialect[refusal.reason] : undefined
  const { status, code } = known ?? { status: 400, code: 'INVALID_REQUEST' }
  return answer(status, {
    status: false,
    errorCode: refusal.details.code ?? code,
    message: refusal.message,
  })
}
