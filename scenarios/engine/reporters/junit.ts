import type { Result } from '../player.ts'
import { renderPlace } from '../source.ts'
import { type Reporter, type Summary, whyText } from './reporter.ts'

/**
 * JUnit XML. Red is a failure; what was left out, stopped early or cannot be played by this driver is `skipped`, told apart by `type` and by the
 * beginning of the message, and neither counts as passed.
 */
export function createJunitReporter(write: (xml: string) => void): Reporter {
  const wallMsOf = new Map<Result, number>()
  return {
    played(result, wallMs) {
      wallMsOf.set(result, wallMs)
    },
    end(summary, results) {
      write(renderJunit(summary, results, (result) => wallMsOf.get(result) ?? 0))
    },
  }
}

export function renderJunit(
  summary: Summary,
  results: readonly Result[],
  wallMsOf: (result: Result) => number,
): string {
  const left = summary.notPlayable + summary.stopped + summary.skipped
  const counts = `tests="${results.length}" failures="${summary.red}" errors="0" skipped="${left}"`
  const time = `time="${seconds(summary.wallMs)}"`
  const properties = Object.entries({
    scenarios: summary.scenarios,
    not_playable: summary.notPlayable,
    stopped: summary.stopped,
    leaving: summary.leaving,
    steps: summary.steps,
    requests: summary.requests,
    deliveries: summary.deliveries,
    simulated_hours: summary.simulatedHours.toFixed(1),
  }).map(([name, value]) => `      <property name="${name}" value="${value}"/>`)
  return [
    '<?xml version="1.0" encoding="UTF-8"?>',
    `<testsuites name="understudy" ${counts} ${time}>`,
    `  <testsuite name="scenarios" ${counts} ${time}>`,
    '    <properties>',
    ...properties,
    '    </properties>',
    ...results.map((result) => renderCase(result, wallMsOf(result))),
    '  </testsuite>',
    '</testsuites>',
    '',
  ].join('\n')
}

function renderCase(result: Result, wallMs: number): string {
  const head = `    <testcase name="${escapeXml(result.title)}" classname="${escapeXml(result.file)}" time="${seconds(wallMs)}"`
  const inner = renderOutcome(result)
  return inner === '' ? `${head}/>` : `${head}>\n${inner}\n    </testcase>`
}

function renderOutcome({ outcome, why = '', failure, seed, leaves }: Result): string {
  if (failure) {
    const message = escapeXml(`${failure.step}: ${failure.lines[0] ?? ''}`)
    const text = [
      `${renderPlace(failure.place)} ${failure.step} (seed ${seed}, at #${failure.seq})`,
      ...failure.lines,
      ...(failure.trail.length > 0 ? ['what led there:', ...failure.trail] : []),
    ].join('\n')
    return `      <failure type="red" message="${message}">${escapeXml(text)}</failure>`
  }
  if (outcome !== 'green' && outcome !== 'red') {
    return `      <skipped type="${outcome}" message="${escapeXml(whyText(outcome, why))}"/>`
  }
  return leaves
    .map(({ invariant, why: reason }) => `leaves ${invariant}: ${reason}`)
    .map((line) => `      <system-out>${escapeXml(line)}</system-out>`)
    .join('\n')
}

const seconds = (ms: number): string => (ms / 1000).toFixed(3)

const entities: Record<string, string> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&apos;',
}

/** XML 1.0 has no place at all for most control characters. */
export const escapeXml = (text: string): string =>
  text
    // biome-ignore lint/suspicious/noControlCharactersInRegex: these are the ones that XML forbids
    .replaceAll(/[\u0000-\u0008\u000b\u000c\u000e-\u001f\ufffe\uffff]/g, '\ufffd')
    .replaceAll(/[&<>"']/g, (one) => entities[one] ?? one)
