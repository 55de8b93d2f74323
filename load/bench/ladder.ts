import { createConductor, createWorld } from '../../simulators/index.ts'

export interface LadderRun {
  wallMs: number
  attempts: number
  /** From the first attempt to the last, on the world's clock. */
  virtualMs: number
  state: string
}

const shopUrl = 'http://127.0.0.1:4100'

/**
 * Plays the whole retry ladder of one event against a shop that is down, on the virtual clock, and tells how long that took on the
 * wall: world, order, twenty attempts, the block at the end.
 */
export async function playLadder(nowMs: () => number): Promise<LadderRun> {
  const begunMs = nowMs()
  const world = createWorld({ seed: 1 })
  const conductor = createConductor({
    world,
    seed: 1,
    receivers: { [shopUrl]: async () => new Response(null, { status: 503 }) },
  })
  world.setShop({ fynd: { base_url: shopUrl } })
  world.act('fynd.order.place', { affiliate_order_id: 'bench-ladder', lines: [{ sku: 'TEE-M' }] })
  await conductor.settle()
  const wallMs = nowMs() - begunMs
  const [delivery] = world.deliveries()
  world.close()
  if (!delivery) throw new Error('The order sent no webhook.')
  const { attempts } = delivery
  const virtualMs = (attempts.at(-1)?.atMs ?? 0) - (attempts[0]?.atMs ?? 0)
  return { wallMs, attempts: attempts.length, virtualMs, state: delivery.state }
}
