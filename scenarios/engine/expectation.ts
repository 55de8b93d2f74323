import { type Difference, differences, isRecord, render } from './difference.ts'

/**
 * Holds a pattern against all there is of one kind and says what is wrong, line by line; undefined when it holds. A pattern picks the
 * items that have all of its values. Without `count` or `exactly` at least one must be there; `count` says how many,
 * `exactly` lists all of them in their order. Keys that nothing has are not looked for here: see `strangePart`.
 */
export function disappointment(
  what: string,
  pattern: Record<string, unknown>,
  items: readonly unknown[],
): string[] | undefined {
  const { count, exactly, ...wanted } = pattern
  const fitting = items.filter((item) => differences(wanted, item).length === 0)
  if (exactly !== undefined) return listDisappointment(what, wanted, exactly, fitting)
  if (count !== undefined) {
    const wrong = differences(count, fitting.length)
    if (wrong.length === 0) return undefined
    return [
      `expected  ${wrong[0]?.expected ?? render(count)} × ${what} ${render(wanted)}`,
      `found     ${fitting.length}${fitting.length === 0 ? '' : `: ${render(fitting)}`}`,
      ...(fitting.length === 0 ? nearestLines(what, wanted, items) : []),
    ]
  }
  if (fitting.length > 0) return undefined
  return [`expected  ${what} ${render(wanted)}`, ...nearestLines(what, wanted, items)]
}

function listDisappointment(
  what: string,
  wanted: Record<string, unknown>,
  exactly: unknown,
  fitting: readonly unknown[],
): string[] | undefined {
  const wrong = differences(exactly, fitting)
  if (wrong.length === 0) return undefined
  const length = Array.isArray(exactly) ? exactly.length : 0
  const keys = new Set(Array.isArray(exactly) ? exactly.filter(isRecord).flatMap(Object.keys) : [])
  const shown = fitting.map((item) =>
    isRecord(item)
      ? Object.fromEntries(Object.entries(item).filter(([key]) => keys.has(key)))
      : item,
  )
  return [
    `expected  exactly ${length} × ${what} ${render(wanted)}, in this order`,
    ...(Array.isArray(exactly) ? exactly.map((one) => `          - ${render(one)}`) : []),
    `found     ${fitting.length}`,
    ...shown.map((one) => `          - ${render(one)}`),
  ]
}

/** The item that fits best, and what is different about it. */
function nearestLines(
  what: string,
  wanted: Record<string, unknown>,
  items: readonly unknown[],
): string[] {
  if (items.length === 0) return [`found     no ${what} at all`]
  let best: { item: unknown; wrong: Difference[]; score: number } | undefined
  for (const item of items) {
    const wrong = differences(wanted, item)
    const score = closeness(wanted, item)
    if (!best || score > best.score) best = { item, wrong, score }
  }
  if (!best || best.score <= 0) {
    return [`found     none of ${items.length}: ${items.slice(0, 3).map(render).join(', ')}`]
  }
  return [
    `found     ${render(keep(best.item, Object.keys(wanted)))}`,
    ...best.wrong.map(
      (one) =>
        `          ${one.path === '' ? what : one.path}: expected ${one.expected}, found ${one.found}${
          one.hint === undefined ? '' : ` (${one.hint})`
        }`,
    ),
  ]
}

const keep = (item: unknown, keys: readonly string[]): unknown =>
  isRecord(item)
    ? Object.fromEntries(Object.entries(item).filter(([key]) => keys.includes(key)))
    : item

/** Equal values count, and those that say which one is meant count most. */
function closeness(wanted: Record<string, unknown>, item: unknown): number {
  if (!isRecord(item)) return 0
  let score = 0
  for (const [key, value] of Object.entries(wanted)) {
    if (differences(value, item[key]).length > 0) continue
    score += key === 'id' || key.endsWith('_id') || key === 'sku' ? 10 : 1
  }
  return score
}
