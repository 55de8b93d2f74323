import { createConductor, createWorld } from '../../simulators/index.ts'
import { type Finding, renderMet } from './finding.ts'
import { renderSpread, spreadOf } from './rounds.ts'

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

/** The whole ladder of twenty attempts, on the wall. */
const ladderTargetMs = 100
const runs = 9

export async function findLadder(): Promise<Finding> {
  const played = []
  // The first run pays for loading and compiling.
  for (let run = 0; run <= runs; run++) played.push(await playLadder(() => performance.now()))
  const [first, ...rest] = played
  const wallMs = spreadOf(rest.map((run) => run.wallMs))
  const isMet = wallMs.median < ladderTargetMs && played.every(({ attempts }) => attempts === 20)
  const { attempts = 0, virtualMs = 0, state = '' } = first ?? {}
  return {
    title: 'the whole retry ladder of one event, on the virtual clock',
    lines: [
      `${attempts} attempts over ${Math.floor(virtualMs / 3_600_000)} h ${Math.round((virtualMs % 3_600_000) / 1000)} s, then ${state}`,
      `wall             ${renderSpread(wallMs, 1)} ms, target ${ladderTargetMs} ms: ${renderMet(isMet)}`,
    ],
    figures: { targetMs: ladderTargetMs, attempts, virtualMs, wallMs },
    isMet,
  }
}
