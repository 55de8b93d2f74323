import { connect, type Socket } from 'node:net'
import { createAnswerReader } from './raw-client.ts'

export interface Pace {
  port: number
  requests: readonly Buffer[]
  ratePerSecond: number
  /** Requests that find none free wait, and their waiting counts. */
  connections: number
  statuses: readonly number[]
  nowMs(): number
}

/**
 * Sends requests at a steady rate, whether the server keeps up or not, and tells how long each took from the moment that it was due until
 * its answer, in milliseconds (open model: a server that stalls does not stop the clock of those who wait).
 */
export async function pace(wish: Pace): Promise<number[]> {
  const { requests, ratePerSecond, nowMs } = wish
  const sockets = await Promise.all(Array.from({ length: wish.connections }, () => open(wish.port)))
  try {
    return await new Promise((resolve, reject) => {
      const tookMs: number[] = []
      const idle = [...sockets]
      const begunMs = nowMs()
      const dueMs = (at: number) => begunMs + (at * 1000) / ratePerSecond
      let next = 0
      const send = (socket: Socket) => {
        const request = requests[next]
        if (!request || dueMs(next) > nowMs()) {
          idle.push(socket)
          return
        }
        next += 1
        const due = dueMs(next - 1)
        hear(socket, wish.statuses, reject, () => {
          tookMs.push(nowMs() - due)
          if (tookMs.length === requests.length) resolve(tookMs)
          else send(socket)
        })
        socket.write(request)
      }
      // Turning without a rest keeps to the time better than timers of a millisecond do.
      const turn = () => {
        for (let socket = idle.pop(); socket; socket = idle.pop()) {
          const before = next
          send(socket)
          if (next === before) break
        }
        if (next < requests.length) setImmediate(turn)
      }
      turn()
    })
  } finally {
    for (const socket of sockets) socket.destroy()
  }
}

function open(port: number): Promise<Socket> {
  return new Promise((resolve, reject) => {
    const socket = connect({ port, host: '127.0.0.1', noDelay: true }, () => resolve(socket))
    socket.once('error', reject)
  })
}

/** One answer. */
function hear(
  socket: Socket,
  statuses: readonly number[],
  reject: (why: Error) => void,
  heard: () => void,
): void {
  const reader = createAnswerReader()
  const done = () => {
    socket.off('data', read)
    socket.off('close', closed)
  }
  const read = (chunk: Buffer) => {
    const answer = reader.push(chunk)
    if (!answer) return
    done()
    if (statuses.includes(answer.status)) heard()
    else reject(new Error(`Got ${answer.status}: ${answer.bytes.toString('utf8', 0, 1_000)}`))
  }
  const closed = () => reject(new Error('The server closed a connection.'))
  socket.on('data', read)
  socket.once('close', closed)
}

/** The value below which `part` of them lie (0.99: all but one of a hundred). Of a list that is not empty. */
export function percentileOf(values: readonly number[], part: number): number {
  const sorted = [...values].sort((a, b) => a - b)
  return sorted[Math.max(0, Math.ceil(sorted.length * part) - 1)] ?? 0
}
