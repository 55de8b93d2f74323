import { readFileSync } from 'node:fs'
import { Verifier } from '@pact-foundation/pact-core'

export interface Verification {
  isGreen: boolean
  /** Interactions that hold; a verification of nothing is not green. */
  interactions: number
  /** What was wrong, in the verifier's words. */
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
  const wanted = countInteractions(options.pact)
  const report = await runVerifier(options)
  const verified = report.interactionResults?.filter(({ result }) => result === 'OK').length ?? 0
  const errors = (report.errors ?? []).map((error) => JSON.stringify(error))
  if (wanted === 0) errors.push('The pact holds no interaction.')
  if (verified !== wanted) errors.push(`${verified} of ${wanted} interactions hold.`)
  return { isGreen: report.result === true && errors.length === 0, interactions: verified, errors }
}

interface Report {
  result?: boolean
  errors?: unknown[]
  interactionResults?: { description?: string; result?: string }[]
}

async function runVerifier(options: {
  pact: URL
  provider: string
  providerUrl: string
  statesUrl: string
}): Promise<Report> {
  try {
    const text: unknown = await new Verifier({
      provider: options.provider,
      providerBaseUrl: options.providerUrl,
      pactUrls: [options.pact.pathname],
      providerStatesSetupUrl: options.statesUrl,
      providerStatesSetupTeardown: true,
      logLevel: 'error',
    }).verify()
    return readReport(text)
  } catch (error) {
    // A red verification rejects, and its message is the report.
    return readReport(error instanceof Error ? error.message : String(error))
  }
}

function readReport(text: unknown): Report {
  try {
    return JSON.parse(String(text)) as Report
  } catch {
    return { result: false, errors: [String(text)] }
  }
}

function countInteractions(pact: URL): number {
  const { interactions } = JSON.parse(readFileSync(pact, 'utf8')) as { interactions?: unknown[] }
  return interactions?.length ?? 0
}
