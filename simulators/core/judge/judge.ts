import type { Breach, Invariant, JudgeInput, Need } from './invariant.ts'
import { invariants } from './invariants/index.ts'
import type { PartnerView } from './views.ts'

export type { Breach, JudgeInput } from './invariant.ts'

export interface JudgeReport {
  /** No law that could be checked was broken. Read `notChecked` too: green about nothing is not much. */
  green: boolean
  /** Names of the invariants that were checked. */
  checked: string[]
  breaches: Breach[]
  /** Laws that the views at hand could not decide, and why. */
  notChecked: { invariant: string; why: string }[]
}

/** Checks every law that the views allow (design 7). Pure: same input, same report, in the order of the list of laws. */
export function judge(input: JudgeInput, laws: readonly Invariant[] = invariants): JudgeReport {
  const report: JudgeReport = { green: true, checked: [], breaches: [], notChecked: [] }
  for (const law of laws) {
    const why = whyNotChecked(law, input)
    if (why !== undefined) {
      report.notChecked.push({ invariant: law.name, why })
      continue
    }
    report.checked.push(law.name)
    for (const breach of law.check(input)) report.breaches.push(breach)
  }
  report.green = report.breaches.length === 0
  return report
}

function whyNotChecked(law: Invariant, input: JudgeInput): string | undefined {
  const missing = law.needs.filter((need) => !available[need](input))
  if (missing.length > 0) return missing.map((need) => whatIsMissing[need]).join('; ')
  return law.undecided?.(input)
}

const someView = (input: JudgeInput, has: (view: PartnerView) => boolean) =>
  Object.values(input.partners).some(has)

const available: Record<Need, (input: JudgeInput) => boolean> = {
  stock: (input) => someView(input, (view) => view.stock !== undefined),
  orders: (input) => someView(input, (view) => view.orders !== undefined),
  'orders-by-shop': (input) =>
    someView(input, (view) => view.orders !== undefined && view.orders_come_from !== 'partner'),
  payments: (input) => someView(input, (view) => view.payments !== undefined),
  quantities: (input) => someView(input, (view) => view.quantities !== undefined),
  'shop.orders': (input) => input.shop?.orders !== undefined,
  'acknowledged-orders': (input) => (input.shop?.orders ?? input.claims?.orders) !== undefined,
  'shop.quantities': (input) => input.shop?.quantities !== undefined,
  deliveries: (input) => input.deliveries !== undefined,
  calls: (input) => input.misunderstood !== undefined,
  bugs: (input) => input.bugs !== undefined,
}

const whatIsMissing: Record<Need, string> = {
  stock: 'no partner here has stock',
  orders: 'no partner here has orders',
  'orders-by-shop': 'no partner here has orders that a shop makes',
  payments: 'no partner here has payments',
  quantities: 'no partner here gives quantities to a shop',
  'shop.orders': 'the orders of the shop are not known',
  'acknowledged-orders': 'neither the orders of the shop nor claims of clients are known',
  'shop.quantities': 'the quantities of the shop are not known',
  deliveries: 'the deliveries were not counted',
  calls: 'the calls that were not understood were not counted',
  bugs: 'bugs of the simulators were not counted',
}
