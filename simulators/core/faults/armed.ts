import type { BatchShape } from '../batch-shape.ts'
import type { Machine } from '../machine.ts'
import type { BodyNames } from '../partner.ts'
import { copyPlain } from '../plain.ts'
import type { CallPlan, PlannedDelivery, WebhookFault } from './fault.ts'
import {
  BadFault,
  emptyWindow,
  type FaultSpec,
  type FaultTargets,
  fits,
  type ParsedFault,
  parseFault,
} from './spec.ts'
import { type Carried, walkCarried } from './values.ts'

export { BadFault, type FaultSpec, type FaultTargets, parseFault } from './spec.ts'
export type { Carried } from './values.ts'

/** Armed at one time in one world. */
export const armedFaultsMax = 1_000

/** Plain data. */
export interface ArmedFault {
  id: string
  /** As it was given. */
  spec: FaultSpec
  armedMs: number
  /** How many calls or events it fitted by partner, `on`, `where` and window. */
  matched: number
  /** How many of those it changed. */
  applied: number
  /** What the fault itself keeps from one match to the next. */
  memory?: Record<string, number>
}

/** A delivery that a fault holds knows which one. */
export interface PlannedWithHolder extends PlannedDelivery {
  heldBy?: string
}

export interface FaultsSnapshot {
  armed: ArmedFault[]
  /** How many faults of each name were armed without an id, so that no default id comes twice. */
  named: Record<string, number>
}

/** The faults of one world. */
export interface ArmedFaults {
  /** Throws `BadFault`, naming what would be accepted. */
  arm(spec: FaultSpec): ArmedFault
  /** Without an id: all. Returns how many; what they held goes out. Throws `BadFault` on an unknown id. */
  disarm(id?: string): number
  list(): ArmedFault[]
  /**
   * What happens to a call. `applied` names the faults that rewrote the plan, in the order of arming. A call that matched no operation
   * meets the faults without `on`.
   */
  planCall(
    partner: string,
    operationId: string | undefined,
    carried: Carried,
  ): { plan: CallPlan; applied: string[] }
  /** What happens to an event. `held` tells what an armed fault holds back, oldest first. */
  planDelivery(
    emitted: { partner: string; channel: string; event: string; body: unknown },
    first: PlannedDelivery,
    held: (faultId: string) => PlannedDelivery[],
  ): { plan: PlannedWithHolder[]; applied: string[] }
  /** What strikes an attempt that is about to leave: faults that are armed now, whenever the event was emitted. */
  planAttempt(emitted: { partner: string; channel: string; event: string; body: unknown }): {
    isCutOff: boolean
    hasOtherKey: boolean
    applied: string[]
  }
  /** The messenger asks to hear which faults leave, in their order of arming. */
  onDisarm(listener: (ids: string[]) => void): void
  snapshot(): FaultsSnapshot
  restore(saved: FaultsSnapshot): void
}

interface Live {
  armed: ArmedFault
  parsed: ParsedFault
  fromMs: number
  untilMs: number
  /** Each key with its accepted values. */
  where: readonly (readonly [string, ReadonlySet<string>])[]
}

const ordinary: CallPlan = Object.freeze({ apply: 'yes', holdMs: 0 })
const nothingDone: { plan: CallPlan; applied: string[] } = { plan: ordinary, applied: [] }
Object.freeze(nothingDone.applied)
const ordinaryAttempt = { isCutOff: false, hasOtherKey: false, applied: [] }
Object.freeze(ordinaryAttempt.applied)

/**
 * Keeps the armed faults of one world. The draw of a fault is keyed by (its id, how many it matched), so no fault disturbs another, nor
 * anything else. A call costs one walk over what it carries, whatever the number of faults that do not match.
 */
