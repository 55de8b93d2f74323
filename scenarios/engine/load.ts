import { readdirSync, readFileSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { nearestName } from '../../simulators/core/nearest.ts'
import { isComparison, isRecord, operators, render } from './difference.ts'
import { faultsOf } from './issues.ts'
import {
  holdsReference,
  referencesIn,
  resolveReferences,
  UnknownReference,
  worldName,
} from './references.ts'
import { readStep, type Step, type Story, scenarioSchema } from './schema.ts'
import { BadScenario, type Path, type Place, readSource, type Source } from './source.ts'
import { suggest } from './suggest.ts'
import { variantsOf } from './variants.ts'
import type { Vocabulary } from './vocabulary.ts'

/** One story with one set of values, checked as far as it can be without playing it. */
export interface Scenario {
  /** `cancelled (COD)`: the story's name, and the variant's where there are several. */
  title: string
  /** `` when the story has no variants. */
  variant: string
  file: string
  story: Story
  given: PlacedStep[]
  steps: PlacedStep[]
}

export interface PlacedStep extends Step {
  place: Place
  /** Place of a part of the step's value. */
  placeOf(path: Path, how?: { key?: boolean }): Place
  /** Steps of `together` and `start`. */
  inner: PlacedStep[]
}

/** Reads, checks and unfolds one file. Throws `BadScenario` with the first thing that is wrong in it. */
export function parseScenario(file: string, text: string, words: Vocabulary): Scenario[] {
  const source = readSource(file, text)
  if (!isRecord(source.data)) {
    const what = Array.isArray(source.data)
      ? 'A scenario is keys and values; this file is a list.'
      : source.data === null
        ? 'An empty scenario proves nothing.'
        : 'A scenario is keys and values; this file is one value.'
    const accepted = 'Accepted: keys and values such as name, about, shop, steps.'
    throw new BadScenario(source.placeOf([]), `${what} ${accepted}`)
  }
  const schema = scenarioSchema(words)
  const faultsIn = (data: unknown) =>
    faultsOf(schema, data).map((fault) => ({
      ...fault,
      place: source.placeOf(fault.path, { key: fault.atKey }),
    }))
  // Without variants that can be read there would be nothing to check below.
  if (Object.hasOwn(source.data, 'variants')) {
    refuse(faultsIn(source.data).filter(({ path }) => path[0] === 'variants'))
  }
  return variantsOf(source.data).map((variant) => {
    const data = withVariant(source, variant.values)
    refuse(faultsIn(data))
    const scenario = unfold(source, data, variant.name)
    checkNames(scenario)
    checkPatterns(scenario, words)
    return scenario
  })
}

/** The files of a folder and all below it, or one file; in the order of their names. */
export function scenarioFiles(path: string): string[] {
  if (!statSync(path).isDirectory()) return [path]
  return readdirSync(path, { withFileTypes: true })
    .sort((a, b) => (a.name < b.name ? -1 : 1))
    .flatMap((entry) => {
      if (entry.isDirectory()) return scenarioFiles(join(path, entry.name))
      return /\.ya?ml$/.test(entry.name) ? [join(path, entry.name)] : []
    })
}

export const readScenario = (file: string, words: Vocabulary): Scenario[] =>
  parseScenario(file, readFileSync(file, 'utf8'), words)

function withVariant(source: Source, values: Record<string, unknown>): unknown {
  const { variants, ...rest } = source.data as Record<string, unknown>
  try {
    const resolved = resolveReferences(rest, { variant: values }, { only: 'variant' })
    return { ...(resolved as object), ...(variants === undefined ? {} : { variants }) }
  } catch (error) {
    if (error instanceof UnknownReference) {
      throw new BadScenario(source.placeOf(error.path), error.message)
    }
    throw error
  }
}

/** The one that stands first in the file is the one to read. */
function refuse(wrong: { place: Place; message: string }[]): void {
  const [first] = wrong.sort(
    (a, b) => a.place.line - b.place.line || a.place.column - b.place.column,
  )
  if (first) throw new BadScenario(first.place, first.message)
}

function unfold(source: Source, data: unknown, variant: string): Scenario {
  const written = data as Record<string, unknown> & Story
  const steps = (key: string): PlacedStep[] =>
    Array.isArray(written[key])
      ? written[key].map((step, at) => placed(source, step as Record<string, unknown>, [key, at]))
      : []
  const crons = written.crons as unknown
  return {
    title: variant === '' ? written.name : `${written.name} (${variant})`,
    variant,
    file: source.file,
    story: {
      ...written,
      needs: written.needs ?? [],
      crons: crons === 'on' || crons === true,
      operator: written.operator ?? 'here',
      assumptions: written.assumptions ?? {},
      leaves: written.leaves ?? [],
      given: written.given ?? [],
    },
    given: steps('given'),
    steps: steps('steps'),
  }
}

function placed(source: Source, written: Record<string, unknown>, path: Path): PlacedStep {
  const step = readStep(written)
  const inner =
    step.word === 'together'
      ? (step.value as Record<string, unknown>[]).map((one, at) =>
          placed(source, one, [...path, 'together', at]),
        )
      : step.word === 'start'
        ? [placed(source, step.value as Record<string, unknown>, [...path, 'start'])]
        : []
  return {
    ...step,
    inner,
    place: source.placeOf([...path, step.word], { key: true }),
    placeOf: (part, how) => source.placeOf([...path, step.word, ...part], how),
  }
}

/** Every reference leads to a name that an earlier step gave; every started step is finished, once. */
function checkNames(scenario: Scenario): void {
  const given = new Map<string, PlacedStep>()
  const running = new Map<string, PlacedStep>()
  const name = (step: PlacedStep) => {
    if (step.as === undefined) return
    const earlier = given.get(step.as) ?? running.get(step.as)
    if (earlier) {
      const what = `"as: ${step.as}" is already the name of line ${earlier.place.line}; choose another.`
      throw new BadScenario(step.place, what)
    }
    given.set(step.as, step)
  }
  const visit = (step: PlacedStep) => {
    for (const used of referencesIn(
      step.word === 'finish' || step.inner.length > 0 ? null : step.value,
    )) {
      const root = used.name.split('.')[0] ?? ''
      if (given.has(root) || root === worldName) continue
      const still = running.has(root) ? ` It is known after finish: ${root}.` : ''
      const what = `Unknown reference "\${${used.name}}".${still} ${suggest(root, [...given.keys()])}`
      throw new BadScenario(step.placeOf(used.path), what)
    }
    for (const one of step.inner) visit(one)
    if (step.word === 'start') startNamed(step, given, running)
    else if (step.word === 'finish') finishNamed(step, given, running)
    else name(step)
  }
  for (const step of [...scenario.given, ...scenario.steps]) visit(step)
  for (const [as, step] of running) {
    throw new BadScenario(
      step.place,
      `This step is started and never finished; write finish: ${as}.`,
    )
  }
}

type Named = Map<string, PlacedStep>

function startNamed(step: PlacedStep, given: Named, running: Named): void {
  const { as } = step
  if (as === undefined) {
    throw new BadScenario(step.place, 'A started step needs a name; write as: run beside it.')
  }
  if (given.has(as) || running.has(as)) {
    throw new BadScenario(step.place, `"as: ${as}" is already taken; choose another.`)
  }
  running.set(as, step)
}

function finishNamed(step: PlacedStep, given: Named, running: Named): void {
  const as = String(step.value)
  if (!running.delete(as)) {
    const what = `No step was started as "${as}". ${suggest(as, [...running.keys()])}`
    throw new BadScenario(step.place, what)
  }
  given.set(as, step)
}

/** Comparisons that could never be true, and calls that no partner has. */
function checkPatterns(scenario: Scenario, words: Vocabulary): void {
  for (const step of [...scenario.given, ...scenario.steps]) {
    if (step.word === 'fault') checkFault(step, words)
    if (step.word === 'disarm') checkDisarm(scenario, step)
    if (step.word === 'expect') checkComparisons(step, step.value, [])
    if (step.word === 'await') {
      const { partner, operation } = step.value as { partner: string; operation: string }
      const known = words.partners.find((one) => one.name === partner)?.operations ?? []
      if (!known.includes(operation)) {
        const what = `Unknown operation "${operation}" of ${partner}. ${suggest(operation, known)}`
        throw new BadScenario(step.placeOf(['operation']), what)
      }
    }
  }
}

/** What a reference stands for is only known while playing; as a value of `where` it does not matter here. */
function checkFault(step: PlacedStep, words: Vocabulary): void {
  if (referencesIn(step.value).some(({ path }) => path[0] !== 'where')) return
  const wrong = words.refuseFault(step.value)
  if (!wrong) return
  const { what, path } = wrong
  throw new BadScenario(path.length > 0 ? step.placeOf(path, { key: true }) : step.place, what)
}

function checkDisarm({ given, steps }: Scenario, step: PlacedStep): void {
  const armed = [...given, ...steps].flatMap(({ word, as }) =>
    word === 'fault' && as !== undefined ? [as] : [],
  )
  const name = String(step.value)
  if (name === 'all' || armed.includes(name)) return
  const what = `No fault is armed as "${name}". ${suggest(name, ['all', ...armed])}`
  throw new BadScenario(step.placeOf([]), what)
}

function checkComparisons(step: PlacedStep, value: unknown, path: Path): void {
  if (isRecord(value) && path.length > 0) {
    const used = Object.keys(value).filter((key) => (operators as readonly string[]).includes(key))
    const isPattern = path.length === 1 || (path.length === 2 && typeof path[1] === 'number')
    const mixed = used.length > 0 && !isComparison(value) && !isPattern
    if (mixed) {
      const what = `"${used[0]}" compares, and nothing else may stand beside it. Accepted: ${operators.join(', ')}.`
      throw new BadScenario(step.placeOf(path), what)
    }
    checkOperator(step, value, path, isPattern)
    checkOperands(step, isPattern ? { count: value.count } : value, path)
  }
  if (typeof value !== 'object' || value === null) return
  for (const [key, one] of Object.entries(value)) {
    checkComparisons(step, one, [...path, Array.isArray(value) ? Number(key) : key])
  }
}

/** `{ at_leest: 2 }` would be a key that nothing has, and so hold for `not` and null. */
function checkOperator(
  step: PlacedStep,
  value: Record<string, unknown>,
  path: Path,
  isPattern: boolean,
): void {
  const [key, ...others] = Object.keys(value)
  if (isPattern || key === undefined || others.length > 0) return
  if ((operators as readonly string[]).includes(key) || !key.includes('_')) return
  if (nearestName(key, operators) === undefined) return
  throw new BadScenario(
    step.placeOf([...path, key]),
    `Unknown operator "${key}". ${suggest(key, operators)}`,
  )
}

/** What each comparison compares with; with anything else it would never hold, and so always hold under `not` and `count: 0`. */
const operands: Partial<Record<string, { fits(value: unknown): boolean; wants: string }>> = {
  ...Object.fromEntries(
    ['at_least', 'at_most', 'more_than', 'less_than'].map((name) => [
      name,
      { fits: (value: unknown) => typeof value === 'number', wants: 'a number' },
    ]),
  ),
  one_of: {
    fits: (value) => Array.isArray(value) && value.length > 0,
    wants: 'a list of at least one value',
  },
  matches: { fits: (value) => typeof value === 'string', wants: 'a regular expression' },
  exists: { fits: (value) => typeof value === 'boolean', wants: 'true or false' },
  count: {
    fits: (value) => typeof value === 'number' || isComparison(value),
    wants: 'a number, or a comparison of numbers',
  },
}

function checkOperands(step: PlacedStep, value: Record<string, unknown>, path: Path): void {
  for (const [name, operand] of Object.entries(value)) {
    const { fits, wants } = operands[name] ?? {}
    if (!fits || operand === undefined || holdsReference(operand)) continue
    if (!fits(operand)) {
      const what = `"${name}" wants ${wants}, found ${render(operand)}.`
      throw new BadScenario(step.placeOf([...path, name]), what)
    }
    if (name === 'matches') checkRegex(step, String(operand), path)
  }
}

function checkRegex(step: PlacedStep, text: string, path: Path): void {
  try {
    new RegExp(text, 'u')
  } catch (error) {
    throw new BadScenario(step.placeOf([...path, 'matches']), `${(error as Error).message}.`)
  }
}
