import { Agent, request } from 'undici'
import { answerBytesMax, type Outcome, type OutgoingCall } from './delivery.ts'

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
  const open = new Map<string, AbortController>()
  let isClosed = false
  const sendNext = () => {
    const [next] = waiting
    if (!next || open.size >= callsOpenMax) return
    const [key, call] = next
    waiting.delete(key)
    const controller = new AbortController()
    open.set(key, controller)
    const report = (outcome: Outcome) => {
      if (open.get(key) === controller) source.answered(call.deliveryId, call.attempt, outcome)
    }
    void post(agent, call, controller.signal, report).finally(() => {
      if (open.get(key) === controller) open.delete(key)
      sendNext()
    })
  }
  const abort = (deliveryId: string, attempt: number) => {
    const key = keyOf(deliveryId, attempt)
    waiting.delete(key)
    const controller = open.get(key)
    open.delete(key)
    controller?.abort()
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
      const controllers = [...open.values()]
      open.clear()
      for (const controller of controllers) controller.abort()
      await agent.destroy()
    },
  }
}

const keyOf = (deliveryId: string, attempt: number): string => `${deliveryId}/${attempt}`

/** Never rejects for what a receiver or the network does. */
async function post(
  dispatcher: Agent,
  { url, method, headers, body, wantsBody }: OutgoingCall,
  signal: AbortSignal,
  report: (outcome: Outcome) => void,
): Promise<void> {
  let rest: AnswerBody
  try {
    const answer = await request(url, { dispatcher, method, headers, body, signal })
    const { statusCode: status } = answer
    rest = answer.body
    report(wantsBody ? { status, body: await readSome(rest) } : { status })
  } catch (error) {
    report({ error: codeOf(error) })
    return
  }
  try {
    if (!wantsBody) await rest.dump({ limit: answerBytesDumpedMax })
  } catch {
    // The status counts; a body that breaks off changes nothing.
  }
}

type AnswerBody = Awaited<ReturnType<typeof request>>['body']

/** The beginning of a long one; leaving the loop closes its connection. */
async function readSome(body: AnswerBody): Promise<string> {
  const chunks: Buffer[] = []
  let bytes = 0
  for await (const chunk of body as AsyncIterable<Buffer>) {
    chunks.push(chunk)
    bytes += chunk.length
    if (bytes >= answerBytesMax) break
  }
  return Buffer.concat(chunks).toString('utf8').slice(0, answerBytesMax)
}

function codeOf(error: unknown): string {
  const { code, name, cause } = error as { code?: unknown; name?: unknown; cause?: unknown }
  if (typeof code === 'string' && code !== '') return code
  if (cause !== undefined) return codeOf(cause)
  return typeof name === 'string' ? name : 'unknown'
}
