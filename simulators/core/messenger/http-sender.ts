import { Agent, type Dispatcher } from 'undici'
import { answerBytesMax, type Outcome, type OutgoingCall } from './delivery.ts'
import { parseReceiver } from './host.ts'

/** Calls that are open at a time; the others wait their turn. */
export const callsOpenMax = 50
/** What is taken of an answer's body that nobody reads, so that its connection can be used again. */
const answerBytesDumpedMax = 64 * 1024
/** On the wall, for a receiver that hangs and a world that never gives up. The world's own timeout decides long before. */
const backstopMs = 5 * 60_000
const bodyBackstopMs = 10_000

/** The part of a world that calls leave from. */
export interface CallSource {
  onOutgoing(
    listener: (call: OutgoingCall) => void,
    givenUp: (deliveryId: string, attempt: number) => void,
  ): void
  answered(deliveryId: string, attempt: number, outcome: Outcome): void
}

export interface HttpSender {
  /** Closes the connection of an attempt that nobody waits for any more; reports nothing. The source calls it by itself on a timeout. */
  abort(deliveryId: string, attempt: number): void
  /** Aborts all and takes no more. */
  close(): Promise<void>
}

/**
 * Sends what leaves a world over sockets and reports what came of it: the status, or the error's code (`ECONNREFUSED`). Redirects are
 * outcomes like others and never followed.
 */
export function createHttpSender(source: CallSource): HttpSender {
  const agent = new Agent({
    connections: callsOpenMax,
    headersTimeout: backstopMs,
    bodyTimeout: bodyBackstopMs,
  })
  const waiting = new Map<string, OutgoingCall>()
  const open = new Map<string, Posted>()
  let isClosed = false
  const sendNext = () => {
    const [next] = waiting
    if (!next || open.size >= callsOpenMax) return
    const [key, call] = next
    waiting.delete(key)
    const posted = post(agent, call, {
      report(outcome) {
        if (open.get(key) === posted) source.answered(call.deliveryId, call.attempt, outcome)
      },
      end() {
        if (open.get(key) === posted) open.delete(key)
        sendNext()
      },
    })
    open.set(key, posted)
  }
  const abort = (deliveryId: string, attempt: number) => {
    const key = keyOf(deliveryId, attempt)
    waiting.delete(key)
    const posted = open.get(key)
    open.delete(key)
    posted?.abort()
  }
  source.onOutgoing((call) => {
    if (isClosed) return
    waiting.set(keyOf(call.deliveryId, call.attempt), call)
    sendNext()
  }, abort)
  return {
    abort,
    async close() {
      isClosed = true
      waiting.clear()
      const all = [...open.values()]
      open.clear()
      for (const posted of all) posted.abort()
      await agent.destroy()
    },
  }
}

const keyOf = (deliveryId: string, attempt: number): string => `${deliveryId}/${attempt}`

interface Posted {
  /** Closes its connection; nothing is reported any more. */
  abort(): void
}

interface Hearer {
  /** Once, as soon as the outcome is known. */
  report(outcome: Outcome): void
  /** Once, when the connection can be used again or is gone. */
  end(): void
}

/**
 * Posts without `undici.request`: its stream and its abort signal cost as much as the rest of a call. What came is told a microtask later:
 * the world may send the next call at once, and not from inside the parser that reads this answer.
 */
function post(agent: Agent, call: OutgoingCall, hearer: Hearer): Posted {
  const { url, method, headers, body, wantsBody } = call
  const answer = createAnswer()
  let controller: Dispatcher.DispatchController | undefined
  let isAborted = false
  let isReported = false
  const report = (outcome: Outcome) => {
    if (isReported) return
    isReported = true
    queueMicrotask(() => hearer.report(outcome))
  }
  const end = () => queueMicrotask(() => hearer.end())
  const reportAnswer = () => {
    const { status } = answer
    report(wantsBody ? { status, body: answer.text() } : { status })
  }
  try {
    const receiver = parseReceiver(url)
    if (!receiver) throw Object.assign(new Error('No URL.'), { code: 'ERR_INVALID_URL' })
    const { origin, path } = receiver
    agent.dispatch(
      { origin, path, method, headers, body },
      {
        onRequestStart(given) {
          controller = given
          if (isAborted) controller.abort(new Error('given up'))
        },
        onResponseStart(_, status) {
          // 1xx: the answer is still to come.
          if (status < 200) return
          answer.status = status
          if (!wantsBody) reportAnswer()
        },
        onResponseData(given, chunk) {
          answer.add(chunk)
          if (answer.bytes < (wantsBody ? answerBytesMax : answerBytesDumpedMax)) return
          // The beginning of a long one is enough.
          reportAnswer()
          given.abort(new Error('long enough'))
        },
        onResponseEnd() {
          reportAnswer()
          end()
        },
        onResponseError(_, error) {
          // Where the status is known it counts; a body that breaks off changes nothing, unless it is wanted.
          report({ error: codeOf(error) })
          end()
        },
      },
    )
  } catch (error) {
    report({ error: codeOf(error) })
    end()
  }
  return {
    abort() {
      isAborted = true
      controller?.abort(new Error('given up'))
    },
  }
}

function createAnswer() {
  const chunks: Buffer[] = []
  return {
    status: 0,
    bytes: 0,
    add(chunk: Buffer) {
      chunks.push(chunk)
      this.bytes += chunk.length
    },
    text: () => Buffer.concat(chunks).toString('utf8').slice(0, answerBytesMax),
  }
}

function codeOf(error: unknown): string {
  const { code, name, cause } = error as { code?: unknown; name?: unknown; cause?: unknown }
  if (typeof code === 'string' && code !== '') return code
  if (cause !== undefined) return codeOf(cause)
  return typeof name === 'string' ? name : 'unknown'
}
