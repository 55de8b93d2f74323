import { connect, type Socket } from 'node:net'

/** One request, ready to leave; bytes are made before the clock runs. */
export function renderRequest(request: {
  method: 'GET' | 'POST' | 'PUT'
  target: string
  host: string
  headers?: Record<string, string>
  body?: string
}): Buffer {
  const body = Buffer.from(request.body ?? '')
  const headers = {
    host: request.host,
    ...request.headers,
    ...(request.body !== undefined && { 'content-length': String(body.length) }),
  }
  const head = Object.entries(headers).map(([name, value]) => `${name}: ${value}\r\n`)
  return Buffer.concat([
    Buffer.from(`${request.method} ${request.target} HTTP/1.1\r\n${head.join('')}\r\n`),
    body,
  ])
}

/** Calls of which each may need what the one before answered; the first is given an empty answer. */
export type Talk = readonly ((answer: Buffer) => Buffer)[]

export interface Volley {
  port: number
  requests: readonly (Buffer | Talk)[]
  /** Keep-alive connections, each with one request under way. */
  connections: number
  /** One of these every answer must have. */
  statuses: readonly number[]
  onAnswer?(answer: RawAnswer): void
}

/**
 * Sends all requests to 127.0.0.1 and resolves when each is answered. It reads no more of an answer than status and length: the
 * generator shares the machine with the server, so it must cost as little as it can. Rejects on any other status and on a lost socket.
 */
export async function fire(volley: Volley): Promise<void> {
  const take = inTurn(volley.requests)
  const open = Math.min(volley.connections, volley.requests.length)
  const rest = stayAwake()
  try {
    await Promise.all(Array.from({ length: open }, () => keepAsking(volley, take)))
  } finally {
    rest()
  }
}

/**
 * Keeps this process from sleeping between answers. Whoever writes to a socket on which somebody sleeps pays for waking him (on a virtual
 * machine 10 to 30 µs); a fast server never meets a sleeping generator and a slower one often does, which is no property of the server.
 */
function stayAwake(): () => void {
  let isResting = false
  const turn = () => {
    if (!isResting) setImmediate(turn)
  }
  turn()
  return () => {
    isResting = true
  }
}

const inTurn = <Each>(all: readonly Each[]): (() => Each | undefined) => {
  let next = 0
  return () => all[next++]
}

const nothing: Buffer = Buffer.alloc(0)

function keepAsking(
  { port, statuses, onAnswer }: Volley,
  take: () => Buffer | Talk | undefined,
): Promise<void> {
  return new Promise((resolve, reject) => {
    const socket = connect({ port, host: '127.0.0.1', noDelay: true })
    const answers = createAnswerReader()
    let said: Buffer = nothing
    /** What is left of the talk under way. */
    let follows = inTurn<Talk[number]>([])
    const ask = () => {
      const next = follows()
      if (next) {
        socket.write(next(said))
        return
      }
      const request = take()
      if (request === undefined) end(socket, resolve)
      else if (Buffer.isBuffer(request)) socket.write(request)
      else {
        follows = inTurn(request)
        said = nothing
        ask()
      }
    }
    socket.on('connect', ask)
    socket.on('data', (chunk: Buffer) => {
      const answer = answers.push(chunk)
      if (answer === undefined) return
      said = answer.bytes
      onAnswer?.(answer)
      if (statuses.includes(answer.status)) ask()
      else {
        const told = answer.bytes.toString('utf8', 0, 1_000)
        const wanted = statuses.join(' or ')
        end(socket, () => reject(new Error(`Wanted ${wanted}, got ${answer.status}: ${told}`)))
      }
    })
    socket.on('error', reject)
    socket.on('close', () => reject(new Error('The server closed a connection.')))
  })
}

function end(socket: Socket, then: () => void): void {
  then()
  socket.destroy()
}

export interface RawAnswer {
  status: number
  /** Head and body as they came. */
  bytes: Buffer
}

/** Puts one answer at a time together from chunks; knows content-length and chunked bodies. */
export function createAnswerReader(): { push(chunk: Buffer): RawAnswer | undefined } {
  let chunks: Buffer[] = []
  let bytes = 0
  let answerBytes: number | undefined
  return {
    push(chunk) {
      chunks.push(chunk)
      bytes += chunk.length
      // The head is looked for until it is there; after that only lengths are added up.
      answerBytes ??= bytesOf(chunks)
      if (answerBytes === undefined) return undefined
      if (answerBytes >= 0 && bytes < answerBytes) return undefined
      const whole = Buffer.concat(chunks)
      if (answerBytes < 0 && !whole.subarray(-lastChunk.length).equals(lastChunk)) return undefined
      chunks = []
      bytes = 0
      answerBytes = undefined
      return { status: Number(whole.toString('latin1', 9, 12)), bytes: whole }
    },
  }
}

const lastChunk = Buffer.from('0\r\n\r\n')

/** Bytes of head and body; -1 for a chunked body; undefined while the head is not complete. */
function bytesOf(chunks: readonly Buffer[]): number | undefined {
  const head = Buffer.concat(chunks).toString('latin1')
  const end = head.indexOf('\r\n\r\n')
  if (end < 0) return undefined
  const length = /\r\ncontent-length: *(\d+)/i.exec(head.slice(0, end))?.[1]
  return length === undefined ? -1 : end + 4 + Number(length)
}

/** The JSON of an answer's body. */
export function readJson(answer: Buffer): unknown {
  const text = answer.toString('utf8')
  return JSON.parse(text.slice(text.indexOf('\r\n\r\n') + 4))
}
