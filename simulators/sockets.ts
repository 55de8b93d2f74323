import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { getRequestListener, type HttpBindings } from '@hono/node-server'
import type { Applied } from './core/apply-call.ts'
import { bodyOf, headersOf } from './core/door.ts'
import type { Transport } from './core/faults/fault.ts'

export interface OpenSocket {
  port: number
  /** Stops listening and cuts off what is open. */
  close(): Promise<void>
}

/** The longest query that a partner's document allows is 8,000 characters, of up to 12 bytes when percent-encoded. */
const headerBytesMax = 128 * 1024

/**
 * Node closes an idle connection after 5 s; a client that writes to it in that very moment reads a reset that no fault asked for. Clients'
 * pools let go of theirs sooner than this.
 */
const idleMsMax = 120_000

/** Listens; rejects with an error to show as it is when the port cannot be had. 0 picks a free one. */
export async function openSocket(options: {
  /** Whose port it is, for the message. */
  name: string
  port: number
  host: string
  /** Takes a call without the detour over a `Request`; false leaves it to `fetch`. */
  take?(incoming: IncomingMessage, outgoing: ServerResponse): boolean
  fetch(request: Request, env: HttpBindings): Promise<Response>
}): Promise<OpenSocket> {
  const { name, port, host, fetch, take } = options
  const fetchListener = getRequestListener((request, env) => fetch(request, env as HttpBindings))
  const server = createServer(
    { maxHeaderSize: headerBytesMax, keepAliveTimeout: idleMsMax },
    (incoming, outgoing) => {
      if (!take?.(incoming, outgoing)) void fetchListener(incoming, outgoing)
    },
  )
  await new Promise<void>((resolve, reject) => {
    server.once('error', (error: NodeJS.ErrnoException) => {
      const why = error.code === 'EADDRINUSE' ? 'it is taken' : error.message
      const what = `Cannot open port ${port} on ${host} for ${name}: ${why}.`
      reject(new Error(error.code === 'EADDRINUSE' ? `${what} Stop what listens there.` : what))
    })
    server.listen(port, host, resolve)
  })
  return {
    port: (server.address() as AddressInfo).port,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve())
        server.closeAllConnections()
      }),
  }
}

/** Writes an answer as the partner gave it. */
export function renderAnswer(applied: Applied, method: string, outgoing: ServerResponse): void {
  const body = bodyOf(applied, method)
  const length = body === undefined ? {} : { 'content-length': Buffer.byteLength(body) }
  outgoing.writeHead(applied.status, { ...headersOf(applied), ...length })
  outgoing.end(body)
}

/**
 * Renders what a fault does to the wire on a real socket (tried.md 4). `sleep` is the world's: a drip takes the world's time. A hang
 * stays open until its world is reset or the servers stop.
 */
export async function renderTransport(
  transport: Transport,
  answer: Response,
  outgoing: ServerResponse,
  sleep: (delayMs: number) => Promise<void>,
): Promise<void> {
  const { socket } = outgoing
  // The client has gone already.
  if (!socket || transport.kind === 'hang') return
  if (transport.kind === 'reset') {
    socket.resetAndDestroy()
    return
  }
  if (transport.kind === 'empty-reply') {
    socket.end()
    return
  }
  const body = Buffer.from(await answer.arrayBuffer())
  outgoing.writeHead(answer.status, {
    ...Object.fromEntries(answer.headers),
    'content-length': body.length,
  })
  if (transport.kind === 'truncate') {
    outgoing.flushHeaders()
    // Closed only once the part is out: the client must have read it.
    outgoing.write(body.subarray(0, transport.bytes), () => socket.end())
    return
  }
  for (let at = 0; at < body.length && !socket.destroyed; at += transport.chunkBytes) {
    outgoing.write(body.subarray(at, at + transport.chunkBytes))
    await sleep(transport.everyMs)
  }
  outgoing.end()
}

/** Calls that a world has not answered yet, so that a reset can cut them off. */
export interface OpenCalls<Key extends object> {
  add(key: Key, outgoing: ServerResponse): void
  delete(key: Key, outgoing: ServerResponse): void
  cutOff(key: Key): void
}

export function createOpenCalls<Key extends object>(): OpenCalls<Key> {
  const open = new WeakMap<Key, Set<ServerResponse>>()
  return {
    add(key, outgoing) {
      const calls = open.get(key)
      if (calls) calls.add(outgoing)
      else open.set(key, new Set([outgoing]))
    },
    delete(key, outgoing) {
      open.get(key)?.delete(outgoing)
    },
    cutOff(key) {
      for (const { socket } of open.get(key) ?? []) socket?.destroy()
      open.delete(key)
    },
  }
}
