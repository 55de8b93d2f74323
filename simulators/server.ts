import { readFileSync } from 'node:fs'
import type { IncomingMessage, ServerResponse } from 'node:http'
import type { Hono } from 'hono'
import { type ClockMode, wallNowMs } from './core/clock.ts'
import { controlDocument, createControl } from './core/control/control.ts'
import { ControlError } from './core/control/control-error.ts'
import { createHouse, type House, type HousedWorld, type Room } from './core/control/house.ts'
import { renderError } from './core/control/render.ts'
import { isLoopback, refuseForeignPages, refuseStrangers } from './core/control/safety.ts'
import { hold, readIncomingBody, readIncomingHeaders, toResponse } from './core/door.ts'
import { createHttpSender, type HttpSender } from './core/messenger/http-sender.ts'
import type { OwnCatalogue } from './core/own-catalogue.ts'
import type { Partner } from './core/partner.ts'
import { drawSeed } from './core/random.ts'
import { coreOf, createWorld, servePartner, type World } from './core/world.ts'
import { partners as allPartners } from './index.ts'
import {
  createOpenCalls,
  type OpenSocket,
  openSocket,
  renderAnswer,
  renderTransport,
} from './sockets.ts'

export interface SimulatorsOptions {
  partners?: readonly Partner[]
  /** Control port; the partners' ports keep their distance to it. Default 4000; 0 picks free ones. */
  port?: number
  /** Address to bind to; default 127.0.0.1. Any address but loopback wants a token. */
  host?: string
  /** Asked of every call to the control plane. */
  token?: string
  /** Names besides loopback under which the control plane may be called and to which webhooks may go. */
  allowedHosts?: readonly string[]
  /** Of the default world; default 1, so that its credentials stay the same from start to start. */
  seed?: number
  /** Clock of the worlds: by default `real`. */
  mode?: ClockMode
  /** Which clock judges the freshness of dates that clients send: by default `wall`, as nobody can move a client's clock. */
  clientClock?: 'world' | 'wall'
  /** Check every answer against the partner's document. */
  strict?: boolean
  /** The user's own stores, SKUs and pincodes, for every world. */
  catalogue?: OwnCatalogue
  worldsMax?: number
  /** Stands as `default` in place of a fresh world, with the ports that it was made for. */
  keep?: HousedWorld
}

export interface Simulators {
  house: House
  /** `http://127.0.0.1:4000` */
  controlUrl: string
  /** Ports by partner name, and `control`. */
  ports: Record<string, number>
  close(): Promise<void>
}

/** The control plane's usual port; partners' usual ports are counted from it. */
export const controlPort = 4000

/**
 * Opens the control port and one port for each partner. Throws an error to show as it is when an address other than loopback is wanted
 * without a token, or when a port is taken.
 */
export async function openSimulators(options: SimulatorsOptions = {}): Promise<Simulators> {
  const { partners = allPartners, port = controlPort, host = '127.0.0.1' } = options
  if (!isLoopback(host) && !options.token) {
    throw new Error(
      `Refusing to listen on ${host} without a token: whoever reaches the control plane owns the worlds. Give --token, or leave --host out.`,
    )
  }
  const openCalls = createOpenCalls<World>()
  const place = {} as Place
  const sockets = await openSockets(partners, port, host, place)
  const ports = Object.fromEntries([...sockets].map(([name, socket]) => [name, socket.port]))
  const origin = (name: string) => `http://${publicHost(host)}:${ports[name]}`
  const origins = Object.fromEntries(partners.map(({ name }) => [name, origin(name)]))
  const house = openHouse({ ...options, partners }, origins, openCalls.cutOff)
  Object.assign(place, {
    house,
    openCalls,
    control: createControl({ house, ...safetyOf(options, host) }),
    safety: safetyOf(options, host),
  })
  return {
    house,
    controlUrl: origin('control'),
    ports,
    async close() {
      house.close()
      await closeAll(sockets)
    },
  }
}

/** The control port and one for each partner, by name; all of them or none. */
async function openSockets(
  partners: readonly Partner[],
  port: number,
  host: string,
  place: Place,
): Promise<Map<string, OpenSocket>> {
  const sockets = new Map<string, OpenSocket>()
  const open = async (name: string, wanted: number, partner?: string) => {
    const socket = await openSocket({
      name,
      port: wanted,
      host,
      take: (incoming, outgoing) => takeCall(place, partner, incoming, outgoing),
      fetch: (request, { incoming }) => answer(place, partner, request, incoming),
    })
    sockets.set(name, socket)
  }
  try {
    await open('control', port)
    for (const { name, port: usual } of partners) {
      await open(name, port === 0 ? 0 : port + usual - controlPort, name)
    }
    return sockets
  } catch (error) {
    await closeAll(sockets)
    throw error
  }
}

const closeAll = (sockets: ReadonlyMap<string, OpenSocket>): Promise<unknown> =>
  Promise.all([...sockets.values()].map((socket) => socket.close()))

/** What stands behind the ports. */
interface Place {
  house: House
  control: Hono
  docs?: Promise<Hono>
  safety: { token?: string; allowedHosts: readonly string[] }
  openCalls: ReturnType<typeof createOpenCalls<World>>
}

/** Answers one call that is no partner's: control plane, documents, or nothing at all. Never throws. */
async function answer(
  place: Place,
  partner: string | undefined,
  request: Request,
  { url }: IncomingMessage,
): Promise<Response> {
  try {
    const target = targetOf(url)
    if (partner === undefined) {
      if (isUnder(target, '/_sim') && !isUnder(target, '/_sim/openapi')) {
        return await place.control.fetch(request)
      }
      if (isUnder(target, '/_sim') || isUnder(target, '/docs'))
        return await showDocs(place, request)
      if (target === '/') return new Response(null, { status: 302, headers: { location: '/docs' } })
    }
    // Says so when it is the world that is missing.
    place.house.find(target, partner)
    throw nowhere(place.house, target)
  } catch (error) {
    return renderError(error)
  }
}

