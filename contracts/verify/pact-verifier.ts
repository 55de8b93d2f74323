import { fork } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import type { VerifierOptions } from '@pact-foundation/pact-core'

/** The report of Pact's verifier, as far as it is read. */
export interface Report {
  result?: boolean
  notices?: { text?: string; when?: string }[]
  interactionResults?: { description?: string; result?: string; duration?: string }[]
  errors?: ReportedError[]
  /** Of interactions that may fail for now (`pending`). */
  pendingErrors?: ReportedError[]
}

export interface ReportedError {
  /** `Verifying a pact between shop and fynd Given a state - the description` */
  interaction?: string
  mismatch?: {
    message?: string
    mismatches?: { mismatch?: string; path?: string; type?: string }[]
  }
}

const program = fileURLToPath(new URL('./verifier-process.mjs', import.meta.url))

/**
 * Lets Pact's verifier run in a process of its own, which is gone when this resolves (tried.md 2: it prints natively). A verifier that
 * dies or says nothing readable is a red report with one error.
 */
export function runVerifier(options: VerifierOptions): Promise<Report> {
  return new Promise((resolve) => {
    const child = fork(program, [], {
      execArgv: [],
      env: cleanEnvironment(),
      stdio: ['ignore', 'ignore', 'pipe', 'ipc'],
    })
    let report: Report | undefined
    let said = ''
    child.stderr?.on('data', (part) => {
      said = `${said}${part}`.slice(-2_000)
    })
    child.on('message', (text) => {
      report = readReport(String(text))
    })
    child.on('error', (error) => resolve(broken(error.message)))
    child.on('close', (code) => {
      resolve(report ?? broken(`The verifier ended with ${code} and no report. ${said}`.trim()))
    })
    child.send(options)
  })
}

/** Pact takes much from its environment (a broker, filters); what shall happen stands in the options alone. */
function cleanEnvironment(): NodeJS.ProcessEnv {
  const own = Object.entries(process.env).filter(([name]) => !name.startsWith('PACT_'))
  // Else it looks up a tracking host on every run.
  return { ...Object.fromEntries(own), PACT_DO_NOT_TRACK: 'true' }
}

const broken = (message: string): Report => ({
  result: false,
  errors: [{ interaction: 'the verification', mismatch: { message } }],
})

function readReport(text: string): Report {
  try {
    return JSON.parse(text) as Report
  } catch {
    // Options that it does not like are told in words, not in a report.
    return broken(text)
  }
}
