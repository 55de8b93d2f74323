import { z } from 'zod'
import { durationHint, durationPattern, parseDuration } from './duration.ts'
import { type Thing, type Vocabulary, worldThings } from './vocabulary.ts'

/** One step as written: one word that says what to do, and words about it. */
export interface Step {
  /** What the step does: an act, a shop action, or a word of the engine (`expect`). */
  word: string
  value: unknown
  as?: string
  refused?: string | true
  /** Of a fault: it is no mistake when it never strikes. */
  mayMiss?: true
}

export interface Story {
  name: string
  about: string
  shop: string
  seed?: number
  needs: string[]
  crons: boolean
  operator: 'here' | 'away'
  assumptions: Record<string, Record<string, unknown>>
  leaves: { invariant: string; why: string }[]
  given: Record<string, unknown>[]
  steps: Record<string, unknown>[]
}

/** What a driver may have or lack; a scenario that needs more than the driver has is not playable by it. */
export const needs = ['shop-clock'] as const

/** Words beside the one that says what a step does. */
export const modifiers = ['as', 'refused', 'may_miss'] as const

const duration = z
  .string(`Expected ${durationHint}.`)
  .regex(durationPattern, `Expected ${durationHint}.`)
  .refine((text) => parseDuration(text) !== undefined, `Expected ${durationHint}.`)
  .describe('A duration: 500ms, 30s, 15m, 3h, 2d, 1h 30m.')

const kebab = z
  .string()
  .regex(/^[a-z0-9]+(?:-[a-z0-9]+)*$/, 'Expected a name in kebab-case such as callback-lost.')
const captureName = z
  .string()
  .regex(/^(?!world$)[a-z_]\w*$/i, 'Expected a plain name such as order, but not world.')
  .describe('Keeps the result under this name for the references of later steps.')

const clock = z
  .strictObject({
    advance: duration.optional().describe('Moves time forward by this much.'),
    set: z.iso
      .datetime({ offset: true, message: 'Expected a time such as 2026-01-06T10:00:00Z.' })
      .optional()
      .describe('Moves time forward to this point.'),
  })
  .refine(
    (value) => (value.advance === undefined) !== (value.set === undefined),
    'Expected one of advance, set.',
  )

/** A step that does nothing yet is written `settle:`. */
const settle = z.strictObject({ for: duration.optional() }).nullable()

const filled = <Value extends z.ZodType>(list: z.ZodArray<Value>, what: string) =>
  list.min(1, `An empty list of ${what} proves nothing; write at least one.`)

/** The pattern of one kind of thing; `keys` undefined: only known while playing. */
function patternOf(thing: Thing | undefined): z.ZodType {
  const words = { count: z.unknown().optional(), exactly: z.array(z.unknown()).optional() }
  const one: z.ZodType = thing
    ? z.strictObject({
        ...Object.fromEntries(thing.keys.map((key) => [key, z.unknown().optional()])),
        ...words,
      })
    : z.looseObject(words)
  const single = thing?.shorthand === undefined ? one : z.union([z.string(), one])
  const pattern = z.union([single, filled(z.array(single), 'expectations')])
  return thing ? pattern.describe(thing.about) : pattern
}

function expectSchema(words: Vocabulary): z.ZodType {
  const things: Record<string, Thing | undefined> = { ...words.shopThings, ...worldThings }
  for (const partner of words.partners) {
    for (const thing of partner.things) things[`${partner.name}.${thing}`] = undefined
  }
  return z
    .strictObject(mapValues(things, (thing) => patternOf(thing).optional()))
    .refine((value) => Object.keys(value).length > 0, 'An empty expectation proves nothing.')
}

/** Acts and shop actions; an unknown key inside is refused even where the act itself would ignore it. */
function doables(words: Vocabulary): Record<string, z.ZodType> {
  const acts = Object.assign({}, ...words.partners.map((partner) => partner.acts))
  return mapValues({ ...words.actions, ...acts } as Vocabulary['actions'], (doable) =>
    strict(doable.input).describe(doable.about),
  )
}

/** What one act or shop action takes; undefined when there is none of that name. */
export function doableSchema(words: Vocabulary, name: string): z.ZodType | undefined {
  const partner = words.partners.find(({ acts }) => Object.hasOwn(acts, name))
  const found = Object.hasOwn(words.actions, name) ? words.actions[name] : partner?.acts[name]
  return found && strict(found.input)
}

const strictOf = new WeakMap<z.ZodType, z.ZodType>()

/** The same schema for the same input each time: a new one would be compiled anew at every step. */
function strict(schema: z.ZodType): z.ZodType {
  const made = strictOf.get(schema) ?? (schema instanceof z.ZodObject ? schema.strict() : schema)
  strictOf.set(schema, made)
  return made
}

const mapValues = <From, To>(from: Record<string, From>, change: (value: From) => To) =>
  Object.fromEntries(Object.entries(from).map(([key, value]) => [key, change(value)])) as Record<
    string,
    To
  >

