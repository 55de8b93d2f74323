import { z } from 'zod'
import type { Attempt, Delivery } from '../messenger/delivery.ts'
import { coreOf, type World } from '../world.ts'
import type { ControlRoutes } from './control-routes.ts'
import { limit, readQuery, wait } from './fields.ts'
import { unknown } from './house.ts'
import { readJson } from './read-json.ts'
import { render } from './render.ts'
import { waitUntil } from './wait-until.ts'

const query = z.strictObject({
  settled: z.enum(['true', 'false']).optional(),
  partner: z.string().optional(),
  after: z.string().optional(),
  limit,
  wait,
})

export function deliveryRoutes({ app, house, wall }: ControlRoutes): void {
  app.get('/_sim/worlds/:world/deliveries', async (c) => {
    const { world } = house.get(c.req.param('world'))
    const wish = readQuery(query, c.req.query())
    const names = world.partners.map(({ name }) => name)
    if (wish.partner !== undefined && !names.includes(wish.partner)) {
      throw unknown('partner', wish.partner, names)
    }
    await waitUntil(() => !isBusy(world, wish.partner), wish.wait, wall, c.req.raw.signal)
    const all = world.deliveries(filterOf(wish))
    const from = wish.after === undefined ? 0 : indexAfter(all, wish.after)
    const shown = all.slice(from, from + wish.limit)
    return render({
      deliveries: shown.map((delivery) => showDelivery(delivery, world)),
      total: all.length,
      has_more: from + shown.length < all.length,
    })
  })
  app.post('/_sim/worlds/:world/deliveries/:delivery/redeliver', async (c) => {
    const { world, time } = house.get(c.req.param('world'))
    await readJson(c.req.raw, z.strictObject({}))
    const id = c.req.param('delivery')
    const known = world.deliveries().map((delivery) => delivery.id)
    if (!known.includes(id)) throw unknown('delivery', id, known.slice(-20))
    const delivery = world.redeliver(id)
    await time?.rest()
    return render(showDelivery(delivery, world))
  })
}

/** What is held or waits for a resync does not move by itself, so nobody should wait for it. */
const isBusy = (world: World, partner: string | undefined): boolean =>
  world
    .deliveries({ settled: false, ...(partner === undefined ? {} : { partner }) })
    .some(({ state }) => state === 'waiting' || state === 'under-way')

function filterOf({ settled, partner }: z.output<typeof query>) {
  return {
    ...(settled === undefined ? {} : { settled: settled === 'true' }),
    ...(partner === undefined ? {} : { partner }),
  }
}

/** Ids are `d-1`, `d-2`, … in order; the one asked for may have left a filtered list meanwhile. */
function indexAfter(all: readonly Delivery[], after: string): number {
  const number = (id: string) => Number(id.replace(/^\D+/, ''))
  const at = all.findIndex(({ id }) => number(id) > number(after))
  return at < 0 ? all.length : at
}

const iso = (ms: number | undefined) => (ms === undefined ? null : new Date(ms).toISOString())

/** Secrets are hidden in bytes and headers, as the journal does. */
export const showDelivery = (delivery: Delivery, world: World) => {
  const { redactor } = coreOf(world)
  const headers = Object.entries({ ...delivery.headers, ...delivery.tamper?.headers })
  return {
    id: delivery.id,
    partner: delivery.partner,
    channel: delivery.channel,
    event: delivery.event,
    event_id: delivery.eventId,
    subscriber: delivery.subscriber,
    state: delivery.state,
    dead_letter: delivery.deadLetter ?? null,
    created_at: iso(delivery.createdMs),
    due_at: delivery.state === 'waiting' ? iso(delivery.dueMs) : null,
    faults: delivery.faults,
    cause: delivery.cause,
    attempts: delivery.attempts.map(showAttempt),
    content_type: delivery.contentType,
    headers: Object.fromEntries(
      headers.map(([name, value]) => [
        name,
        name.toLowerCase() === 'authorization'
          ? redactor.hideAuthorization(value)
          : redactor.hide(value),
      ]),
    ),
    body: redactor.hide(delivery.tamper?.body ?? delivery.body),
  }
}

const showAttempt = ({ number, atMs, outcome, endedMs }: Attempt) => ({
  number,
  at: iso(atMs),
  ended_at: iso(endedMs),
  status: outcome && 'status' in outcome ? outcome.status : null,
  error: outcome && 'error' in outcome ? outcome.error : null,
})
