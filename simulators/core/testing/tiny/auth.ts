import type { IncomingCall, PartnerContext } from '../../partner.ts'
import { Refusal } from '../../refusal.ts'
import type { Tiny } from './state.ts'

/** `Authorization: Key <key>` */
export function authenticate(ctx: PartnerContext<Tiny>, call: IncomingCall): undefined {
  if (call.headers.authorization !== `Key ${ctx.credentials.key}`) {
    throw new Refusal('unauthorized', 'Authorization must be Key and the key')
  }
}
