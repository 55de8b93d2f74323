import type { Task } from '../../simulators/core/conductor.ts'
import { BadFault, type FaultSpec } from '../../simulators/core/faults/armed.ts'
import type { Delivery } from '../../simulators/core/messenger/delivery.ts'
import { Refusal } from '../../simulators/core/refusal.ts'
import type { World } from '../../simulators/core/world.ts'
import { isRecord } from './difference.ts'
import { type Outcome, ShopRefused } from './drivers/driver.ts'
import { parseDuration } from './duration.ts'
import { disappointment } from './expectation.ts'
import { StepFailed } from './failure.ts'
import { faultsOf } from './issues.ts'
import type { PlacedStep } from './load.ts'
import { type ArmedByStep, refuseMissed } from './missed-faults.ts'
import { resolveReferences } from './references.ts'
import { doableSchema } from './schema.ts'
import { shapeKey, shapeOf, strangePart } from './shape.ts'
import { BadScenario, type Path } from './source.ts'
import type { Play } from './stage.ts'
import { strangeValue } from './values.ts'
import { type Thing, type Vocabulary, worldThings } from './vocabulary.ts'

/** What the steps of one play share. */
export interface Run {
  play: Play
  /** The site under test. */
  site: string
  words: Vocabulary
  /** What `as` kept, by name. */
  kept: Record<string, unknown>
  started: Map<string, Task<Outcome>>
  /** What the story armed and has not disarmed, by id. */
  armed: Map<string, ArmedByStep>
  /** Hears of all that is looked at. */
  looked?: (what: string, items: readonly unknown[]) => void
  /** Where the world stood when they were started. */
  startedSeqs: Map<string, number>
}

/** Does one step and all that follows from it without moving time. Throws `StepFailed`, or what the world or the shop threw. */
export async function doStep(run: Run, step: PlacedStep): Promise<void> {
  const { world, conductor } = run.play
  const fromSeq = run.startedSeqs.get(String(step.value)) ?? world.seq
  const doing = words[step.word] ?? doable
  let outcome: Outcome = {}
  let refusal: string | undefined
  try {
    outcome = await doing(run, step)
  } catch (error) {
    refusal = refusalOf(error)
    if (refusal === undefined || step.refused === undefined) throw error
    if (error instanceof ShopRefused) outcome = error.outcome
  }
  await conductor.drain()
  checkRefusal(step, refusal)
  if ([step, ...step.inner].some(({ refused }) => refused !== undefined))
    world.expectRefusals(fromSeq, world.seq)
  if (step.as !== undefined && step.word !== 'start') run.kept[step.as] = outcome
  const [failed] = conductor.failures()
  if (failed) {
    throw new StepFailed([
      `the background task "${failed.task}" failed: ${messageOf(failed.error)}`,
    ])
  }
}

