import { nearestName } from '../../simulators/core/nearest.ts'

/** `Did you mean "a"? Accepted: a, b, c.` Long lists are cut; those that share the first word come first. */
export function suggest(given: string, known: readonly string[]): string {
  const near = nearestName(given, known)
  const family = given.split('.')[0] ?? ''
  const kin = known.filter((name) => name.split('.')[0] === family)
  const listed = known.length > listedMax && kin.length > 0 ? kin : known
  const shown = listed.slice(0, listedMax).join(', ')
  const more = listed.length > listedMax ? `, and ${listed.length - listedMax} more` : ''
  const meant = near === undefined ? '' : `Did you mean "${near}"? `
  return `${meant}Accepted: ${shown === '' ? 'nothing' : shown}${more}.`
}

const listedMax = 24
