import { check, fail } from 'k6'
import http from 'k6/http'
import { Counter, Rate } from 'k6/metrics'
import type { Options, Scenario } from 'k6/options'
import type { LoadRun } from '../lib/load-run.ts'
import { mayRefuse, renderPartnerFaults, slowMsOf } from '../lib/partner-profile.ts'
import { renderLines, type Summary } from '../lib/results.ts'

/** What the runner decided; it starts every script with it. */
export const run = JSON.parse(__ENV.LOAD ?? fail('Start it with: npm run load')) as LoadRun

export const json = { 'content-type': 'application/json; charset=utf-8' }

/** Calls that are measured carry it, calls of the control plane carry another. */
export const subject = { side: 'subject' }

const judgeAsked = new Counter('judge_asked')
const judgeGreen = new Rate('judge_green')

/** k6 has one; its types do not. */
declare const console: { log(text: string): void }

/** A simulator answers well within this when nothing holds it back. */
const answerMsMax = 50
/** A shop asks its partner in between, several times; and a smoke run judges no machine. */
const easyAnswerMsMax = 1_000

/**
 * Thresholds that every question has, with its own beside them. A partner that may refuse makes no call and no check red;
 * where k6 calls no subject (`isCalled` is false) there is nothing to time.
 */
export function loadOptions(
  scenarios: Record<string, object>,
  thresholds: Record<string, string[]>,
  isCalled = true,
): Options {
  const isEasy = run.subject === 'shop' || run.profile === 'smoke'
  const heldMs = Math.ceil(slowMsOf(run.partner) * (run.subject === 'shop' ? 4 : 1.25))
  const usualMs = (isEasy ? easyAnswerMsMax : answerMsMax) + heldMs
  return {
    scenarios: scenarios as Record<string, Scenario>,
    thresholds: {
      ...(mayRefuse(run.partner) ? {} : { checks: ['rate==1'], http_req_failed: ['rate==0'] }),
      ...(isCalled ? { 'http_req_duration{side:subject}': [`p(95)<${usualMs}`] } : {}),
      dropped_iterations: ['count==0'],
      // Both: a rate without samples passes.
      ...(run.control === undefined ? {} : { judge_asked: ['count==1'], judge_green: ['rate==1'] }),
      ...thresholds,
    },
    // A server that closes an idle connection in the moment it is written to makes a call fail that nothing is wrong with.
    noVUConnectionReuse: run.subject === 'shop' || run.control === undefined,
    setupTimeout: '10m',
    teardownTimeout: '10m',
    summaryTrendStats: ['min', 'med', 'p(95)', 'p(99)', 'max'],
  }
}

/** Calls the control plane about this run's world; anything but 2xx ends the iteration as an error. */
export function asked(method: string, path: string, body?: object, timeout = '60s'): unknown {
  const answer = http.request(
    method,
    worldUrl(path),
    body ? JSON.stringify(body) : null,
    controlParams(`control ${method}`, timeout),
  )
  if (answer.status < 200 || answer.status > 299) {
    fail(`${method} ${path}: ${answer.status} ${answer.body ?? answer.error}`)
  }
  return answer.json()
}

/** Lets something happen on a partner's own side. */
export const act = (name: string, input: object): unknown => {
  const { result } = asked('POST', `/acts/${name}`, input) as { result: unknown }
  return result
}

/** Many at once: set-up of a large world. */
export function actAll(inputs: readonly [name: string, input: object][]): void {
  for (let from = 0; from < inputs.length; from += actsTogether) {
    const answers = http.batch(
      inputs
        .slice(from, from + actsTogether)
        .map(([name, input]) => [
          'POST',
          worldUrl(`/acts/${name}`),
          JSON.stringify(input),
          controlParams('control POST', '60s'),
        ]),
    )
    for (const answer of Object.values(answers)) {
      if (answer.status !== 200) fail(`An act was refused: ${answer.status} ${answer.body}`)
    }
  }
}

const actsTogether = 20

const worldUrl = (path: string): string => `${run.control}/_sim/worlds/${run.world}${path}`

function controlParams(name: string, timeout: string) {
  const authorization = run.token === undefined ? {} : { authorization: `Bearer ${run.token}` }
  return { headers: { ...json, ...authorization }, tags: { name, side: 'control' }, timeout }
}

/** Last of all set-up: the partners become as slow and as strict as was wished. */
export function armFaults(): void {
  if (run.control === undefined) return
  const slow = run.partner ? renderPartnerFaults(run.partner, run.sites) : []
  for (const fault of [...slow, ...run.faults]) asked('POST', '/faults', fault)
}

/** Before the last step: what is looked at then is looked at in peace. */
export function disarmFaults(): void {
  if (run.control !== undefined) asked('DELETE', '/faults')
}

/** Waits until nothing is under way to a shop any more. */
export function settleDeliveries(): void {
  const { total } = asked(
    'GET',
    '/deliveries?settled=false&limit=1&wait=60s',
    undefined,
    '90s',
  ) as {
    total: number
  }
  check(total, { 'every delivery settled': (left) => left === 0 })
}

/** The last step. Green about nothing is not green: `laws` are what the run is for. */
export function askJudge(laws: readonly string[]): void {
  if (run.control === undefined) {
    console.log('The judge was not asked: a sandbox has none.')
    return
  }
  const report = asked('GET', '/judge', undefined, '300s') as {
    green: boolean
    checked: string[]
    breaches: { invariant: string; message: string }[]
  }
  judgeAsked.add(1)
  judgeGreen.add(report.green && laws.every((law) => report.checked.includes(law)))
  const { green, checked, breaches } = report
  const told = breaches
    .slice(0, breachesTold)
    .map((each) => `\n  ${each.invariant}: ${each.message}`)
  console.log(
    `judge: ${green ? 'green' : `${breaches.length} breaches`}, checked ${checked.join(', ')}${told.join('')}`,
  )
  const unchecked = laws.filter((law) => !checked.includes(law))
  if (unchecked.length > 0) console.log(`judge: could not check ${unchecked.join(', ')}`)
}

const breachesTold = 10

/** k6 says nothing when a file cannot be written: whoever starts it makes the folder and looks. */
export const handleSummary = (summary: Summary): Record<string, string> => ({
  stdout: renderLines(summary),
  [run.summaryFile]: JSON.stringify(summary),
})
