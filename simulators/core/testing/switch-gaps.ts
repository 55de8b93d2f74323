import { isDeepStrictEqual } from 'node:util'
import { z } from 'zod'

/**
 * What tests of a partner's switches leave out, a line each: a switch that is not shown or not there, a value of an enumerated or a
 * true-or-false one, the default of any other or a second value beside it.
 */
export function switchGaps(
  assumptions: z.ZodType,
  shows: Readonly<Record<string, { values: readonly unknown[] }>>,
): string[] {
  const { properties = {} } = z.toJSONSchema(assumptions, { io: 'input' })
  const unknown = Object.keys(shows).filter((name) => !Object.hasOwn(properties, name))
  const gaps = Object.entries(properties).flatMap(([name, schema]) => {
    const values = Object.hasOwn(shows, name) ? shows[name]?.values : undefined
    if (values === undefined) return [`${name} is not shown`]
    const { enum: known, type, default: usual } = schema as Record<string, unknown>
    const all = Array.isArray(known) ? known : type === 'boolean' ? [false, true] : undefined
    const missing = (all ?? [usual]).filter((value) => !has(values, value))
    const strange = all ? values.filter((value) => !has(all, value)) : []
    const isAlone = all === undefined && values.length < 2
    return [
      ...missing.map((value) => `${name} is not shown as ${JSON.stringify(value)}`),
      ...strange.map((value) => `${name} is never ${JSON.stringify(value)}`),
      ...(isAlone ? [`${name} is shown with one value alone`] : []),
    ]
  })
  return [...unknown.map((name) => `there is no switch ${name}`), ...gaps]
}

/** A default may be a list, which is equal without being the same. */
const has = (values: readonly unknown[], wanted: unknown): boolean =>
  values.some((value) => isDeepStrictEqual(value, wanted))
