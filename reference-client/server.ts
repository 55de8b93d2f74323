import { mkdirSync } from 'node:fs'
import { join } from 'node:path'
import { type ServerType, serve } from '@hono/node-server'
import { JSONFileSync } from 'lowdb/node'
import type { Catalogue } from './catalogue.ts'
import { createWallClock } from './clock.ts'
import {
  createShop,
  openSellerSettings,
  openSettings,
  openStorage,
  type SellerSettings,
  type ShopSettings,
} from './index.ts'
import type { ShopPorts } from './ports.ts'
import { createRandom } from './random.ts'
import { bodyBytesMax } from './routes/door.ts'
import type { ShopSwitches } from './settings.ts'
import type { SiteName } from './websites.ts'

export type ShopServerOptions = WebsiteServerOptions | SellerServerOptions

export type WebsiteServerOptions = SocketOptions & {
  /** Which partner the website has; `fynd` unless given. */
  site?: SiteName
  /** `public_url` is where the shop listens unless given. */
  settings: Omit<ShopSettings, 'public_url'> & { public_url?: string }
  catalogue?: Catalogue
  switches?: Partial<ShopSwitches>
}

export type SellerServerOptions = SocketOptions & {
  site: 'konnect'
  settings: Omit<SellerSettings, 'public_url'> & { public_url?: string }
}

type SocketOptions = {
  /** 0 picks a free one. */
  port: number
  /** Loopback unless told otherwise; on any other address the admin panel wants `adminToken`. */
  host?: string
  /** A folder for orders (SQLite) and settings (JSON); memory only without it. */
  dataDir?: string
  crons?: boolean
  /** Opens `POST /admin/clock`. */
  forTests?: boolean
  /** Fixes the shop's chance. */
  seed?: string
  /** Further names by which the shop may be called, `host` or `host:port`. */
  allowedHosts?: string[]
  adminToken?: string
  /** Told of errors in background work; printed unless given. */
  onError?: (name: string, error: unknown) => void
}

export type ShopServer = {
  url: string
  port: number
  /** Stops listening, ends the jobs, closes the storage. */
  close(): Promise<void>
}

/** Opens the shop on a port, by the wall clock. Rejects when the port is taken or the data folder cannot be used. */
export async function openShop(options: ShopServerOptions): Promise<ShopServer> {
  const host = options.host ?? '127.0.0.1'
  let handle = async (_request: Request): Promise<Response> => refuse(503, 'starting', 'Starting.')
  const server = await listen(options.port, host, (request) => handle(request))
  const address = server.address()
  const port = typeof address === 'object' && address !== null ? address.port : options.port
  const url = `http://${hostToCall(host)}:${port}`
  try {
    const shop = assemble(options, options.settings.public_url ?? url)
    const guard = createGuard(options, host, port)
    handle = async (request) => {
      const refused = guard(request)
      if (refused !== undefined) return refused
      const bounded = await withKnownLength(request)
      return bounded === undefined
        ? refuse(413, 'too-large', `A body has at most ${bodyBytesMax} bytes.`)
        : shop.fetch(bounded)
    }
    shop.start()
    return {
      url,
      port,
      close: () =>
        new Promise((resolve) => {
          shop.close()
          server.close(() => resolve())
          if ('closeAllConnections' in server) server.closeAllConnections()
        }),
    }
  } catch (error) {
    server.close()
    throw error
  }
}

/** What a client on this machine calls; every address means this one, too. */
function hostToCall(host: string): string {
  if (host === '0.0.0.0' || host === '::') return '127.0.0.1'
  return host.includes(':') ? `[${host}]` : host
}

