import { wallElapsedMs } from '../../simulators/core/clock.ts'
import type { Partner } from '../../simulators/core/partner.ts'
import type { Driver } from './drivers/driver.ts'
import { readScenario, type Scenario, scenarioFiles } from './load.ts'
import { type Kept, playScenario, type Result, stepsUntil } from './player.ts'
import type { Reporter, Summary } from './reporters/reporter.ts'
import { BadScenario } from './source.ts'
import { suggest } from './suggest.ts'
import type { Vocabulary } from './vocabulary.ts'

export interface RunOptions {
  /** Files and folders. */
  paths: readonly string[]
  partners: readonly Partner[]
  driver: Driver
  words: Vocabulary
  /** Instead of each story's own. */
  seed?: number
  /** A part of the name or the file, or a pattern with `*`. */
  only?: string
  /** Stops at the first red one; the rest is skipped. */
  bail?: boolean
  until?: string
  /** Leaves the world of the one scenario alive, in `kept`. */
  keep?: boolean
  /** As in `PlayOptions`. */
  strict?: boolean
  /** Public origin of each partner, where it is not the usual one. */
  origins?: Record<string, string>
  reporters?: readonly Reporter[]
}

export interface RunOutcome {
  /** 0 nothing red (a play that was told to stop has done as it was told), 1 red, 2 bad input. */
  exitCode: 0 | 1 | 2
  /** What was wrong with the input, a line for each file. */
  problems: string[]
  results: Result[]
  summary: Summary
  kept?: Kept
}

/** Plays all scenarios that are meant and reports. Never throws for what a user can write wrong. */
export async function runScenarios(options: RunOptions): Promise<RunOutcome> {
  const begunMs = wallElapsedMs()
  const results: Result[] = []
  const outcome = (exitCode: 0 | 1 | 2, problems: string[]): RunOutcome => ({
    exitCode,
    problems,
    results,
    summary: summarize(results, wallElapsedMs() - begunMs),
  })
  const { scenarios, problems } = loadAll(options)
  if (problems.length > 0) return outcome(2, problems)
  const mustBeOne = options.until !== undefined || options.keep === true
  if (mustBeOne && scenarios.length > 1) {
    const titles = scenarios.map(({ title }) => title).join(', ')
    return outcome(2, [
      `--until and --keep want one scenario; these are ${scenarios.length}: ${titles}.`,
    ])
  }
  const { reporters = [] } = options
  for (const reporter of reporters) reporter.begin?.(scenarios.length)
  const firstProblem = untilProblem(scenarios, options.until)
  if (firstProblem !== undefined) return outcome(2, [firstProblem])
  const kept = await playAll(scenarios, options, results)
  const done = outcome(exitCodeOf(results), [])
  if (results.every((result) => result.outcome === 'not-playable')) {
    done.exitCode = 2
    done.problems.push(`Nothing was played: ${results[0]?.why ?? 'there is no scenario'}.`)
  }
  for (const reporter of reporters) reporter.end?.(done.summary, results)
  return kept ? { ...done, kept } : done
}

/** A step to stop at that is not there, known before anything is played. */
function untilProblem([scenario]: readonly Scenario[], until: string | undefined) {
  if (scenario === undefined || until === undefined) return undefined
  try {
    stepsUntil(scenario, until)
    return undefined
  } catch (error) {
    if (error instanceof BadScenario) return error.message
    throw error
  }
}

function exitCodeOf(results: readonly Result[]): 0 | 1 | 2 {
  if (results.some((result) => result.isBadInput)) return 2
  return results.some((result) => result.outcome === 'red') ? 1 : 0
}

