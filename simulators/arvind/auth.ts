import type { IncomingCall } from '../core/partner.ts'
import { Refusal } from '../core/refusal.ts'
import { isSameSecret } from '../core/same-secret.ts'
import { channels } from './rules/channels.ts'
import type { ArvindContext, ArvindTypes } from './state.ts'

const hourMs = 3_600_000

/** Who calls (facts/arvind.md 2): `Authorization: Bearer {auth token}`, or the bare token. Every no is the same 401. */
export function authenticate(ctx: ArvindContext, call: IncomingCall): ArvindTypes['auth'] {
  const token = readToken(ctx, call.headers.authorization)
  const channel = channels(ctx).find(({ authToken }) => isSameSecret(token, authToken))
  if (!channel) throw invalidToken()
  if (channel.channelId === ctx.credentials.channel_id) checkLife(ctx)
  return { channelId: channel.channelId }
}

function readToken(ctx: ArvindContext, header: string | undefined): string {
  const [, bearer, token] = /^(Bearer +)?(\S+)$/i.exec(header ?? '') ?? []
  const isBare = bearer === undefined
  if (token === undefined || (isBare && !ctx.assumptions.bare_token)) throw invalidToken()
  return token
}

/** The token dies by the switch, by the act `arvind.token.expire`, or after the calls that the act granted. */
function checkLife(ctx: ArvindContext): void {
  const { token } = ctx.state
  const ttlHours = ctx.assumptions.auth_token_ttl_hours
  const isTooOld = ttlHours !== null && ctx.nowMs >= token.issuedMs + ttlHours * hourMs
  if (token.isExpired || isTooOld || token.callsLeft === 0) throw invalidToken()
  if (token.callsLeft !== null) token.callsLeft -= 1
}

const invalidToken = (): Refusal => new Refusal('unauthorized', 'Invalid auth token')
