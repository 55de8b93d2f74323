import { spawnSync } from 'node:child_process'
import { readdirSync, readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { dirname, join } from 'node:path'
import { listPacts, openDocuments, readPact } from './triangle/documents.ts'

/**
 * `npm run contracts`: writes the pacts anew, verifies both directions and the triangle, and tells what they cover. Exits with 1 when
 * anything is red, when the pacts differ from what was there before, or when there is nothing.
 */
const pacts = new URL('./pacts/', import.meta.url)
const readAll = () =>
  new Map(readdirSync(pacts).map((name) => [name, readFileSync(new URL(name, pacts), 'utf8')]))

const before = readAll()
const { resolve } = createRequire(import.meta.url)
const vitest = join(dirname(resolve('vitest/package.json')), 'vitest.mjs')
const { status } = spawnSync(
  process.execPath,
  [vitest, 'run', '--project', 'contracts', '--silent'],
  { stdio: 'inherit', cwd: new URL('..', import.meta.url) },
)
const after = readAll()
const changed = [...new Set([...before.keys(), ...after.keys()])].filter(
  (name) => before.get(name) !== after.get(name),
)

let total = 0
for (const { name, interactions } of listPacts()) {
  console.log(`${String(interactions).padStart(4)} interactions  ${name}`)
  total += interactions
}
for (const { partner, operations, operationOf } of openDocuments()) {
  const covered = new Set(readPact(partner).map(({ request }) => operationOf(request)?.id))
  console.log(
    `${covered.size} of ${operations.length} operations of ${partner} have an interaction.`,
  )
}
console.log(`${total} interactions in all.`)
for (const name of changed)
  console.error(`${name} is not what is committed: commit what was written.`)
if (status !== 0 || changed.length > 0 || total === 0) process.exitCode = 1
