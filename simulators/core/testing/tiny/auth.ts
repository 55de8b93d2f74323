import type { IncomingCall, PartnerContext } from '../../partner.ts'
import { Refusal } from '../../refusal.ts'
import type { Tiny } from './state.ts'

/** `Authorization: Key <key>`, or the key alone, as the docs console sends it. */
export function authenticate(ctx: PartnerContext<Tiny>, call: IncomingCall): undefined {
  const { key } = ctx.credentials
  if (![`Key ${key}`, key].includes(call.headers.authorization ?? '')) {
    throw new Refusal('unauthorized', 'Authorization must be Key and the key')
  }
}
