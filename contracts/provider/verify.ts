import { fileURLToPath } from 'node:url'
import { checkReport } from '../verify/check-report.ts'
import { runVerifier } from '../verify/pact-verifier.ts'
import { readPacts } from '../verify/pacts.ts'

export interface Verification {
  isGreen: boolean
  /** Interactions that hold; a verification of nothing is not green. */
  interactions: number
  /** What was wrong, with the interaction's description. */
  errors: string[]
}

/**
 * Verifies one pact file against a provider over HTTP. It calls pact-core, because pact-js's own Verifier stays green when a state
 * handler throws or is missing (tried.md 2).
 */
export async function verifyPact(options: {
  pact: URL
  provider: string
  providerUrl: string
  statesUrl: string
}): Promise<Verification> {
  const file = fileURLToPath(options.pact)
  const wanted = readPacts(file).reduce((sum, { interactions }) => sum + interactions, 0)
  const report = await runVerifier({
    provider: options.provider,
    providerBaseUrl: options.providerUrl,
    pactUrls: [file],
    providerStatesSetupUrl: options.statesUrl,
    providerStatesSetupTeardown: true,
    logLevel: 'error',
  })
  const checks = checkReport(file, report, [], wanted)
  const interactions = checks.filter(({ outcome }) => outcome === 'green').length
  const errors = checks
    .filter(({ outcome }) => outcome !== 'green')
    .map(({ name, notes }) => `${name}: ${notes.join('; ')}`)
  return { isGreen: errors.length === 0, interactions, errors }
}
