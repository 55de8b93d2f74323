import { type Conductor, createConductor } from '../../simulators/core/conductor.ts'
import type { World } from '../../simulators/core/world.ts'
import type { Driver, Outcome, ShopSession } from './drivers/driver.ts'

/** One world with one shop in it, and the conductor that lets both run. */
export interface Play {
  world: World
  conductor: Conductor
  session: ShopSession
  /** Runs work as a counted task until it is done. */
  run<T>(name: string, work: () => Promise<T>): Promise<T>
  /** Does an act from inside a task, in its turn among all the calls that are ready. */
  act(name: string, input: unknown): Promise<Outcome>
  close(): void
}

/** Never a real host: calls to it are turns, in which the engine's customer does an act. */
const turnOrigin = 'http://turn.invalid'

/** Puts a shop into a world. Nothing of it has run yet. */
export function setStage(options: {
  world: World
  driver: Driver
  site: string
  seed: number
  crons: boolean
  stuckMs?: number
}): Play {
  const { world, driver, site, seed, crons, stuckMs } = options
  const receivers: Record<string, (request: Request) => Promise<Response>> = {}
  const conductor = createConductor({
    world,
    seed,
    receivers,
    ...(stuckMs === undefined ? {} : { stuckMs }),
  })
  const turns = new Map<string, () => void>()
  let turnCount = 0
  receivers[turnOrigin] = async (request) => {
    turns.get(new URL(request.url).pathname)?.()
    return new Response(null, { status: 204 })
  }
  const act = async (name: string, input: unknown): Promise<Outcome> => {
    turnCount += 1
    const path = `/${name}/${turnCount}`
    let outcome: Outcome = {}
    let refused: unknown
    turns.set(path, () => {
      try {
        outcome = (world.act(name, input) ?? {}) as Outcome
      } catch (error) {
        refused = error
      }
    })
    await conductor.ports.fetch(`${turnOrigin}${path}`, { method: 'POST' })
    turns.delete(path)
    if (refused !== undefined) throw refused
    return outcome
  }
  const session = driver.open({ world, ports: conductor.ports, site, crons, act })
  Object.assign(receivers, session.receivers)
  return {
    world,
    conductor,
    session,
    act,
    async run(name, work) {
      const task = conductor.start(name, work)
      await conductor.run([task])
      return task.result
    },
    close() {
      session.close()
      world.close()
    },
  }
}
