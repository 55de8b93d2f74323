import type { HttpFault } from '../fault.ts'
import { answerLost } from './answer-lost.ts'
import { emptyReply } from './empty-reply.ts'
import { fieldAdded } from './field-added.ts'
import { fieldDropped } from './field-dropped.ts'
import { fieldRetyped } from './field-retyped.ts'
import { hang } from './hang.ts'
import { html } from './html.ts'
import { latency } from './latency.ts'
import { malformedJson } from './malformed-json.ts'
import { neverApplied } from './never-applied.ts'
import { outage } from './outage.ts'
import { rateLimit } from './rate-limit.ts'
import { reset } from './reset.ts'
import { slowDrip } from './slow-drip.ts'
import { status } from './status.ts'
import { tokenRevoked } from './token-revoked.ts'
import { truncated } from './truncated.ts'

/** Every HTTP fault, one line each. */
export const httpFaults = [
  answerLost,
  emptyReply,
  fieldAdded,
  fieldDropped,
  fieldRetyped,
  hang,
  html,
  latency,
  malformedJson,
  neverApplied,
  outage,
  rateLimit,
  reset,
  slowDrip,
  status,
  tokenRevoked,
  truncated,
] as readonly HttpFault[]
