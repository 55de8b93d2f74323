import { Hono } from 'hono'
import { type Applied, applyCall, type Call, NotUnderstood } from './apply-call.ts'
import type { Transport } from './faults/fault.ts'
import { limits } from './limits.ts'
import type { Partner } from './partner.ts'
import type { Refusal } from './refusal.ts'
import type { Route } from './route.ts'
import { readWire, type Wire, type WireOperation } from './wire.ts'
import { type PartnerRoom, schedule, type WorldCore } from './world-core.ts'

interface Env {
  core: WorldCore
  room: PartnerRoom
  route: Route
  /** Headers by lower-case name, transport headers left out. */
  headers: Record<string, string>
  server: string
}

type App = Hono<{ Bindings: Env }>

const apps = new WeakMap<Partner, Promise<App>>()

/** Marks an ordinary answer with what the wire does to it; each way in renders it (tried.md 4). */
const transports = new WeakMap<Response, Transport>()

export const transportOf = (response: Response): Transport | undefined => transports.get(response)

/**
 * Serves one request of one partner in one world. One Hono app a partner, shared by all worlds: one route an operation. The same function
 * stands behind sockets and `world.fetch`, so both give the same bytes.
 */
export async function serve(
  core: WorldCore,
  room: PartnerRoom,
  request: Request,
  route: Route,
  headers: Record<string, string>,
): Promise<Response> {
  const app = await appOf(room.partner)
  const server = serverOf(room.partner, route.path)
  const path = route.path.slice(server.length) || '/'
  return app.fetch(request, {
    core,
    room,
    route: server === '' ? route : { ...route, path },
    headers,
    server,
  })
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

function appOf(partner: Partner): Promise<App> {
  let app = apps.get(partner)
  if (!app) {
    app = readWire(partner.wire).then((wire) => createApp(partner, wire))
    apps.set(partner, app)
  }
  return app
}

function createApp(partner: Partner, wire: Wire): App {
  checkComplete(partner, wire)
  const app: App = new Hono<{ Bindings: Env }>({
    getPath: (_request, options) => (options as { env: Env }).env.route.path,
  })
  const operations = [...wire.operations].sort((a, b) => comparePaths(a.path, b.path))
  for (const operation of operations) {
    app.on(operation.method, honoPath(operation.path), (c) =>
      respond(wire, operation, c.env, c.req.raw, c.req.param() as Record<string, string>),
    )
  }
  // After all routes: a known path with another method is not an unknown path.
  for (const [path, allowed] of methodsByPath(operations)) {
    app.all(path, (c) => {
      const allow = allowed.join(', ')
      const refusal = new NotUnderstood('method-not-allowed', `Use ${allow}.`, {
        headers: { Allow: allow },
      })
      return respond(wire, undefined, c.env, c.req.raw, {}, refusal)
    })
  }
  app.notFound((c) => respond(wire, undefined, c.env, c.req.raw, {}))
  return app
}

async function respond(
  wire: Wire,
  operation: WireOperation | undefined,
  env: Env,
  request: Request,
  pathParams: Record<string, string>,
  refusal?: Refusal,
): Promise<Response> {
  const { core, room, route, headers, server } = env
  const bodyText = await readBody(request, headers)
  const isTooLarge = bodyText === undefined || route.target.length > limits.targetBytesMax
  const why = isTooLarge
    ? new NotUnderstood('too-large', `At most ${limits.bodyBytesMax} bytes.`)
    : refusal
  const call: Call = {
    room,
    wire,
    operation,
    method: request.method,
    target: route.target.slice(0, limits.targetBytesMax),
    prefixChars: route.prefixChars,
    path: route.path,
    server,
    pathParams,
    queryText: route.query,
    headers,
    bodyText: bodyText ?? '',
    ...(why && { refusal: why }),
  }
  const applied = applyCall(core, call)
  if (applied.holdMs > 0 && core.held.size < limits.heldAnswersMax) await hold(core, applied.holdMs)
  return toResponse(applied)
}

/** Undefined when it is too large; no more than the limit is ever read. */
async function readBody(
  request: Request,
  headers: Record<string, string>,
): Promise<string | undefined> {
  if (request.method === 'GET' || request.method === 'HEAD') return ''
  const length = headers['content-length']
  if (length !== undefined) {
    if (Number(length) > limits.bodyBytesMax) return undefined
    return request.text()
  }
  if (!request.body) return ''
  const chunks: Uint8Array[] = []
  let bytes = 0
  for await (const chunk of request.body as unknown as AsyncIterable<Uint8Array>) {
    bytes += chunk.length
    if (bytes > limits.bodyBytesMax) return undefined
    chunks.push(chunk)
  }
  return Buffer.concat(chunks).toString('utf8')
}

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

function toResponse(applied: Applied): Response {
  const headers: Record<string, string> = { ...applied.headers }
  if (applied.contentType !== undefined) headers['content-type'] = applied.contentType
  const isEmpty = applied.body === undefined || applied.status === 204 || applied.status === 304
  const body = isEmpty ? null : (applied.body as ConstructorParameters<typeof Response>[0])
  const response = new Response(body, { status: applied.status, headers })
  if (applied.transport) transports.set(response, applied.transport)
  return response
}

/** Literal segments before parameters, or `/orders/:id` would swallow `/orders/search`. */
function comparePaths(a: string, b: string): number {
  const rank = (path: string) =>
    path
      .split('/')
      .map((part) => (part.startsWith('{') ? '~' : part))
      .join('/')
  return rank(a) < rank(b) ? -1 : 1
}

const honoPath = (path: string): string => path.replace(/\{([^}]+)\}/g, ':$1')

function methodsByPath(operations: readonly WireOperation[]): Map<string, string[]> {
  const methods = new Map<string, string[]>()
  for (const { path, method } of operations) {
    const known = methods.get(honoPath(path)) ?? []
    known.push(method)
    if (method === 'GET') known.push('HEAD')
    methods.set(honoPath(path), known)
  }
  return methods
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
