import { z } from 'zod'
import { BadInput } from '../bad-input.ts'
import type { BatchShape } from '../batch-shape.ts'
import { parseDuration } from '../duration.ts'
import { unknownName } from '../nearest.ts'
import type { BodyNames } from '../partner.ts'
import { batchFaults } from './batch/index.ts'
import type { CarriedBy } from './carried-keys.ts'
import type { BatchFault, HttpFault, WebhookFault } from './fault.ts'
import { httpFaults } from './http/index.ts'
import { webhookFaults } from './webhook/index.ts'

const text = z.string().min(1)
const value = z.union([z.string(), z.number(), z.boolean()])

/** `10m` counts from the arming; an ISO instant with its offset stands for itself. */
const instant = z.string().transform((given, context) => {
  const afterMs = parseDuration(given)
  if (afterMs !== undefined) return { afterMs }
  if (z.iso.datetime({ offset: true }).safeParse(given).success) return { atMs: Date.parse(given) }
  context.addIssue({
    code: 'custom',
    message: `"${given}" is neither a duration since arming (10m, 2h) nor an instant (2026-01-05T06:00:00Z).`,
  })
  return z.NEVER
})

/** Without the fault's own options, which stand at the same level or under `options`. */
export const faultMatch = z.object({
  partner: text,
  name: text,
  /** Its chance hangs on it. Default: the name, then `drop-2`, `drop-3`, … */
  id: text.max(100).optional(),
  /** Operation ids (HTTP faults), events or channels (webhook faults). None: all of the partner's. */
  on: z.union([text, z.array(text).min(1)]).optional(),
  /** Each key must occur with (one of) its value in path, query or body. */
  where: z.record(z.string(), z.union([value, z.array(value).min(1)])).optional(),
  /** Counts of what matched so far, this one included; all that are given must hold. */
  first: z.int().min(1).optional(),
  nth: z.int().min(1).optional(),
  every: z.int().min(1).optional(),
  after: z.int().min(0).optional(),
  probability: z.number().min(0).max(1).optional(),
  from: instant.optional(),
  until: instant.optional(),
  options: z.record(z.string(), z.unknown()).optional(),
})

/** The fault's own options stand beside. */
const wholeSpec = z.looseObject(faultMatch.shape)

/** As a scenario or the control plane gives it: what it matches, and the fault's own options. */
export type FaultSpec = z.input<typeof faultMatch> & Record<string, unknown>

/** What a partner has that a fault can be put on. */
export interface FaultTargets {
  operations: readonly string[]
  events: readonly string[]
  channels: readonly string[]
  names?: BodyNames
  /** What its calls and events carry; without it `where` may name anything. */
  carried?: CarriedBy
  /** By operation id. */
  batches?: Readonly<Record<string, BatchShape>>
}

/** A fault that cannot be armed: its message says what was wrong and what would do. */
export class BadFault extends BadInput {
  constructor(message: string, issues: BadInput['issues'] = []) {
    super(message, issues)
    this.name = 'BadFault'
  }
}

/** A spec after all its names and values were found good. `options` are parsed. */
export interface ParsedFault {
  match: z.output<typeof faultMatch>
  /** Undefined: on everything. */
  on: ReadonlySet<string> | undefined
  /** Events that it must hear of besides. */
  alsoOn: ReadonlySet<string>
  options: unknown
  fault:
    | { family: 'http'; code: HttpFault }
    | { family: 'batch'; code: BatchFault }
    | { family: 'webhook'; code: WebhookFault }
}

/** Every fault by its name; a name belongs to one family. */
export const faultsByName: ReadonlyMap<string, ParsedFault['fault']> = new Map<
  string,
  ParsedFault['fault']
>([
  ...httpFaults.map((code) => [code.name, { family: 'http', code }] as const),
  ...batchFaults.map((code) => [code.name, { family: 'batch', code }] as const),
  ...webhookFaults.map((code) => [code.name, { family: 'webhook', code }] as const),
])

/**
 * Reads a fault without arming it. Throws `BadFault` on an unknown partner, fault, operation, event or option, and on values that
 * make no sense.
 */
export function parseFault(spec: unknown, targets: Record<string, FaultTargets>): ParsedFault {
  const read = wholeSpec.safeParse(spec)
  if (!read.success) throw new BadFault(`Bad fault: ${wordsOf(read.error)}`)
  const match = faultMatch.parse(spec)
  const partner = Object.hasOwn(targets, match.partner) ? targets[match.partner] : undefined
  if (!partner) {
    throw new BadFault(unknownName('partner', match.partner, Object.keys(targets)))
  }
  const on = match.on === undefined ? undefined : new Set([match.on].flat())
  const fault = faultsByName.get(match.name)
  if (!fault) throw unknownFault(match.name, on, partner)
  checkTargets(match, on, fault, partner)
  checkWhere(match, fault, partner)
  checkWindow(match)
  checkCounts(match)
  const options = parseOptions(read.data, fault.code)
  const also = fault.family === 'webhook' ? (fault.code.alsoOn?.(options) ?? []) : []
  checkTargets(match, also, fault, partner)
  return { match, on, alsoOn: new Set(also), fault, options }
}

/** A window that ends before it begins lets nothing in. One of a duration and an instant is only known when it is armed. */
function checkWindow({ from, until }: z.output<typeof faultMatch>): void {
  if (until === undefined) return
  const start = from ?? { afterMs: 0 }
  const isEmpty =
    'afterMs' in start
      ? 'afterMs' in until && start.afterMs >= until.afterMs
      : 'atMs' in until && start.atMs >= until.atMs
  if (isEmpty) throw emptyWindow()
}

