import { applyAct } from './act.ts'
import type { Applied } from './apply-call.ts'
import { BadInput } from './bad-input.ts'
import { type ClockMode, type WorldClock, wallNowMs } from './clock.ts'
import { type Incoming, readBody, readHeaders, serve, toResponse } from './door.ts'
import type { ArmedFault, FaultSpec } from './faults/armed.ts'
import type { Input, InputLog } from './input-log.ts'
import type { JournalEntry, JournalQuery } from './journal.ts'
import { renderEntry } from './journal-render.ts'
import type { JudgeReport } from './judge/judge.ts'
import { judge } from './judge/judge.ts'
import type { PartnerView, ShopView } from './judge/views.ts'
import { limits } from './limits.ts'
import type { Delivery, Outcome, OutgoingCall } from './messenger/delivery.ts'
import { isAllowedReceiver } from './messenger/host.ts'
import type { OwnCatalogue } from './own-catalogue.ts'
import type { CatalogueSize, Partner } from './partner.ts'
import { copyPlain, showPlain } from './plain.ts'
import { type Route, readRoute } from './route.ts'
import { readWire } from './wire.ts'
import {
  catchUp,
  enter,
  fire,
  flush,
  moveTo,
  roomOf,
  UnknownName,
  type WorldCore,
} from './world-core.ts'
import { type CoreLinks, createCore } from './world-create.ts'
import { readSnapshot, restoreSnapshot, writeSnapshot } from './world-snapshot.ts'

export { UnknownName } from './world-core.ts'

export interface WorldOptions {
  partners: readonly Partner[]
  /** Fixes all chance; default 1. */
  seed?: number
  /** Path prefix `/w/{name}` unless it is `default`. */
  name?: string
  /** Default: `virtual`. */
  mode?: ClockMode
  /** Epoch milliseconds; default 2026-01-05T04:30:00Z when virtual, the wall's time when real. */
  startMs?: number
  size?: CatalogueSize
  /** The user's own stores, SKUs and pincodes instead of the fixed ones. One object for many worlds is built once. */
  catalogue?: OwnCatalogue
  /** Keep the input log in memory, so that `inputs()` can rebuild this world. */
  keepInputs?: boolean
  /** Which clock judges the freshness of dates a client sends; default `world`. */
  clientClock?: 'world' | 'wall'
  /** Public origin of each partner by name; default `http://127.0.0.1:{port}`, with the world's prefix. */
  origins?: Record<string, string>
  /** Hosts besides loopback that webhooks may go to. */
  allowedHosts?: readonly string[]
  /** Bytes of journal kept in memory. */
  journalBytesMax?: number
  /** Validate every answer against the document, before faults. Tests and `--strict`. */
  strict?: boolean
}

/** One complete, isolated universe: a deterministic state machine (design 4). */
export interface World {
  readonly name: string
  readonly seed: number
  readonly partners: readonly Partner[]
  readonly clock: WorldClock
  /** Serves one request in-process: by the origin of a partner, or by the prefix `/{partner}` on any other origin. */
  fetch(request: Request): Promise<Response>
  /** Does an act; answers what the act answers. Throws `Refusal` (nothing changed), or `UnknownName`/`BadInput` with what would do. */
  act(name: string, input: unknown): unknown
  arm(spec: FaultSpec): ArmedFault
  /** Without an id: all. What webhook faults held back goes out. */
  disarm(id?: string): number
  faults(): ArmedFault[]
  setAssumptions(partner: string, values: Record<string, unknown>): Record<string, unknown>
  assumptions(partner: string): Record<string, unknown>
  /** Names the shop under test: URLs (and secrets) of its site for each partner. */
  setShop(shop: Record<string, Record<string, string>>): void
  shop(): Record<string, Record<string, string>>
  credentials(partner: string): Record<string, string>
  /** Base URL as a client types it in. */
  baseUrl(partner: string): string
  journal(query?: JournalQuery): JournalEntry[]
  deliveries(filter?: { settled?: boolean; partner?: string }): Delivery[]
  redeliver(deliveryId: string): Delivery
  /**
   * Calls to leave for receivers; the driver sends them and reports back with `answered`. One listener. `givenUp` tells that nobody waits
   * for an attempt's answer any more.
   */
  onOutgoing(
    listener: (call: OutgoingCall) => void,
    givenUp?: (deliveryId: string, attempt: number) => void,
  ): void
  answered(deliveryId: string, attempt: number, outcome: Outcome): void
  /** Partner state as plain JSON (Maps as objects), credentials redacted. */
  state(partner: string): unknown
  /**
   * All of one kind that a scenario may look at (`<partner>.order`): `partner.things`, or `order`, `stock` and `payment` from the
   * partner's view when it has none. Throws `UnknownName`.
   */
  things(partner: string, thing: string): object[]
  /** Adds what a client says was acknowledged to it. */
  claim(view: ShopView): void
  judge(shop?: ShopView): JudgeReport
  /** Marks misunderstood calls with a sequence number in (from, to] as expected (a step wanted that refusal). */
  expectRefusals(fromSeq: number, toSeq: number): void
  readonly seq: number
  counts(): WorldCounts
  /** All that the world holds, as JSON text; `createWorld(options, snapshot)` makes the same world. */
  snapshot(): string
  /** Back to the beginning: same seed, same credentials. */
  reset(): void
  /** Throws unless made with `keepInputs`. */
  inputs(): InputLog
  close(): void
}

