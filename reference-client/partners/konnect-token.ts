import type { Trace } from './call.ts'

/** Whose token a call carries: a location's code, or `company` for the one of the whole company (konnect.md 1.4). */
export type Access = string
export const company: Access = ''

export type FreshToken = { token: string; lifetimeMs: number }

export type Tokens = {
  /** A token that lives by our clock; fetched once however many ask at the same time. */
  get(access: Access, trace: Trace): Promise<string>
  /** Forgets a token that was refused, unless another call has fetched a newer one already. */
  drop(access: Access, token: string): void
  /** Forgets everything: the credentials have changed. */
  dropAll(): void
}

/** A token is not used in the last minute of its life, or tenth of it, whichever is shorter: the call takes time, too. */
const marginMs = 60_000

/** Keeps the tokens in memory only. Konnect has no refresh call: a token is renewed by asking for another (konnect.md 1.3). */
export function createTokens(
  fetchToken: (access: Access, trace: Trace) => Promise<FreshToken>,
  nowMs: () => number,
): Tokens {
  const kept = new Map<Access, { token: string; usableUntilMs: number }>()
  const underWay = new Map<Access, Promise<string>>()
  let generation = 0

  const renew = async (access: Access, trace: Trace): Promise<string> => {
    const born = generation
    // The partner counts from some moment after this one, so this is the careful reading.
    const askedAtMs = nowMs()
    const { token, lifetimeMs } = await fetchToken(access, trace)
    const usableUntilMs = askedAtMs + lifetimeMs - Math.min(marginMs, lifetimeMs / 10)
    if (born === generation) kept.set(access, { token, usableUntilMs })
    return token
  }
  return {
    get(access, trace) {
      const known = kept.get(access)
      if (known !== undefined && nowMs() < known.usableUntilMs) return Promise.resolve(known.token)
      const running = underWay.get(access)
      if (running !== undefined) return running
      const run = renew(access, trace).finally(() => {
        if (underWay.get(access) === run) underWay.delete(access)
      })
      underWay.set(access, run)
      return run
    },
    drop(access, token) {
      if (kept.get(access)?.token === token) kept.delete(access)
    },
    dropAll() {
      generation += 1
      kept.clear()
      underWay.clear()
    },
  }
}
