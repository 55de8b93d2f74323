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
  seed = 7,
): void {
  const world = createWorld({ seed })
  world.setShop({
    fynd: { base_url: shopUrl },
    arvind: { base_url: shopUrl },
    konnect: { base_url: shopUrl },
  })
  listen(world)
  let before: unknown
  for (const [act, input] of deeds) {
    before = world.act(act, filled(input, shopUrl, before))
    // Second by second: an attempt that is under way must not be given up because its world hurries on.
    for (let second = 0; second < 120 && !isOver(); second += 1) {
      world.clock.moveTo(world.clock.nowMs + 1_000)
    }
    if (isOver()) return
  }
}

/** `{shop}` is where the shop is, any other `{name}` what the deed before answered under this name. */
const filled = (input: object, shopUrl: string, before: unknown): object =>
  JSON.parse(
    JSON.stringify(input).replaceAll(/\{(\w+)\}/g, (text, name) => {
      if (name === 'shop') return shopUrl
      return String(Reflect.get(Object(before), name) ?? text)
    }),
  )

export const eventOf = (world: World, partner: string, deliveryId: string) =>
  world.deliveries({ partner }).find(({ id }) => id === deliveryId)?.event ?? ''

/** What the partner tells while these things are done: every call, in the order in which they leave. */
export function listenToAll(partner: string, deeds: readonly Deed[], seed?: number): Told[] {
  const told: Told[] = []
  const listen = (world: World) => {
    world.onOutgoing(({ deliveryId, attempt, url, headers, body }) => {
      const event = eventOf(world, partner, deliveryId)
      if (event !== '') {
        told.push({ event, path: new URL(url).pathname, headers: { ...headers }, body })
      }
      world.answered(deliveryId, attempt, { status: 200, body: '{"status":true}' })
    })
  }
  play(deeds, 'http://127.0.0.1:9', listen, undefined, seed)
  return told
}

/** The first call of each event. */
export function listenTo(partner: string, deeds: readonly Deed[]): Told[] {
  const all = listenToAll(partner, deeds)
  return all.filter(({ event }, at) => all.findIndex((other) => other.event === event) === at)
}