export interface WorldCounts {
  requests: number
  acts: number
  deliveries: number
  attempts: number
  bugs: number
  misunderstood: number
}

const cores = new WeakMap<World, WorldCore>()

/** For core's own rooms and for whoever puts a world on sockets; never for partners or tests. */
export function coreOf(world: World): WorldCore {
  const core = cores.get(world)
  if (!core) throw new Error(`World ${world.name} is closed or was not made by createWorld.`)
  return core
}

/** Makes a world; with `from` (a snapshot) one that stands where the snapshot was taken. */
export function createWorld(options: WorldOptions, from?: string): World {
  checkOptions(options)
  const snapshot = from === undefined ? undefined : readSnapshot(from)
  const seed = snapshot?.seed ?? options.seed ?? 1
  const startMs = snapshot?.startMs ?? options.startMs
  const links: CoreLinks = { outgoing: undefined, givenUp: undefined, wires: new Map() }
  const make = () =>
    createCore({ ...options, seed, ...(startMs !== undefined && { startMs }) }, links)
  const holder = { core: make() }
  if (snapshot) restoreSnapshot(holder.core, snapshot)
  for (const partner of options.partners) {
    void readWire(partner.wire).then((wire) => links.wires.set(partner.name, wire))
  }
  const world: World = {
    name: options.name ?? 'default',
    seed,
    partners: options.partners,
    ...timeOf(holder),
    ...callsOf(holder),
    ...settingsOf(holder),
    ...deliveriesOf(holder, links),
    ...readingOf(holder, links),
    ...lifeOf(holder, make, (core) => cores.set(world, core)),
    get seq() {
      return holder.core.seq
    },
  }
  cores.set(world, holder.core)
  return world
}

function checkOptions({ seed = 1, mode = 'virtual', startMs = 0, partners }: WorldOptions): void {
  if (!Number.isSafeInteger(seed) || seed < 0) {
    throw new BadInput(`seed: a whole number from 0 is wanted, not ${seed}.`)
  }
  if (mode !== 'virtual' && mode !== 'real') {
    throw new BadInput(`mode: virtual or real is wanted, not "${String(mode)}".`)
  }
  if (!Number.isSafeInteger(startMs)) {
    throw new BadInput(`startMs: whole epoch milliseconds are wanted, not ${startMs}.`)
  }
  if (partners.length === 0) throw new BadInput('partners: a world has at least one.')
}

/** Reset makes a new core; everything reads it through this. */
interface Holder {
  core: WorldCore
}

function timeOf(holder: Holder): Pick<World, 'clock'> {
  const clock: WorldClock = {
    get mode() {
      return holder.core.mode
    },
    get nowMs() {
      if (holder.core.mode === 'real') catchUp(holder.core)
      return holder.core.nowMs
    },
    get startMs() {
      return holder.core.startMs
    },
    next: (kind) => holder.core.timers.next(kind),
    fireNext() {
      const before = holder.core.nowMs
      const fired = fire(holder.core)
      pushed(holder.core, before)
      return fired
    },
    moveTo(toMs) {
      const before = holder.core.nowMs
      moveTo(holder.core, toMs)
      pushed(holder.core, before)
    },
    announce(toMs) {
      const { core } = holder
      enter(core, 'clock', { toMs })
      core.inputs?.push({ kind: 'clock', seq: core.seq, atMs: core.nowMs, toMs })
      core.cause = 0
    },
  }
  return { clock }
}

/** In real mode a move forward pushes the world's time ahead of the wall's. */
function pushed(core: WorldCore, beforeMs: number): void {
  if (core.mode === 'real' && core.nowMs > beforeMs) {
    core.offsetMs = Math.max(core.offsetMs, core.nowMs - wallNowMs())
  }
}

