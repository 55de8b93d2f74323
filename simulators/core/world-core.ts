import { type ClockMode, type Timer, type Timers, type Waker, wallNowMs } from './clock.ts'
import type { ArmedFaults } from './faults/armed.ts'
import type { Input } from './input-log.ts'
import type { Journal, RawEntry } from './journal.ts'
import type { MisunderstoodCall, ShopView, SimulatorBug } from './judge/views.ts'
import { limits } from './limits.ts'
import type { Messenger } from './messenger/index.ts'
import { unknownName } from './nearest.ts'
import type {
  Emission,
  Partner,
  PartnerContext,
  PartnerTypes,
  TimerId,
  TimerKind,
} from './partner.ts'
import type { Random } from './random.ts'
import type { Redactor } from './redact.ts'
import type { Wire } from './wire.ts'

/** One partner's place in one world. */
export interface PartnerRoom {
  partner: Partner
  catalogue: object
  state: object
  assumptions: Record<string, unknown>
  credentials: Record<string, string>
  site: Record<string, string | undefined>
  origin: string
  ctx: PartnerContext<PartnerTypes>
}

/** A timer remembers what caused it, so that the journal can tell a whole chain. */
export interface CausedTimer extends Timer {
  cause: number
}

/**
 * All that a world holds, as one mutable record that core's rooms work on. Nothing outside `core/` sees it. Fields above the line are
 * written by `snapshot`; those below are the machinery around them.
 */
export interface WorldCore {
  readonly name: string
  readonly seed: number
  readonly mode: ClockMode
  readonly startMs: number
  readonly strict: boolean
  readonly clientClock: 'world' | 'wall'
  /** Hosts besides loopback that webhooks may go to. */
  readonly allowedHosts: readonly string[]
  nowMs: number
  seq: number
  nextTimerId: number
  timers: Timers
  readonly random: Random
  readonly rooms: Map<string, PartnerRoom>
  readonly faults: ArmedFaults
  readonly messenger: Messenger
  shop: Record<string, Record<string, string>>
  misunderstood: MisunderstoodCall[]
  bugs: SimulatorBug[]
  claims: ShopView | undefined
  counts: Counts
  // ---
  /** Sequence number of what is being applied: the cause of all that happens now. */
  cause: number
  /** World time minus wall time, in real mode. */
  offsetMs: number
  /** The client's time at the input being applied, where `clientClock` is `wall`. */
  clientMs: number | undefined
  readonly journal: Journal
  readonly redactor: Redactor
  inputs: Input[] | undefined
  /** Events of the step being applied; they leave when it has succeeded. */
  emissions: { partner: string; emission: Emission }[]
  /** Set while a call is applied whose effects will be taken back. */
  undo: { scheduled: TimerId[]; cancelled: Timer[] } | undefined
  /** Calls whose answer is held on the world's clock, by hold number. */
  readonly held: Map<number, () => void>
  nextHold: number
  /** In-process calls that will never be answered; they end when the world is reset or closed. */
  /** Reset or closed: nothing is held or hung any more. */
  isEnded: boolean
  readonly hung: Set<(why: Error) => void>
  /** Documents by partner, as far as they are read. */
  readonly wires: ReadonlyMap<string, Wire>
  readonly timerCode: Map<string, (args: object) => void>
  waker: Waker | undefined
}

export interface Counts {
  requests: number
  acts: number
  bugs: number
  misunderstood: number
}

export function schedule(
  core: WorldCore,
  timer: { name: string; kind: TimerKind; dueMs: number; args: object },
): TimerId {
  if (!core.timerCode.has(timer.name)) throw new Error(`No code for a timer named "${timer.name}".`)
  const id = core.nextTimerId
  core.nextTimerId += 1
  const { name, kind, dueMs, args } = timer
  const caused: CausedTimer = {
    id,
    dueMs: Math.max(dueMs, core.nowMs),
    kind,
    name,
    args,
    cause: core.cause,
  }
  core.timers.add(caused)
  core.undo?.scheduled.push(id)
  core.waker?.wakeAt(core.timers.next()?.dueMs)
  return id
}

export function cancel(core: WorldCore, id: TimerId): void {
  const timer = core.timers.remove(id)
  if (timer) core.undo?.cancelled.push(timer)
}

