import { mkdirSync, writeFileSync } from 'node:fs'
import { dirname } from 'node:path'
import type { Check } from '../../contracts/verify/check.ts'
import { escapeXml } from '../../scenarios/engine/reporters/junit.ts'
import { CommandError } from '../command-error.ts'

const marks = { green: ['✓', 32], red: ['✗', 31], skipped: ['-', 90] } as const

/** Says what was verified, group by group. True when it is green: nothing red, and something green. */
export function writeReport(
  screen: { write(text: string): unknown; isTTY?: boolean },
  checks: readonly Check[],
): boolean {
  const paint = (colour: number, text: string) =>
    screen.isTTY ? `\u001b[${colour}m${text}\u001b[0m` : text
  const lines: string[] = []
  let group = ''
  for (const check of checks) {
    if (check.group !== group) lines.push(...(group === '' ? [] : ['']), check.group)
    group = check.group
    const [mark, colour] = marks[check.outcome]
    lines.push(`  ${paint(colour, mark)} ${check.name}`)
    for (const note of check.notes)
      lines.push(`      ${paint(check.outcome === 'red' ? 31 : 90, note)}`)
  }
  const { green, red, skipped } = count(checks)
  const refused = checks.filter(({ isRefusal }) => isRefusal).length
  lines.push(
    '',
    [
      `${green} green, ${red} red`,
      ...(skipped > refused ? [`${skipped - refused} left out`] : []),
      ...(refused > 0 ? [`${refused} only refused`] : []),
    ].join(', '),
  )
  if (green + red === 0) lines.push(nothing)
  screen.write(`${lines.join('\n')}\n`)
  return red === 0 && green > 0
}

const nothing = 'Nothing was verified: that is red.'

function count(checks: readonly Check[]): Record<Check['outcome'], number> {
  const of = (outcome: Check['outcome']) =>
    checks.filter((check) => check.outcome === outcome).length
  return { green: of('green'), red: of('red'), skipped: of('skipped') }
}

/** JUnit XML of the same: red is a failure. A verification of nothing has a failure of its own. */
export function renderJunit(suite: string, checks: readonly Check[], wallMs: number): string {
  const { green, red } = count(checks)
  const all: readonly Check[] =
    green + red > 0
      ? checks
      : [
          ...checks,
          { group: suite, name: 'verification', outcome: 'red', notes: [nothing], wallMs: 0 },
        ]
  const counts = `tests="${all.length}" failures="${count(all).red}" errors="0" skipped="${count(all).skipped}" time="${seconds(wallMs)}"`
  return [
    '<?xml version="1.0" encoding="UTF-8"?>',
    `<testsuites name="understudy" ${counts}>`,
    `  <testsuite name="${escapeXml(suite)}" ${counts}>`,
    ...all.map(renderCase),
    '  </testsuite>',
    '</testsuites>',
    '',
  ].join('\n')
}

function renderCase({ group, name, outcome, notes, wallMs }: Check): string {
  const head = `    <testcase name="${escapeXml(name)}" classname="${escapeXml(group)}" time="${seconds(wallMs)}"`
  const why = escapeXml(notes.join('\n'))
  const first = escapeXml(notes[0] ?? '')
  if (outcome === 'red') {
    return `${head}>\n      <failure type="red" message="${first}">${why}</failure>\n    </testcase>`
  }
  if (outcome === 'skipped') {
    return `${head}>\n      <skipped message="${why}"/>\n    </testcase>`
  }
  return notes.length === 0
    ? `${head}/>`
    : `${head}>\n      <system-out>${why}</system-out>\n    </testcase>`
}

const seconds = (ms: number): string => (ms / 1000).toFixed(3)

/** Writes it, and the folder that it lies in. Throws `CommandError` when that cannot be done. */
export function writeJunit(
  file: string,
  suite: string,
  checks: readonly Check[],
  wallMs: number,
): void {
  try {
    mkdirSync(dirname(file), { recursive: true })
    writeFileSync(file, renderJunit(suite, checks, wallMs))
  } catch (error) {
    throw new CommandError(
      `Cannot write ${file}: ${error instanceof Error ? error.message : error}`,
      2,
    )
  }
}
