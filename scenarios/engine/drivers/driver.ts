import type { ClientPorts } from '../../../simulators/core/conductor.ts'
import type { ShopView } from '../../../simulators/core/judge/views.ts'
import type { World } from '../../../simulators/core/world.ts'
import type { Doable, Thing } from '../vocabulary.ts'

/** What a driver knows about one world before the shop is there. */
export interface Stage {
  world: World
  /** Counted ports; the shop lives on them, and so does the engine's customer. */
  ports: ClientPorts
  /** Which site is under test. */
  site: string
  crons: boolean
  /** Does an act from inside a counted task, in its turn among all the calls that are ready. */
  act(name: string, input: unknown): Promise<Outcome>
}

/** What came of a shop action: what `as` keeps. */
export type Outcome = Record<string, unknown>

/** The shop said no, or went back where the story wants to go on. */
export class ShopRefused extends Error {
  readonly outcome: Outcome

  constructor(message: string, outcome: Outcome = {}) {
    super(message)
    this.name = 'ShopRefused'
    this.outcome = outcome
  }
}

/** One shop under test in one world. All but `receivers` and `close` are called from inside a counted task. */
export interface ShopSession {
  /** Where the world's deliveries go, by origin. */
  receivers: Record<string, (request: Request) => Promise<Response>>
  /** Lets the shop begin: resumes what waits, starts the crons. */
  start(): Promise<void>
  /** Throws `ShopRefused`. */
  perform(action: string, input: unknown): Promise<Outcome>
  /** Kinds of things that this shop has. */
  things: readonly string[]
  /** All of one kind of thing (`shop.order`). */
  look(thing: string): Promise<unknown[]>
  /** Jobs that the epilogue runs, once each. */
  jobs: readonly string[]
  runJob(job: string): Promise<void>
  /** Orders on the shop's refund list. */
  refundList(): Promise<string[]>
  refund(orderId: string): Promise<void>
  /** For the judge, read over the shop's own surface. */
  view(): Promise<ShopView>
  close(): void
}

/** One way to play scenarios against one kind of shop. */
export interface Driver {
  name: string
  sites: readonly string[]
  /** What a scenario may ask for under `needs`. */
  has: readonly string[]
  /** Whether a person does what the steps say, so that `await` makes sense. */
  byPerson: boolean
  actions: Record<string, Doable>
  things: Record<string, Thing>
  open(stage: Stage): ShopSession
}
