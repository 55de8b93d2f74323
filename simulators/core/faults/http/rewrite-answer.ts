import type { Answer } from '../../answer.ts'
import type { CallPlan } from '../fault.ts'

/** Adds a change of the answer to a plan. */
export const rewriteAnswer = (plan: CallPlan, rewrite: (answer: Answer) => Answer): CallPlan => ({
  ...plan,
  rewrites: [...(plan.rewrites ?? []), rewrite],
})

/**
 * Changes a JSON answer below every object in it: `change` gets a copy of each object, deepest first, and may write to it. Answers that
 * are no JSON stay as they are.
 */
export const rewriteJson = (
  plan: CallPlan,
  change: (object: Record<string, unknown>) => void,
): CallPlan =>
  rewriteAnswer(plan, (answer) => {
    if (answer.json === undefined) return answer
    return { ...answer, json: changeDeep(answer.json, change) }
  })

function changeDeep(value: unknown, change: (object: Record<string, unknown>) => void): unknown {
  if (Array.isArray(value)) return value.map((each) => changeDeep(each, change))
  if (typeof value !== 'object' || value === null) return value
  const copy = Object.fromEntries(
    Object.entries(value).map(([key, each]) => [key, changeDeep(each, change)]),
  )
  change(copy)
  return copy
}
