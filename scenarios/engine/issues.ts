import { z } from 'zod'
import { holdsReference } from './references.ts'
import type { Path } from './source.ts'
import { suggest } from './suggest.ts'

/** One thing that is wrong, in words, and where. `atKey`: it is the key itself. */
export interface Fault {
  path: Path
  atKey: boolean
  message: string
}

type Issue = z.core.$ZodIssue

/**
 * Holds a value as written against its schema. A text with a reference in it (`${order.id}`) fits everywhere: it is checked once
 * the reference is known.
 */
export function faultsOf(schema: z.ZodType, value: unknown): Fault[] {
  const read = schema.safeParse(value)
  if (read.success) return []
  const faults = flatten(read.error.issues, value, []).flatMap((issue) =>
    words(issue, schema, value),
  )
  // A misspelt key explains what seems to be missing beside it, and is told before what else is wrong there.
  const misspelt = new Set(
    faults.filter(({ atKey }) => atKey).map(({ path }) => placeKey(path.slice(0, -1))),
  )
  return faults.filter(
    ({ path, atKey }) =>
      atKey || !(misspelt.has(placeKey(path)) || misspelt.has(placeKey(path.slice(0, -1)))),
  )
}

const placeKey = (path: Path): string => JSON.stringify(path)

/** Issues with complete paths, those under a reference left out, and of every union the branch that was most likely meant. */
function flatten(issues: readonly Issue[], root: unknown, base: Path): Issue[] {
  return issues.flatMap((issue): Issue[] => {
    const path = [...base, ...issue.path.filter(isStep)]
    if (holdsReference(valueAt(root, path))) return []
    if (issue.code !== 'invalid_union' || issue.errors.length === 0) return [{ ...issue, path }]
    const branches = issue.errors.map((branch) => flatten(branch, root, path))
    if (branches.some((branch) => branch.length === 0)) return []
    const fitting = branches.filter(
      (branch) =>
        !branch.some((one) => one.code === 'invalid_type' && one.path.length === path.length),
    )
    const [best] = (fitting.length > 0 ? fitting : branches).sort((a, b) => a.length - b.length)
    return best ?? []
  })
}

const isStep = (step: PropertyKey): step is string | number => typeof step !== 'symbol'

function words(issue: Issue, schema: z.ZodType, root: unknown): Fault[] {
  const path = issue.path.filter(isStep)
  if (issue.code === 'unrecognized_keys') {
    return issue.keys.map((key) => ({
      path: [...path, key],
      atKey: true,
      message: `Unknown ${kindOf(path)} "${key}". ${suggest(key, keysAt(schema, path, root), allOf(path))}`,
    }))
  }
  const found = valueAt(root, path)
  const name = path.at(-1)
  const isOneOf = issue.code === 'invalid_value' || issue.code === 'invalid_union'
  if (isOneOf) {
    const accepted =
      issue.code === 'invalid_value' ? issue.values.map(String) : literalsAt(schema, path)
    const what =
      found === undefined ? `Missing "${String(name)}".` : `"${String(found)}" is not known here.`
    const told = suggest(String(found), accepted, allOf(path))
    return [{ path, atKey: false, message: `${what} ${told}` }]
  }
  if (found === undefined && typeof name === 'string') {
    const described = describeAt(schema, path)
    const message = `Missing "${name}"${described === '' ? '.' : `: ${described}`}`
    return [{ path: path.slice(0, -1), atKey: false, message }]
  }
  const told = issue.code === 'invalid_type' ? typeWords(issue, found) : sentence(issue.message)
  return [{ path, atKey: false, message: typeof name === 'string' ? `"${name}": ${told}` : told }]
}

function typeWords(issue: Extract<Issue, { code: 'invalid_type' }>, found: unknown): string {
  if (issue.message.startsWith('Expected ')) return issue.message
  const kinds: Record<string, string> = {
    string: 'text',
    int: 'a whole number',
    number: 'a number',
    array: 'a list',
    object: 'keys and values',
    record: 'keys and values',
    boolean: 'true or false',
  }
  const given = Array.isArray(found)
    ? 'a list'
    : found === null
      ? 'nothing'
      : (kinds[typeof found] ?? typeof found)
  const text = typeof found === 'object' ? given : `${given} (${JSON.stringify(found)})`
  return `Expected ${kinds[issue.expected] ?? issue.expected}, found ${text}.`
}