/** All verbs with a schema for each; a step is exactly one of them, and modifiers. */
function stepSchemas(words: Vocabulary) {
  const doing = doables(words)
  const optional = (verbs: Record<string, z.ZodType>) =>
    mapValues(verbs, (schema) => schema.optional())
  const about = {
    as: captureName.optional(),
    refused: z
      .union([z.literal(true), z.string().min(1)])
      .optional()
      .describe('The step must be refused; a text must stand in the message.'),
    may_miss: z
      .literal(true)
      .optional()
      .describe('Beside a fault: it may never strike. Write the reason there, too.'),
  }
  const one = (verbs: Record<string, z.ZodType>) =>
    z.strictObject({ ...optional(verbs), ...about }).superRefine((value, context) => {
      const given = verbsOf(value)
      if (value.may_miss !== undefined && !given.includes('fault')) {
        const message = 'It stands beside a fault only.'
        context.addIssue({ code: 'custom', path: ['may_miss'], message })
      }
      if (given.length === 1) return
      const what =
        given.length === 0
          ? 'A step must say what to do'
          : `A step does one thing, this one has ${given.join(' and ')}`
      context.addIssue({ code: 'custom', message: `${what}; write one step for each.` })
    })
  const inner = one(doing)
  const step = one({
    ...doing,
    fault: words.fault,
    disarm: z.string().describe('Name of an armed fault (its `as`), or all.'),
    clock,
    settle: settle.describe('Lets all work that is under way come to its end.'),
    expect: expectSchema(words).describe('What must be true now.'),
    await: z
      .strictObject({
        partner: z.enum(words.partners.map((partner) => partner.name)),
        operation: z.string(),
        for: duration.optional(),
      })
      .describe('Waits until the client under test makes this call; for a person who drives.'),
    together: filled(z.array(inner), 'steps').describe(
      'Starts these steps in order and interleaves them at their calls, as the seed decides.',
    ),
    start: inner.describe('Starts a step that spans others; name it with `as`.'),
    finish: z.string().describe('Waits for a started step, by its `as`.'),
  })
  return step
}

/** The words of a step that say what to do. */
export const verbsOf = (step: object): string[] =>
  Object.keys(step).filter((key) => !(modifiers as readonly string[]).includes(key))

const schemasOf = new WeakMap<Vocabulary, ReturnType<typeof buildScenarioSchema>>()

/** The whole file. Built once for a vocabulary: zod compiles a schema when it first reads with it, which costs more than the reading. */
export function scenarioSchema(words: Vocabulary): ReturnType<typeof buildScenarioSchema> {
  const built = schemasOf.get(words) ?? buildScenarioSchema(words)
  schemasOf.set(words, built)
  return built
}

function buildScenarioSchema(words: Vocabulary) {
  const step = stepSchemas(words)
  const assumptions = Object.fromEntries(
    words.partners.map((partner) => [partner.name, partialOf(partner.assumptions).optional()]),
  )
  return z.strictObject({
    name: kebab.describe('Unique; what --only and the reports call it.'),
    about: z.string().min(1).describe('What the scenario proves, in a sentence.'),
    shop: z.enum(words.sites).describe('The site under test.'),
    seed: z.int().min(0).optional().describe('Fixes all chance; default 1.'),
    needs: z.array(z.enum(needs)).optional().describe('What the driver must be able to do.'),
    crons: z
      .union([z.enum(['on', 'off']), z.boolean()])
      .optional()
      .describe('Whether the crons of the shop run by themselves; default off.'),
    operator: z
      .enum(['here', 'away'])
      .optional()
      .describe('Away: nobody presses Refund Money at the end.'),
    assumptions: z
      .strictObject(assumptions)
      .optional()
      .describe('Switches of the partners, by partner and name.'),
    variants: filled(z.array(z.record(z.string(), z.unknown())), 'variants')
      .optional()
      .describe('Plays the story once for each entry; references to variant take its values.'),
    leaves: z
      .array(
        z.strictObject({
          invariant: z.enum(words.invariants),
          why: z.string().min(1),
        }),
      )
      .optional()
      .describe('Breaches that no client could mend. One that does not happen is red.'),
    given: z.array(step).optional().describe('The world before the story.'),
    steps: filled(z.array(step), 'steps').describe('The story.'),
  })
}

const partialOf = (schema: z.ZodType): z.ZodType =>
  schema instanceof z.ZodObject ? schema.partial().strict() : schema

/** What a step does, told apart from the words about it. */
export function readStep(step: Record<string, unknown>): Step {
  const word = verbsOf(step)[0] ?? ''
  return {
    word,
    value: step[word],
    ...(typeof step.as === 'string' ? { as: step.as } : {}),
    ...(step.may_miss === true ? { mayMiss: true } : {}),
    ...(step.refused === true || typeof step.refused === 'string' ? { refused: step.refused } : {}),
  }
}