function callsOf(holder: Holder): Pick<World, 'fetch' | 'act' | 'claim' | 'expectRefusals'> {
  return {
    fetch: (request) => fetchInProcess(holder.core, request),
    act: (name, input) => applyAct(holder.core, name, input),
    claim(view) {
      const { core } = holder
      enter(core, 'claim', { orders: view.orders?.length ?? 0 })
      const kept = copyPlain(view)
      core.inputs?.push({ kind: 'claim', seq: core.seq, atMs: core.nowMs, view: kept })
      core.cause = 0
      const orders = core.claims?.orders ?? []
      if (orders.length + (kept.orders?.length ?? 0) > limits.claimsMax) {
        throw new BadInput(`At most ${limits.claimsMax} orders can be claimed in one world.`)
      }
      for (const order of kept.orders ?? []) orders.push(order)
      core.claims = { ...core.claims, ...kept, orders }
    },
    expectRefusals(fromSeq, toSeq) {
      const { core } = holder
      core.inputs?.push({
        kind: 'expect-refusals',
        seq: core.seq,
        atMs: core.nowMs,
        fromSeq,
        toSeq,
      })
      for (const call of core.misunderstood) {
        if (call.seq > fromSeq && call.seq <= toSeq) call.expected = true
      }
    },
  }
}

function settingsOf(
  holder: Holder,
): Pick<
  World,
  | 'arm'
  | 'disarm'
  | 'faults'
  | 'setAssumptions'
  | 'assumptions'
  | 'setShop'
  | 'shop'
  | 'credentials'
  | 'baseUrl'
> {
  return {
    arm(spec) {
      const { core } = holder
      catchUp(core)
      const kept = copyPlain(spec)
      const armed = core.faults.arm(spec)
      enter(core, 'arm', { spec: kept })
      core.inputs?.push({ kind: 'arm', seq: core.seq, atMs: core.nowMs, spec: kept })
      core.cause = 0
      return armed
    },
    disarm(id) {
      const { core } = holder
      const armed = core.faults.list().map((fault) => fault.id)
      if (id !== undefined && !armed.includes(id)) throw new UnknownName('armed fault', id, armed)
      enter(core, 'disarm', { id: id ?? null })
      core.inputs?.push({ kind: 'disarm', seq: core.seq, atMs: core.nowMs, id: id ?? null })
      const gone = core.faults.disarm(id)
      core.cause = 0
      return gone
    },
    faults: () => holder.core.faults.list(),
    setAssumptions(partner, values) {
      const { core } = holder
      const room = roomOf(core, partner)
      const next = checkAssumptions(room.partner, { ...room.assumptions, ...values })
      enter(core, 'assumptions', { partner, values })
      core.inputs?.push({ kind: 'assumptions', seq: core.seq, atMs: core.nowMs, partner, values })
      room.assumptions = next
      core.cause = 0
      return { ...next }
    },
    assumptions: (partner) => ({ ...roomOf(holder.core, partner).assumptions }),
    setShop(shop) {
      const { core } = holder
      const sites = checkShop(core, shop)
      enter(core, 'shop', { partners: Object.keys(shop) })
      core.inputs?.push({ kind: 'shop', seq: core.seq, atMs: core.nowMs, shop: copyPlain(shop) })
      core.shop = copyPlain(shop)
      for (const room of core.rooms.values()) room.site = sites[room.partner.name] ?? {}
      core.cause = 0
    },
    shop: () => copyPlain(holder.core.shop),
    credentials: (partner) => ({ ...roomOf(holder.core, partner).credentials }),
    baseUrl(partner) {
      const room = roomOf(holder.core, partner)
      return room.partner.baseUrl(room.origin)
    },
  }
}

/** Unknown switches and values outside their schema are refused; nothing is changed then. */
function checkAssumptions(
  partner: Partner,
  values: Record<string, unknown>,
): Record<string, unknown> {
  const known = Object.keys(partner.assumptions.parse({}))
  for (const name of Object.keys(values)) {
    if (!known.includes(name)) throw new UnknownName(`assumption of ${partner.name}`, name, known)
  }
  const parsed = partner.assumptions.safeParse(values)
  if (!parsed.success) throw BadInput.ofZod(`Assumptions of ${partner.name}`, parsed.error)
  return parsed.data as Record<string, unknown>
}

function checkShop(
  core: WorldCore,
  shop: Record<string, Record<string, string>>,
): Record<string, Record<string, string | undefined>> {
  const sites: Record<string, Record<string, string | undefined>> = {}
  for (const [name, site] of Object.entries(shop)) {
    const { partner } = roomOf(core, name)
    const parsed = partner.site.safeParse(site)
    if (!parsed.success) throw BadInput.ofZod(`Shop, site for ${name}`, parsed.error)
    refuseFarReceivers(core, name, parsed.data)
    sites[name] = parsed.data
  }
  return sites
}

