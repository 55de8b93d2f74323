/** Why a call gave no usable answer. `maybeApplied` (errors.ts) is a separate question. */
export type FailureKind =
  | 'refused'
  | 'unauthorized'
  | 'throttled'
  | 'unavailable'
  | 'no-answer'
  | 'timeout'
  | 'not-understood'

export type FailedAttempt = {
  /** Counts from 1. */
  number: number
  kind: FailureKind
  retryAfterMs?: number
}

export type RetryPolicy = {
  attemptsMax: number
  baseMs: number
  capMs: number
  /** The longest wait that a `Retry-After` may ask for before the attempt is given up. */
  retryAfterMaxMs: number
  /** A patient caller also tries again with credentials that were refused: an operator may mend them meanwhile. */
  isPatient: boolean
}

export type Verdict = { retry: false } | { retry: true; afterMs: number }

/** Somebody waits at a screen. */
export const interactive: RetryPolicy = {
  attemptsMax: 3,
  baseMs: 200,
  capMs: 2_000,
  retryAfterMaxMs: 3_000,
  isPatient: false,
}

/** A job that runs again by itself later. */
export const unattended: RetryPolicy = {
  attemptsMax: 4,
  baseMs: 1_000,
  capMs: 30_000,
  retryAfterMaxMs: 60_000,
  isPatient: false,
}

/** A call that must happen: about a day and a half of attempts, then an operator has to look. */
export const outboxPolicy: RetryPolicy = {
  attemptsMax: 40,
  baseMs: 1_000,
  capMs: 3_600_000,
  retryAfterMaxMs: 21_600_000,
  isPatient: true,
}

/** Pure: what to do after one failed attempt, `jitter` in [0, 1). The only place that knows what is worth retrying. */
export function afterFailure(attempt: FailedAttempt, policy: RetryPolicy, jitter: number): Verdict {
  const isWorthIt =
    attempt.kind !== 'refused' && (attempt.kind !== 'unauthorized' || policy.isPatient)
  if (!isWorthIt || attempt.number >= policy.attemptsMax) return { retry: false }
  // The partner's own word beats our guess, unless it asks for more patience than this caller has.
  if (attempt.retryAfterMs !== undefined) {
    if (attempt.retryAfterMs <= policy.retryAfterMaxMs) {
      return { retry: true, afterMs: attempt.retryAfterMs }
    }
    return policy.isPatient ? { retry: true, afterMs: policy.retryAfterMaxMs } : { retry: false }
  }
  const backoffMs = Math.min(policy.capMs, policy.baseMs * 2 ** (attempt.number - 1))
  return { retry: true, afterMs: Math.round(backoffMs * (1 + jitter / 2)) }
}
