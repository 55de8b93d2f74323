import type { z } from 'zod'
import type { Answer } from '../../answer.ts'
import type { BatchShape, SentCall } from '../../batch-shape.ts'
import type { BatchFault, CallPlan } from '../fault.ts'

const ordinary: CallPlan = { apply: 'yes', holdMs: 0 }

/** What a batch fault makes of one call and of an honest answer to it. */
export function planBatch<Options>(
  fault: BatchFault<Options> & { options: z.ZodType<Options> },
  given: object,
  batch: BatchShape,
  sent: SentCall,
  honest: Answer = { status: 200, json: { rows: [1] } },
) {
  const options = fault.options.parse(given)
  const plan = fault.apply(ordinary, { options, draw: 0, nowMs: 0, memory: {}, batch })
  const call = (plan.callRewrites ?? []).reduce((each, rewrite) => rewrite(each), sent)
  const answer = (plan.rewrites ?? []).reduce((each, rewrite) => rewrite(each, sent), honest)
  return { plan, call, answer }
}
