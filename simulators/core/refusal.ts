/**
 * Why a partner says no. A partner may add its own words (`duplicate-order`); its `renderRefusal` turns each
 * into status, code and envelope of its dialect.
 */
export type RefusalReason =
  | 'unauthorized'
  | 'forbidden'
  | 'not-found'
  | 'method-not-allowed'
  | 'too-large'
  | 'unsupported-media-type'
  | 'invalid'
  | 'conflict'
  | 'rate-limited'
  | 'unavailable'
  | (string & {})

export interface RefusalDetails {
  /** The partner's own code, where one reason covers several codes. */
  code?: string
  /** What was wrong with the input: a JSON pointer or parameter name, and why. */
  issues?: readonly { path: string; message: string }[]
  /** Headers that go out with the answer, for example `Allow` or `Retry-After`. */
  headers?: Record<string, string>
}

/** The partner says no. Anything may throw one; nothing may have been changed before it is thrown. */
export class Refusal extends Error {
  readonly reason: RefusalReason
  readonly details: RefusalDetails

  constructor(reason: RefusalReason, message: string, details: RefusalDetails = {}) {
    super(message)
    this.name = 'Refusal'
    this.reason = reason
    this.details = details
  }
}
