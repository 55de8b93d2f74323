import { expect, test } from 'vitest'
import { failedAnswer, failedCall, parseRetryAfter } from './errors.ts'
import { afterFailure, type FailureKind, interactive, outboxPolicy } from './retry.ts'

const kinds: FailureKind[] = [
  'refused',
  'unauthorized',
  'throttled',
  'unavailable',
  'no-answer',
  'timeout',
  'not-understood',
]
const retried = (policy: typeof interactive) =>
  kinds.filter((kind) => afterFailure({ number: 1, kind }, policy, 0).retry)

test('a refusal is final; bad credentials are tried again only by who has patience', () => {
  const always = ['throttled', 'unavailable', 'no-answer', 'timeout', 'not-understood']
  expect(retried(interactive)).toEqual(always)
  expect(retried(outboxPolicy)).toEqual(['unauthorized', ...always])
})

test('waits longer each time, within the cap, and gives up at the last attempt', () => {
  const waits = Array.from({ length: 40 }, (_, index) =>
    afterFailure({ number: index + 1, kind: 'timeout' }, outboxPolicy, 0),
  ).map((verdict) => (verdict.retry ? verdict.afterMs : null))
  expect(waits.slice(0, 4)).toEqual([1_000, 2_000, 4_000, 8_000])
  expect(waits[38]).toBe(outboxPolicy.capMs)
  expect(waits[39]).toBeNull()
})

test('jitter spreads the waits by at most half', () => {
  const wait = (jitter: number) =>
    afterFailure({ number: 1, kind: 'timeout' }, outboxPolicy, jitter)
  expect([wait(0), wait(0.5), wait(0.999)]).toEqual([
    { retry: true, afterMs: 1_000 },
    { retry: true, afterMs: 1_250 },
    { retry: true, afterMs: 1_500 },
  ])
})

test("the partner's own word beats the guess, but not the patience of somebody at a screen", () => {
  const asked = (retryAfterMs: number) => ({ number: 1, kind: 'throttled' as const, retryAfterMs })
  expect(afterFailure(asked(2_500), interactive, 0)).toEqual({ retry: true, afterMs: 2_500 })
  expect(afterFailure(asked(60_000), interactive, 0)).toEqual({ retry: false })
  expect(afterFailure(asked(99_999_999), outboxPolicy, 0)).toEqual({
    retry: true,
    afterMs: outboxPolicy.retryAfterMaxMs,
  })
})

test('Retry-After is seconds or a date', () => {
  const nowMs = Date.parse('2026-01-05T04:30:00Z')
  expect(parseRetryAfter('120', nowMs)).toBe(120_000)
  expect(parseRetryAfter('Mon, 05 Jan 2026 04:31:00 GMT', nowMs)).toBe(60_000)
  expect(parseRetryAfter('soon', nowMs)).toBeUndefined()
  expect(parseRetryAfter(null, nowMs)).toBeUndefined()
})

test('knows when the partner may have done it without saying so', () => {
  const asked = { partner: 'fynd', operation: 'order-placed', nowMs: 0 }
  const answer = (status: number) =>
    failedAnswer(asked, { status, json: {}, text: '', retryAfter: null }).failure.maybeApplied
  expect([200, 400, 401, 409, 429, 500, 502, 503, 504].map(answer)).toEqual([
    true,
    false,
    false,
    false,
    false,
    true,
    true,
    false,
    true,
  ])
  const call = (code: string) =>
    failedCall(asked, new TypeError('fetch failed', { cause: { code } })).failure.maybeApplied
  expect([call('ECONNREFUSED'), call('ECONNRESET')]).toEqual([false, true])
  const late = failedCall(asked, new DOMException('late', 'TimeoutError'))
  expect(late.failure).toMatchObject({ kind: 'timeout', maybeApplied: true })
  expect(late.cause).toBeInstanceOf(DOMException)
})
