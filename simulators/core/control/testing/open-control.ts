import type { Outcome, OutgoingCall } from '../../messenger/delivery.ts'
import { tiny } from '../../testing/tiny/index.ts'
import { createWorld, type World } from '../../world.ts'
import { type ControlOptions, createControl } from '../control.ts'
import type { Wall } from '../control-routes.ts'
import { createHouse, type House, type HouseOptions } from '../house.ts'

export interface OpenedControl {
  house: House
  world: World
  wall: TestWall
  call(method: string, path: string, body?: unknown, headers?: Headers): Promise<Called>
}

type Headers = Record<string, string>

export interface Called {
  status: number
  headers: globalThis.Headers
  /** The parsed body. */
  body: Record<string, unknown>
  error: { code: string; message: string; known?: string[]; issues?: { path: string }[] }
}

export interface TestWall extends Wall {
  passMs(byMs: number): void
  sleepsMs: number[]
}

/** A wall's clock that only sleeps move; sleeping lets one turn of everything else run. */
export function createTestWall(): TestWall {
  let nowMs = 1_000_000
  const sleepsMs: number[] = []
  return {
    nowMs: () => nowMs,
    passMs(byMs) {
      nowMs += byMs
    },
    sleepsMs,
    async sleep(delayMs) {
      sleepsMs.push(delayMs)
      nowMs += delayMs
    },
  }
}

/** A control plane over a house of tiny's worlds; what leaves a world is answered by `receive`. */
export function openControl(
  options: Partial<ControlOptions> & {
    house?: never
    receive?: (call: OutgoingCall) => Outcome
    worlds?: Partial<HouseOptions>
  } = {},
): OpenedControl {
  const { receive = () => ({ status: 200 }), worlds = {}, ...rest } = options
  const wall = createTestWall()
  let seeds = 100
  const house = createHouse({
    partners: [tiny],
    createWorld,
    drawSeed: () => {
      seeds += 1
      return seeds
    },
    wallNowMs: wall.nowMs,
    onOpen: (world) =>
      world.onOutgoing((call) => {
        void Promise.resolve().then(() =>
          world.answered(call.deliveryId, call.attempt, receive(call)),
        )
      }),
    ...worlds,
  })
  const control = createControl({ house, wall, ...rest })
  return {
    house,
    world: house.get('default').world,
    wall,
    async call(method, path, body, headers = {}) {
      const response = await control.request(`http://127.0.0.1:4000/_sim${path}`, {
        method,
        headers: {
          ...(body === undefined ? {} : { 'content-type': 'application/json' }),
          ...headers,
        },
        ...(body === undefined
          ? {}
          : { body: typeof body === 'string' ? body : JSON.stringify(body) }),
      })
      const parsed = (await response.json()) as Called['body'] & Pick<Called, 'error'>
      return {
        status: response.status,
        headers: response.headers,
        body: parsed,
        error: parsed.error,
      }
    },
  }
}

/** Places an order of tiny's and returns its id. */
export async function placeOrder(world: World, orderId: string): Promise<string> {
  await world.fetch(
    new Request(`${world.baseUrl('tiny')}/orders`, {
      method: 'POST',
      headers: {
        authorization: `Key ${world.credentials('tiny').key}`,
        'content-type': 'application/json',
      },
      body: JSON.stringify({ order_id: orderId, sku: 'BAG', quantity: 1 }),
    }),
  )
  return orderId
}
