import { nearestName } from '../../simulators/core/nearest.ts'

/** Lists up to this length are shown whole. */
const listedMax = 18
/** Of longer ones so many, the nearest first. */
const nearMax = 8

/**
 * `Did you mean "a"? Accepted: a, b, c.` Of a long list the nearest few, and `all`: where the whole of it stands.
 */
export function suggest(
  given: string,
  known: readonly string[],
  all = 'all of them stand in scenarios/schema.json',
): string {
  const near = nearestName(given, known)
  const meant = near === undefined ? '' : `Did you mean "${near}"? `
  if (known.length === 0) return `${meant}Accepted: nothing.`
  if (known.length <= listedMax) return `${meant}Accepted: ${known.join(', ')}.`
  const listed = nearestFew(given, known)
  return `${meant}Accepted: ${listed.join(', ')} and ${known.length - listed.length} more; ${all}.`
}

/** Those that take the fewest edits, then those that begin alike. */
function nearestFew(given: string, known: readonly string[]): string[] {
  const few: string[] = []
  const left = () => known.filter((name) => !few.includes(name))
  for (let near = nearestName(given, known); near !== undefined && few.length < nearMax; ) {
    few.push(near)
    near = nearestName(given, left())
  }
  const alike = left().sort((a, b) => sharedChars(given, b) - sharedChars(given, a))
  return [...few, ...alike].slice(0, nearMax)
}

function sharedChars(a: string, b: string): number {
  let count = 0
  while (count < a.length && a[count] === b[count]) count += 1
  return count
}
