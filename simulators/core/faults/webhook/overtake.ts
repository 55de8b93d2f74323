import { z } from 'zod'
import { defineWebhookFault, type PlannedDelivery } from '../fault.ts'
import { parseObject } from './rewrite-body.ts'

export const overtake = defineWebhookFault({
  name: 'overtake',
  about:
    'Holds the events it is on until the event `by` of the same order has left, then lets them follow.',
  options: z.object({ by: z.string().min(1) }),
  alsoOn: ({ by }) => [by],
  apply: (plan, { options, held, names }) => {
    const [one] = plan
    if (!one) return plan
    if (one.event !== options.by) return plan.map((delivery) => ({ ...delivery, hold: true }))
    const overtaken = held.filter((each) => isSameOrder(each, one, names.order ?? []))
    if (overtaken.length === 0) return plan
    // One time for all of them: then their place in the list decides.
    const dueMs = Math.max(...plan.map((delivery) => delivery.dueMs))
    return [...plan, ...overtaken.map((each) => ({ ...each, dueMs, hold: false }))]
  },
})

/** Whatever names an order in both bodies must agree at least once; where nothing does, any event is as good. */
function isSameOrder(a: PlannedDelivery, b: PlannedDelivery, keys: readonly string[]): boolean {
  const [one, other] = [a, b].map(
    (each) => (parseObject(each.body) ?? {}) as Record<string, unknown>,
  )
  const shared = keys.filter((key) => one?.[key] != null && other?.[key] != null)
  return shared.length === 0 || shared.some((key) => one?.[key] === other?.[key])
}