export function createFaults(machine: Machine, targets: Record<string, FaultTargets>): ArmedFaults {
  let live = new Map<string, Live>()
  let named: Record<string, number> = {}
  let indexes = new Map<string, FaultIndex>()
  let listener: (ids: string[]) => void = () => {}
  const put = (armed: ArmedFault, parsed: ParsedFault) => {
    live.set(armed.id, createLive(armed, parsed))
    indexes = new Map()
  }
  const matching = (key: string, on: readonly string[], family: string, carried: Carried) => {
    let index = indexes.get(key)
    if (!index) {
      const partner = key.slice(0, key.indexOf(' '))
      index = createIndex(
        [...live.values()].filter((each) => isOn(each, family, partner, on, targets)),
      )
      indexes.set(key, index)
    }
    return index.matching(carried, machine.nowMs)
  }
  return {
    arm(spec) {
      const parsed = parseFault(spec, targets)
      if (live.size >= armedFaultsMax) {
        throw new BadFault(`At most ${armedFaultsMax} faults can be armed; disarm some first.`)
      }
      const { fromMs, untilMs } = windowOf(parsed, machine.nowMs)
      if (fromMs >= untilMs) throw emptyWindow()
      if (machine.nowMs >= untilMs) throw pastWindow(machine.nowMs)
      const armed = createArmed(spec, parsed, machine.nowMs, live, named)
      put(armed, parsed)
      return { ...armed }
    },
    disarm(id) {
      if (id !== undefined && !live.has(id)) {
        throw new BadFault(
          `No fault "${id}" is armed. Armed: ${[...live.keys()].join(', ') || 'none'}.`,
        )
      }
      const ids = id === undefined ? [...live.keys()] : [id]
      for (const each of ids) live.delete(each)
      indexes = new Map()
      listener(ids)
      return ids.length
    },
    list: () => [...live.values()].map(({ armed }) => ({ ...armed })),
    planCall(partner, operationId, carried) {
      if (live.size === 0) return nothingDone
      const key = `${partner} http ${operationId ?? ''}`
      const hits = matching(key, operationId === undefined ? [] : [operationId], 'http', carried)
      if (hits.length === 0) return nothingDone
      return rewriteCall(hits, targets[partner]?.batches?.[operationId ?? ''] ?? {}, machine)
    },
    planDelivery({ partner, channel, event, body }, first, held) {
      if (live.size === 0) return { plan: [first], applied: [] }
      const key = `${partner} webhook ${channel} ${event}`
      const hits = matching(key, [channel, event], 'webhook', { body })
      const names = targets[partner]?.names ?? {}
      return rewriteDelivery(hits, first, { held, names, on: [channel, event] }, machine)
    },
    planAttempt({ partner, channel, event, body }) {
      if (live.size === 0) return ordinaryAttempt
      const key = `${partner} attempt ${channel} ${event}`
      const hits = matching(key, [channel, event], 'attempt', { body })
      return hits.length === 0 ? ordinaryAttempt : strikeAttempt(hits, machine)
    },
    onDisarm(added) {
      listener = added
    },
    snapshot: () => ({ armed: [...live.values()].map(({ armed }) => armed), named }),
    restore(saved) {
      live = new Map()
      named = { ...saved.named }
      for (const armed of saved.armed) put({ ...armed }, parseFault(armed.spec, targets))
    },
  }
}

const pastWindow = (nowMs: number): BadFault =>
  new BadFault(
    `Bad fault: until must be later than now, which is ${new Date(nowMs).toISOString()} in this world; the fault could never strike.`,
  )

function createArmed(
  spec: FaultSpec,
  { match }: ParsedFault,
  armedMs: number,
  live: ReadonlyMap<string, Live>,
  named: Record<string, number>,
): ArmedFault {
  let id = match.id
  if (id === undefined) {
    do {
      const count = (named[match.name] ?? 0) + 1
      named[match.name] = count
      id = count === 1 ? match.name : `${match.name}-${count}`
    } while (live.has(id))
  } else if (live.has(id)) {
    throw new BadFault(`A fault "${id}" is armed already. Give another id, or disarm it first.`)
  }
  return { id, spec: copyPlain(spec), armedMs, matched: 0, applied: 0 }
}

