import { signedHeaders } from '../../reference-client/partners/fynd.ts'
import type { SignedCall } from './signing-proxy.ts'

type Prove = (call: SignedCall) => Record<string, string> | Promise<Record<string, string>>

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
    async konnect({ headers }) {
      if (headers['x-access-token'] === undefined) return {}
      const { username = '', password = '' } = credentials
      const query = new URLSearchParams({ username, password })
      const answer = await fetch(`${url}/aggregator/v1/token?${query}`)
      const { access_token } = (await answer.json()) as { access_token: string }
      return { 'x-access-token': access_token }
    },
  }
  const prove = known[partner]
  if (prove === undefined) {
    const names = Object.keys(known).join(', ')
    throw new Error(`Nobody can prove himself to "${partner}". Known: ${names}.`)
  }
  return prove
}
