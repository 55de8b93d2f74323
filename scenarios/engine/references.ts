import { nearestName } from '../../simulators/core/nearest.ts'
import type { Path } from './source.ts'

const reference = /\$\{([^}]*)\}/g
const name = /^[A-Za-z_][\w-]*(?:\.[\w-]+)*$/

/** What every story knows from the start: base URL and credentials of each partner, `${world.fynd.token}`. */
export const worldName = 'world'

/** A reference that leads nowhere; `path` says where in the value it stands. */
export class UnknownReference extends Error {
  readonly path: Path

  constructor(path: Path, message: string) {
    super(message)
    this.name = 'UnknownReference'
    this.path = path
  }
}

export const holdsReference = (value: unknown): value is string =>
  typeof value === 'string' && value.includes('${')

/** Every `${…}` in a value, with the place where it stands. */
export function referencesIn(value: unknown, path: Path = []): { path: Path; name: string }[] {
  if (typeof value === 'string') {
    return [...value.matchAll(reference)].map((found) => ({ path, name: (found[1] ?? '').trim() }))
  }
  if (typeof value !== 'object' || value === null) return []
  return Object.entries(value).flatMap(([key, item]) =>
    referencesIn(item, [...path, Array.isArray(value) ? Number(key) : key]),
  )
}

/**
 * Puts values in place of `${order.id}`. A text that is one reference and nothing else keeps the type of what it names; within
 * a longer text it becomes text. Own properties only. `only` leaves all but the references to that name. Throws `UnknownReference`.
 */
export function resolveReferences(
  value: unknown,
  scope: Record<string, unknown>,
  how: { only?: string; path?: Path } = {},
): unknown {
  const path = how.path ?? []
  const isMeant = (inner: string) =>
    how.only === undefined || inner.trim().split('.')[0] === how.only
  if (typeof value === 'string') {
    const whole = /^\$\{([^}]*)\}$/.exec(value)
    if (whole) {
      const inner = whole[1] ?? ''
      return isMeant(inner) ? lookUp(inner.trim(), scope, path) : value
    }
    return value.replaceAll(reference, (written, inner: string) => {
      if (!isMeant(inner)) return written
      const found = lookUp(inner.trim(), scope, path)
      if (typeof found === 'object' && found !== null) {
        throw new UnknownReference(path, `"\${${inner}}" is not text; name one of its parts.`)
      }
      return String(found)
    })
  }
  if (Array.isArray(value)) {
    return value.map((item, index) =>
      resolveReferences(item, scope, { ...how, path: [...path, index] }),
    )
  }
  if (typeof value !== 'object' || value === null) return value
  return Object.fromEntries(
    Object.entries(value).map(([key, item]) => [
      key,
      resolveReferences(item, scope, { ...how, path: [...path, key] }),
    ]),
  )
}

function lookUp(wanted: string, scope: Record<string, unknown>, path: Path): unknown {
  if (!name.test(wanted)) {
    throw new UnknownReference(
      path,
      `"\${${wanted}}" is no reference; write \${name} or \${name.part}.`,
    )
  }
  let found: unknown = scope
  const walked: string[] = []
  for (const step of wanted.split('.')) {
    if (!hasPart(found, step)) {
      throw new UnknownReference(path, unknownStep(wanted, walked, step, found))
    }
    found = found[step]
    walked.push(step)
  }
  return found
}

/** Own values only; of a list its entries, by number. */
const hasPart = (within: unknown, step: string): within is Record<string, unknown> =>
  typeof within === 'object' &&
  within !== null &&
  Object.hasOwn(within, step) &&
  (!Array.isArray(within) || /^\d+$/.test(step))

function unknownStep(wanted: string, walked: string[], step: string, within: unknown): string {
  const known = typeof within === 'object' && within !== null ? Object.keys(within) : []
  const near = nearestName(step, known)
  const owner = walked.length === 0 ? 'Known names' : `"${walked.join('.')}" has`
  return `Unknown reference "\${${wanted}}": no "${step}".${
    near === undefined ? '' : ` Did you mean "${near}"?`
  } ${owner}: ${known.length === 0 ? 'nothing' : known.join(', ')}.`
}
