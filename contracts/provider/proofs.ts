import { signedHeaders } from '../../reference-client/partners/fynd.ts'
import type { SignedCall } from './signing-proxy.ts'

type Prove = (call: SignedCall) => Record<string, string> | Promise<Record<string, string>>

const konnectDoors = /^((?:\/a\/([^/?]+))?)(\/[^?]*)/

/** Konnect's sandboxes are prefixes, each with its own logins; none is Fynd's own (facts/konnect.md 1.1). */
function konnectDoor(target: string) {
  const [, prefix = '', aggregator = 'fyndkonnect', path = ''] = konnectDoors.exec(target) ?? []
  return { prefix, aggregator, path }
}

function konnectLogin(credentials: Record<string, string>, aggregator: string) {
  const { username = '', password = '' } = credentials
  return {
    username: credentials[`${aggregator}_username`] ?? username,
    password: credentials[`${aggregator}_password`] ?? password,
  }
}

/** Whether a call of Konnect asks for the token that all others carry. */
export const isTokenCall = (target: string): boolean =>
  konnectDoor(target).path === '/aggregator/v1/token'

const encode = (text: string) => Buffer.from(text).toString('base64')

/** How whoever calls a partner proves himself, with the credentials of its world and the client's own signer. `url` is the partner's. */
export function proofFor(
  partner: string,
  url: string,
  credentials: Record<string, string>,
  nowMs: () => number,
): Prove {
  const known: Record<string, Prove> = {
    fynd({ method, target, body, headers }) {
      const { affiliate_id, token, secret = '' } = credentials
      return {
        authorization: `Bearer ${encode(`${affiliate_id}:${token}`)}`,
        ...(headers['x-fp-signature'] !== undefined &&
          signedHeaders(secret, method, `${url}${target}`, body, nowMs())),
      }
    },
    arvind: () => ({ authorization: `Bearer ${credentials.auth_token}` }),
    'payment-gateway': () => ({
      authorization: `Basic ${encode(`${credentials.key_id}:${credentials.key_secret}`)}`,
    }),
    async konnect({ target }) {
      const { prefix, aggregator } = konnectDoor(target)
      if (isTokenCall(target)) return {}
      const query = new URLSearchParams(konnectLogin(credentials, aggregator))
      const answer = await fetch(`${url}${prefix}/aggregator/v1/token?${query}`)
      const { access_token } = (await answer.json()) as { access_token?: string }
      return access_token === undefined ? {} : { 'x-access-token': access_token }
    },
  }
  const prove = known[partner]
  if (prove === undefined) {
    const names = Object.keys(known).join(', ')
    throw new Error(`Nobody can prove himself to "${partner}". Known: ${names}.`)
  }
  return prove
}
