import { writeFileSync } from 'node:fs'
import { Command, Option } from 'commander'
import type { Kept, Reporter } from '../../scenarios/engine/index.ts'
import { CommandError } from '../command-error.ts'
import { renderPartners } from '../describe-world.ts'
import { catalogueHelp, readCatalogue } from '../read-catalogue.ts'
import { scenariosFolder } from '../scenarios-folder.ts'
import { untilStopped } from '../until-stopped.ts'
import { wholeNumber } from '../whole-number.ts'
import { checkWritable } from './check-writable.ts'

interface RunOptions {
  seed?: number
  only?: string
  bail?: boolean
  until?: string
  keep?: boolean
  port: number
  strict?: boolean
  junit?: string
  catalogue?: string
}

/** As `up` has it. What knows it is not loaded before it is needed. */
const controlPort = 4000

/** The last port that is opened is the one of Konnect's shop. */
const portsAbove = 102

export function runCommand(): Command {
  return new Command('run')
    .summary('play scenarios (all of them unless told which)')
    .description(
      'Plays scenarios in this process on the virtual clock, each in a world of its own. Ends with 0 (none red), 1 (red) or 2 (bad input). A play that --until or --keep ended early is not judged: it is stopped, not green, and ends with 0.',
    )
    .argument('[files...]', 'scenario files or folders')
    .addOption(
      new Option('--seed <n>', 'instead of each scenario’s own seed').argParser(wholeNumber),
    )
    .addOption(
      new Option('--only <name>', 'only those with this in name or file; * stands for any text'),
    )
    .addOption(new Option('--bail', 'stop at the first red one'))
    .addOption(new Option('--until <step>', 'stop after this step: its number, or its name (as)'))
    .addOption(new Option('--keep', 'then leave world and shop on their ports'))
    .addOption(
      new Option(
        '--port <n>',
        'with --keep: control port; partners and shop keep their distance to it',
      )
        .argParser(wholeNumber)
        .default(controlPort),
    )
    .addOption(new Option('--strict', 'check every answer against the partner’s document'))
    .addOption(new Option('--catalogue <file>', catalogueHelp))
    .addOption(new Option('--junit <file>', 'write JUnit XML there as well'))
    .addHelpText(
      'after',
      '\nExample:\n  understudy run scenarios/fynd/cod-to-delivered.yaml --until 2 --keep',
    )
    .action(run)
}

async function run(files: string[], options: RunOptions): Promise<void> {
  const { createConsoleReporter, createJunitReporter, runScenarios } = await import(
    '../../scenarios/engine/index.ts'
  )
  const { junit, catalogue, port, ...wishes } = options
  if (port < 1 || port + portsAbove > 65_535) {
    throw new CommandError(`--port ${port} will not do: 1 to ${65_535 - portsAbove}.`, 2)
  }
  const reporters: Reporter[] = [createConsoleReporter(process.stdout)]
  if (junit !== undefined) {
    checkWritable(junit)
    reporters.push(createJunitReporter((xml) => writeFileSync(junit, xml)))
  }
  const outcome = await runScenarios({
    paths: files.length > 0 ? files : [scenariosFolder()],
    reporters,
    ...(catalogue === undefined ? {} : { catalogue: readCatalogue(catalogue) }),
    ...wishes,
    ...(port === controlPort ? {} : { origins: await originsAt(port) }),
    strict: options.strict === true,
  })
  for (const problem of outcome.problems) console.error(problem)
  process.exitCode = outcome.exitCode
  if (outcome.kept) await keep(outcome.kept, port)
}

/** Partners where `--port` puts them, so that the URLs which they give lead there. */
async function originsAt(port: number): Promise<Record<string, string>> {
  const { partners } = await import('../../simulators/index.ts')
  const originOf = (usual: number) => `http://127.0.0.1:${usual + port - controlPort}`
  return Object.fromEntries(partners.map((partner) => [partner.name, originOf(partner.port)]))
}

/** Leaves the scenario's world and its shop on their ports, until somebody has seen enough. */
async function keep(kept: Kept, port: number): Promise<void> {
  const { openKept } = await import('../kept-world.ts')
  const opened = await openKept(kept.play, port).catch((error: unknown) => {
    throw new CommandError(error instanceof Error ? error.message : String(error), 2)
  })
  const next = kept.next.length > 0 ? `Next steps: ${kept.next.join(', ')}` : 'No step is left.'
  const stopped = untilStopped()
  console.log(
    [
      'The world stands still where the scenario stopped. End it with Ctrl-C.',
      '',
      `control plane        ${opened.controlUrl}/_sim/worlds/default`,
      ...opened.shopUrls.map((url) => `shop                 ${url}`),
      '',
      renderPartners(kept.play.world),
      '',
      next,
      `The judge of both sides (what is still under way counts as broken): curl ${opened.controlUrl}/_sim/worlds/default/judge`,
      ...(port === controlPort
        ? []
        : [
            'What the shop says of itself (in its links) keeps its usual port.',
            `For do, clock and log: export UNDERSTUDY_URL=${opened.controlUrl}`,
          ]),
      'Go on with: npx understudy do ACT key=value · npx understudy clock advance 3d · npx understudy log',
    ].join('\n'),
  )
  await stopped
  await opened.close()
}
