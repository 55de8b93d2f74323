import { readFileSync } from 'node:fs'
import { load } from 'js-yaml'
import type { Partner } from '../../simulators/core/partner.ts'
import { isRecord } from './difference.ts'
import type { GatheredValues, KnownValues, ValuesByPath } from './values.ts'

/** Fields that hold one of a few words, besides those that a partner's document enumerates. */
const alwaysEnumerated = [
  ...['event', 'operation', 'outcome', 'direction', 'state', 'status', 'kind', 'cause', 'page'],
]

/** Text that could be one of a few words: no number in it, no sentence. */
const isWord = (text: string): boolean => /^[A-Za-z][A-Za-z_.:-]{1,39}$/.test(text)

/** More are no list of words any more. */
const wordsMax = 100

/** Collects the words of all things that were seen, and says which of them are all that the partner's document has. */
export function createValueGatherer(partners: readonly Partner[]) {
  const enumsOf = new Map(partners.map((partner) => [partner.name, enumsIn(partner)]))
  const enumerated = new Set(alwaysEnumerated)
  for (const enums of enumsOf.values()) for (const name of enums.keys()) enumerated.add(name)
  const seen = new Map<string, Map<string, Set<string>>>()
  return {
    looked(key: string, items: readonly unknown[]): void {
      const paths = seen.get(key) ?? new Map<string, Set<string>>()
      seen.set(key, paths)
      for (const item of items) walk(item, '', paths)
    },
    gathered(): GatheredValues {
      const things = [...seen].sort(byName).map(([key, paths]) => {
        const enums = enumsOf.get(key.slice(0, key.indexOf('.')))
        const fields = [...paths]
          .sort(byName)
          .filter(([path]) => enumerated.has(leafOf(path)) && !isBody(path))
          .flatMap(([path, values]) => {
            const known = knownOf(values, enums?.get(leafOf(path)))
            return known ? [[path, known] as const] : []
          })
        return [key, Object.fromEntries(fields) as ValuesByPath] as const
      })
      const documented = [...enumsOf.values()].flatMap((enums) =>
        [...enums.values()].flatMap((words) => [...words]),
      )
      return { things: Object.fromEntries(things), documented: [...new Set(documented)].sort() }
    },
  }
}

function knownOf(
  seen: ReadonlySet<string>,
  documented: ReadonlySet<string> = new Set(),
): KnownValues | undefined {
  if (![...seen].every(isWord) || seen.size > wordsMax) return undefined
  const isAll = [...seen].every((value) => documented.has(value))
  return { values: [...new Set([...seen, ...(isAll ? documented : [])])].sort(), isAll }
}

function walk(value: unknown, path: string, paths: Map<string, Set<string>>): void {
  const at = (step: string) => (path === '' ? step : `${path}.${step}`)
  if (Array.isArray(value)) for (const one of value) walk(one, at('[]'), paths)
  else if (isRecord(value))
    for (const [key, one] of Object.entries(value)) walk(one, at(key), paths)
  else if (typeof value === 'string' && value !== '') {
    paths.set(path, (paths.get(path) ?? new Set()).add(value))
  }
}

/** Words by the name of the property that the document lets have them, and the events under `event`. */
function enumsIn({ wire, webhooks }: Partner): Map<string, Set<string>> {
  const enums = new Map([['event', new Set(webhooks.events)]])
  const visit = (node: unknown) => {
    if (Array.isArray(node)) for (const one of node) visit(one)
    if (!isRecord(node)) return
    for (const [name, property] of Object.entries(
      isRecord(node.properties) ? node.properties : {},
    )) {
      const words = wordsOf(document, property)
      if (words.length > 0) enums.set(name, new Set([...(enums.get(name) ?? []), ...words]))
    }
    for (const one of Object.values(node)) visit(one)
  }
  const document = load(readFileSync(wire, 'utf8'))
  visit(document)
  return enums
}

function wordsOf(document: unknown, property: unknown): string[] {
  if (!isRecord(property)) return []
  if (typeof property.$ref === 'string') {
    const steps = property.$ref.replace(/^#\//, '').split('/')
    const target = steps.reduce<unknown>(
      (at, step) => (isRecord(at) ? at[step] : undefined),
      document,
    )
    return isRecord(target) && target.$ref === undefined ? wordsOf(document, target) : []
  }
  const parts = [property.anyOf, property.oneOf, property.allOf].flatMap((part) => part ?? [])
  const own = [property.enum, property.const].flatMap((word) => word ?? [])
  return [
    ...own.filter((word): word is string => typeof word === 'string'),
    ...parts.flatMap((part) => wordsOf(document, part)),
  ]
}

/** What a client sent or got is for it to say. */
const isBody = (path: string): boolean => path.startsWith('body.')

const leafOf = (path: string): string => path.split('.').findLast((step) => step !== '[]') ?? path

const byName = ([a]: readonly [string, unknown], [b]: readonly [string, unknown]): number =>
  a < b ? -1 : 1
