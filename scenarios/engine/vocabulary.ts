import type { z } from 'zod'
import type { Shape } from './shape.ts'
import type { ValuesByPath } from './values.ts'

/** Everything that a scenario may name, gathered from the partners, the faults and the driver: the engine itself knows none of it. */
export interface Vocabulary {
  partners: PartnerWords[]
  /** What `shop:` may say: the sites the driver has. */
  sites: readonly string[]
  /** Shop actions by full name (`shop.buy`). */
  actions: Record<string, Doable>
  /** What can be looked at, by full name (`shop.order`). */
  shopThings: Record<string, Thing>
  /** A `fault` step, all of it. */
  fault: z.ZodType
  /** What is wrong with a fault that the schema cannot see, and with which part of it; undefined: nothing. */
  refuseFault(spec: unknown): { what: string; path: readonly string[] } | undefined
  /**
   * What things of each kind have, at every depth, as far as it is known; things of the shop by site (`fynd shop.order`). A pattern
   * that names something else is refused, unless it is there after all.
   */
  shapes: Readonly<Record<string, Shape>>
  /** What fields of things that hold one of a few words may be compared with, by the same keys as `shapes`. */
  values: Readonly<Record<string, ValuesByPath>>
  /** Every word that a partner's document enumerates. */
  documented: ReadonlySet<string>
  /** Names of invariants, for `leaves`. */
  invariants: readonly string[]
}

export interface PartnerWords {
  name: string
  acts: Record<string, Doable>
  /** Singular names: `order` is looked at as `fynd.order`. */
  things: readonly string[]
  /** What the client under test can call, for `await`. */
  operations: readonly string[]
  assumptions: z.ZodType
}

/** Something a step can do. */
export interface Doable {
  about: string
  input: z.ZodType
}

/** A list of plain objects that an expectation can look at. */
export interface Thing {
  about: string
  /** The values each has. A pattern that names another one is refused before anything is played. */
  keys: readonly string[]
  /** A pattern that is only text compares this value. */
  shorthand?: string
}

/** What the world keeps for everybody. */
export const worldThings: Record<string, Thing> = {
  journal: {
    about: 'Effects with their causes: what happened in the world, in order.',
    keys: ['seq', 'atMs', 'kind', 'cause', 'data'],
    shorthand: 'kind',
  },
  deliveries: {
    about: 'Events on their way to the shop, each with all of its attempts.',
    keys: [
      'id',
      'partner',
      'channel',
      'event',
      'event_id',
      'subscriber',
      'state',
      'dead_letter',
      'attempts',
      'last_status',
      'faults',
    ],
    shorthand: 'event',
  },
}
