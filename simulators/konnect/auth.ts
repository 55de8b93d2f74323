import type { IncomingCall } from '../core/partner.ts'
import type { RandomStream } from '../core/random.ts'
import { Refusal } from '../core/refusal.ts'
import { isSameSecret } from '../core/same-secret.ts'
import {
  type Aggregator,
  aggregators,
  type Caller,
  type KonnectContext,
  type Token,
} from './state.ts'

/** Tokens that a world remembers; the oldest are forgotten. */
const tokensMax = 10_000
const minuteMs = 60_000

/**
 * A company login for each sandbox. Every token begins with `token_key` and every password of a location with `location_key`, so that the
 * journal can hide them without a list. `access_token` is a company token of `fyndkonnect` that was there before the world began and does
 * not expire: what the console at /docs/konnect is filled with.
 */
export const createCredentials = (random: RandomStream): Record<string, string> => ({
  username: 'fake-seller-fyndkonnect',
  password: `fake-password-${random.hex(24)}`,
  ginesys_username: 'fake-seller-ginesys',
  ginesys_password: `fake-password-${random.hex(24)}`,
  unicommerce_username: 'fake-seller-unicommerce',
  unicommerce_password: `fake-password-${random.hex(24)}`,
  location_key: `fake-location-${random.hex(24)}`,
  token_key: `fake-token-${random.hex(24)}`,
  access_token: `fake-console-token-${random.hex(24)}`,
  webhook_secret: `fake-secret-${random.hex(24)}`,
})

export const openCredentials = ['username', 'ginesys_username', 'unicommerce_username']

/** Which sandbox a call came to; without a prefix it is Fynd's own. */
export const aggregatorOf = (server: string): Aggregator =>
  aggregators.find((name) => server === `/a/${name}`) ?? 'fyndkonnect'

/** What the screens of Konnect show: company settings, or a selling location's "Show Token". */
export function loginOf(
  ctx: KonnectContext,
  aggregator: Aggregator,
  location: string | null,
): { username: string; password: string } {
  const { credentials } = ctx
  const prefix = aggregator === 'fyndkonnect' ? '' : `${aggregator}_`
  const username = credentials[`${prefix}username`] ?? ''
  if (location === null) return { username, password: credentials[`${prefix}password`] ?? '' }
  return {
    username: `${username}.${location}`,
    password: `${credentials.location_key}.${aggregator}.${location}`,
  }
}

/** `x-access-token` on every call but the one that gives tokens (facts/konnect.md 1.2). */
export function authenticate(ctx: KonnectContext, call: IncomingCall): Caller {
  const aggregator = aggregatorOf(call.server)
  if (call.operationId === 'generateAccessToken') {
    countCall(ctx, aggregator)
    return { aggregator, location: null }
  }
  const text = call.headers['x-access-token'] ?? ''
  const token = findToken(ctx, text)
  // A token of another sandbox is a stranger's here.
  if (!token || token.expiresMs <= ctx.nowMs || token.aggregator !== aggregator) {
    throw new Refusal('unauthorized', 'Invalid or expired access token')
  }
  countCall(ctx, text)
  return { aggregator, location: token.location }
}

/** Throws `unauthorized` unless username and password belong together and to this sandbox. */
export function issueToken(
  ctx: KonnectContext,
  aggregator: Aggregator,
  given: { username: string; password: string },
): string {
  const { state, credentials, assumptions } = ctx
  const location = locationOfLogin(ctx, aggregator, given)
  if (location === undefined) throw new Refusal('unauthorized', 'Invalid username or password')
  if (assumptions.token_reissue === 'replace') revokeTokens(ctx, { aggregator, location })
  for (const [oldest, { expiresMs }] of state.tokens) {
    if (state.tokens.size < tokensMax && expiresMs > ctx.nowMs) break
    state.tokens.delete(oldest)
    state.windows.delete(oldest)
  }
  const token = `${credentials.token_key}.${ctx.random('ids/konnect.token').hex(32)}`
  const expiresMs = ctx.nowMs + Math.round(assumptions.token_seconds * 1000)
  state.tokens.set(token, { aggregator, location, expiresMs })
  ctx.record('konnect.token.issued', { aggregator, location, expires_ms: expiresMs })
  return token
}

/** Answers how many died. Without a filter: all, the console's too. */
export function revokeTokens(
  ctx: KonnectContext,
  only: { aggregator?: string | undefined; location?: string | null | undefined } = {},
): number {
  const { state } = ctx
  let revoked = 0
  for (const [text, token] of state.tokens) {
    if (only.aggregator !== undefined && token.aggregator !== only.aggregator) continue
    if (only.location !== undefined && token.location !== only.location) continue
    state.tokens.delete(text)
    state.windows.delete(text)
    revoked += 1
  }
  return revoked
}

function findToken(ctx: KonnectContext, text: string): Token | undefined {
  const { state, credentials } = ctx
  const known = state.tokens.get(text)
  if (known) return known
  if (state.isConsoleTokenDead || !isSameSecret(text, credentials.access_token ?? ''))
    return undefined
  return { aggregator: 'fyndkonnect', location: null, expiresMs: Number.MAX_SAFE_INTEGER }
}

/** Null: the company's login; undefined: nobody's. */
function locationOfLogin(
  ctx: KonnectContext,
  aggregator: Aggregator,
  given: { username: string; password: string },
): string | null | undefined {
  const company = loginOf(ctx, aggregator, null)
  if (given.username === company.username) {
    return isSameSecret(given.password, company.password) ? null : undefined
  }
  const code = given.username.slice(company.username.length + 1)
  if (!ctx.catalogue.locationsByCode.has(code)) return undefined
  const login = loginOf(ctx, aggregator, code)
  const isRight = given.username === login.username && isSameSecret(given.password, login.password)
  return isRight ? code : undefined
}

/** ASSUMED: off by default; 429 with Retry-After (facts/konnect.md 4). */
function countCall(ctx: KonnectContext, caller: string): void {
  const limit = ctx.assumptions.rate_limit_per_minute
  if (limit === null) return
  const { windows } = ctx.state
  let window = windows.get(caller)
  if (!window || window.startMs + minuteMs <= ctx.nowMs) {
    window = { startMs: ctx.nowMs, calls: 0 }
    windows.set(caller, window)
  }
  if (window.calls >= limit) {
    const seconds = Math.max(1, Math.ceil((window.startMs + minuteMs - ctx.nowMs) / 1000))
    throw new Refusal('rate-limited', `At most ${limit} calls a minute`, {
      headers: { 'Retry-After': String(seconds) },
    })
  }
  window.calls += 1
}
