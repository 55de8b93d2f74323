import { renderDuration } from '../duration.ts'
import type { Failure } from '../failure.ts'
import type { Result } from '../player.ts'
import { renderPlace } from '../source.ts'
import { type Reporter, type Summary, whyText } from './reporter.ts'

export interface Screen {
  write(text: string): unknown
  isTTY?: boolean
}

type Paint = (text: string) => string

const colours = { green: 32, red: 31, yellow: 33, grey: 90 } as const
type Colour = keyof typeof colours

/** One line a play, all about a red one, a summary. Colours and the moving line only on a terminal. */
export function createConsoleReporter(
  screen: Screen,
  options: { colours?: boolean } = {},
): Reporter {
  const isTerminal = screen.isTTY === true
  const isColoured = options.colours ?? isTerminal
  const paint =
    (colour: Colour): Paint =>
    (text) =>
      isColoured ? `\u001b[${colours[colour]}m${text}\u001b[0m` : text
  const wipe = () => {
    if (isTerminal) screen.write('\r\u001b[K')
  }
  return {
    playing(title, number, count) {
      if (isTerminal) screen.write(`\r\u001b[K${paint('grey')(`${number}/${count} ${title}`)}`)
    },
    played(result, wallMs) {
      wipe()
      screen.write(`${resultLine(result, wallMs, paint)}\n`)
      if (result.failure) screen.write(failureText(result, result.failure, paint))
    },
    end(summary) {
      wipe()
      screen.write(summaryText(summary, paint))
    },
  }
}

const marks = {
  green: ['✓', 'green'],
  red: ['✗', 'red'],
  'not-playable': ['○', 'yellow'],
  stopped: ['◐', 'yellow'],
  skipped: ['-', 'grey'],
} as const

function resultLine(result: Result, wallMs: number, paint: (colour: Colour) => Paint): string {
  const [mark, colour] = marks[result.outcome]
  if (result.why !== undefined) {
    return `${paint(colour)(mark)} ${result.title} ${paint('grey')(whyText(result.outcome, result.why))}`
  }
  const { steps, requests, deliveries, simulatedMs } = result.counts
  const facts = [
    plural(steps, 'step'),
    plural(requests, 'request'),
    deliveries === 1 ? '1 delivery' : `${deliveries} deliveries`,
    `${renderDuration(Math.floor(simulatedMs / 1000) * 1000)} played`,
    `${Math.round(wallMs)} ms`,
  ]
  const leaves = result.leaves.map(({ invariant }) => ` leaves ${invariant}`).join(',')
  return `${paint(colour)(mark)} ${result.title} ${paint('grey')(facts.join(', '))}${paint('yellow')(leaves)}`
}

const plural = (count: number, what: string): string => `${count} ${what}${count === 1 ? '' : 's'}`

function failureText(result: Result, failure: Failure, paint: (colour: Colour) => Paint): string {
  const lines = [
    `  ${renderPlace(failure.place)} ${failure.step} (seed ${result.seed}, at #${failure.seq})`,
    ...failure.lines.map((line) => `    ${paint('red')(line)}`),
    ...(failure.trail.length > 0 ? [`  ${paint('grey')('what led there:')}`] : []),
    ...failure.trail.map((line) => `    ${paint('grey')(line)}`),
  ]
  return `${lines.join('\n')}\n`
}

function summaryText(summary: Summary, paint: (colour: Colour) => Paint): string {
  const states = [
    paint(summary.green > 0 ? 'green' : 'grey')(`${summary.green} green`),
    ...(summary.red > 0 ? [paint('red')(`${summary.red} red`)] : []),
    ...(summary.notPlayable > 0 ? [paint('yellow')(`${summary.notPlayable} not playable`)] : []),
    ...(summary.stopped > 0 ? [paint('yellow')(`${summary.stopped} stopped, not judged`)] : []),
    ...(summary.skipped > 0 ? [`${summary.skipped} skipped`] : []),
    ...(summary.leaving > 0 ? [paint('yellow')(`${summary.leaving} leaving something`)] : []),
  ]
  const counts = [
    `${plural(summary.scenarios, 'scenario')} (${plural(summary.plays, 'play')})`,
    plural(summary.steps, 'step'),
    plural(summary.requests, 'request'),
    summary.deliveries === 1 ? '1 delivery' : `${summary.deliveries} deliveries`,
    `${summary.simulatedHours.toFixed(1)} simulated hours`,
    `${(summary.wallMs / 1000).toFixed(1)} s`,
  ]
  return `\n${states.join(', ')}\n${counts.join(', ')}\n`
}
