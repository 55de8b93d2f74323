import type { FaultSpec } from '../../simulators/core/faults/armed.ts'
import type { Breach, JudgeReport } from '../../simulators/core/judge/judge.ts'
import type { Partner } from '../../simulators/core/partner.ts'
import { createWorld, type World } from '../../simulators/core/world.ts'
import type { Driver, Outcome } from './drivers/driver.ts'
import { type Failure, StepFailed, trailOf } from './failure.ts'
import type { PlacedStep, Scenario } from './load.ts'
import { refuseMissed } from './missed-faults.ts'
import { UnknownReference, worldName } from './references.ts'
import { shapeKey } from './shape.ts'
import { BadScenario, type Place } from './source.ts'
import { type Play, setStage } from './stage.ts'
import { doStep, look, messageOf, type Run } from './steps.ts'
import { type Vocabulary, worldThings } from './vocabulary.ts'

export interface PlayOptions {
  partners: readonly Partner[]
  driver: Driver
  words: Vocabulary
  /** Instead of the story's own. */
  seed?: number
  /** Stops after this step: its number (from 1) or its `as`. The epilogue and the judge are left out then. */
  until?: string
  /** Leaves the world alive after the last step played and hands it over as `kept`. */
  keep?: boolean
  keepInputs?: boolean
  /** Checks every answer and delivery against the partner's document; false plays faster. Default true. */
  strict?: boolean
  /** Public origin of each partner, where it is not the usual one. */
  origins?: Record<string, string>
  /** Armed before anything else; tests use it. */
  faults?: readonly FaultSpec[]
  /** Hears of all that is looked at, and of all there is in the end: `shapeKey` and items. Looking asks the shop, so the journal grows. */
  looked?: (key: string, items: readonly unknown[]) => void
  /** Sees the world once all is over, before it is closed. */
  inspect?: (play: Play) => void
  /** Real milliseconds that an uncounted wait may last. */
  stuckMs?: number
}

export interface Counts {
  steps: number
  requests: number
  deliveries: number
  simulatedMs: number
}

export interface Result {
  title: string
  file: string
  seed: number
  /** `stopped`: what was played held, but `until` or `keep` left out the rest and the judge. */
  outcome: 'green' | 'red' | 'stopped' | 'not-playable' | 'skipped'
  /** Of `stopped`, `not-playable` and `skipped`. */
  why?: string
  failure?: Failure
  /** Red because of what the file says, not because of what happened. */
  isBadInput?: boolean
  /** Declared breaches, which happened. */
  leaves: { invariant: string; why: string }[]
  /** What the judge could not check, and why. */
  notChecked: { invariant: string; why: string }[]
  counts: Counts
  /** One entry a line, JSON. Same seed, same bytes. */
  journal: string
  kept?: Kept
}

/** A world left alive in the middle of a story. */
export interface Kept {
  play: Play
  /** Steps that were not played, as a person calls them. */
  next: string[]
}

/** More than any story writes, so that no journal loses its beginning. */
const journalBytesMax = 256 * 1024 * 1024

/** Plays one story in a world of its own, then its epilogue, then asks the judge (design 7). */
export async function playScenario(scenario: Scenario, options: PlayOptions): Promise<Result> {
  const { story } = scenario
  const seed = options.seed ?? story.seed ?? 1
  const result: Result = {
    title: scenario.title,
    file: scenario.file,
    seed,
    outcome: 'green',
    leaves: [],
    notChecked: [],
    counts: { steps: 0, requests: 0, deliveries: 0, simulatedMs: 0 },
    journal: '',
  }
  const why = whyNotPlayable(scenario, options.driver)
  if (why !== undefined) return { ...result, outcome: 'not-playable', why }
  const stopAfter = stepsUntil(scenario, options.until)
  const play = openPlay(scenario, seed, options)
  const teller = createTeller(play.world)
  try {
    const run = await playSteps(scenario, stopAfter, { play, options, teller, result })
    const isWhole = stopAfter === scenario.steps.length && options.keep !== true
    if (isWhole) await playEpilogue(scenario, run, { play, teller, result })
    else {
      result.outcome = 'stopped'
      result.why = `stopped after step ${stopAfter} of ${scenario.steps.length}, not judged`
    }
  } catch (error) {
    result.outcome = 'red'
    result.failure = teller.failure(error)
    // A mistake in the file that only playing can show.
    result.isBadInput = error instanceof BadScenario
  }
  if (options.looked) await lookAround(scenario, play, options)
  finish(play, result)
  options.inspect?.(play)
  if (options.keep && result.outcome !== 'red') {
    const next = scenario.steps.slice(stopAfter).map((step) => step.word)
    return { ...result, kept: { play, next } }
  }
  play.close()
  return result
}