/** Answers a partner's call straight from the socket: nothing else is called as often. False: it is none. */
function takeCall(
  place: Place,
  partner: string | undefined,
  incoming: IncomingMessage,
  outgoing: ServerResponse,
): boolean {
  const room = findRoom(place, partner, targetOf(incoming.url))
  if (!room) return false
  const { openCalls } = place
  openCalls.add(room.world, outgoing)
  outgoing.on('close', () => openCalls.delete(room.world, outgoing))
  answerPartner(room, incoming, outgoing).catch(async (error: unknown) => {
    const { status, headers, body } = renderError(error)
    outgoing.writeHead(status, Object.fromEntries(headers))
    outgoing.end(body && (await new Response(body).text()))
  })
  return true
}

function findRoom({ house }: Place, partner: string | undefined, target: string): Room | undefined {
  if (partner === undefined && isUnder(target, '/_sim')) return undefined
  try {
    return house.find(target, partner)
  } catch {
    // No such world: who answers in words finds that out, too.
    return undefined
  }
}

async function answerPartner(
  { housed, world, partner, route }: Room,
  incoming: IncomingMessage,
  outgoing: ServerResponse,
): Promise<void> {
  const { method = '' } = incoming
  const headers = readIncomingHeaders(incoming.headers)
  const bodyText = await readIncomingBody(incoming)
  const applied = await servePartner(world, partner.name, { method, route, headers, bodyText })
  if (housed.time) await housed.time.rest()
  const { transport } = applied
  if (!transport) renderAnswer(applied, method, outgoing)
  else {
    const response = toResponse(applied, method)
    await renderTransport(transport, response, outgoing, (ms) => hold(coreOf(world), ms))
  }
}

/** Documents and console; loaded at first use, because most runs never look at them. */
async function showDocs(place: Place, request: Request): Promise<Response> {
  refuseForeignPages(request, place.safety)
  place.docs ??= openDocs(place)
  return (await place.docs).fetch(request)
}

async function openDocs({ house, safety }: Place): Promise<Hono> {
  const { createDocs } = await import('./core/docs/docs.ts')
  const mayKnow = (request: Request) => {
    try {
      refuseStrangers(request, safety)
      return true
    } catch {
      // A page can be read without the token; it only does not have the credentials filled in.
      return false
    }
  }
  const { world } = house.get('default')
  return createDocs({
    documents: [
      ...house.partners.map(({ name, title, wire }) => ({
        name,
        title,
        text: readFileSync(wire, 'utf8'),
        serverUrl: `/${name}`,
        credentials: (request: Request) => (mayKnow(request) ? world.credentials(name) : undefined),
      })),
      {
        name: 'control',
        title: 'Control plane',
        text: readFileSync(controlDocument, 'utf8'),
        serverUrl: '',
      },
    ],
  })
}

function openHouse(
  options: SimulatorsOptions & { partners: readonly Partner[] },
  origins: Record<string, string>,
  cutOff: (world: World) => void,
): House {
  const senders = new Map<World, HttpSender>()
  const close = (world: World) => {
    cutOff(world)
    void senders.get(world)?.close()
    senders.delete(world)
  }
  const open = (world: World) => senders.set(world, createHttpSender(world))
  const { allowedHosts = [], mode = 'real', clientClock = 'wall', strict = false } = options
  return createHouse({
    partners: options.partners,
    createWorld,
    drawSeed,
    wallNowMs,
    origins,
    defaults: {
      mode,
      clientClock,
      strict,
      allowedHosts,
      ...(options.catalogue === undefined ? {} : { catalogue: options.catalogue }),
      ...(options.seed === undefined ? {} : { seed: options.seed }),
    },
    ...(options.keep === undefined ? {} : { keep: options.keep }),
    ...(options.worldsMax === undefined ? {} : { worldsMax: options.worldsMax }),
    onOpen: open,
    onDrop: close,
    onReset(world) {
      // A late answer to a call of the old world must not reach a delivery of the new one.
      close(world)
      open(world)
    },
  })
}

function safetyOf({ token, allowedHosts = [] }: SimulatorsOptions, host: string) {
  // An address that was bound by hand is meant to be called by; a name rebound by somebody's DNS is never an address.
  const hosts = [...allowedHosts, host.includes(':') ? `[${host}]` : host]
  return { allowedHosts: hosts.map((name) => name.toLowerCase()), ...(token ? { token } : {}) }
}

/** The path and query as sent; a proxy may send the whole URL. */
function targetOf(url = '/'): string {
  return url.startsWith('/') ? url : (/^https?:\/\/[^/?#]*(.*)$/i.exec(url)?.[1] ?? '/')
}

const isUnder = (target: string, path: string): boolean =>
  target.startsWith(path) && /^($|[/?])/.test(target.slice(path.length))

function nowhere({ partners }: House, target: string): ControlError {
  const known = ['/_sim', '/docs', ...partners.map(({ name }) => `/${name}`)]
  return new ControlError(
    404,
    'not-found',
    `Nothing is at ${target.slice(0, 200)} on this port. Here are ${known.join(', ')}, also under /w/{world}.`,
    { known },
  )
}

/** What a client on this machine calls; every address means this one, too. */
function publicHost(host: string): string {
  if (host === '0.0.0.0' || host === '::') return '127.0.0.1'
  return host.includes(':') ? `[${host}]` : host
}
