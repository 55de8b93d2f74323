import { type Finding, findRatio } from './finding.ts'
import type { Options } from './options.ts'
import { type Contender, startSimulator } from './pair.ts'
import { runPaired } from './rounds.ts'
import { type Child, startChild, type Usage } from './talk.ts'

const ratioTarget = 0.6
const ordersOfRound = 400
/** From placed to delivered. */
const eventsPerOrder = 5
/** First orders of FYND's numbers that no other question uses. */
let from = 1

/**
 * (f) Webhooks emitted, signed and acknowledged a second, against a bare loop that signs and posts bodies of the same size with the same
 * HTTP client, 50 at once. The simulator sends each subscriber one event after the other (assumption `ordering`), so it has 50 of them; what
 * a single one is sent is told beside it.
 */
export async function findWebhooks(options: Options): Promise<Finding[]> {
  const { skus, orders, faults } = options.scale
  const children: Child[] = []
  try {
    const simulator = await startSimulator({ skus, orders, faults }, options)
    const receiver = await startChild('./webhook-processes.ts')
    const loop = await startChild('./webhook-processes.ts')
    children.push(simulator.child, receiver, loop)
    const { url } = await receiver.ask<{ url: string }>('receive')
    const many = { simulator, loop, url }
    const atOnce = findRatio(
      { title: 'webhooks to 50 subscribers', ratioTarget },
      await storm(many, 50, options),
    )
    const inOrder = findRatio(
      { title: 'webhooks to one subscriber, in order (no target)', ratioTarget: 0 },
      await storm(many, 1, options),
    )
    return [atOnce, inOrder]
  } finally {
    await Promise.all(children.map((child) => child.close()))
  }
}

function storm(
  { simulator, loop, url }: { simulator: Contender; loop: Child; url: string },
  subscribers: number,
  { scale }: Options,
) {
  const orders = Math.max(4, Math.round(ordersOfRound * scale.part))
  const requests = orders * eventsPerOrder
  const cpuUs = async (child: Child) => (await child.ask<Usage>('usage')).cpuUs
  return runPaired<object>({
    floor: {
      prepare: () => ({ url, requests }),
      run: (wish) => loop.ask('post', wish),
      cpuUs: () => cpuUs(loop),
    },
    contender: {
      async prepare() {
        const wish = { from, orders, url, subscribers }
        from += orders
        await simulator.child.ask('prepareStorm', wish)
        return wish
      },
      run: (wish) => simulator.child.ask('storm', wish),
      cpuUs: () => cpuUs(simulator.child),
    },
    requests,
    rounds: scale.rounds,
    warmUps: scale.warmUps,
    nowMs: () => performance.now(),
  })
}
