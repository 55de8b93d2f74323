import { readFileSync } from 'node:fs'
import {
  breaksSince,
  findOasdiff,
  oasdiffVersion,
  releasedVersions,
  unnamed,
  versionsWithoutCopy,
} from './gate.ts'

/**
 * `npx tsx contracts/released/check.ts`: holds the partners' documents against the newest released copy. Ends with 0 (nothing breaks, or
 * the changelog names it), 1 (something breaks and is not named, or a version has no copy) or 3 (not run: there is no oasdiff).
 */
const oasdiff = findOasdiff()
if (oasdiff === undefined) {
  console.error(
    `not run: oasdiff ${oasdiffVersion} is not here. GOBIN=$PWD/.tools go install github.com/oasdiff/oasdiff@${oasdiffVersion}`,
  )
  process.exit(3)
}
const changelog = readFileSync(new URL('../../CHANGELOG.md', import.meta.url), 'utf8')
const version = releasedVersions().at(-1)
if (version === undefined) {
  console.error('No released copy: npx tsx contracts/released/take.ts VERSION')
  process.exit(1)
}
const breaks = breaksSince(oasdiff, version)
const missing = unnamed(breaks, changelog, version)
const uncopied = versionsWithoutCopy(changelog)
console.log(`${breaks.length} breaking changes since ${version}, ${missing.length} not named.`)
for (const { name, text } of missing) console.error(`\`${name}\`: ${text}`)
if (missing.length > 0) {
  console.error('Take them back, or name each one in CHANGELOG.md, backticks and all.')
}
for (const each of uncopied) {
  console.error(`${each} has no copy: npx tsx contracts/released/take.ts ${each}`)
}
if (missing.length > 0 || uncopied.length > 0) process.exitCode = 1