function whyNotPlayable({ story, steps }: Scenario, driver: Driver): string | undefined {
  const missing = story.needs.filter((need) => !driver.has.includes(need))
  if (missing.length > 0)
    return `it needs ${missing.join(', ')}, which the driver ${driver.name} lacks`
  if (!driver.byPerson && steps.some((step) => step.word === 'await')) {
    return `it waits for a person, and the driver ${driver.name} has none`
  }
  if (!driver.sites.includes(story.shop))
    return `the driver ${driver.name} has no site ${story.shop}`
  return undefined
}

/** How many steps to play. Throws `BadScenario` for a step that is not there. */
export function stepsUntil({ steps, file, title }: Scenario, until: string | undefined): number {
  if (until === undefined) return steps.length
  const named = steps.findIndex((step) => step.as === until) + 1
  const number = named > 0 ? named : /^\d+$/.test(until) ? Number(until) : 0
  if (number >= 1 && number <= steps.length) return number
  const names = steps.flatMap((step) => (step.as === undefined ? [] : [step.as]))
  const accepted = [`1 to ${steps.length}`, ...names].join(', ')
  const place = { file, line: 1, column: 1 }
  throw new BadScenario(place, `${title} has no step "${until}". Accepted: ${accepted}.`)
}

function openPlay({ story }: Scenario, seed: number, options: PlayOptions): Play {
  const world = createWorld({
    partners: options.partners,
    seed,
    journalBytesMax,
    strict: options.strict ?? true,
    ...(options.origins ? { origins: options.origins } : {}),
    keepInputs: options.keepInputs === true,
  })
  for (const [partner, values] of Object.entries(story.assumptions)) {
    world.setAssumptions(partner, values)
  }
  for (const fault of options.faults ?? []) world.arm(fault)
  return setStage({
    world,
    driver: options.driver,
    site: story.shop,
    seed,
    crons: story.crons,
    ...(options.stuckMs === undefined ? {} : { stuckMs: options.stuckMs }),
  })
}

/** Remembers where the story is, so that a failure can say so. */
interface Teller {
  at(place: Place, step: string): void
  /** What came before led to something that was looked at and found good. */
  good(): void
  failure(error: unknown): Failure
}

function createTeller(world: World): Teller {
  let place: Place = { file: '', line: 1, column: 1 }
  let step = ''
  let goodSeq = 0
  return {
    at(nextPlace, nextStep) {
      place = nextPlace
      step = nextStep
    },
    good() {
      goodSeq = world.seq
    },
    failure: (error) => ({
      place: error instanceof BadScenario ? error.place : place,
      step,
      ...(error instanceof StepFailed ? error.at : undefined),
      lines: linesOf(error),
      seq: world.seq,
      trail: trailOf(world, goodSeq),
    }),
  }
}

function linesOf(error: unknown): string[] {
  if (error instanceof StepFailed) return error.lines
  return [error instanceof BadScenario ? error.what : messageOf(error)]
}

interface Playing {
  play: Play
  teller: Teller
  result: Result
}

async function playSteps(
  scenario: Scenario,
  stopAfter: number,
  { play, options, teller, result }: Playing & { options: PlayOptions },
): Promise<Run> {
  const run: Run = {
    play,
    site: scenario.story.shop,
    words: options.words,
    kept: { [worldName]: accountsIn(play.world) },
    started: new Map(),
    startedSeqs: new Map(),
    armed: new Map(),
    looked: lookedBy(scenario, options),
  }
  for (const step of [...scenario.given, ...scenario.steps.slice(0, stopAfter)]) {
    teller.at(step.place, step.word)
    // The shop opens once the world is as the story wants it.
    if (step === scenario.steps[0]) await openShop(play)
    result.counts.steps += 1
    await doPlaced(run, step)
    if (step.word === 'expect') teller.good()
  }
  return run
}

