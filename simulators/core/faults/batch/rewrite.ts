import type { Answer } from '../../answer.ts'
import type { SentCall } from '../../batch-shape.ts'
import type { CallPlan } from '../fault.ts'

/** Adds a change of what the partner reads to a plan. */
export const rewriteCall = (plan: CallPlan, rewrite: (call: SentCall) => SentCall): CallPlan => ({
  ...plan,
  callRewrites: [...(plan.callRewrites ?? []), rewrite],
})

/** Adds a change of the answer that looks at what was sent. */
export const rewriteAnswer = (
  plan: CallPlan,
  rewrite: (answer: Answer, sent: SentCall) => Answer,
): CallPlan => ({ ...plan, rewrites: [...(plan.rewrites ?? []), rewrite] })
