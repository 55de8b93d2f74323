import type { Case, Given } from './contract.ts'

/** A call that does not get through, for reasons that are not its own. */
export interface Troubled<Client> {
  about: string
  /** By which a fault finds it. */
  operation: string
  given?: Given
  call: (client: Client) => Promise<unknown>
}

/**
 * What every partner may answer to any call, and what the client must tell apart: a 429 says when to come back, a 503 that nothing was
 * begun, a 502 nothing of the kind, and a 401 that the credentials will not do any more.
 */
export const troubles = <Client>(calls: readonly Troubled<Client>[]): Case<Client>[] =>
  calls.flatMap(({ about, operation, given = [], call }) => {
    const under = (fault: object): Given => [...given, ['fault', { ...fault, on: operation }]]
    return [
      {
        about: `${about}, asked too often`,
        given: under({ name: 'rate-limit' }),
        call,
        status: 429,
        numbers: { 'retry-after': 60 },
        becomes: {
          failure: { kind: 'throttled', status: 429, retryAfterMs: 60_000, maybeApplied: false },
        },
      },
      {
        about: `${about}, of a partner that is down`,
        given: under({ name: 'outage' }),
        call,
        status: 503,
        becomes: { failure: { kind: 'unavailable', status: 503, maybeApplied: false } },
      },
      {
        about: `${about}, through a gateway that got no answer`,
        given: under({ name: 'status', status: 502 }),
        call,
        status: 502,
        becomes: { failure: { kind: 'unavailable', status: 502, maybeApplied: true } },
      },
      {
        about: `${about}, by somebody whose access was revoked`,
        given: under({ name: 'token-revoked' }),
        call,
        status: 401,
        becomes: { failure: { kind: 'unauthorized', status: 401, maybeApplied: false } },
      },
    ]
  })