function windowOf({ match }: ParsedFault, armedMs: number): { fromMs: number; untilMs: number } {
  const { from, until } = match
  const timeOf = (instant: typeof from, otherwise: number) => {
    if (!instant) return otherwise
    return 'atMs' in instant ? instant.atMs : armedMs + instant.afterMs
  }
  return {
    fromMs: timeOf(from, Number.NEGATIVE_INFINITY),
    untilMs: timeOf(until, Number.POSITIVE_INFINITY),
  }
}

function createLive(armed: ArmedFault, parsed: ParsedFault): Live {
  const { where = {} } = parsed.match
  return {
    armed,
    parsed,
    ...windowOf(parsed, armed.armedMs),
    where: Object.entries(where).map(
      ([key, values]) => [key, new Set([values].flat().map(String))] as const,
    ),
  }
}

const isOn = (
  { parsed }: Live,
  kind: string,
  partner: string,
  on: readonly string[],
  targets: Record<string, FaultTargets>,
): boolean =>
  kindOf(parsed) === kind &&
  isPossible(parsed, targets[partner]?.batches, on) &&
  parsed.match.partner === partner &&
  (parsed.on === undefined || on.some((each) => parsed.on?.has(each) || parsed.alsoOn.has(each)))

/** A batch fault passes by operations that have not what it needs. */
const isPossible = (
  { fault }: ParsedFault,
  batches: FaultTargets['batches'],
  on: readonly string[],
): boolean => fault.family !== 'batch' || on.some((id) => fits(fault.code, batches?.[id]))

function kindOf({ fault }: ParsedFault): 'http' | 'webhook' | 'attempt' {
  if (fault.family !== 'webhook') return 'http'
  return fault.code.onAttempt ? 'attempt' : 'webhook'
}

/** It is only told of this one, which it must not count. */
const isOnlyHeard = ({ parsed }: Live, on: readonly string[]): boolean =>
  on.some((each) => parsed.alsoOn.has(each))

interface FaultIndex {
  /** In the order of arming. */
  matching(carried: Carried, nowMs: number): Live[]
}

/** For one operation or event: `where` is looked up by what a call carries, never fault by fault. */
function createIndex(faults: readonly Live[]): FaultIndex {
  const wanted = new Map<string, Map<string, number[]>>()
  const everywhere: number[] = []
  faults.forEach(({ where }, at) => {
    if (where.length === 0) everywhere.push(at)
    for (const [key, values] of where) {
      const byValue = wanted.get(key) ?? new Map<string, number[]>()
      wanted.set(key, byValue)
      for (const value of values) byValue.set(value, [...(byValue.get(value) ?? []), at])
    }
  })
  const carriedBy = (carried: Carried): number[] => {
    /** For each fault that anything spoke for: the keys that did. */
    const keysOf = new Map<number, Set<string>>()
    walkCarried(
      carried,
      (key) => wanted.has(key),
      (key, value) => {
        const places = wanted.get(key)?.get(value)
        if (!places) return
        for (const at of places) {
          const keys = keysOf.get(at) ?? new Set<string>()
          keysOf.set(at, keys.add(key))
        }
      },
    )
    return [...keysOf].filter(([at, keys]) => keys.size === faults[at]?.where.length).map(first)
  }
  return {
    matching(carried, nowMs) {
      if (faults.length === 0) return []
      const places =
        wanted.size === 0
          ? everywhere
          : [...everywhere, ...carriedBy(carried)].sort((a, b) => a - b)
      return places
        .map((at) => faults[at] as Live)
        .filter(({ fromMs, untilMs }) => fromMs <= nowMs && nowMs < untilMs)
    },
  }
}

const first = ([at]: readonly [number, unknown]): number => at