/** Counts that no match has at once, such as the third of the first two. */
function checkCounts({ first, nth, every, after }: z.output<typeof faultMatch>): void {
  const step = every ?? 1
  const least = nth ?? (Math.floor((after ?? 0) / step) + 1) * step
  const canStrike =
    least % step === 0 && least > (after ?? 0) && least <= (first ?? Number.POSITIVE_INFINITY)
  if (canStrike) return
  const given = Object.entries({ first, nth, every, after })
    .filter(([, count]) => count !== undefined)
    .map(([name, count]) => `${name}: ${count}`)
  throw new BadFault(
    `Bad fault: no match fits ${given.join(' and ')} at once; the fault could never strike.`,
  )
}

/** `from` is not before `until`, so that the fault could never strike. */
export const emptyWindow = (): BadFault =>
  new BadFault('Bad fault: until must be later than from; the fault could never strike.')

function unknownFault(name: string, on: Iterable<string> = [], partner: FaultTargets): BadFault {
  const names = [...on]
  const isWebhook = names.some((each) => [...partner.events, ...partner.channels].includes(each))
  const isHttp = names.some((each) => partner.operations.includes(each))
  const known = (...families: string[]) =>
    [...faultsByName].filter(([, each]) => families.includes(each.family)).map(([each]) => each)
  if (isWebhook && !isHttp)
    return new BadFault(unknownName('webhook fault', name, known('webhook')))
  if (isHttp && !isWebhook)
    return new BadFault(unknownName('HTTP or batch fault', name, known('http', 'batch')))
  return new BadFault(unknownName('fault', name, [...faultsByName.keys()]))
}

function checkTargets(
  match: z.output<typeof faultMatch>,
  on: Iterable<string> = [],
  fault: ParsedFault['fault'],
  partner: FaultTargets,
): void {
  const known = targetsFor(fault, partner)
  const kinds = { http: 'HTTP fault', batch: 'batch fault', webhook: 'webhook fault' }
  const thing = fault.family === 'webhook' ? 'event or channel' : 'operation'
  const what = `${thing} of ${match.partner} for the ${kinds[fault.family]} "${match.name}":`
  for (const each of on) {
    if (!known.includes(each)) throw new BadFault(unknownName(what, each, known))
  }
}

/** A key that nothing carries would never match. Where any of what it is on is open, any key may come. */
function checkWhere(
  { where, on: meant }: z.output<typeof faultMatch>,
  fault: ParsedFault['fault'],
  partner: FaultTargets,
): void {
  const { carried } = partner
  if (where === undefined || !carried) return
  const on = meant === undefined ? undefined : [meant].flat()
  const isOnChannel = on?.some((each) => partner.channels.includes(each))
  const all =
    fault.family === 'webhook'
      ? (isOnChannel ? partner.events : (on ?? partner.events)).map(carried.event)
      : (on ?? targetsFor(fault, partner)).map(carried.operation)
  const known = new Set<string>()
  for (const one of all) {
    if (!one || one.isOpen) return
    for (const key of one.keys) known.add(key)
  }
  for (const key of Object.keys(where)) {
    if (known.has(key)) continue
    const of = on === undefined ? '' : ` of ${on.join(', ')}`
    const message = unknownName(`key in where${of}:`, key, [...known])
    throw new BadFault(message, [{ path: `where.${key}`, message }])
  }
}

/** What a fault can be put on. */
function targetsFor(fault: ParsedFault['fault'], partner: FaultTargets): readonly string[] {
  if (fault.family === 'webhook') return [...partner.channels, ...partner.events]
  if (fault.family === 'http') return partner.operations
  return partner.operations.filter((id) => fits(fault.code, partner.batches?.[id]))
}

/** Whether an operation says all of itself that the fault needs. */
export const fits = (fault: BatchFault, shape: BatchShape | undefined): shape is BatchShape =>
  shape !== undefined && fault.needs.every((need) => shape[need] !== undefined)

function parseOptions(
  spec: Record<string, unknown>,
  code: HttpFault | BatchFault | WebhookFault,
): unknown {
  const beside = Object.entries(spec).filter(([key]) => !Object.hasOwn(faultMatch.shape, key))
  const under = Object.entries((spec.options as object | undefined) ?? {})
  const known = Object.keys(code.options.shape)
  const given = new Map<string, unknown>()
  for (const [key, each] of [...beside, ...under]) {
    if (!known.includes(key)) throw unknownOption(key, code.name, known)
    if (given.has(key)) throw new BadFault(`Option "${key}" of fault "${code.name}" stands twice.`)
    given.set(key, each)
  }
  const read = code.options.safeParse(Object.fromEntries(given))
  if (!read.success) throw new BadFault(`Bad fault "${code.name}": ${wordsOf(read.error)}`)
  return read.data
}

function unknownOption(key: string, name: string, known: readonly string[]): BadFault {
  const every = `Every fault has ${Object.keys(faultMatch.shape).join(', ')}.`
  return new BadFault(`${unknownName(`option of fault "${name}":`, key, known)} ${every}`)
}

const wordsOf = (error: z.ZodError): string =>
  error.issues
    .map((issue) =>
      issue.path.length > 0 ? `${issue.path.join('.')}: ${issue.message}` : issue.message,
    )
    .join('; ')