function assemble(options: ShopServerOptions, publicUrl: string) {
  const { dataDir } = options
  if (dataDir !== undefined) mkdirSync(dataDir, { recursive: true })
  const clock = createWallClock()
  const report =
    options.onError ?? ((name: string, error: unknown) => console.error(`${name}:`, error))
  const ports: ShopPorts = {
    // Credentials must not follow a redirect to somebody else.
    fetch: (url, init) => fetch(url, { ...init, redirect: 'manual' }),
    clock,
    random: createRandom(options.seed),
    background(name, job) {
      job().catch((error: unknown) => report(name, error))
    },
  }
  const shared = {
    ports,
    storage: openStorage({ file: dataDir === undefined ? ':memory:' : join(dataDir, 'shop.db') }),
    crons: options.crons ?? true,
    ...(options.forTests === true && { moveClock: (ms: number) => clock.advance(ms) }),
    // A shop that forgets its orders (a seller: its invoices) must not use their numbers again: the partner remembers them.
    ...(dataDir === undefined && {
      firstOrderNumber: Math.floor(clock.nowMs() / 1000) - 1_600_000_000,
    }),
  }
  const adapter =
    dataDir === undefined ? undefined : new JSONFileSync<unknown>(join(dataDir, 'settings.json'))
  if (options.site === 'konnect') {
    const settings = { ...options.settings, public_url: publicUrl }
    return createShop({
      ...shared,
      site: 'konnect',
      settings: openSellerSettings(settings, adapter),
    })
  }
  const settings = { ...options.settings, public_url: publicUrl }
  return createShop({
    ...shared,
    site: options.site ?? 'fynd',
    settings: openSettings(settings, adapter),
    ...(options.catalogue !== undefined && { catalogue: options.catalogue }),
    ...(options.switches !== undefined && { switches: options.switches }),
  })
}

/**
 * Who may speak to the shop: a Host that is meant (against DNS rebinding), no foreign Origin but on the callback, which is a form that
 * the gateway's page posts, and off loopback the admin panel and the seller's back room only with the token.
 */
function createGuard(options: ShopServerOptions, host: string, port: number) {
  const names = [hostToCall(host), host, 'localhost', '127.0.0.1', '[::1]']
  const allowed = new Set(names.flatMap((name) => [name, `${name}:${port}`]))
  for (const name of options.allowedHosts ?? []) allowed.add(name.toLowerCase())
  const { public_url: publicUrl } = options.settings
  if (publicUrl !== undefined) allowed.add(new URL(publicUrl).host)
  const isLoopback = ['127.0.0.1', 'localhost', '::1'].includes(host)
  return (request: Request): Response | undefined => {
    const { pathname } = new URL(request.url)
    const called = request.headers.get('host')?.toLowerCase() ?? ''
    if (!allowed.has(called)) return refuse(403, 'host', `The shop is not called "${called}".`)
    const origin = request.headers.get('origin')
    if (origin !== null && pathname !== '/gateway/callback' && !isOwn(origin, allowed)) {
      return refuse(403, 'origin', 'A page of another origin may not do this.')
    }
    if (isLoopback || !/^\/(?:admin|seller)(?:\/|$)/.test(pathname)) return undefined
    const { adminToken } = options
    if (adminToken === undefined || adminToken === '') {
      return refuse(403, 'admin-closed', 'Off loopback the admin panel needs an admin token.')
    }
    return request.headers.get('authorization') === `Bearer ${adminToken}`
      ? undefined
      : refuse(401, 'admin-token', 'Send the admin token: Authorization: Bearer …')
  }
}

function isOwn(origin: string, allowed: Set<string>): boolean {
  return URL.canParse(origin) && allowed.has(new URL(origin).host)
}

/** A body without an announced length is read here, no further than the limit. Undefined when it is larger. */
async function withKnownLength(request: Request): Promise<Request | undefined> {
  if (request.body === null || request.headers.has('content-length')) return request
  const parts: Uint8Array[] = []
  let bytes = 0
  for await (const part of request.body) {
    bytes += part.byteLength
    if (bytes > bodyBytesMax) return undefined
    parts.push(part)
  }
  const { url, method, headers } = request
  return new Request(url, { method, headers, body: Buffer.concat(parts) })
}

function refuse(status: number, code: string, message: string): Response {
  return new Response(JSON.stringify({ error: { code, message } }), {
    status,
    headers: { 'content-type': 'application/json' },
  })
}

function listen(
  port: number,
  hostname: string,
  fetchIt: (request: Request) => Promise<Response>,
): Promise<ServerType> {
  return new Promise((resolve, reject) => {
    const server = serve({ port, hostname, fetch: fetchIt }, () => resolve(server))
    server.once('error', reject)
  })
}