/** Counts the match; the draw when the fault strikes, else undefined. */
function strike({ armed, parsed }: Live, machine: Machine): number | undefined {
  armed.matched += 1
  const count = armed.matched
  const { first: firstCount, nth, every, after, probability = 1 } = parsed.match
  if (firstCount !== undefined && count > firstCount) return undefined
  if (nth !== undefined && count !== nth) return undefined
  if (every !== undefined && count % every !== 0) return undefined
  if (after !== undefined && count <= after) return undefined
  const draw = machine.random.at(`fault/${armed.id}`, count)
  // What is left of the draw is uniform again.
  return draw < probability ? draw / probability : undefined
}

function rewriteCall(hits: readonly Live[], batch: BatchShape, machine: Machine) {
  let plan = ordinary
  const applied: string[] = []
  for (const hit of hits) {
    const draw = strike(hit, machine)
    const { fault, options } = hit.parsed
    if (draw === undefined || fault.family === 'webhook') continue
    const how = { options, draw, nowMs: machine.nowMs, memory: memoryOf(hit), batch }
    const next = fault.code.apply(plan, how)
    // Below its limit a rate limit does nothing.
    if (next === plan) continue
    plan = next
    hit.armed.applied += 1
    applied.push(fault.code.name)
  }
  return { plan, applied }
}

const memoryOf = ({ armed }: Live): Record<string, number> => {
  armed.memory ??= {}
  return armed.memory
}

function strikeAttempt(hits: readonly Live[], machine: Machine) {
  const struck = hits.filter((hit) => strike(hit, machine) !== undefined)
  const does = (effect: WebhookFault['onAttempt']) =>
    struck.some(
      ({ parsed: { fault } }) => fault.family === 'webhook' && fault.code.onAttempt === effect,
    )
  for (const { armed } of struck) armed.applied += 1
  return {
    isCutOff: does('cut-off'),
    hasOtherKey: does('other-key'),
    applied: struck.map(({ parsed }) => parsed.fault.code.name),
  }
}

function rewriteDelivery(
  hits: readonly Live[],
  emitted: PlannedDelivery,
  about: {
    held: (faultId: string) => PlannedDelivery[]
    names: BodyNames
    on: readonly string[]
  },
  machine: Machine,
) {
  let plan: PlannedWithHolder[] = [emitted]
  const applied: string[] = []
  for (const hit of hits) {
    const draw = isOnlyHeard(hit, about.on) ? 0 : strike(hit, machine)
    const { fault, options } = hit.parsed
    if (draw === undefined || fault.family !== 'webhook') continue
    const { id } = hit.armed
    const { nowMs } = machine
    const { names } = about
    const how = { options, draw, nowMs, memory: memoryOf(hit), held: about.held(id), names }
    const next = applyToOwn(plan, fault.code, how).map((each) => markHolder(each, id))
    if (next.length !== plan.length || next.some((each, at) => each !== plan[at])) {
      hit.armed.applied += 1
      applied.push(fault.code.name)
    }
    plan = next
  }
  return { plan, applied }
}

/** A fault rewrites the event that it matched, not the older ones that another fault has just let go. */
function applyToOwn(
  plan: PlannedWithHolder[],
  code: WebhookFault,
  how: Parameters<WebhookFault['apply']>[1],
): PlannedWithHolder[] {
  const at = plan.findIndex((each) => each.id === undefined)
  const own = plan.filter((each) => each.id === undefined)
  if (own.length === plan.length) return code.apply(plan, how)
  const before = at < 0 ? plan : plan.slice(0, at)
  return [
    ...before,
    ...code.apply(own, how),
    ...plan.slice(before.length).filter((each) => each.id !== undefined),
  ]
}

function markHolder(planned: PlannedWithHolder, id: string): PlannedWithHolder {
  if (planned.hold) return planned.heldBy === undefined ? { ...planned, heldBy: id } : planned
  if (planned.heldBy === undefined) return planned
  const { heldBy: _, ...free } = planned
  return free
}