/** Nothing would ever be sent there; better said now than by a dead letter. */
function refuseFarReceivers(
  core: WorldCore,
  name: string,
  site: Record<string, string | undefined>,
): void {
  for (const [field, value] of Object.entries(site)) {
    if (!field.endsWith('url') || value === undefined) continue
    if (isAllowedReceiver(value, core.allowedHosts)) continue
    throw new BadInput(
      `Shop, site for ${name}: ${field} ${value} is neither on loopback nor a host allowed by name (--allow-host NAME).`,
      [{ path: `${name}.${field}`, message: 'not loopback and not allowed by name' }],
    )
  }
}

function deliveriesOf(
  holder: Holder,
  links: CoreLinks,
): Pick<World, 'deliveries' | 'redeliver' | 'onOutgoing' | 'answered'> {
  return {
    deliveries: (filter) => holder.core.messenger.deliveries(filter),
    redeliver(deliveryId) {
      const { core } = holder
      const known = core.messenger.deliveries().map(({ id }) => id)
      if (!known.includes(deliveryId))
        throw new UnknownName('delivery', deliveryId, known.slice(-20))
      enter(core, 'redeliver', { delivery: deliveryId })
      core.inputs?.push({ kind: 'redeliver', seq: core.seq, atMs: core.nowMs, deliveryId })
      const delivery = core.messenger.redeliver(deliveryId)
      core.cause = 0
      return delivery
    },
    onOutgoing(listener, givenUp) {
      links.outgoing = listener
      links.givenUp = givenUp
      // What was under way when a snapshot was taken left with nobody to hear the answer.
      holder.core.messenger.resendUnderWay()
    },
    answered(deliveryId, attempt, outcome) {
      const { core } = holder
      catchUp(core)
      core.seq += 1
      core.inputs?.push({
        kind: 'answered',
        seq: core.seq,
        atMs: core.nowMs,
        deliveryId,
        attempt,
        outcome,
      })
      core.messenger.answered(deliveryId, attempt, outcome)
      flush(core)
      core.cause = 0
    },
  }
}

function readingOf(
  holder: Holder,
  links: CoreLinks,
): Pick<World, 'journal' | 'state' | 'things' | 'judge' | 'counts' | 'inputs'> {
  return {
    journal: (query) =>
      holder.core.journal
        .read(query)
        .map((raw) => renderEntry(raw, holder.core.redactor, (name) => links.wires.get(name))),
    state(partner) {
      const { core } = holder
      const text = JSON.stringify(showPlain(roomOf(core, partner).state))
      return JSON.parse(core.redactor.hide(text))
    },
    things: (partner, thing) => readThings(holder.core, partner, thing),
    judge(shop) {
      const { core } = holder
      catchUp(core)
      const partners: Record<string, PartnerView> = {}
      for (const room of core.rooms.values()) {
        partners[room.partner.name] = room.partner.view(room.ctx)
      }
      return judge({
        partners,
        ...(shop && { shop }),
        ...(core.claims && { claims: core.claims }),
        deliveries: Object.fromEntries(
          [...core.rooms.keys()].map((name) => [name, core.messenger.totals(name)]),
        ),
        misunderstood: core.misunderstood,
        bugs: core.bugs,
      })
    },
    counts: () => {
      const { core } = holder
      return { ...core.counts, ...core.messenger.counts() }
    },
    inputs(): InputLog {
      const { core } = holder
      if (!core.inputs)
        throw new Error('Inputs are kept only on request: createWorld({ keepInputs: true }).')
      const hidden = core.inputs.map((input) => hideSecrets(core, input))
      return { seed: core.seed, startMs: core.startMs, inputs: hidden, untilMs: core.nowMs }
    },
  }
}

/** `<partner>.<thing>`: what scenarios may look at. */
function readThings(core: WorldCore, name: string, thing: string): object[] {
  const { partner, ctx } = roomOf(core, name)
  const things = partner.things ?? thingsOfView(partner)
  if (!Object.hasOwn(things, thing)) {
    throw new UnknownName(`thing of ${name}`, thing, Object.keys(things))
  }
  return things[thing]?.(ctx) ?? []
}

const thingsOfView = (partner: Partner): NonNullable<Partner['things']> => ({
  order: (ctx) => partner.view(ctx).orders ?? [],
  stock: (ctx) => partner.view(ctx).stock ?? [],
  payment: (ctx) => partner.view(ctx).payments ?? [],
})

