import { nearestName } from '../../simulators/core/nearest.ts'

/** Words that compare instead of being equal: `{ at_least: 2 }`. */
export const operators = [
  'at_least',
  'at_most',
  'more_than',
  'less_than',
  'not',
  'one_of',
  'contains',
  'matches',
  'exists',
  'count',
] as const

export interface Difference {
  /** Dotted, `` for the whole. */
  path: string
  expected: string
  found: string
  /** What a person may have meant. */
  hint?: string
}

export const isRecord = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value)

/** True when every key is an operator, so that the object compares and does not describe. */
export const isComparison = (value: unknown): value is Record<string, unknown> => {
  if (!isRecord(value)) return false
  const keys = Object.keys(value)
  return keys.length > 0 && keys.every((key) => (operators as readonly string[]).includes(key))
}

/**
 * What keeps `found` from being what was expected: nothing when it fits. Objects need only the keys that are expected, lists must
 * have the same length, other values must be equal (`null` also stands for a missing one, and a number for its text).
 */
export function differences(expected: unknown, found: unknown, path = ''): Difference[] {
  if (isComparison(expected)) return compared(expected, found, path)
  if (Array.isArray(expected)) {
    if (!Array.isArray(found)) return [unlike(expected, found, path)]
    if (found.length !== expected.length) {
      return [
        {
          path,
          expected: `${expected.length} entries ${render(expected)}`,
          found: `${found.length} ${render(found)}`,
        },
      ]
    }
    return expected.flatMap((item, index) => differences(item, found[index], join(path, index)))
  }
  if (isRecord(expected)) {
    if (!isRecord(found)) return [unlike(expected, found, path)]
    return Object.entries(expected).flatMap(([key, value]) => {
      if (Object.hasOwn(found, key)) return differences(value, found[key], join(path, key))
      const missing = differences(value, undefined, join(path, key))
      const near = nearestName(key, Object.keys(found))
      const hint =
        near === undefined ? `there is ${Object.keys(found).join(', ')}` : `there is "${near}"`
      return missing.map((one) => (one.path === join(path, key) ? { ...one, hint } : one))
    })
  }
  if (expected === null && found === undefined) return []
  return isSame(expected, found) ? [] : [unlike(expected, found, path)]
}

const join = (path: string, key: string | number): string =>
  path === '' ? String(key) : `${path}.${key}`

/** One system writes an id as a number where another writes text: 43880 and "43880" are the same. */
const isSame = (a: unknown, b: unknown): boolean =>
  Object.is(a, b) ||
  (typeof a !== typeof b && isTextOrNumber(a) && isTextOrNumber(b) && String(a) === String(b))

const isTextOrNumber = (value: unknown): boolean =>
  typeof value === 'string' || typeof value === 'number'

const unlike = (expected: unknown, found: unknown, path: string): Difference => ({
  path,
  expected: render(expected),
  found: render(found),
})

function compared(expected: Record<string, unknown>, found: unknown, path: string): Difference[] {
  return Object.entries(expected).flatMap(([operator, wanted]) =>
    fits(operator, wanted, found)
      ? []
      : [
          {
            path,
            expected: `${operator.replaceAll('_', ' ')} ${render(wanted)}`,
            found: render(found),
          },
        ],
  )
}

function fits(operator: string, wanted: unknown, found: unknown): boolean {
  switch (operator) {
    case 'at_least':
      return bothNumbers(found, wanted, (a, b) => a >= b)
    case 'at_most':
      return bothNumbers(found, wanted, (a, b) => a <= b)
    case 'more_than':
      return bothNumbers(found, wanted, (a, b) => a > b)
    case 'less_than':
      return bothNumbers(found, wanted, (a, b) => a < b)
    case 'not':
      return differences(wanted, found).length > 0
    case 'one_of':
      return Array.isArray(wanted) && wanted.some((one) => differences(one, found).length === 0)
    case 'contains':
      if (typeof found === 'string') return found.includes(String(wanted))
      return Array.isArray(found) && found.some((one) => differences(wanted, one).length === 0)
    case 'matches':
      return typeof found === 'string' && new RegExp(String(wanted), 'u').test(found)
    case 'exists':
      return (found !== undefined && found !== null) === wanted
    case 'count':
      return Array.isArray(found) && differences(wanted, found.length).length === 0
    default:
      return false
  }
}

const bothNumbers = (a: unknown, b: unknown, holds: (a: number, b: number) => boolean): boolean =>
  typeof a === 'number' && typeof b === 'number' && holds(a, b)

const textMax = 300

/** One line, as it would stand in a scenario. */
export function render(value: unknown): string {
  if (value === undefined) return 'nothing'
  const text = renderWhole(value)
  return text.length > textMax ? `${text.slice(0, textMax)}…` : text
}

function renderWhole(value: unknown): string {
  if (value === undefined) return 'nothing'
  if (Array.isArray(value)) return `[${value.map(renderWhole).join(', ')}]`
  if (isRecord(value)) {
    const parts = Object.entries(value).map(([key, one]) => `${key}: ${renderWhole(one)}`)
    return parts.length === 0 ? '{}' : `{ ${parts.join(', ')} }`
  }
  return JSON.stringify(value)
}
