import { z } from 'zod'
import type { World } from '../world.ts'
import { showClock } from './clock.ts'
import type { ControlRoutes } from './control-routes.ts'
import { duration, moment } from './fields.ts'
import type { HousedWorld } from './house.ts'
import { largeBodyBytesMax, readJson } from './read-json.ts'
import { render } from './render.ts'

const newWorld = z
  .strictObject({
    name: z.string(),
    seed: z.int().min(0),
    clock: z.enum(['virtual', 'real']),
    start: moment,
    client_clock: z.enum(['world', 'wall']),
    strict: z.boolean(),
    size: z.strictObject({
      skus: z.int().min(1).max(100_000).optional(),
      stores: z.int().min(1).max(10_000).optional(),
    }),
    ttl: duration,
    from: z.string(),
  })
  .partial()

export function worldRoutes({ app, house }: ControlRoutes): void {
  app.get('/_sim/worlds', () =>
    render({ worlds: house.list().map((housed) => describeWorld(housed)) }),
  )
  app.post('/_sim/worlds', async (c) => {
    const { clock, start, client_clock, ttl, size, ...wish } = await readJson(
      c.req.raw,
      newWorld,
      largeBodyBytesMax,
    )
    const housed = house.make({
      ...wish,
      mode: clock,
      startMs: start,
      clientClock: client_clock,
      ttlMs: ttl,
      size: size && withoutUndefined(size),
    })
    return render(describeWorld(housed), 201)
  })
  app.get('/_sim/worlds/:world', (c) => render(describeWorld(house.get(c.req.param('world')))))
  app.delete('/_sim/worlds/:world', (c) => {
    const name = c.req.param('world')
    house.drop(name)
    return render({ dropped: name })
  })
  app.get('/_sim/worlds/:world/snapshot', (c) => {
    const { world } = house.get(c.req.param('world'))
    return render({ snapshot: world.snapshot() })
  })
  app.post('/_sim/worlds/:world/reset', async (c) => {
    await readJson(c.req.raw, z.strictObject({}))
    const name = c.req.param('world')
    house.reset(name)
    return render(describeWorld(house.get(name)))
  })
}

/** Base URLs and credentials, ready to paste into a shop; this is the one answer that shows credentials. */
export function describeWorld({ world, expiresMs }: HousedWorld) {
  return {
    name: world.name,
    seed: world.seed,
    clock: showClock(world),
    expires_at: expiresMs === undefined ? null : new Date(expiresMs).toISOString(),
    partners: Object.fromEntries(
      world.partners.map((partner) => [partner.name, entry(world, partner.name)]),
    ),
    shop: world.shop(),
    counts: world.counts(),
    seq: world.seq,
  }
}

const entry = (world: World, partner: string) => ({
  base_url: world.baseUrl(partner),
  credentials: world.credentials(partner),
})

const withoutUndefined = ({
  skus,
  stores,
}: {
  skus?: number | undefined
  stores?: number | undefined
}) => ({
  ...(skus === undefined ? {} : { skus }),
  ...(stores === undefined ? {} : { stores }),
})