/** Secrets stand in a written log by name; a replay derives them from the seed again. */
function hideSecrets(core: WorldCore, input: Input): Input {
  if (input.kind !== 'request') return input
  const headers = { ...input.headers }
  if (headers.authorization !== undefined) {
    headers.authorization = core.redactor.hideAuthorization(headers.authorization)
  }
  return { ...input, headers, body: core.redactor.hide(input.body) }
}

function lifeOf(
  holder: Holder,
  make: () => WorldCore,
  replaced: (core: WorldCore) => void,
): Pick<World, 'snapshot' | 'reset' | 'close'> {
  const end = (why: string) => {
    const { core } = holder
    core.isEnded = true
    core.waker?.close()
    for (const release of core.held.values()) release()
    for (const reject of core.hung) reject(new Error(why))
  }
  return {
    snapshot: () => writeSnapshot(holder.core),
    reset() {
      const { shop, inputs } = holder.core
      end('The world was reset.')
      holder.core = make()
      replaced(holder.core)
      const { core } = holder
      if (Object.keys(shop).length > 0) {
        const sites = checkShop(core, shop)
        core.shop = shop
        for (const room of core.rooms.values()) room.site = sites[room.partner.name] ?? {}
      }
      // What came before is not needed to rebuild what stands now; the shop that stays is.
      core.inputs = inputs ? [{ kind: 'shop', seq: 0, atMs: core.nowMs, shop }] : undefined
    },
    close: () => end('The world was closed.'),
  }
}

/** Serves a request of a client in this process, and renders what a fault does to the wire as `fetch` would show it. */
async function fetchInProcess(core: WorldCore, request: Request): Promise<Response> {
  const { room, route } = findRoom(core, request.url)
  const { method } = request
  const headers = readHeaders(request.headers)
  const bodyText = await readBody(request)
  const applied = await serve(core, room, { method, route, headers, bodyText })
  const { transport } = applied
  if (transport?.kind === 'hang') return hang(core, request.signal)
  const response = toResponse(applied, method)
  if (!transport) return response
  if (transport.kind === 'reset' || transport.kind === 'empty-reply') {
    const code = transport.kind === 'reset' ? 'ECONNRESET' : 'UND_ERR_SOCKET'
    throw new TypeError('fetch failed', { cause: Object.assign(new Error(code), { code }) })
  }
  if (transport.kind === 'drip') return response
  return truncated(response, transport.bytes)
}

function hang(core: WorldCore, signal: AbortSignal): Promise<Response> {
  return new Promise((_resolve, reject) => {
    if (core.isEnded) {
      reject(new TypeError('fetch failed', { cause: new Error('The world has ended.') }))
      return
    }
    const end = (why: Error) => {
      core.hung.delete(end)
      reject(new TypeError('fetch failed', { cause: why }))
    }
    core.hung.add(end)
    signal.addEventListener('abort', () => {
      core.hung.delete(end)
      reject(signal.reason)
    })
  })
}

async function truncated(response: Response, bytes: number): Promise<Response> {
  const part = new Uint8Array(await response.arrayBuffer()).slice(0, bytes)
  const error = new TypeError('terminated', {
    cause: Object.assign(new Error('other side closed'), { code: 'UND_ERR_SOCKET' }),
  })
  let isSent = false
  const stream = new ReadableStream({
    pull(controller) {
      if (isSent) controller.error(error)
      else controller.enqueue(part)
      isSent = true
    },
  })
  return new Response(stream, { status: response.status, headers: response.headers })
}

/** By a partner's public origin, else by the prefix `/{partner}`. */
function findRoom(
  core: WorldCore,
  url: string,
): { room: WorldCore['rooms'] extends Map<string, infer R> ? R : never; route: Route } {
  const slash = url.indexOf('/', url.indexOf('//') + 2)
  const host = slash < 0 ? url : url.slice(0, slash)
  const target = slash < 0 ? '/' : (url.slice(slash).split('#', 1)[0] ?? '/')
  for (const room of core.rooms.values()) {
    if (room.origin === host || room.origin.startsWith(`${host}/w/`)) {
      return { room, route: readRoute(target, []) }
    }
  }
  const route = readRoute(target, [...core.rooms.keys()])
  if (route.partner === undefined) {
    throw new TypeError('fetch failed', {
      cause: new Error(`No partner of this world is at ${url}.`),
    })
  }
  return { room: roomOf(core, route.partner), route }
}

/** Serves a request that came over a socket; the caller has found world and route. */
export function servePartner(world: World, partner: string, incoming: Incoming): Promise<Applied> {
  const core = coreOf(world)
  return serve(core, roomOf(core, partner), incoming)
}
