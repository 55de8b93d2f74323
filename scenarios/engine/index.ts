import { readFileSync } from 'node:fs'
import { relative } from 'node:path'
import { fileURLToPath } from 'node:url'
import type { OwnCatalogue } from '../../simulators/core/own-catalogue.ts'
import { partners } from '../../simulators/index.ts'
import { ownRange } from './drivers/own-range.ts'
import { createReferenceDriver, referenceDriver } from './drivers/reference.ts'
import { gatherVocabulary } from './gather-vocabulary.ts'
import { readScenario as read, type Scenario, scenarioFiles } from './load.ts'
import { type PlayOptions, playScenario as play, type Result } from './player.ts'
import { type RunOptions, type RunOutcome, runScenarios as run } from './run.ts'
import type { Shape } from './shape.ts'
import type { GatheredValues } from './values.ts'
import type { Vocabulary } from './vocabulary.ts'

export type { Failure } from './failure.ts'
export type { Scenario } from './load.ts'
export type { Kept, Result } from './player.ts'
export { createConsoleReporter, type Screen } from './reporters/console.ts'
export { createJunitReporter } from './reporters/junit.ts'
export type { Reporter, Summary } from './reporters/reporter.ts'
export type { RunOutcome } from './run.ts'
export { BadScenario } from './source.ts'

const driver = referenceDriver
let gathered: Vocabulary | undefined

/** Every word that a scenario may use, with all partners and the reference driver. */
export function vocabulary(): Vocabulary {
  gathered ??= gatherVocabulary(
    partners,
    driver,
    readJson<Record<string, Shape>>('things.json'),
    readJson<GatheredValues>('values.json'),
  )
  return gathered
}

/** Written by `write-things.ts`. */
const readJson = <Whole>(file: string): Whole =>
  JSON.parse(readFileSync(new URL(`../${file}`, import.meta.url), 'utf8')) as Whole

type Given = 'partners' | 'driver' | 'words'

/** Reads one file: one scenario for each of its variants. Throws `BadScenario`. */
export const readScenario = (file: string): Scenario[] => read(file, vocabulary())

/** Plays one scenario with the reference client, in-process, on the virtual clock. */
export const playScenario = (
  scenario: Scenario,
  options: Omit<PlayOptions, Given> = {},
): Promise<Result> => play(scenario, { partners, driver, words: vocabulary(), ...options })

/**
 * Plays files and folders (none: all of this folder) with the reference client and reports. Bad input is exit code 2 with `problems`,
 * never a throw.
 */
export const runScenarios = ({
  catalogue: own,
  ...options
}: Omit<RunOptions, Given | 'paths'> & {
  paths?: readonly string[]
  /** The user's own stores, SKUs and pincodes: partners have them, and the shop sells them. */
  catalogue?: OwnCatalogue
} = {}): Promise<RunOutcome> => {
  const paths = options.paths?.length ? options.paths : [ownFolder()]
  const given = own ? playedWith(own) : { partners, driver }
  return run({ ...given, words: vocabulary(), ...options, paths })
}

const playedWith = (own: OwnCatalogue): Pick<RunOptions, 'partners' | 'driver'> => ({
  partners: partners.map((partner) => ({
    ...partner,
    catalogue: (size) => partner.catalogue(size, own),
  })),
  driver: createReferenceDriver(ownRange(own)),
})

/** One for each file; variants do not count. Throws `BadScenario`. */
export const listScenarios = (
  path = ownFolder(),
): { name: string; about: string; file: string }[] =>
  scenarioFiles(path).flatMap((file) =>
    readScenario(file)
      .slice(0, 1)
      .map(({ story }) => ({ name: story.name, about: story.about, file })),
  )

/** The scenarios of this project, as a person in the current folder would call it. */
const ownFolder = (): string => relative('.', fileURLToPath(new URL('..', import.meta.url))) || '.'