/** Writes an entry caused by what is being applied. */
export function note(
  core: WorldCore,
  kind: string,
  data: object,
  bytes = 100,
  cause = core.cause,
): number {
  core.seq += 1
  const { seq, nowMs: atMs } = core
  core.journal.add({ seq, atMs, kind, cause: cause || undefined, data, bytes })
  return seq
}

/**
 * Begins one input: the clock catches up with the wall (real mode), all timers due at or before now fire, then the input takes its
 * sequence number and its time.
 */
export function enter(core: WorldCore, kind: string, data: object, bytes = 100): RawEntry {
  catchUp(core)
  core.seq += 1
  core.cause = core.seq
  const { seq, nowMs: atMs } = core
  return core.journal.add({ seq, atMs, kind, cause: undefined, data, bytes })
}

export function catchUp(core: WorldCore): void {
  if (core.clientClock === 'wall') core.clientMs = wallNowMs()
  const toMs = core.mode === 'real' ? Math.max(core.nowMs, wallNowMs() + core.offsetMs) : core.nowMs
  moveTo(core, toMs)
}

export function moveTo(core: WorldCore, toMs: number): void {
  if (toMs < core.nowMs)
    throw new Error(`Time only moves forward: ${toMs} is before ${core.nowMs}.`)
  for (let fired = 0; ; fired += 1) {
    const timer = core.timers.next()
    if (!timer || timer.dueMs > toMs) break
    if (fired >= limits.timersPerMoveMax) throw new Error(`More than ${fired} timers in one move.`)
    fire(core)
  }
  core.nowMs = toMs
  core.waker?.wakeAt(core.timers.next()?.dueMs)
}

export function fire(core: WorldCore): boolean {
  const timer = core.timers.take() as CausedTimer | undefined
  if (!timer) return false
  core.nowMs = Math.max(core.nowMs, timer.dueMs)
  const causeBefore = core.cause
  core.cause = timer.cause
  const code = core.timerCode.get(timer.name)
  guard(core, undefined, () => code?.(timer.args))
  flush(core)
  core.cause = causeBefore
  return true
}

/** Events leave for the messenger once the step that made them has succeeded. */
export function flush(core: WorldCore): void {
  while (core.emissions.length > 0) {
    const all = core.emissions
    core.emissions = []
    for (const { partner, emission } of all) {
      if (core.strict) checkEmission(core, partner, emission)
      core.messenger.emit(partner, emission)
    }
  }
}

/** What a partner sends must be what its document says, before any fault changes it. */
function checkEmission(core: WorldCore, partner: string, emission: Emission): void {
  const { event, body } = emission
  const parsed = typeof body === 'string' ? Object.fromEntries(new URLSearchParams(body)) : body
  const wrong = core.wires.get(partner)?.checkWebhook(event, parsed)
  if (wrong) logBug(core, partner, new Error(`The event ${event} breaks the document: ${wrong}`))
}

/** Runs our own code; an error in it is a bug of ours, logged and never swallowed silently. */
export function guard(core: WorldCore, partner: string | undefined, work: () => void): void {
  try {
    work()
  } catch (error) {
    logBug(core, partner, error)
  }
}

export function logBug(core: WorldCore, partner: string | undefined, error: unknown): string {
  const message = error instanceof Error ? `${error.name}: ${error.message}` : String(error)
  core.emissions = []
  const stack = error instanceof Error ? firstFrames(error) : []
  const seq = note(core, 'bug', { partner, message, stack }, message.length)
  core.counts.bugs += 1
  if (core.bugs.length < limits.findingsMax) {
    core.bugs.push(partner === undefined ? { seq, message } : { seq, partner, message })
  }
  return message
}

/** File names and lines only; a full path would differ from machine to machine. */
const firstFrames = (error: Error): string[] =>
  (error.stack ?? '')
    .split('\n')
    .slice(1, 5)
    .map((line) =>
      line.trim().replace(/\(?(?:file:\/\/)?\/?(?:[^()\s]*\/)?([^/()\s]+:\d+:\d+)\)?/, '$1'),
    )

/** Where a partner's names are asked for from outside. */
export function roomOf(core: WorldCore, partner: string): PartnerRoom {
  const room = core.rooms.get(partner)
  if (!room) throw new UnknownName('partner', partner, [...core.rooms.keys()])
  return room
}

/** A name that nothing here has; the message says which there are. */
export class UnknownName extends Error {
  readonly known: readonly string[]
  constructor(what: string, name: string, known: readonly string[]) {
    super(unknownName(what, name, known))
    this.name = 'UnknownName'
    this.known = known
  }
}
