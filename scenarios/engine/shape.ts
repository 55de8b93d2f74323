import { isComparison, isRecord, operators } from './difference.ts'
import type { Path } from './source.ts'
import { suggest } from './suggest.ts'

/**
 * What is known of a value: `plain` (text, number, truth), `unknown` (only ever seen as nothing), or its keys with the shape of each.
 * `[]` stands for the entries of a list, `*` says that the keys are data themselves (SKUs, ids), or bodies of anybody's making.
 */
export type Shape = 'plain' | 'unknown' | { [key: string]: Shape }

/** What the shop shows differs from site to site; what a partner has does not. */
export const shapeKey = (site: string, what: string): string =>
  what.startsWith('shop.') ? `${site} ${what}` : what

const entry = '[]'
const anyKey = '*'
const isPlainName = /^[a-z_][a-z0-9_]*$/i

export function shapeOf(value: unknown): Shape {
  if (value === undefined || value === null) return 'unknown'
  if (Array.isArray(value)) return { [entry]: mergeShapes(value.map(shapeOf)) }
  if (!isRecord(value)) return 'plain'
  const entries = Object.entries(value).filter(([key]) => isPlainName.test(key))
  const shape = Object.fromEntries(entries.map(([key, one]) => [key, shapeOf(one)]))
  return entries.length === Object.keys(value).length ? shape : { ...shape, [anyKey]: 'unknown' }
}

/** The same with sorted keys, so that it does not matter what was seen first. */
export function mergeShapes(shapes: readonly Shape[]): Shape {
  const open = shapes.filter((shape) => typeof shape === 'object')
  if (open.length === 0) return shapes.includes('plain') ? 'plain' : 'unknown'
  const keys = [...new Set(open.flatMap(Object.keys))].sort()
  return Object.fromEntries(keys.map((key) => [key, mergeShapes(partsOf(open, key))]))
}

/** A shape whose keys, from `path` on, are not told: what stands there is anybody's. */
export function openedAt(shape: Shape, path: readonly string[]): Shape {
  const [key, ...rest] = path
  if (key === undefined) return { [anyKey]: 'unknown' }
  if (typeof shape !== 'object' || !Object.hasOwn(shape, key)) return shape
  return { ...shape, [key]: openedAt(shape[key] ?? 'unknown', rest) }
}

/** Whether `shape` tells of everything that `seen` has. */
export const holdsShape = (shape: Shape, seen: Shape): boolean => {
  if (typeof seen !== 'object') return true
  if (typeof shape !== 'object') return Object.keys(seen).length === 0
  if (Object.hasOwn(shape, anyKey)) return true
  return Object.entries(seen).every(
    ([key, one]) => Object.hasOwn(shape, key) && holdsShape(shape[key] ?? 'unknown', one),
  )
}

/** A part of a pattern that could never fit anything, and where in the pattern it stands. */
export interface Strange {
  path: Path
  what: string
}

/**
 * Looks for a key that nothing of this kind has at that depth: it would let `count: 0`, `not` and null hold by mistake. `shapes` are
 * all that is known; where nothing is known nothing is strange. What may be there or not is asked with `exists`.
 */
export function strangePart(
  pattern: unknown,
  shapes: readonly Shape[],
  path: Path = [],
): Strange | undefined {
  if (isComparison(pattern)) return strangeComparison(pattern, shapes, path)
  if (Array.isArray(pattern)) {
    const entries = partsOf(shapes, entry)
    return first(pattern.map((one, at) => strangePart(one, entries, [...path, at])))
  }
  if (!isRecord(pattern)) return undefined
  const wrongKind = strangeKind(pattern, shapes, path)
  if (wrongKind) return wrongKind
  return first(
    Object.entries(pattern).map(([key, wanted]) => {
      const parts = partsOf(shapes, key)
      if (parts.length > 0) return strangePart(wanted, parts, [...path, key])
      return strangeKey(key, wanted, shapes, path)
    }),
  )
}

function strangeComparison(
  comparison: Record<string, unknown>,
  shapes: readonly Shape[],
  path: Path,
): Strange | undefined {
  const { not, one_of: choices, contains } = comparison
  return first([
    strangePart(not, shapes, [...path, 'not']),
    strangePart(contains, partsOf(shapes, entry), [...path, 'contains']),
    ...(Array.isArray(choices) ? choices : []).map((choice, at) =>
      strangePart(choice, shapes, [...path, 'one_of', at]),
    ),
  ])
}

/** Keys and values where there is only text, or a list. */
function strangeKind(
  pattern: Record<string, unknown>,
  shapes: readonly Shape[],
  path: Path,
): Strange | undefined {
  const [key] = Object.keys(pattern)
  if (key === undefined || path.length === 0) return undefined
  if (shapes.some((shape) => isOpen(shape) || keysOf(shape).length > 0)) return undefined
  const name = String(path.findLast((step) => !isOperator(step)) ?? path[0])
  if (shapes.some((shape) => typeof shape === 'object' && Object.hasOwn(shape, entry))) {
    const what = `"${name}" is a list. Accepted: [ … ] for all of it, { contains: … } for one of it, { count: … }.`
    return { path, what }
  }
  if (!shapes.includes('plain')) return undefined
  const what = `"${name}" is one value, it has no "${key}". ${suggest(key, operators)}`
  return { path: [...path, key], what }
}

function strangeKey(
  key: string,
  wanted: unknown,
  shapes: readonly Shape[],
  path: Path,
): Strange | undefined {
  const known = [...new Set(shapes.filter((shape) => !isOpen(shape)).flatMap(keysOf))]
  if (known.length === 0) return undefined
  const told = suggest(key, known)
  const isAsked = isComparison(wanted) && Object.hasOwn(wanted, 'exists')
  if (isAsked && !told.startsWith('Did you mean')) return undefined
  const within = path.filter((step) => typeof step === 'string').join('.')
  const where = within === '' ? '' : ` in ${within}`
  return { path: [...path, key], what: `Unknown key "${key}"${where}. ${told}` }
}

const isOperator = (step: string | number): boolean =>
  typeof step === 'number' || (operators as readonly string[]).includes(step)

const isOpen = (shape: Shape): boolean => typeof shape === 'object' && Object.hasOwn(shape, anyKey)

const keysOf = (shape: Shape): string[] =>
  typeof shape === 'object' ? Object.keys(shape).filter((key) => isPlainName.test(key)) : []

const partsOf = (shapes: readonly Shape[], key: string): Shape[] =>
  shapes.flatMap((shape) =>
    typeof shape === 'object' && Object.hasOwn(shape, key) ? [shape[key] ?? 'unknown'] : [],
  )

const first = (all: readonly (Strange | undefined)[]): Strange | undefined =>
  all.find((one) => one !== undefined)