const lookedBy =
  ({ story }: Scenario, { looked }: PlayOptions): NonNullable<Run['looked']> =>
  (what, items) =>
    looked?.(shapeKey(story.shop, what), items)

/** Everything that an expectation could look at. */
async function lookAround(scenario: Scenario, play: Play, options: PlayOptions): Promise<void> {
  const looked = lookedBy(scenario, options)
  const ofPartners = options.words.partners.flatMap(({ name, things }) =>
    things.map((thing) => `${name}.${thing}`),
  )
  for (const what of [...play.session.things, ...ofPartners, ...Object.keys(worldThings)]) {
    looked(what, await look(play, what))
  }
}

/** What the operator of a shop was given by each partner. */
const accountsIn = (world: World): Record<string, Record<string, string>> =>
  Object.fromEntries(
    world.partners.map(({ name }) => [
      name,
      { base_url: world.baseUrl(name), ...world.credentials(name) },
    ]),
  )

async function openShop(play: Play): Promise<void> {
  await play.run('the shop opens', () => play.session.start())
  await play.conductor.drain()
}

async function doPlaced(run: Run, step: PlacedStep): Promise<void> {
  try {
    await doStep(run, step)
  } catch (error) {
    if (error instanceof UnknownReference) {
      throw new BadScenario(step.placeOf(error.path), error.message)
    }
    throw error
  }
}

/** Gives every client the chance to mend what can be mended, and then looks whether it did (design 7). */
async function playEpilogue(
  scenario: Scenario,
  run: Run,
  { play, teller, result }: Playing,
): Promise<void> {
  const { conductor, session, world } = play
  const end = { ...(scenario.steps.at(-1) as PlacedStep).place }
  teller.at(end, 'the epilogue')
  refuseMissed(run)
  world.disarm()
  await conductor.settle()
  // What a partner does on a schedule it does once more, where this shop is known to it.
  for (const partner of world.partners.filter(({ name }) => Object.hasOwn(world.shop(), name))) {
    for (const act of partner.periodic ?? []) world.act(act, {})
  }
  await conductor.settle()
  for (const job of session.jobs) {
    await play.run(`the job ${job}`, () => session.runJob(job))
    await conductor.drain()
  }
  await conductor.settle()
  if (scenario.story.operator === 'here') {
    const orders = await play.run('the refund list', () => session.refundList())
    for (const order of orders) {
      await play.run(`Refund Money for ${order}`, () => session.refund(order))
      await conductor.drain()
    }
    await conductor.settle()
  }
  const [failed] = conductor.failures()
  if (failed) {
    throw new StepFailed([
      `the background task "${failed.task}" failed: ${messageOf(failed.error)}`,
    ])
  }
  teller.at(end, 'the judge')
  const view = await play.run('the look at the shop', () => session.view())
  judgeEnd(scenario, world.judge(view), result)
}

function judgeEnd({ story }: Scenario, report: JudgeReport, result: Result): void {
  result.notChecked = report.notChecked
  const declared = new Set(story.leaves.map(({ invariant }) => invariant))
  const broken = new Set(report.breaches.map(({ invariant }) => invariant))
  const unasked = report.breaches.filter(({ invariant }) => !declared.has(invariant))
  const missing = story.leaves.filter(({ invariant }) => !broken.has(invariant))
  result.leaves = story.leaves
  if (unasked.length === 0 && missing.length === 0) return
  throw new StepFailed([
    ...unasked.flatMap(breachLines),
    ...missing.flatMap(({ invariant, why }) => [
      `expected  ${invariant} to be broken, as the scenario declares under leaves (${why})`,
      'found     it holds; take the declaration away',
    ]),
  ])
}

const breachLines = (breach: Breach): string[] => [
  `${breach.invariant}: ${breach.subject}: ${breach.message}`,
]

function finish({ world }: Play, result: Result): void {
  const { requests, deliveries } = world.counts()
  result.counts.requests = requests
  result.counts.deliveries = deliveries
  result.counts.simulatedMs = world.clock.nowMs - world.clock.startMs
  result.journal = `${world
    .journal()
    .map((entry) => JSON.stringify(entry))
    .join('\n')}\n`
}

export type { Outcome, Play }
