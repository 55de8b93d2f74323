import type { Answer } from '../../answer.ts'
import type { Refusal } from '../../refusal.ts'

const statuses: Record<string, number> = {
  unauthorized: 401,
  'not-found': 404,
  'method-not-allowed': 405,
  conflict: 409,
  'too-large': 413,
  'unsupported-media-type': 415,
  'rate-limited': 429,
  unavailable: 503,
}

/** The dialect: one status and one envelope for each reason. */
export const renderRefusal = (refusal: Refusal): Answer => ({
  status: statuses[refusal.reason] ?? 400,
  json: { code: refusal.reason, message: refusal.message },
})
