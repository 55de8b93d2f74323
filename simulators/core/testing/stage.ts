import { type Conductor, createConductor } from '../conductor.ts'
import { createWorld, type World, type WorldOptions } from '../world.ts'
import { createReceiver, type Receiver } from './receiver.ts'
import { tiny } from './tiny/index.ts'

/** A world of the tiny partner with a receiver for its webhooks: what most of core's tests begin with. */
export interface Stage {
  world: World
  conductor: Conductor
  receiver: Receiver
  /** Calls tiny's API in-process with good credentials. */
  call(
    method: string,
    path: string,
    body?: unknown,
    headers?: Record<string, string>,
  ): Promise<Response>
}

export function createStage(options: Partial<WorldOptions> = {}, from?: string): Stage {
  const world = createWorld({ partners: [tiny], seed: 7, ...options }, from)
  const receiver = createReceiver()
  const conductor = createConductor({
    world,
    seed: world.seed,
    receivers: { [receiver.origin]: receiver.receive },
  })
  if (!from) world.setShop({ tiny: { webhook_url: `${receiver.origin}/hook` } })
  return {
    world,
    conductor,
    receiver,
    call: (method, path, body, headers = {}) =>
      world.fetch(
        new Request(`http://127.0.0.1:4090${path}`, {
          method,
          headers: {
            authorization: `Key ${world.credentials('tiny').key}`,
            ...(body !== undefined && { 'content-type': 'application/json' }),
            ...headers,
          },
          ...(body !== undefined && {
            body: typeof body === 'string' ? body : JSON.stringify(body),
          }),
        }),
      ),
  }
}
