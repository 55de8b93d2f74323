import type { IncomingMessage } from 'node:http'
import { type Applied, applyCall, NotUnderstood } from './apply-call.ts'
import { decodeBody } from './body-text.ts'
import { limits } from './limits.ts'
import type { Partner } from './partner.ts'
import type { Refusal } from './refusal.ts'
import type { Route } from './route.ts'
import { createRoutes, type Match } from './routes.ts'
import { readWire, type Wire } from './wire.ts'
import { type PartnerRoom, schedule, type WorldCore } from './world-core.ts'

/** One request as a client sent it, by whichever way in. */
export interface Incoming {
  method: string
  route: Route
  /** By lower-case name, transport headers left out. */
  headers: Record<string, string>
  /** Undefined: larger than `limits.bodyBytesMax`. */
  bodyText: string | undefined
}

interface Door {
  wire: Wire
  match(method: string, path: string): Match
}

/** One a partner, shared by all worlds. */
const doors = new WeakMap<Partner, Promise<Door>>()

/**
 * Serves one request of one partner in one world. The same function stands behind sockets and `world.fetch`, so both give the same bytes;
 * each way in renders what a fault does to the wire (tried.md 4).
 */
export async function serve(
  core: WorldCore,
  room: PartnerRoom,
  incoming: Incoming,
): Promise<Applied> {
  const { wire, match } = await doorOf(room.partner)
  const { method, route, headers, bodyText } = incoming
  const server = serverOf(room.partner, route.path)
  const path = route.path.slice(server.length) || '/'
  const found = match(method, path)
  const operation = found && 'operation' in found ? found.operation : undefined
  const refusal = refusalOf(incoming, found)
  const applied = applyCall(core, {
    room,
    wire,
    operation,
    method,
    target: route.target.slice(0, limits.targetBytesMax),
    prefixChars: route.prefixChars,
    path,
    server,
    pathParams: found && 'operation' in found ? found.pathParams : {},
    queryText: route.query,
    headers,
    bodyText: bodyText ?? '',
    ...(refusal && { refusal }),
  })
  if (applied.holdMs > 0 && core.held.size < limits.heldAnswersMax) await hold(core, applied.holdMs)
  return applied
}

function refusalOf({ route, bodyText }: Incoming, found: Match): Refusal | undefined {
  if (route.target.length > limits.targetBytesMax) {
    const most = `Path and query have at most ${limits.targetBytesMax} bytes.`
    return new NotUnderstood('too-large', most)
  }
  if (bodyText === undefined) {
    return new NotUnderstood('too-large', `At most ${limits.bodyBytesMax} bytes.`)
  }
  if (!found || 'operation' in found) return undefined
  const allow = found.allowed.join(', ')
  // A known path with another method is not an unknown path.
  return new NotUnderstood('method-not-allowed', `Use ${allow}.`, { headers: { Allow: allow } })
}

function doorOf(partner: Partner): Promise<Door> {
  let door = doors.get(partner)
  if (!door) {
    door = readWire(partner.wire).then((wire) => {
      checkComplete(partner, wire)
      return { wire, match: createRoutes(wire.operations) }
    })
    doors.set(partner, door)
  }
  return door
}

/** The longest of the partner's server prefixes that the path begins with. */
function serverOf(partner: Partner, path: string): string {
  let found = ''
  for (const server of partner.servers ?? []) {
    const isHere = path === server || path.startsWith(`${server}/`)
    if (isHere && server.length > found.length) found = server
  }
  return found
}

/** Of a fetch `Request`. Undefined when it is too large; no more than the limit is ever read. */
export async function readBody(request: Request): Promise<string | undefined> {
  if (isBodyless(request.method)) return ''
  const length = request.headers.get('content-length')
  if (length !== null) {
    if (Number(length) > limits.bodyBytesMax) return undefined
    return decodeBody(Buffer.from(await request.arrayBuffer()))
  }
  if (!request.body) return ''
  return readChunks(request.body as unknown as AsyncIterable<Uint8Array>)
}

