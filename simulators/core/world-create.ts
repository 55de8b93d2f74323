import { createTimers, createWaker, virtualStartMs, wallNowMs } from './clock.ts'
import { holdTimer } from './door.ts'
import { createFaults } from './faults/armed.ts'
import { targetsOf } from './faults/targets.ts'
import { createJournal } from './journal.ts'
import { limits } from './limits.ts'
import type { Machine } from './machine.ts'
import type { OutgoingCall } from './messenger/delivery.ts'
import { createMessenger } from './messenger/index.ts'
import type { Partner } from './partner.ts'
import { createPartnerContext } from './partner-context.ts'
import { freezeDeep } from './plain.ts'
import { createRandom } from './random.ts'
import { createRedactor } from './redact.ts'
import type { Wire } from './wire.ts'
import type { WorldOptions } from './world.ts'
import {
  cancel,
  catchUp,
  note,
  type PartnerRoom,
  roomOf,
  schedule,
  type WorldCore,
} from './world-core.ts'

/** What outlives a reset. */
export interface CoreLinks {
  outgoing: ((call: OutgoingCall) => void) | undefined
  /** Nobody waits for the answer of this attempt any more. */
  givenUp: ((deliveryId: string, attempt: number) => void) | undefined
  /** Documents by partner, once read. */
  wires: Map<string, Wire>
}

type Options = WorldOptions & { seed: number }

/** Puts a fresh world together: rooms of the partners, messenger, faults, timers. */
export function createCore(options: Options, links: CoreLinks): WorldCore {
  const mode = options.mode ?? 'virtual'
  const startMs = options.startMs ?? (mode === 'real' ? wallNowMs() : virtualStartMs)
  // A virtual world always begins at the same moment: same seed, same bytes.
  const birth = startMs === virtualStartMs ? '' : `@${startMs}`
  const random = createRandom(options.seed, birth)
  const rooms = new Map<string, PartnerRoom>()
  const core = {
    name: options.name ?? 'default',
    seed: options.seed,
    mode,
    startMs,
    strict: options.strict ?? mode === 'virtual',
    clientClock: options.clientClock ?? 'world',
    allowedHosts: options.allowedHosts ?? [],
    nowMs: startMs,
    seq: 0,
    nextTimerId: 1,
    timers: createTimers(),
    random,
    rooms,
    shop: {},
    misunderstood: [],
    bugs: [],
    claims: undefined,
    counts: { requests: 0, acts: 0, bugs: 0, misunderstood: 0 },
    cause: 0,
    offsetMs: startMs - wallNowMs(),
    clientMs: undefined,
    journal: createJournal(options.journalBytesMax ?? limits.journalBytesMax),
    inputs: options.keepInputs ? [] : undefined,
    emissions: [],
    undo: undefined,
    held: new Map(),
    nextHold: 1,
    hung: new Set(),
    isEnded: false,
    wires: links.wires,
    timerCode: new Map(),
    waker: undefined,
  } as unknown as WorldCore
  for (const partner of options.partners)
    rooms.set(partner.name, createRoom(core, partner, options))
  const machine = createMachine(core)
  Object.assign(core, { redactor: redactorOf(core) })
  Object.assign(core, { faults: createFaults(machine, targetsOf(options.partners)) })
  Object.assign(core, {
    messenger: createMessenger(machine, {
      sender(name) {
        const { partner, ctx } = roomOf(core, name)
        return { webhooks: partner.webhooks, ctx }
      },
      faults: core.faults,
      send: (call) => send(core, links, call),
      giveUp: (deliveryId, attempt) => links.givenUp?.(deliveryId, attempt),
      allowedHosts: core.allowedHosts,
    }),
  })
  registerTimers(core)
  for (const { partner, ctx } of rooms.values()) partner.start?.(ctx)
  if (mode === 'real')
    Object.assign(core, {
      waker: createWaker(
        () => catchUp(core),
        () => core.offsetMs,
      ),
    })
  return core
}

/** A strict world checks what a partner sends as it was before any fault changed the wire. */
function send(core: WorldCore, links: CoreLinks, call: OutgoingCall): void {
  if (links.outgoing) links.outgoing(call)
  else core.messenger.answered(call.deliveryId, call.attempt, { error: 'nobody-sends' })
}

/** By partner, own catalogue (or none) and size. */
const catalogues = new WeakMap<Partner, WeakMap<object, Map<string, object>>>()
const noOwn = {}

/** Built once per size and own catalogue, frozen, shared by all worlds. */
function catalogueOf(partner: Partner, { size = {}, catalogue: own }: Options): object {
  const byOwn = catalogues.get(partner) ?? new WeakMap<object, Map<string, object>>()
  catalogues.set(partner, byOwn)
  const bySize = byOwn.get(own ?? noOwn) ?? new Map<string, object>()
  byOwn.set(own ?? noOwn, bySize)
  const key = JSON.stringify([size.skus ?? null, size.stores ?? null])
  const known = bySize.get(key)
  if (known) return known
  const catalogue = freezeDeep(own ? partner.catalogue(size, own) : partner.catalogue(size))
  bySize.set(key, catalogue)
  return catalogue
}

function createRoom(core: WorldCore, partner: Partner, options: Options): PartnerRoom {
  const catalogue = catalogueOf(partner, options)
  const prefix = core.name === 'default' ? '' : `/w/${core.name}`
  const origin = options.origins?.[partner.name] ?? `http://127.0.0.1:${partner.port}`
  const room = {
    partner,
    catalogue,
    state: partner.createState(catalogue, core.startMs),
    assumptions: partner.assumptions.parse({}) as Record<string, unknown>,
    credentials: partner.createCredentials(core.random.stream(`credentials/${partner.name}`)),
    site: {},
    origin: `${origin}${prefix}`,
  } as unknown as PartnerRoom
  room.ctx = createPartnerContext(core, room)
  return room
}

function redactorOf(core: WorldCore) {
  const credentials: Record<string, Record<string, string>> = {}
  const open: Record<string, readonly string[]> = {}
  for (const [name, room] of core.rooms) {
    credentials[name] = room.credentials
    open[name] = room.partner.openCredentials
  }
  return createRedactor(credentials, open)
}

function createMachine(core: WorldCore): Machine {
  return {
    get nowMs() {
      return core.nowMs
    },
    get cause() {
      return core.cause
    },
    random: core.random,
    schedule: (timer) => schedule(core, timer),
    cancel: (id) => cancel(core, id),
    journal: (kind, data, cause) => note(core, kind, data, 200, cause),
    causedBy(cause, work) {
      const before = core.cause
      core.cause = cause
      try {
        return work()
      } finally {
        core.cause = before
      }
    },
  }
}

function registerTimers(core: WorldCore): void {
  core.timerCode.set(holdTimer, (args) => {
    const { number } = args as { number: number }
    const release = core.held.get(number)
    core.held.delete(number)
    release?.()
  })
  for (const [name, code] of Object.entries(core.messenger.timers)) core.timerCode.set(name, code)
  for (const { partner, ctx } of core.rooms.values()) {
    for (const [name, code] of Object.entries(partner.timers)) {
      core.timerCode.set(name, (args) => code(ctx, args as never))
    }
  }
}
