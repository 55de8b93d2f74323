import { z } from 'zod'
import { BadInput } from '../../simulators/core/bad-input.ts'
import { faultMatch, faultsByName, parseFault } from '../../simulators/core/faults/spec.ts'
import { targetsOf } from '../../simulators/core/faults/targets.ts'
import { journalKinds } from '../../simulators/core/journal.ts'
import { invariants } from '../../simulators/core/judge/invariants/index.ts'
import { deadLetters, deliveryStates } from '../../simulators/core/messenger/delivery.ts'
import type { Partner } from '../../simulators/core/partner.ts'
import type { Driver } from './drivers/driver.ts'
import type { Shape } from './shape.ts'
import type { GatheredValues, ValuesByPath } from './values.ts'
import type { Vocabulary } from './vocabulary.ts'

/** What `world.things` reads from the view of a partner that lists no things itself. */
const thingsOfView = ['order', 'stock', 'payment'] as const

/** Asks the partners, the faults and the driver for every word that a scenario may use; `shapes` come from `things.json`, `words` from `values.json`. */
export function gatherVocabulary(
  partners: readonly Partner[],
  driver: Driver,
  shapes: Readonly<Record<string, Shape>>,
  words: GatheredValues,
): Vocabulary {
  return {
    partners: partners.map((partner) => ({
      name: partner.name,
      acts: partner.acts,
      things: partner.things ? Object.keys(partner.things) : thingsOfView,
      operations: Object.keys(partner.operations),
      assumptions: partner.assumptions,
    })),
    sites: driver.sites,
    actions: driver.actions,
    shopThings: driver.things,
    fault: faultSchema(partners),
    refuseFault: (spec) => refuseFault(spec, partners),
    shapes,
    values: { ...words.things, ...worldValues(partners) },
    documented: new Set(words.documented),
    invariants: invariants.map(({ name }) => name),
  }
}

/** What stands in `deliveries` and `journal`, whole: nobody has to have seen it. */
function worldValues(partners: readonly Partner[]): Record<string, ValuesByPath> {
  const all = (values: readonly string[]) => ({ values: [...new Set(values)].sort(), isAll: true })
  const partner = all(partners.map(({ name }) => name))
  const events = all(partners.flatMap(({ webhooks }) => webhooks.events))
  const faults = all([...faultsByName.keys()])
  return {
    deliveries: {
      partner,
      event: events,
      channel: all(partners.flatMap(({ webhooks }) => Object.keys(webhooks.channels))),
      state: all(deliveryStates),
      dead_letter: all(deadLetters),
      'faults.[]': faults,
    },
    journal: {
      kind: all(journalKinds),
      'data.partner': partner,
      'data.event': events,
      'data.faults.[]': faults,
      'data.operation': all(partners.flatMap(({ operations }) => Object.keys(operations))),
    },
  }
}

/** One branch for each fault, with what all have and what it has itself. */
function faultSchema(partners: readonly Partner[]): z.ZodType {
  const partner = z.enum(partners.map(({ name }) => name))
  const branches = [...faultsByName].map(([name, { code }]) =>
    z
      .strictObject({
        ...faultMatch.shape,
        partner,
        name: z.literal(name),
        ...optional(code.options.shape),
      })
      .describe(code.about),
  )
  const [first, ...rest] = branches
  if (!first) throw new Error('There are no faults.')
  return z.discriminatedUnion('name', [first, ...rest])
}

/** An option may also stand under `options`, so none is required here; `refuseFault` reads them all. */
const optional = (shape: Record<string, unknown>): Record<string, z.ZodType> =>
  Object.fromEntries(
    Object.entries(shape).flatMap(([key, schema]) =>
      schema instanceof z.ZodType ? [[key, schema.optional()]] : [],
    ),
  )

/** Why this fault cannot be armed: unknown events, operations and keys, options that make no sense. */
function refuseFault(
  spec: unknown,
  partners: readonly Partner[],
): ReturnType<Vocabulary['refuseFault']> {
  try {
    parseFault(spec, targetsOf(partners))
    return undefined
  } catch (error) {
    if (!(error instanceof BadInput)) throw error
    return { what: error.message, path: error.issues[0]?.path.split('.') ?? [] }
  }
}
