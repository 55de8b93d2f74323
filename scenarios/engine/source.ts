import {
  type Document,
  isMap,
  isPair,
  isScalar,
  isSeq,
  LineCounter,
  type Node,
  parseDocument,
  visit,
} from 'yaml'

export interface Place {
  file: string
  line: number
  column: number
}

export type Path = readonly (string | number)[]

/** A scenario file that cannot be played as written. One message: `file:line:column: what is wrong; what would be accepted`. */
export class BadScenario extends Error {
  readonly place: Place
  /** The message without the place. */
  readonly what: string

  constructor(place: Place, what: string) {
    super(`${renderPlace(place)}: ${what}`)
    this.name = 'BadScenario'
    this.place = place
    this.what = what
  }
}

export const renderPlace = (place: Place): string => `${place.file}:${place.line}:${place.column}`

/** A parsed YAML file that still knows where everything stands. */
export interface Source {
  file: string
  data: unknown
  /** Place of the value at `path`, of its key with `key: true`, or of the nearest thing around it that is written down. */
  placeOf(path: Path, how?: { key?: boolean }): Place
}

const aliasesMax = 50
/** A scenario is a page, not a database. */
const bytesMax = 256 * 1024

/** Reads YAML 1.2. Throws `BadScenario` for bad syntax, a key given twice, or a key that would reach a prototype. */
export function readSource(file: string, text: string): Source {
  const start = { file, line: 1, column: 1 }
  if (Buffer.byteLength(text) > bytesMax) {
    throw new BadScenario(
      start,
      `The file is larger than ${bytesMax} bytes; write several scenarios.`,
    )
  }
  const lines = new LineCounter()
  const document = parseDocument(text, { lineCounter: lines, prettyErrors: false })
  const at = (offset: number): Place => {
    const { line, col } = lines.linePos(offset)
    return { file, line: Math.max(1, line), column: Math.max(1, col) }
  }
  const [problem] = [...document.errors, ...document.warnings]
  if (problem?.code === 'MULTIPLE_DOCS') {
    const what =
      'A second document begins here. Accepted: one scenario for each file; write variants, or another file.'
    throw new BadScenario(at(problem.pos[0]), what)
  }
  if (problem) throw new BadScenario(at(problem.pos[0]), `This is not YAML: ${problem.message}.`)
  refuseStrangeKeys(document.contents, at)
  const placeOf: Source['placeOf'] = (path, how) => {
    const offset = offsetOf(document.contents, path, how?.key === true)
    return offset === undefined ? start : at(offset)
  }
  return { file, data: unfolded(document, at), placeOf }
}

/** A few lines of aliases of aliases can stand for more than any machine holds; yaml counts before it unfolds them. */
function unfolded(document: Document, at: (offset: number) => Place): unknown {
  try {
    return document.toJS({ maxAliasCount: aliasesMax })
  } catch (error) {
    let offset = 0
    visit(document, {
      Alias(_, alias) {
        offset = alias.range?.[0] ?? 0
        return visit.BREAK
      },
    })
    const why = error instanceof Error ? error.message : String(error)
    const what = why.startsWith('Excessive alias count')
      ? `Too many aliases: at most ${aliasesMax}, those within what they stand for included. Write it out, or use variants.`
      : `This is not YAML: ${why.replace(/\.$/, '')}.`
    throw new BadScenario(at(offset), what)
  }
}

function refuseStrangeKeys(node: unknown, at: (offset: number) => Place): void {
  if (isSeq(node)) for (const item of node.items) refuseStrangeKeys(item, at)
  if (!isMap(node)) return
  for (const pair of node.items) {
    const key = isScalar(pair.key) ? pair.key : undefined
    const place = at(key?.range?.[0] ?? (pair.key as Node | null)?.range?.[0] ?? 0)
    if (!key) throw new BadScenario(place, 'A key must be plain text.')
    if (['__proto__', 'constructor', 'prototype'].includes(String(key.value))) {
      throw new BadScenario(place, `"${String(key.value)}" cannot be a key.`)
    }
    refuseStrangeKeys(pair.value, at)
  }
}

/** Walks as far as the path is written down. */
function offsetOf(root: unknown, path: Path, wantsKey: boolean): number | undefined {
  let node = root
  let offset = isNodeWithRange(node) ? node.range[0] : undefined
  for (const [depth, step] of path.entries()) {
    let next: unknown
    if (isSeq(node)) next = node.items[Number(step)]
    if (isMap(node)) {
      const pair = node.items.find(
        (item) => isScalar(item.key) && String(item.key.value) === String(step),
      )
      if (pair && wantsKey && depth === path.length - 1 && isNodeWithRange(pair.key)) {
        return pair.key.range[0]
      }
      // An empty value has no text of its own: its key is the place a person looks at.
      const isEmpty = isScalar(pair?.value) && pair.value.value === null
      next = isEmpty && isNodeWithRange(pair?.key) ? pair.key : pair?.value
    }
    if (!isNodeWithRange(next)) return offset
    node = next
    offset = next.range[0]
  }
  return offset
}

const isNodeWithRange = (node: unknown): node is Node & { range: [number, number, number] } =>
  typeof node === 'object' &&
  node !== null &&
  !isPair(node) &&
  'range' in node &&
  Array.isArray(node.range)
