import { nearestName } from '../../simulators/core/nearest.ts'
import { isComparison, isRecord } from './difference.ts'
import type { Strange } from './shape.ts'
import type { Path } from './source.ts'
import { suggest } from './suggest.ts'

/** The words that a field is known to hold. */
export interface KnownValues {
  values: readonly string[]
  /** No other can ever stand there. Otherwise only what looks like a misspelt one of them is refused. */
  isAll: boolean
}

/** By dotted path within a thing; `[]` stands for the entries of a list: `items.[].status`. */
export type ValuesByPath = Readonly<Record<string, KnownValues>>

/** Of things by name (those of the shop by site, as in `shapeKey`); written by `write-things.ts`. */
export interface GatheredValues {
  things: Readonly<Record<string, ValuesByPath>>
  /** Every word that a partner's document enumerates: a word of its own, however like another one it looks. */
  documented: readonly string[]
}

/** More edits make another word of it. */
const misspeltEditsMax = 2

/**
 * Looks for a word that the field it is compared with never holds: it would let `count: 0` and `not` hold by mistake. What stands there
 * in one of `items` counts, even where nobody has written it down.
 */
export function strangeValue(
  pattern: unknown,
  known: ValuesByPath,
  about: { items: readonly unknown[]; documented: ReadonlySet<string> },
  path: Path = [],
  at = '',
): Strange | undefined {
  const under = (part: unknown, step: string | number, inner = at) =>
    strangeValue(part, known, about, [...path, step], inner)
  const entries = at === '' ? '[]' : `${at}.[]`
  if (typeof pattern === 'string') return strangeText(pattern, known, about, path, at)
  if (Array.isArray(pattern)) return first(pattern.map((one, nth) => under(one, nth, entries)))
  if (!isRecord(pattern)) return undefined
  if (isComparison(pattern)) {
    const { not, one_of: choices, contains } = pattern
    const inOne = (Array.isArray(choices) ? choices : []).map((choice, nth) =>
      strangeValue(choice, known, about, [...path, 'one_of', nth], at),
    )
    return first([under(not, 'not'), under(contains, 'contains', entries), ...inOne])
  }
  return first(
    Object.entries(pattern).map(([key, one]) => under(one, key, at === '' ? key : `${at}.${key}`)),
  )
}

function strangeText(
  text: string,
  known: ValuesByPath,
  { items, documented }: { items: readonly unknown[]; documented: ReadonlySet<string> },
  path: Path,
  at: string,
): Strange | undefined {
  const field = Object.hasOwn(known, at) ? known[at] : undefined
  if (!field || field.values.includes(text)) return undefined
  const isMisspelt =
    /^[\w.:-]+$/.test(text) &&
    !documented.has(text) &&
    nearestName(text, field.values, misspeltEditsMax) !== undefined
  if (!field.isAll && !isMisspelt) return undefined
  const steps = at.split('.')
  if (items.some((item) => textsAt(item, steps).includes(text))) return undefined
  const name = steps.findLast((step) => step !== '[]') ?? at
  return { path, what: `"${name}" is never "${text}". ${suggest(text, field.values)}` }
}

/** All texts at a path of a thing. */
export function textsAt(value: unknown, steps: readonly string[]): string[] {
  const [step, ...rest] = steps
  if (step === undefined) return typeof value === 'string' ? [value] : []
  if (step === '[]') return Array.isArray(value) ? value.flatMap((one) => textsAt(one, rest)) : []
  return isRecord(value) && Object.hasOwn(value, step) ? textsAt(value[step], rest) : []
}

const first = (all: readonly (Strange | undefined)[]): Strange | undefined =>
  all.find((one) => one !== undefined)
