import { MatchersV3 as M } from '@pact-foundation/pact'
import { createHttpSender } from '../../simulators/core/messenger/http-sender.ts'
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
function play(
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

const eventOf = (world: World, partner: string, deliveryId: string) =>
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

/** Plays it again; the messenger's own sender posts this one event to the shop, and its answer is what is resolved. */
export function tell(
  partner: string,
  deeds: readonly Deed[],
  event: string,
  shopUrl: string,
): Promise<number | string> {
  return new Promise((resolve, reject) => {
    let isTold = false
    const listen = (world: World) => {
      const sender = createHttpSender({
        onOutgoing(listener, givenUp) {
          world.onOutgoing((call) => {
            const { deliveryId, attempt } = call
            if (!isTold && eventOf(world, partner, deliveryId) === event) {
              isTold = true
              listener(call)
            } else world.answered(deliveryId, attempt, { status: 200, body: '{"status":true}' })
          }, givenUp)
        },
        answered(_deliveryId, _attempt, outcome) {
          resolve('status' in outcome ? outcome.status : outcome.error)
          void sender.close()
        },
      })
    }
    play(deeds, shopUrl, listen, () => isTold)
    if (!isTold) reject(new Error(`Nothing told ${event}.`))
  })
}

/** Ids that the shop under verification knows by itself, by their names in a body. */
export type KnownIds = Record<string, { state: string; regex: string }>

/** By type, but for what the shop acts on; what it must know comes from the state of the shop. */
export function bodyByType(
  value: unknown,
  exact: readonly string[],
  ids: KnownIds,
  name = '',
): unknown {
  if (Array.isArray(value)) return value.map((item) => bodyByType(item, exact, ids, name))
  if (typeof value === 'object' && value !== null) {
    return Object.fromEntries(
      Object.entries(value).map(([key, inner]) => [key, bodyByType(inner, exact, ids, key)]),
    )
  }
  if (value === null || exact.includes(name)) return value
  const known = ids[name]
  if (known !== undefined) {
    return {
      'pact:matcher:type': typeof value === 'number' ? 'integer' : 'regex',
      ...(typeof value !== 'number' && { regex: known.regex }),
      value,
      'pact:generator:type': 'ProviderState',
      expression: `\${${known.state}}`,
    }
  }
  if (typeof value === 'number') return M.number(value)
  return typeof value === 'boolean' ? M.boolean(value) : M.string(String(value))
}
