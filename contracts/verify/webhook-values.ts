import { CannotVerify } from './check.ts'
import type { Told } from './partner-calls.ts'
import { isForm } from './webhook-proofs.ts'

/** What to put into fields, by the name of the field. */
export type Values = Readonly<Record<string, string>>

type Kind = 'text' | 'number' | 'truth'
const wants: Record<Kind, string> = {
  text: 'a text',
  number: 'a number',
  truth: 'true or false',
}

/**
 * Puts values into calls: every field of these names, however deep, holds the value instead; numbers stay numbers, truths truths.
 * Throws `CannotVerify` for a name that no field of these calls has, and for a value that the field cannot hold.
 */
export function putValues(calls: readonly Told[], values: Values): Told[] {
  const wanted = Object.entries(values)
  if (wanted.length === 0) return [...calls]
  const fields = fieldsOf(calls)
  for (const [name, value] of wanted) {
    const kinds = fields.get(name)
    if (!kinds) {
      const known = [...fields.keys()].sort().join(', ')
      throw new CannotVerify(`No event has a field "${name}". Known: ${known}.`)
    }
    for (const kind of kinds) {
      if (asKind(kind, value) === undefined) {
        throw new CannotVerify(
          `"${value}" does not fit the field "${name}": ${wants[kind]} is wanted.`,
        )
      }
    }
  }
  return calls.map((call) => withValues(call, values))
}

/** Every field that never holds other fields, with the kinds that it has. */
function fieldsOf(calls: readonly Told[]): Map<string, Set<Kind>> {
  const fields = new Map<string, Set<Kind>>()
  const holders = new Set<string>()
  const see = (name: string, kind: Kind) => {
    fields.set(name, (fields.get(name) ?? new Set()).add(kind))
  }
  for (const call of calls) {
    if (isForm(call)) for (const name of new URLSearchParams(call.body).keys()) see(name, 'text')
    else {
      JSON.parse(call.body, function (this: unknown, name: string, value: unknown) {
        if (isField(this, name, value)) see(name, kindOf(value))
        else if (value !== null) holders.add(name)
        return value
      })
    }
  }
  for (const name of holders) fields.delete(name)
  return fields
}

const isField = (holder: unknown, name: string, value: unknown): boolean =>
  name !== '' && !Array.isArray(holder) && (typeof value !== 'object' || value === null)

function kindOf(value: unknown): Kind {
  if (typeof value === 'number') return 'number'
  return typeof value === 'boolean' ? 'truth' : 'text'
}

/** The value as the wire has it; undefined when it is of another kind. */
function asKind(kind: Kind, value: string): string | number | boolean | undefined {
  if (kind === 'text') return value
  if (kind === 'truth') return { true: true, false: false }[value]
  return /^-?\d+(\.\d+)?$/.test(value) ? Number(value) : undefined
}

function withValues(call: Told, values: Values): Told {
  if (isForm(call)) {
    const form = new URLSearchParams(call.body)
    for (const [name, value] of Object.entries(values)) if (form.has(name)) form.set(name, value)
    return { ...call, body: form.toString() }
  }
  const replace = function (this: unknown, name: string, value: unknown): unknown {
    const wanted = Object.hasOwn(values, name) ? values[name] : undefined
    if (wanted === undefined || !isField(this, name, value)) return value
    return asKind(kindOf(value), wanted)
  }
  return { ...call, body: JSON.stringify(JSON.parse(call.body), replace) }
}
