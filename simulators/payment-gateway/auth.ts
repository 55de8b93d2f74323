import type { IncomingCall } from '../core/partner.ts'
import type { RandomStream } from '../core/random.ts'
import { Refusal } from '../core/refusal.ts'
import { isSameSecret } from '../core/same-secret.ts'
import type { GatewayContext, GatewayTypes } from './state.ts'

/** The customer's browser has no key: the unguessable payment id in the address is all it needs. */
const pages: ReadonlySet<string> = new Set(['showPayPage', 'pressPayPage'])

export const createCredentials = (random: RandomStream): GatewayTypes['credentials'] => ({
  key_id: `FAKE-gateway-key-${random.hex(8)}`,
  key_secret: `FAKE-gateway-key-secret-${random.hex(16)}`,
  webhook_secret: `FAKE-gateway-webhook-secret-${random.hex(16)}`,
})

/** `Authorization: Basic base64(key_id:key_secret)` (facts/kartify.md 10.1). Throws `unauthorized`. */
export function authenticate(ctx: GatewayContext, call: IncomingCall): GatewayTypes['auth'] {
  if (pages.has(call.operationId)) return { caller: 'browser' }
  const { key_id, key_secret } = ctx.credentials
  const header = call.headers.authorization
  if (header === undefined) throw new Refusal('unauthorized', 'The Authorization header is missing')
  const [, encoded] = /^Basic +([A-Za-z0-9+/]+={0,2})$/i.exec(header) ?? []
  if (encoded === undefined) {
    throw new Refusal('unauthorized', 'Authorization must be Basic base64(key_id:key_secret)')
  }
  const given = Buffer.from(encoded, 'base64').toString('utf8')
  if (!isSameSecret(given, `${key_id}:${key_secret}`)) {
    throw new Refusal('unauthorized', 'The key id or the key secret is wrong')
  }
  return { caller: 'merchant' }
}
