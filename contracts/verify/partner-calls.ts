import { createWorld, type World } from '../../simulators/index.ts'

export type Deed = readonly [act: string, input: object]

/** One call that a partner's messenger makes. */
export interface Told {
  event: string
  path: string
  headers: Record<string, string>
  body: string
}

/** A virtual world in which everybody does what makes the partner tell; the same bytes on every run. */
export function play(
  deeds: readonly Deed[],
  shopUrl: string,
  listen: (world: World) => void,
  isOver = () => false,
): void {
  const world = createWorld({ seed: 7 })
  world.setShop({
    fynd: { base_url: shopUrl },
    arvind: { base_url: shopUrl },
    konnect: { base_url: shopUrl },
  })
  listen(world)
  for (const [act, input] of deeds) {
    world.act(act, filled(input, shopUrl))
    // Second by second: an attempt that is under way must not be given up because its world hurries on.
    for (let second = 0; second < 120 && !isOver(); second += 1) {
      world.clock.moveTo(world.clock.nowMs + 1_000)
    }
    if (isOver()) return
  }
}

const filled = (input: object, shopUrl: string): object =>
  JSON.parse(JSON.stringify(input).replaceAll('{shop}', shopUrl))

export const eventOf = (world: World, partner: string, deliveryId: string) =>
  world.deliveries({ partner }).find(({ id }) => id === deliveryId)?.event ?? ''

/** What the partner tells while these things are done: the first call of each event. */
export function listenTo(partner: string, deeds: readonly Deed[]): Told[] {
  const told = new Map<string, Told>()
  play(deeds, 'http://127.0.0.1:9', (world) => {
    world.onOutgoing(({ deliveryId, attempt, url, headers, body }) => {
      const event = eventOf(world, partner, deliveryId)
      if (event !== '' && !told.has(event)) {
        told.set(event, { event, path: new URL(url).pathname, headers: { ...headers }, body })
      }
      world.answered(deliveryId, attempt, { status: 200, body: '{"status":true}' })
    })
  })
  return [...told.values()]
}
