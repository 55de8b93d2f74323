import type { Check } from './check.ts'
import type { Report, ReportedError } from './pact-verifier.ts'

/** A provider state that was not brought about. */
export interface RefusedState {
  state: string
  why: string
}

/**
 * What the verifier reported, as checks. `wanted` is how many interactions there are, where that is known: one that the verifier passed
 * over in silence is red.
 */
export function checkReport(
  group: string,
  report: Report,
  refused: readonly RefusedState[],
  wanted?: number,
): Check[] {
  const errors = [...(report.errors ?? [])]
  const pending = [...(report.pendingErrors ?? [])]
  const results = report.interactionResults ?? []
  const checks = results.map(({ description = '', result, duration = '' }): Check => {
    const name = description
    const wallMs = Number.parseFloat(duration) || 0
    if (result === 'OK') return { group, name, outcome: 'green', notes: [], wallMs }
    const error = take(errors, description)
    if (error) return { group, name, outcome: 'red', notes: sayMismatch(error, refused), wallMs }
    const later = take(pending, description)
    const notes = later
      ? ['pending: it may fail for now', ...sayMismatch(later, refused)]
      : ['The verifier does not say why.']
    return { group, name, outcome: later ? 'skipped' : 'red', notes, wallMs }
  })
  const bad = (name: string, notes: string[]): Check => ({
    group,
    name,
    outcome: 'red',
    notes,
    wallMs: 0,
  })
  // What is wrong with no single interaction: a pact that cannot be loaded, results that cannot be published.
  for (const error of errors)
    checks.push(bad(error.interaction ?? 'the pact', sayMismatch(error, refused)))
  if (wanted === 0) checks.push(bad('the pact', ['The pact holds no interaction.']))
  else if (wanted !== undefined && results.length < wanted && errors.length === 0) {
    checks.push(
      bad('the pact', [`Only ${results.length} of ${wanted} interactions were verified.`]),
    )
  }
  if (report.result !== true && checks.every(({ outcome }) => outcome !== 'red')) {
    checks.push(bad('the verification', ['The verifier says that it failed, but not why.']))
  }
  return checks
}

/** Takes the error of an interaction out of the list; errors come in the order of the interactions. */
function take(errors: ReportedError[], description: string): ReportedError | undefined {
  const at = errors.findIndex(({ interaction = '' }) => interaction.endsWith(` - ${description}`))
  return at < 0 ? undefined : errors.splice(at, 1)[0]
}

function sayMismatch(
  { interaction = '', mismatch }: ReportedError,
  refused: readonly RefusedState[],
): string[] {
  const states = refused
    .filter(({ state }) => interaction.includes(state))
    .map(({ state, why }) => `The provider state "${state}" was refused: ${why}`)
  if (states.length > 0) return [...new Set(states)]
  const found = (mismatch?.mismatches ?? []).map(({ path, type, mismatch: what = '' }) =>
    type === 'BodyMismatch' && path !== undefined ? `${path} ${what}` : what,
  )
  const all = found.length > 0 ? found : [mismatch?.message ?? JSON.stringify(mismatch)]
  return [...new Set(all)]
}
