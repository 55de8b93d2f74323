import { z } from 'zod'
import type { Catalogue, Shop } from '../../../reference-client/index.ts'
import type { ShopView } from '../../../simulators/core/judge/views.ts'
import { isRecord } from '../difference.ts'
import type { Doable, Thing } from '../vocabulary.ts'
import type { Outcome, Stage } from './driver.ts'
import type { ShopSurface } from './shop-surface.ts'

/** One kind of site of the reference client. All of it speaks to the shop over its HTTP surface, except for `open`. */
export interface ReferenceSite {
  /** What `shop:` says. */
  name: string
  /** Where the shop is reached in-process; the same as `up` gives it. */
  origin: string
  actions: Record<string, ShopAction>
  things: Record<string, ShopThing>
  /** Jobs that the epilogue runs, in this order. */
  jobs: readonly string[]
  /** The request that runs a job: POST to this path. */
  jobPath(job: string): string
  /** Tells the world where this site is, and builds the shop with the world's credentials. */
  open(stage: Stage, catalogue: Catalogue | undefined): Shop
  refundList(shop: ShopSurface): Promise<string[]>
  refund(shop: ShopSurface, orderId: string): Promise<void>
  /** The judge's view, from what the shop itself says. */
  view(shop: ShopSurface): Promise<ShopView>
}

/** What an action works with. */
export interface Hands {
  shop: ShopSurface
  stage: Stage
}

/** One thing that a customer or an operator does at the shop. */
export interface ShopAction extends Doable {
  perform(hands: Hands, input: unknown): Promise<Outcome>
}

export const defineAction = <Schema extends z.ZodType>(action: {
  about: string
  input: Schema
  perform(hands: Hands, input: z.output<Schema>): Promise<Outcome>
}): ShopAction => action as unknown as ShopAction

/** One kind of thing to look at, and where the shop shows it. */
export interface ShopThing extends Thing {
  read(shop: ShopSurface): Promise<unknown[]>
}

export const listOf = (value: unknown): Outcome[] =>
  Array.isArray(value) ? value.filter(isRecord) : []

export const textOrNull = (value: unknown): string | null =>
  value === null || value === undefined ? null : String(value)

/** A credential that this world made. */
export function credential({ world }: Stage, partner: string, name: string): string {
  const value = world.credentials(partner)[name]
  if (value === undefined) throw new Error(`The world has no credential "${name}" of ${partner}.`)
  return value
}

/**
 * The words of all sites together. A name that several sites have takes what any of them takes; which of it this site understands shows
 * when it is done.
 */
export function wordsOf(sites: readonly ReferenceSite[]): {
  actions: Record<string, Doable>
  things: Record<string, Thing>
} {
  const actions: Record<string, Doable> = {}
  const things: Record<string, Thing> = {}
  for (const site of sites) {
    for (const [name, { about, input }] of Object.entries(site.actions)) {
      const known = actions[name]
      actions[name] = { about: known?.about ?? about, input: either(known?.input, input) }
    }
    for (const [name, { read: _, ...thing }] of Object.entries(site.things)) {
      const keys = [...new Set([...(things[name]?.keys ?? []), ...thing.keys])]
      things[name] = { ...thing, ...things[name], keys }
    }
  }
  return { actions, things }
}

/** What fits one or the other. Objects stay one object, so that a misspelt key is still named as such. */
function either(known: z.ZodType | undefined, next: z.ZodType): z.ZodType {
  if (known === undefined || known === next) return next
  if (known instanceof z.ZodEnum && next instanceof z.ZodEnum) {
    return z.enum([...new Set([...known.options, ...next.options])].map(String))
  }
  if (known instanceof z.ZodObject && next instanceof z.ZodObject) {
    const names = new Set([...Object.keys(known.shape), ...Object.keys(next.shape)])
    const shape = [...names].map((name) => {
      const [one, other] = [known.shape[name], next.shape[name]]
      return [name, one && other ? either(one, other) : (one ?? other).optional()]
    })
    return z.strictObject(Object.fromEntries(shape))
  }
  return z.union([known, next])
}