async function readChunks(body: AsyncIterable<Uint8Array>): Promise<string | undefined> {
  const chunks: Uint8Array[] = []
  let bytes = 0
  for await (const chunk of body) {
    bytes += chunk.length
    if (bytes > limits.bodyBytesMax) return undefined
    chunks.push(chunk)
  }
  return decodeBody(Buffer.concat(chunks))
}

/** Of Node's request, like `readBody`. Rejects when the client goes away in the middle: what it did not send whole was never asked. */
export function readIncomingBody(incoming: IncomingMessage): string | Promise<string | undefined> {
  if (isBodyless(incoming.method ?? '')) return ''
  return new Promise((resolve, reject) => {
    if (Number(incoming.headers['content-length'] ?? 0) > limits.bodyBytesMax) resolve(undefined)
    const chunks: Buffer[] = []
    let bytes = 0
    incoming.on('data', (chunk: Buffer) => {
      bytes += chunk.length
      if (bytes > limits.bodyBytesMax) resolve(undefined)
      else chunks.push(chunk)
    })
    incoming.on('end', () => {
      resolve(decodeBody(chunks.length === 1 ? (chunks[0] as Buffer) : Buffer.concat(chunks)))
    })
    incoming.on('error', reject)
  })
}

const isBodyless = (method: string): boolean => method === 'GET' || method === 'HEAD'

export const holdTimer = 'core.answer.release'

/** The answer waits on the world's clock. */
export function hold(core: WorldCore, holdMs: number): Promise<void> {
  return new Promise((resolve) => {
    const number = core.nextHold
    core.nextHold += 1
    core.held.set(number, resolve)
    const dueMs = core.nowMs + holdMs
    schedule(core, { name: holdTimer, kind: 'work', dueMs, args: { number } })
  })
}

/** Headers of an answer with the type of its body. */
export function headersOf({ headers, contentType }: Applied): Record<string, string> {
  return contentType === undefined ? { ...headers } : { ...headers, 'content-type': contentType }
}

/** Undefined: the answer has no body, whatever the partner gave. */
export function bodyOf({ status, body }: Applied, method: string): Applied['body'] {
  return status === 204 || status === 304 || method === 'HEAD' ? undefined : body
}

export function toResponse(applied: Applied, method: string): Response {
  const body = (bodyOf(applied, method) ?? null) as ConstructorParameters<typeof Response>[0]
  return new Response(body, { status: applied.status, headers: headersOf(applied) })
}

/** A handler without an operation, or the other way round, is a mistake that shows at the first request. */
function checkComplete(partner: Partner, wire: Wire): void {
  const documented = wire.operations.map(({ id }) => id)
  const handled = Object.keys(partner.operations)
  const missing = documented.filter((id) => !handled.includes(id))
  const extra = handled.filter((id) => !documented.includes(id))
  if (missing.length + extra.length === 0) return
  throw new Error(
    `${partner.name}: operations without handler: ${missing.join(', ') || 'none'}; handlers without operation: ${extra.join(', ') || 'none'}.`,
  )
}

/** Headers that belong to the connection and not to what the client says (design 4, "Same bytes"). */
const transportHeaders = new Set([
  'accept-encoding',
  'accept-language',
  'connection',
  'expect',
  'host',
  'keep-alive',
  'sec-fetch-mode',
  'te',
  'transfer-encoding',
  'upgrade',
  'user-agent',
])

/** Of a fetch `Request`. */
export function readHeaders(headers: Headers): Record<string, string> {
  const read: Record<string, string> = {}
  for (const [name, value] of headers) if (!transportHeaders.has(name)) read[name] = value
  return read
}

/** Of Node's request; repeated headers are joined as fetch does. */
export function readIncomingHeaders(
  headers: Record<string, string | string[] | undefined>,
): Record<string, string> {
  const read: Record<string, string> = {}
  for (const name in headers) {
    if (transportHeaders.has(name)) continue
    const value = headers[name]
    if (value !== undefined) read[name] = Array.isArray(value) ? value.join(', ') : value
  }
  return read
}
