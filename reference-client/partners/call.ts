import type { ShopPorts } from '../ports.ts'
import { type Answer, failedAnswer, failedCall, PartnerError } from './errors.ts'
import { afterFailure, type RetryPolicy } from './retry.ts'

export type Call = {
  partner: 'fynd' | 'payment-gateway' | 'konnect' | 'arvind'
  operation: string
  method: 'GET' | 'POST' | 'PUT' | 'DELETE'
  url: string
  headers: Record<string, string>
  body?: string
  timeoutMs: number
  /** What this is about, for the log and for chance. */
  orderId?: string
  attempt: number
  /** Keeps request and response in the log, under a name that the partner is told, too. */
  keeps?: KeptBodies
}

/** Words in `hide` (account numbers) are shown in the log by their last 4 characters only. */
export type KeptBodies = { correlationId: string; itemId: string; hide: string[] }

/** What a page tells about the calls it made. */
export type Trace = { operation: string; status: number | string }[]

export type LoggedCall = {
  partner: string
  operation: string
  orderId: string | null
  attempt: number
  status: number | null
  outcome: string
  detail: string | null
  bodies?: LoggedBodies
}

export type LoggedBodies = {
  correlationId: string
  itemId: string
  request: string | null
  response: string | null
}

/** One HTTP call with one time limit. Resolves with any HTTP answer; throws a `PartnerError` when there is none. */
export type Caller = (call: Call, trace: Trace) => Promise<Answer>

const answerBytesMax = 4_000_000
const bodyLoggedMax = 8_000

/** Builds the one function through which everything leaves the shop. `log` is told each outcome, without secrets. */
export function createCaller(ports: ShopPorts, log: (call: LoggedCall) => void): Caller {
  return async (call, trace) => {
    const record = (
      status: number | null,
      outcome: string,
      detail: string | null,
      response: string | null,
    ) => {
      trace.push({ operation: call.operation, status: status ?? outcome })
      log({
        partner: call.partner,
        operation: call.operation,
        orderId: call.orderId ?? null,
        attempt: call.attempt,
        status,
        outcome,
        detail: detail === null ? null : hideTails(call.keeps, detail).slice(0, 500),
        ...keptOf(call, response),
      })
    }
    try {
      const answer = await exchange(ports, call)
      const isOk = answer.status >= 200 && answer.status < 300
      const outcome = !isOk ? 'refused' : answer.json === undefined ? 'not-understood' : 'ok'
      record(answer.status, outcome, isOk ? null : answer.text, answer.text)
      return answer
    } catch (cause) {
      const error = failedCall(askedBy(call, ports), cause)
      record(null, error.failure.kind, error.failure.message, null)
      throw error
    }
  }
}

function keptOf(call: Call, response: string | null): { bodies?: LoggedBodies } {
  const { keeps } = call
  if (keeps === undefined) return {}
  const shown = (text: string) => hideTails(keeps, text).slice(0, bodyLoggedMax)
  return {
    bodies: {
      correlationId: keeps.correlationId,
      itemId: keeps.itemId,
      request: call.body === undefined ? null : shown(call.body),
      response: response === null ? null : shown(response),
    },
  }
}

/** Leaves the last 4 characters of every word that must not be read whole. */
export function hideTails(keeps: Pick<KeptBodies, 'hide'> | undefined, text: string): string {
  return (keeps?.hide ?? [])
    .filter((word) => word.length > 4)
    .reduce((hidden, word) => hidden.replaceAll(word, `********${word.slice(-4)}`), text)
}

/** Whom a call asked, for an error. */
export function askedBy(call: Call, ports: ShopPorts) {
  return { partner: call.partner, operation: call.operation, nowMs: ports.clock.nowMs() }
}

/** The JSON of a 2xx answer that `parse` accepts; throws a `PartnerError` for everything else. */
export function understood<T>(
  call: Call,
  ports: ShopPorts,
  answer: Answer,
  parse: (json: unknown) => { success: true; data: T } | { success: false; error: Error },
): T {
  const asked = askedBy(call, ports)
  if (answer.status < 200 || answer.status >= 300) throw failedAnswer(asked, answer)
  if (answer.json === undefined) throw failedAnswer(asked, answer, 'the answer is not JSON')
  const parsed = parse(answer.json)
  if (parsed.success) return parsed.data
  throw failedAnswer(asked, answer, `the answer has another shape: ${parsed.error.message}`)
}

/** Tries a call as often as the policy allows. `use` keys the jitter: operation and order. */
export async function withRetries<T>(
  ports: ShopPorts,
  policy: RetryPolicy,
  use: string,
  attempt: (number: number) => Promise<T>,
): Promise<T> {
  let isMaybeApplied = false
  for (let number = 1; ; number += 1) {
    try {
      return await attempt(number)
    } catch (error) {
      if (!(error instanceof PartnerError)) throw error
      const { kind, maybeApplied, retryAfterMs } = error.failure
      isMaybeApplied ||= maybeApplied
      const verdict = afterFailure(
        { number, kind, ...(retryAfterMs !== undefined && { retryAfterMs }) },
        policy,
        ports.random(`retry/${use}/${number}`),
      )
      if (!verdict.retry) throw carrying(error, isMaybeApplied)
      await ports.clock.sleep(verdict.afterMs)
    }
  }
}

/** A later 503 does not undo an earlier time-out: the doubt of any attempt is the doubt of all, until a refusal ends it. */
function carrying(error: PartnerError, isMaybeApplied: boolean): PartnerError {
  const { failure } = error
  if (failure.kind === 'refused' || failure.maybeApplied === isMaybeApplied) return error
  return new PartnerError({ ...failure, maybeApplied: isMaybeApplied })
}

async function exchange(ports: ShopPorts, call: Call): Promise<Answer> {
  const signal = ports.clock.timeout(call.timeoutMs)
  const response = await ports.fetch(call.url, {
    method: call.method,
    headers: call.headers,
    signal,
    ...(call.body !== undefined && { body: call.body }),
  })
  const bytes = new Uint8Array(await beforeAbort(signal, response.arrayBuffer()))
  if (bytes.length > answerBytesMax) throw new Error(`The answer is longer than ${answerBytesMax}.`)
  const text = new TextDecoder().decode(bytes)
  return {
    status: response.status,
    text,
    bytes,
    contentType: response.headers.get('content-type'),
    json: parseJson(text),
    retryAfter: response.headers.get('retry-after'),
  }
}

/** A body may drip for ever after the head came in time. */
function beforeAbort<T>(signal: AbortSignal, work: Promise<T>): Promise<T> {
  return new Promise((resolve, reject) => {
    const abort = () => reject(signal.reason)
    if (signal.aborted) abort()
    signal.addEventListener('abort', abort, { once: true })
    work.then(resolve, reject).finally(() => signal.removeEventListener('abort', abort))
  })
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    // Not an error here: a partner that answers HTML is told apart by the missing value.
    return undefined
  }
}
