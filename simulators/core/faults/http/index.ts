import type { HttpFault } from '../fault.ts'
import { answerLost } from './answer-lost.ts'
import { hang } from './hang.ts'
import { latency } from './latency.ts'
import { neverApplied } from './never-applied.ts'
import { reset } from './reset.ts'
import { status } from './status.ts'

/** Every HTTP fault, one line each. */
export const httpFaults = [
  answerLost,
  hang,
  latency,
  neverApplied,
  reset,
  status,
] as readonly HttpFault[]