const sentence = (message: string): string => (/[.!?]$/.test(message) ? message : `${message}.`)

/** What a key at this place is called. */
function kindOf(path: Path): string {
  const parent = path.at(-2)
  if (
    parent === 'steps' ||
    parent === 'given' ||
    parent === 'together' ||
    path.at(-1) === 'start'
  ) {
    return 'step'
  }
  if (path.at(-1) === 'expect') return 'expectation'
  return 'key'
}

/** Where a person finds all that could stand here. */
function allOf(path: Path): string | undefined {
  if (kindOf(path) === 'step')
    return 'npx understudy list acts has those of the partners, scenarios/README.md all others'
  if (path.includes('fault')) return 'see npx understudy list faults'
  return undefined
}

export function valueAt(root: unknown, path: Path): unknown {
  let value = root
  for (const step of path) {
    if (typeof value !== 'object' || value === null || !Object.hasOwn(value, step)) return undefined
    value = (value as Record<string | number, unknown>)[step]
  }
  return value
}

/** Keys that some schema at this place accepts; where the value says which one is meant (a fault's name), only those of that one. */
function keysAt(schema: z.ZodType, path: Path, root: unknown): string[] {
  const shapes = schemasAt(schema, path).flatMap((one) =>
    one instanceof z.ZodObject ? [one.shape] : [],
  )
  const isMeant = (shape: z.ZodRawShape) =>
    Object.entries(shape).every(([key, one]) => {
      const given = valueAt(root, [...path, key])
      return (
        given === undefined ||
        !(one instanceof z.ZodLiteral) ||
        [...one.values].some((value) => value === given)
      )
    })
  const meant = shapes.filter(isMeant)
  return [...new Set((meant.length > 0 ? meant : shapes).flatMap(Object.keys))]
}

/** What a key that tells branches apart may be. */
const literalsAt = (schema: z.ZodType, path: Path): string[] =>
  schemasAt(schema, path).flatMap((one) =>
    one instanceof z.ZodLiteral ? [...one.values].map(String) : [],
  )

const describeAt = (schema: z.ZodType, path: Path): string =>
  schemasAt(schema, path, false).find((one) => one.description !== undefined)?.description ?? ''

/** All schemas that a value at this path may meet, wrappers taken off. */
function schemasAt(schema: z.ZodType, path: Path, unwrapLast = true): z.ZodType[] {
  let here = [schema]
  for (const step of path) {
    here = here.flatMap(unwrap).flatMap((one): z.ZodType[] => {
      if (one instanceof z.ZodObject) {
        const next: unknown = Object.hasOwn(one.shape, step) ? one.shape[step] : undefined
        return next instanceof z.ZodType ? [next] : []
      }
      if (one instanceof z.ZodArray) return one.element instanceof z.ZodType ? [one.element] : []
      if (one instanceof z.ZodRecord)
        return one.valueType instanceof z.ZodType ? [one.valueType] : []
      return []
    })
  }
  return unwrapLast ? here.flatMap(unwrap) : here
}

function unwrap(schema: z.ZodType): z.ZodType[] {
  const inner: unknown[] = []
  if (
    schema instanceof z.ZodOptional ||
    schema instanceof z.ZodNullable ||
    schema instanceof z.ZodDefault ||
    schema instanceof z.ZodPrefault ||
    schema instanceof z.ZodReadonly
  ) {
    inner.push(schema.unwrap())
  } else if (schema instanceof z.ZodPipe) inner.push(schema.in)
  else if (schema instanceof z.ZodLazy) inner.push(schema.unwrap())
  else if (schema instanceof z.ZodUnion) inner.push(...schema.options)
  else return [schema]
  return inner.filter((one): one is z.ZodType => one instanceof z.ZodType).flatMap(unwrap)
}