/** Words of the engine; all others are acts and shop actions. */
const words: Record<string, (run: Run, step: PlacedStep) => Promise<Outcome>> = {
  fault: async ({ play, kept, armed }, step) => {
    const { id } = arm(play.world, step, resolveReferences(step.value, kept) as FaultSpec)
    armed.set(id, { step, armedSeq: play.world.seq })
    return { id }
  },
  disarm: async (run, step) => {
    const armed = run.kept[String(step.value)]
    const id = step.value === 'all' || !isRecord(armed) ? undefined : String(armed.id)
    refuseMissed(run, id)
    run.play.world.disarm(id)
    return {}
  },
  clock: async ({ play, kept }, step) => {
    const { advance, set } = resolveReferences(step.value, kept) as {
      advance?: string
      set?: string
    }
    const nowMs = play.world.clock.nowMs
    const byMs = set === undefined ? (parseDuration(advance ?? '') ?? 0) : Date.parse(set) - nowMs
    if (byMs < 0) {
      throw new StepFailed([
        `the clock only moves forward: it is ${new Date(nowMs).toISOString()} already`,
      ])
    }
    await play.conductor.advance(byMs)
    return {}
  },
  settle: async ({ play }, step) => {
    const text = isRecord(step.value) ? step.value.for : undefined
    const forMs = typeof text === 'string' ? parseDuration(text) : undefined
    await play.conductor.settle(forMs === undefined ? {} : { forMs })
    return {}
  },
  expect: async (run, step) => {
    await expectAll(run, step)
    return {}
  },
  together: async (run, step) => {
    const tasks = step.inner.map((inner) => startTask(run, inner))
    await run.play.conductor.run(tasks)
    for (const [at, task] of tasks.entries()) {
      const inner = step.inner[at]
      const outcome = await settled(task, inner)
      if (inner?.as !== undefined) run.kept[inner.as] = outcome
    }
    return {}
  },
  start: async (run, step) => {
    const [inner] = step.inner
    if (inner && step.as !== undefined) {
      run.startedSeqs.set(step.as, run.play.world.seq)
      run.started.set(step.as, startTask(run, inner))
    }
    return {}
  },
  finish: async (run, step) => {
    const name = String(step.value)
    const task = run.started.get(name)
    if (!task) return {}
    await run.play.conductor.run([task])
    run.started.delete(name)
    const outcome = await settled(task, step)
    run.kept[name] = outcome
    return outcome
  },
}

/** Some of what keeps a fault from being armed only shows now: the time of the world, values of references. */
function arm(world: World, step: PlacedStep, spec: FaultSpec): { id: string } {
  try {
    return world.arm(spec)
  } catch (error) {
    if (!(error instanceof BadFault)) throw error
    const path = error.issues[0]?.path.split('.')
    throw new BadScenario(path ? step.placeOf(path, { key: true }) : step.place, error.message)
  }
}

/** An act or a shop action on its own. */
async function doable(run: Run, step: PlacedStep): Promise<Outcome> {
  const { play } = run
  const input = inputOf(run, step)
  if (!step.word.startsWith('shop.')) return (play.world.act(step.word, input) ?? {}) as Outcome
  return play.run(step.word, () => play.session.perform(step.word, input))
}

/** The same inside a task, so that others may run between its calls. */
function startTask(run: Run, step: PlacedStep): Task<Outcome> {
  const { play } = run
  const input = inputOf(run, step)
  const name = step.as === undefined ? step.word : `${step.word} as ${step.as}`
  return play.conductor.start(name, () =>
    step.word.startsWith('shop.')
      ? play.session.perform(step.word, input)
      : play.act(step.word, input),
  )
}

/** The value with its references resolved; what they stand for must fit as well. Throws `BadScenario`. */
function inputOf({ words: known, kept }: Run, step: PlacedStep): unknown {
  const input = resolveReferences(step.value, kept) ?? {}
  const schema = doableSchema(known, step.word)
  const [fault] = schema ? faultsOf(schema, input) : []
  if (fault) throw new BadScenario(step.placeOf(fault.path), fault.message)
  return input
}

/** A started step may be refused where it stands, too. */
async function settled(task: Task<Outcome>, step: PlacedStep | undefined): Promise<Outcome> {
  let refusal: string | undefined
  let outcome: Outcome = {}
  try {
    outcome = await task.result
  } catch (error) {
    refusal = refusalOf(error)
    if (refusal === undefined || step?.refused === undefined) throw error
    if (error instanceof ShopRefused) outcome = error.outcome
  }
  if (step && step.word !== 'finish') checkRefusal(step, refusal)
  // `finish` checks its own refusal, with those of all other steps.
  else if (refusal !== undefined) throw new ShopRefused(refusal, outcome)
  return outcome
}

function refusalOf(error: unknown): string | undefined {
  return error instanceof Refusal || error instanceof ShopRefused ? error.message : undefined
}

function checkRefusal(step: PlacedStep, refusal: string | undefined): void {
  if (step.refused === undefined || step.inner.length > 0) return
  const wanted = step.refused === true ? 'a refusal' : `a refusal that says "${step.refused}"`
  if (refusal === undefined) throw new StepFailed([`expected  ${wanted}`, 'found     it was done'])
  const says = typeof step.refused !== 'string' || contains(refusal, step.refused)
  if (!says) throw new StepFailed([`expected  ${wanted}`, `found     ${refusal}`])
}

