import type { Input, InputLog } from './input-log.ts'
import { readRoute } from './route.ts'
import { coreOf, createWorld, servePartner, type World, type WorldOptions } from './world.ts'

/**
 * Makes the world again from its inputs: same partners, same options, same seed. Nothing is sent; what receivers answered stands in the
 * log. Secrets in the log are derived from the seed.
 */
export async function replayWorld(log: InputLog, options: WorldOptions): Promise<World> {
  const { seed, startMs } = log
  const world = createWorld({ ...options, seed, startMs, mode: 'virtual', keepInputs: true })
  // Calls leave for nobody: their answers are inputs.
  world.onOutgoing(() => {})
  for (const input of log.inputs) {
    world.clock.moveTo(Math.max(input.atMs, world.clock.nowMs))
    await apply(world, input)
    // The numbers are part of what is compared; an input that was refused took none.
    coreOf(world).seq = Math.max(coreOf(world).seq, input.seq)
  }
  world.clock.moveTo(log.untilMs)
  return world
}

async function apply(world: World, input: Input): Promise<void> {
  switch (input.kind) {
    case 'request':
      return applyRequest(world, input)
    case 'act':
      return quietly(() => world.act(input.name, input.input))
    case 'clock':
      return world.clock.announce(input.toMs)
    case 'arm':
      return void world.arm(input.spec as never)
    case 'disarm':
      return void world.disarm(input.id ?? undefined)
    case 'assumptions':
      return void world.setAssumptions(input.partner, input.values)
    case 'shop':
      return world.setShop(input.shop)
    case 'redeliver':
      return void world.redeliver(input.deliveryId)
    case 'answered':
      return world.answered(input.deliveryId, input.attempt, input.outcome)
    case 'claim':
      return world.claim(input.view as never)
    case 'expect-refusals':
      return world.expectRefusals(input.fromSeq, input.toSeq)
  }
}

/** A refusal in the log is a refusal in the replay. */
function quietly(act: () => unknown): void {
  try {
    act()
  } catch (error) {
    // The act journaled why, as it did the first time; a bug of ours is logged there too.
    if (!(error instanceof Error)) throw error
  }
}

async function applyRequest(world: World, input: Input & { kind: 'request' }): Promise<void> {
  const { redactor } = coreOf(world)
  const headers = { ...input.headers }
  if (headers.authorization !== undefined)
    headers.authorization = redactor.reveal(headers.authorization)
  const body = redactor.reveal(input.body)
  const route = readRoute(input.target, [])
  const path = input.target.slice(input.prefixChars).split('?', 1)[0] || '/'
  const { prefixChars, partner, method } = input
  // A held answer is not waited for: the clock moves with the inputs that follow.
  const answered = servePartner(world, partner, {
    method,
    route: { ...route, prefixChars, path },
    headers,
    bodyText: body,
  })
  let failure: unknown
  answered.catch((error: unknown) => {
    failure = error
  })
  await applied(world, input.seq, () => failure)
}

/** Until the request has taken its number. */
async function applied(world: World, seq: number, failure: () => unknown): Promise<void> {
  for (let turns = 0; world.seq < seq; turns += 1) {
    if (failure() !== undefined) throw failure()
    if (turns > turnsMax) throw new Error(`The request with number ${seq} was not applied.`)
    await Promise.resolve()
  }
}

const turnsMax = 10_000
