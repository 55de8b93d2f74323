/** One thing that was looked at. A verification is a list of them; it is green when none is red and one is green. */
export interface Check {
  /** What it belongs to: a pact, a receiver, a sandbox. */
  group: string
  name: string
  outcome: 'green' | 'red' | 'skipped'
  /** Skipped, but asked: nothing came but a refusal, which shows neither. */
  isRefusal?: true
  /** Why it is red or was skipped; what else is worth knowing. */
  notes: string[]
  wallMs: number
}

/** What was asked for cannot be verified at all: a file that is no pact, a partner that does not exist. Not the same as red. */
export class CannotVerify extends Error {
  constructor(message: string) {
    super(message)
    this.name = 'CannotVerify'
  }
}

/** The message of whatever was thrown, with its cause: `fetch failed` alone tells nothing. */
export function sayError(error: unknown): string {
  if (!(error instanceof Error)) return String(error)
  const { cause } = error
  return cause instanceof Error ? `${error.message}: ${sayError(cause)}` : error.message
}