const contains = (text: string, part: string): boolean =>
  text.toLowerCase().includes(part.toLowerCase())

export const messageOf = (error: unknown): string =>
  error instanceof Error ? error.message : String(error)

async function expectAll(run: Run, step: PlacedStep): Promise<void> {
  const lines: string[] = []
  const expected = resolveReferences(step.value, run.kept) as Record<string, unknown>
  for (const [what, wanted] of Object.entries(expected)) {
    const items = await look(run.play, what)
    run.looked?.(what, items)
    refuseStrange(run, step, what, wanted, items)
    const thing: Thing | undefined = run.words.shopThings[what] ?? worldThings[what]
    for (const pattern of Array.isArray(wanted) ? wanted : [wanted]) {
      const full = isRecord(pattern) ? pattern : { [thing?.shorthand ?? 'id']: pattern }
      // The page shown last, unless a customer is named.
      const meant =
        what === 'shop.page' && !Object.hasOwn(full, 'customer') ? items.slice(-1) : items
      const wrong = disappointment(what, full, meant)
      if (wrong) lines.push(...wrong)
    }
  }
  if (lines.length > 0) throw new StepFailed(lines)
}

/** Names of keys that nothing of this kind has, and words that it never holds, at any depth. Throws `BadScenario`: it is the story that is wrong. */
function refuseStrange(
  { words: known, site }: Run,
  step: PlacedStep,
  what: string,
  wanted: unknown,
  items: readonly unknown[],
): void {
  // What is there counts, even where nobody has written it down.
  const shapes = [known.shapes[shapeKey(site, what)] ?? 'unknown', ...items.map(shapeOf)]
  const isList = Array.isArray(wanted)
  const held = known.values[shapeKey(site, what)] ?? {}
  const about = { items, documented: known.documented }
  const thing: Thing | undefined = known.shopThings[what] ?? worldThings[what]
  for (const [at, pattern] of (isList ? wanted : [wanted]).entries()) {
    const path = isList ? [what, at] : [what]
    if (!isRecord(pattern)) {
      const strange = strangeValue(pattern, held, about, path, thing?.shorthand)
      if (strange) throw new BadScenario(step.placeOf(strange.path), strange.what)
      continue
    }
    const { count: _, exactly, ...values } = pattern
    const check = (part: unknown, path: Path) => {
      const strange = strangePart(part, shapes, path)
      if (strange) throw new BadScenario(step.placeOf(strange.path, { key: true }), strange.what)
      const never = strangeValue(part, held, about, path)
      if (never) throw new BadScenario(step.placeOf(never.path), never.what)
    }
    check(values, path)
    for (const [nth, one] of (Array.isArray(exactly) ? exactly : []).entries()) {
      check(one, [...path, 'exactly', nth])
    }
  }
}

/** All there is of one kind, now. */
export async function look(play: Play, what: string): Promise<unknown[]> {
  if (what.startsWith('shop.')) {
    return play.run(`a look at ${what}`, () => play.session.look(what))
  }
  if (what === 'journal') return play.world.journal()
  if (what === 'deliveries') return play.world.deliveries().map(deliveryThing)
  const dot = what.indexOf('.')
  return play.world.things(what.slice(0, dot), what.slice(dot + 1))
}

function deliveryThing(delivery: Delivery): Record<string, unknown> {
  const last = delivery.attempts.at(-1)?.outcome
  return {
    id: delivery.id,
    partner: delivery.partner,
    channel: delivery.channel,
    event: delivery.event,
    event_id: delivery.eventId,
    subscriber: delivery.subscriber,
    state: delivery.state,
    dead_letter: delivery.deadLetter ?? null,
    attempts: delivery.attempts.length,
    last_status: last && 'status' in last ? last.status : null,
    faults: delivery.faults,
  }
}