function loadAll(options: RunOptions): { scenarios: Scenario[]; problems: string[] } {
  const scenarios: Scenario[] = []
  const problems: string[] = []
  const titles = new Map<string, string>()
  for (const file of filesOf(options.paths, problems)) {
    try {
      for (const scenario of readScenario(file, options.words)) {
        const earlier = titles.get(scenario.title)
        if (earlier !== undefined) {
          const what = `"${scenario.title}" is also the name of a scenario in ${earlier}; choose another.`
          throw new BadScenario({ file, line: 1, column: 1 }, what)
        }
        titles.set(scenario.title, file)
        scenarios.push(scenario)
      }
    } catch (error) {
      if (!(error instanceof BadScenario)) throw error
      problems.push(error.message)
    }
  }
  if (problems.length > 0) return { scenarios, problems }
  if (scenarios.length === 0) {
    return {
      scenarios,
      problems: [
        `No scenario in ${options.paths.join(', ') || 'no path at all'}; a run of nothing proves nothing.`,
      ],
    }
  }
  const { only } = options
  if (only === undefined) return { scenarios, problems }
  const meant = scenarios.filter((scenario) => isMeant(scenario, only))
  if (meant.length === 0) {
    problems.push(`No scenario matches --only "${only}". ${suggest(only, [...titles.keys()])}`)
  }
  return { scenarios: meant, problems }
}

function filesOf(paths: readonly string[], problems: string[]): string[] {
  return paths.flatMap((path) => {
    try {
      return scenarioFiles(path)
    } catch (error) {
      problems.push(`${path}: ${error instanceof Error ? error.message : String(error)}.`)
      return []
    }
  })
}

/** `cod-*` must fit the whole name, `cod` may stand anywhere in the title or the file. */
function isMeant({ title, story, file }: Scenario, only: string): boolean {
  if (!only.includes('*')) return title.includes(only) || file.includes(only)
  const parts = only.split('*').map((part) => part.replaceAll(/[.+?^${}()|[\]\\]/g, '\\$&'))
  const pattern = new RegExp(`^${parts.join('.*')}$`)
  return pattern.test(title) || pattern.test(story.name)
}

async function playAll(
  scenarios: readonly Scenario[],
  options: RunOptions,
  results: Result[],
): Promise<Kept | undefined> {
  const { reporters = [] } = options
  let kept: Kept | undefined
  let isOver = false
  for (const [at, scenario] of scenarios.entries()) {
    for (const reporter of reporters) {
      reporter.playing?.(scenario.title, at + 1, scenarios.length)
    }
    const begunMs = wallElapsedMs()
    const result = isOver ? skipped(scenario) : await playScenario(scenario, options)
    kept = result.kept ?? kept
    results.push(result)
    for (const reporter of reporters) reporter.played?.(result, wallElapsedMs() - begunMs)
    if (options.bail && result.outcome === 'red') isOver = true
  }
  return kept
}

const skipped = (scenario: Scenario): Result => ({
  title: scenario.title,
  file: scenario.file,
  seed: scenario.story.seed ?? 1,
  outcome: 'skipped',
  why: 'an earlier one was red (--bail)',
  leaves: [],
  notChecked: [],
  counts: { steps: 0, requests: 0, deliveries: 0, simulatedMs: 0 },
  journal: '',
})

function summarize(results: readonly Result[], wallMs: number): Summary {
  const count = (outcome: Result['outcome']) =>
    results.filter((result) => result.outcome === outcome).length
  const sum = (read: (result: Result) => number) =>
    results.reduce((total, result) => total + read(result), 0)
  return {
    scenarios: new Set(results.map(({ file }) => file)).size,
    plays: results.length,
    green: count('green'),
    red: count('red'),
    notPlayable: count('not-playable'),
    stopped: count('stopped'),
    skipped: count('skipped'),
    leaving: results.filter(({ leaves }) => leaves.length > 0).length,
    steps: sum(({ counts }) => counts.steps),
    requests: sum(({ counts }) => counts.requests),
    deliveries: sum(({ counts }) => counts.deliveries),
    simulatedHours: sum(({ counts }) => counts.simulatedMs) / 3_600_000,
    wallMs,
  }
}
