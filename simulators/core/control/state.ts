import { z } from 'zod'
import { ControlError } from './control-error.ts'
import type { ControlRoutes } from './control-routes.ts'
import { limit, pageMax, readQuery } from './fields.ts'
import { unknown } from './house.ts'
import { render } from './render.ts'

const query = z.strictObject({
  /** JSON pointer into the state: `/orders/FY1`. */
  at: z
    .string()
    .regex(/^(\/.*)?$/, 'begin with "/"')
    .default(''),
  limit: limit.default(pageMax),
})

export function stateRoutes({ app, house }: ControlRoutes): void {
  app.get('/_sim/worlds/:world/state/:partner', (c) => {
    const { world } = house.get(c.req.param('world'))
    const partner = c.req.param('partner')
    const names = world.partners.map(({ name }) => name)
    if (!names.includes(partner)) throw unknown('partner', partner, names)
    const wish = readQuery(query, c.req.query())
    const truncated: string[] = []
    // Of the whole state, it is its collections that are meant.
    const depth = wish.at === '' ? -1 : 0
    const found = look(world.state(partner), wish.at)
    const state = bound(found, wish.limit, wish.at, truncated, depth)
    return render({ partner, at: wish.at, state, truncated })
  })
}

/** The value at a JSON pointer; 404 naming what there is at the last step that exists. */
function look(value: unknown, pointer: string): unknown {
  let found = value
  for (const step of pointer.split('/').slice(1)) {
    const key = step.replaceAll('~1', '/').replaceAll('~0', '~')
    if (typeof found !== 'object' || found === null || !Object.hasOwn(found, key)) {
      const known = typeof found === 'object' && found !== null ? Object.keys(found) : []
      throw unknown('key of state', key, known.slice(0, 50))
    }
    found = (found as Record<string, unknown>)[key]
  }
  return found
}

/** Deeper than any state; what lies below is a bug or a loop. */
const depthMax = 50

/** Cuts the collection that was asked for to `limit` entries, and all below it to `pageMax`; notes where it cut. */
function bound(
  value: unknown,
  limit: number,
  path: string,
  truncated: string[],
  depth: number,
): unknown {
  if (typeof value !== 'object' || value === null) return value
  if (depth > depthMax) {
    throw new ControlError(409, 'too-deep', `The state at ${path} is too deep; ask with ?at=.`)
  }
  const max = depth === 0 ? limit : pageMax
  const entries = Object.entries(value)
  if (entries.length > max) truncated.push(path === '' ? '/' : path)
  const kept = entries
    .slice(0, max)
    .map(
      ([key, each]) => [key, bound(each, limit, `${path}/${key}`, truncated, depth + 1)] as const,
    )
  return Array.isArray(value) ? kept.map(([, each]) => each) : Object.fromEntries(kept)
}
