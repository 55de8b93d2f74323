import type { JournalEntry } from '../../simulators/core/journal.ts'
import type { World } from '../../simulators/core/world.ts'
import { isRecord, render } from './difference.ts'
import { renderDuration } from './duration.ts'
import type { Place } from './source.ts'

/** Why a scenario is red. */
export interface Failure {
  place: Place
  /** The step as a person calls it: `expect`, `shop.buy`, `the judge`. */
  step: string
  /** What was expected and what was found, line by line. */
  lines: string[]
  /** The world's sequence number when it was noticed. */
  seq: number
  /** The calls and effects that led there, oldest first. */
  trail: string[]
}

/** A step that did not do what the story says. */
export class StepFailed extends Error {
  readonly lines: string[]
  /** Where the story is wrong, if not at the step that was played. */
  readonly at: { place: Place; step: string } | undefined

  constructor(lines: string[], at?: { place: Place; step: string }) {
    super(lines.join('\n'))
    this.name = 'StepFailed'
    this.lines = lines
    this.at = at
  }
}

/** How much of the journal stands under a failure. */
const trailMax = 20
const valueMax = 80

/** What happened after `afterSeq`, the last of it, one line each. */
export function trailOf(world: World, afterSeq: number): string[] {
  const entries = world.journal().filter((entry) => entry.seq > afterSeq && isTelling(entry))
  const left = entries.length - trailMax
  const lines = entries.slice(-trailMax).map((entry) => trailLine(world, entry))
  return left > 0 ? [`… ${left} before`, ...lines] : lines
}

const isTelling = (entry: JournalEntry): boolean => entry.kind !== 'shop'

function trailLine(world: World, entry: JournalEntry): string {
  const sinceMs = entry.atMs - world.clock.startMs
  const cause = entry.cause === undefined ? '' : ` (from #${entry.cause})`
  return `#${entry.seq} +${renderDuration(sinceMs)} ${entry.kind} ${summary(entry.data)}${cause}`
}

/** The telling values of an entry in one line; headers and whole bodies stay in the journal. */
function summary(data: Record<string, unknown>): string {
  const { partner, operation, method, target, status, event } = data
  const isCall = typeof method === 'string' && typeof target === 'string'
  const who = [partner, isCall ? (operation ?? 'unmatched') : event]
  const head = [...who, ...(isCall ? [method, path(target)] : [])]
    .filter((one) => typeof one === 'string')
    .join(' ')
  const rest = Object.entries(data)
    .filter(([key, value]) => !quiet.has(key) && !isEmpty(value) && (isCall || key !== 'body'))
    .map(([key, value]) => `${key}: ${short(value)}`)
  return [head, status === undefined ? '' : `-> ${short(status)}`, ...rest]
    .filter((part) => part !== '')
    .join('  ')
}

/** Without what every call of a shop has in front. */
const path = (target: string): string => cut(target.replace(/^.*\/affiliates\/[^/]+/, '…'))

const isEmpty = (value: unknown): boolean =>
  value === undefined || value === null || (Array.isArray(value) && value.length === 0)

const quiet = new Set([
  'partner',
  'operation',
  'method',
  'target',
  'status',
  'event',
  'eventId',
  'channel',
  'subscriber',
  'dueMs',
  'url',
  'headers',
  'prefixChars',
  'requestId',
  'stack',
])

function short(value: unknown): string {
  if (typeof value === 'string') return cut(value)
  if (Array.isArray(value) || isRecord(value)) return cut(render(value))
  return String(value)
}

const cut = (text: string): string =>
  text.length > valueMax ? `${text.slice(0, valueMax)}…` : text
