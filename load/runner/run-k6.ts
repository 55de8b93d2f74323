import { spawn } from 'node:child_process'
import { existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { join, relative } from 'node:path'
import { fileURLToPath } from 'node:url'
import { openSimulators } from '../../simulators/server.ts'
import type { LoadRun } from '../lib/load-run.ts'
import { readRecording } from '../lib/recording.ts'
import {
  type LoadResult,
  renderComparison,
  renderComparisonLines,
  renderReport,
  trimMoments,
} from '../lib/report.ts'
import { renderJunit, type Summary } from '../lib/results.ts'
import { type Ask, type RunOptions, readArguments, UsageError, usage } from './arguments.ts'
import { findK6, howToGetK6 } from './find-k6.ts'
import { enterPlace } from './place.ts'

/**
 * `npm run load -- QUESTION`: opens simulators (or takes those named), runs `load/QUESTION.ts` with k6 and writes the results. Exits as
 * k6 does: 0 green, 99 a threshold was not met; 1 when there are no results; 2 when the words do not fit or k6 is not to be had.
 */
const top = fileURLToPath(new URL('../../', import.meta.url))
const results = join(top, 'out', 'load')
/** k6's exit code when it was told to stop. */
const interrupted = 105

try {
  process.exitCode = await main()
} catch (error) {
  if (!(error instanceof UsageError)) throw error
  console.error(`${error.message}\nSee: npm run load -- --help`)
  process.exitCode = 2
}

async function main(): Promise<number> {
  const command = readArguments(process.argv.slice(2))
  if (command.kind === 'help') {
    console.log(usage)
    return 0
  }
  if (command.kind === 'compare') return compare(...command.runs)
  const k6 = findK6({ top, environment: process.env })
  if (k6 === undefined) {
    console.error(howToGetK6)
    return 2
  }
  mkdirSync(results, { recursive: true })
  const { asks, options } = command
  const simulators = options.target === undefined ? await openSimulators({ port: 0 }) : undefined
  const recap: string[] = []
  let worst = 0
  try {
    for (const ask of asks) {
      const code = await play(k6, ask, options, simulators?.controlUrl)
      if (worst === 0) worst = code
      recap.push(`${code === 0 ? 'green' : `RED ${code}`}  ${nameOf(ask, options)}`)
      if (code === interrupted) break
    }
  } finally {
    await simulators?.close()
  }
  if (asks.length > 1) console.log(`\n${recap.join('\n')}`)
  return worst
}

function nameOf({ question, subject }: Ask, { name }: RunOptions): string {
  return name ?? `${question}-${subject}`
}

/** One question, from its world to its results. */
async function play(
  k6: string,
  ask: Ask,
  options: RunOptions,
  ownControl: string | undefined,
): Promise<number> {
  const name = nameOf(ask, options)
  const fileOf = (kind: string) => join(results, `${name}.${kind}`)
  const scratch = { summary: fileOf('summary'), recording: fileOf('ndjson') }
  for (const kind of ['json', 'xml', 'html', 'summary', 'ndjson'])
    rmSync(fileOf(kind), { force: true })
  console.log(`\n== ${name}, ${options.profile}`)
  const { leave, ...place } = await enterPlace({ top, ask, options, ownControl })
  const run: LoadRun = {
    ...ask,
    ...place,
    ...shapeOf(options),
    summaryFile: scratch.summary,
  }
  const begunAt = new Date().toISOString()
  let code: number
  try {
    code = await runK6(k6, run, scratch.recording)
  } finally {
    await leave()
  }
  // k6 says nothing and exits 0 when it cannot write its summary.
  if (!existsSync(scratch.summary)) {
    console.error(`k6 wrote no summary of ${name}.`)
    return code === 0 ? 1 : code
  }
  const summary = JSON.parse(readFileSync(scratch.summary, 'utf8')) as Summary
  const result: LoadResult = {
    name,
    begun_at: begunAt,
    run: describe(run),
    exit_code: code,
    metrics: summary.metrics,
    series: existsSync(scratch.recording)
      ? trimMoments(readRecording(readFileSync(scratch.recording, 'utf8')))
      : [],
  }
  writeFileSync(fileOf('json'), JSON.stringify(result))
  writeFileSync(fileOf('xml'), renderJunit(`load.${name}`, result))
  writeFileSync(fileOf('html'), renderReport(result))
  for (const file of Object.values(scratch)) rmSync(file, { force: true })
  console.log(
    `${code === 0 ? 'green' : `red (exit ${code})`}: ${relative(top, fileOf('html'))}, .json, .xml`,
  )
  return code
}

function shapeOf(options: RunOptions): Pick<LoadRun, 'profile' | 'faults'> & Partial<LoadRun> {
  const { profile, ratePerSecond, durationSeconds, partner, faults, token } = options
  return {
    profile,
    faults,
    ...(ratePerSecond === undefined ? {} : { ratePerSecond }),
    ...(durationSeconds === undefined ? {} : { durationSeconds }),
    ...(partner === undefined ? {} : { partner }),
    ...(token === undefined ? {} : { token }),
  }
}

function describe(run: LoadRun): LoadResult['run'] {
  const { question, subject, profile, sites, partner, faults } = run
  return {
    question,
    subject,
    profile,
    sites,
    faults,
    ...(partner === undefined ? {} : { partner }),
  }
}

function runK6(k6: string, run: LoadRun, recording: string): Promise<number> {
  const script = join(top, 'load', `${run.question}.ts`)
  // Without an address k6 opens no port of its own, so that two runs can go on beside each other.
  const child = spawn(k6, ['run', '--quiet', '--address', '', '--log-format', 'raw', script], {
    stdio: ['ignore', 'inherit', 'inherit'],
    env: {
      ...process.env,
      LOAD: JSON.stringify(run),
      K6_NO_USAGE_REPORT: 'true',
      // The dashboard's recording is k6's only cheap time series; no port is opened for it.
      K6_WEB_DASHBOARD: 'true',
      K6_WEB_DASHBOARD_PORT: '-1',
      K6_WEB_DASHBOARD_PERIOD: '1s',
      K6_WEB_DASHBOARD_TAGS: 'side',
      K6_WEB_DASHBOARD_RECORD: recording,
    },
  })
  // Ctrl-C reaches k6 as well: it stops, and its last step still needs all that was opened for it.
  const stay = () => {}
  const passOn = () => child.kill('SIGTERM')
  process.on('SIGINT', stay)
  process.on('SIGTERM', passOn)
  return new Promise<number>((resolve, reject) => {
    child.once('error', reject)
    child.once('exit', (code) => resolve(code ?? 1))
  }).finally(() => {
    process.off('SIGINT', stay)
    process.off('SIGTERM', passOn)
  })
}

function compare(one: string, other: string): number {
  const [before, after] = [readResult(one), readResult(other)]
  console.log(renderComparisonLines(before, after))
  const file = join(results, `compare-${before.name}-${after.name}.html`)
  mkdirSync(results, { recursive: true })
  writeFileSync(file, renderComparison(before, after))
  console.log(relative(top, file))
  return 0
}

/** By name in out/load, or by path. */
function readResult(name: string): LoadResult {
  const file = [join(results, `${name}.json`), name].find((path) => existsSync(path))
  if (file === undefined) throw new UsageError(`There is no run "${name}" in out/load.`)
  try {
    const read = JSON.parse(readFileSync(file, 'utf8')) as LoadResult
    if (typeof read.name === 'string' && typeof read.metrics === 'object') return read
  } catch {
    // Told below, like anything else that is no run.
  }
  throw new UsageError(`${file} is no result of npm run load.`)
}
