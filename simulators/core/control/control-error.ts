export interface ControlErrorDetails {
  /** Names that would have been accepted, nearest first. */
  known?: readonly string[]
  /** What was wrong with the input: dotted path and why. */
  issues?: readonly { path: string; message: string }[]
  /** Where the journal begins now, when what was asked for has left it. */
  oldestSeq?: number
  /** Headers that go out with the answer, for example `Allow`. */
  headers?: Record<string, string>
}

export type ControlStatus = 400 | 401 | 403 | 404 | 405 | 409 | 410 | 413 | 415 | 421 | 500

/** The control plane says no: `{ error: { code, message, known?, issues? } }` with this status. */
export class ControlError extends Error {
  readonly status: ControlStatus
  readonly code: string
  readonly details: ControlErrorDetails

  constructor(
    status: ControlStatus,
    code: string,
    message: string,
    details: ControlErrorDetails = {},
  ) {
    super(message)
    this.name = 'ControlError'
    this.status = status
    this.code = code
    this.details = details
  }
}
