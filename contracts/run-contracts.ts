import { type ChildProcess, spawn } from 'node:child_process'
import { readdirSync, readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { type Called, calledWithoutInteraction, coveredOperations } from './triangle/coverage.ts'
import { listPacts, openDocuments, readPact } from './triangle/documents.ts'
import { listProvocations } from './triangle/provoke.ts'

/**
 * `npm run contracts`: writes the pacts anew, verifies both directions and the triangle, plays all scenarios to see what the client really
 * calls, and tells what is covered. Exits with 1 when anything is red, when the pacts differ from what was there before, when the client
 * calls what has no interaction, or when there is nothing.
 */
const pacts = new URL('./pacts/', import.meta.url)
const house = fileURLToPath(new URL('..', import.meta.url))
const { resolve } = createRequire(import.meta.url)

const children = new Set<ChildProcess>()
for (const signal of ['SIGINT', 'SIGTERM'] as const) {
  process.once(signal, () => {
    for (const child of children) child.kill(signal)
    process.exit(1)
  })
}

const before = readAll()
const [journals, status] = await Promise.all([playScenarios(), runTests()])
const after = readAll()

const problems = [
  ...(status === 0 ? [] : ['The tests are red.']),
  ...[...new Set([...before.keys(), ...after.keys()])]
    .filter((name) => before.get(name) !== after.get(name))
    .map((name) => `${name} is not what is committed: commit what was written.`),
  ...journals.red.map((title) => `${title} is red, so what it calls is not known.`),
  ...tellCoverage(journals.called),
]
for (const problem of problems) console.error(problem)
if (problems.length > 0) process.exitCode = 1

function readAll(): Map<string, string> {
  return new Map(
    readdirSync(pacts).map((name) => [name, readFileSync(new URL(name, pacts), 'utf8')]),
  )
}

/** Prints what there is, and answers what is missing. */
function tellCoverage(called: Called): string[] {
  let total = 0
  for (const { name, interactions } of listPacts()) {
    console.log(`${String(interactions).padStart(4)} interactions  ${name}`)
    total += interactions
  }
  const documents = openDocuments()
  for (const document of documents) {
    const { partner, operations } = document
    const pact = readPact(partner)
    const covered = coveredOperations(document, pact).size
    const calledHere = Object.keys(called[partner] ?? {}).length
    const answers = listProvocations(document, pact).length
    console.log(
      `${partner}: ${covered} of ${operations.length} operations have an interaction, the scenarios call ${calledHere}; ${answers} documented answers are provoked.`,
    )
  }
  console.log(`${total} interactions in all.`)
  const calls = Object.values(called).reduce((sum, each) => sum + Object.keys(each).length, 0)
  return [
    ...(total === 0 ? ['There is no interaction.'] : []),
    ...(calls === 0 ? ['The scenarios call nothing.'] : []),
    ...calledWithoutInteraction(called, documents, readPact).map(
      (operation) => `${operation} is called by the client and has no interaction.`,
    ),
  ]
}

function runTests(): Promise<number | null> {
  const vitest = join(dirname(resolve('vitest/package.json')), 'vitest.mjs')
  const args = [vitest, 'run', '--project', 'contracts', '--silent']
  return ended(spawn(process.execPath, args, { stdio: 'inherit', cwd: house }))
}

/** In a process of its own: contracts know no scenarios. */
async function playScenarios(): Promise<{ called: Called; red: string[] }> {
  const program = join(house, 'scenarios/engine/testing/called-operations.ts')
  const child = spawn(process.execPath, ['--import', 'tsx', program], {
    stdio: ['ignore', 'pipe', 'inherit'],
    cwd: house,
  })
  let said = ''
  child.stdout.on('data', (part) => {
    said += String(part)
  })
  const status = await ended(child)
  if (status !== 0) return { called: {}, red: [`The whole suite (exit ${status})`] }
  return JSON.parse(said) as { called: Called; red: string[] }
}

function ended(child: ChildProcess): Promise<number | null> {
  children.add(child)
  return new Promise((done, fail) => {
    child.on('error', fail)
    child.on('close', (status) => {
      children.delete(child)
      done(status)
    })
  })
}
