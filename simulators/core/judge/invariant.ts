import type {
  DeliveryTotals,
  MisunderstoodCall,
  PartnerView,
  ShopView,
  SimulatorBug,
} from './views.ts'

/** All that can be known about the end of a run. What is left out cannot be judged, and the report says so. */
export interface JudgeInput {
  /** By partner name. */
  partners: Record<string, PartnerView>
  /** What the shop itself says, read by whoever drives it. */
  shop?: ShopView
  /** What clients say was acknowledged to them; an order may stand here more than once. */
  claims?: ShopView
  /** By partner name. */
  deliveries?: Record<string, DeliveryTotals>
  misunderstood?: readonly MisunderstoodCall[]
  bugs?: readonly SimulatorBug[]
}

/** The views an invariant can ask for. */
export type Need =
  | 'stock'
  | 'orders'
  /** Orders at a partner whose orders are made by the shop. */
  | 'orders-by-shop'
  | 'payments'
  | 'quantities'
  | 'shop.orders'
  /** The shop's orders, or claims of clients. */
  | 'acknowledged-orders'
  | 'shop.quantities'
  | 'deliveries'
  | 'calls'
  | 'bugs'

/** One place where a law does not hold. */
export interface Breach {
  invariant: string
  partner?: string
  /** What it is about: `TEE-M @ BLR-01`, `order 100234`, `payment pay_1f…`. */
  subject: string
  /** One sentence with the values in it. */
  message: string
  expected?: unknown
  found?: unknown
}

/** A named law about the end state: a pure function of views. */
export interface Invariant {
  name: string
  /** One sentence, for reports and docs. */
  law: string
  /** Which partners it holds for, told by what they have and never by name. */
  holdsFor: string
  needs: readonly Need[]
  /** Why the views at hand do not decide it, although all that it needs is there. */
  undecided?(input: JudgeInput): string | undefined
  check(input: JudgeInput): Breach[]
}
