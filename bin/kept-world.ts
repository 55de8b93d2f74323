import type { Play } from '../scenarios/engine/stage.ts'
import type { WorldTime } from '../simulators/core/control/house.ts'
import { refuseForeignHost } from '../simulators/core/control/safety.ts'
import { controlPort, openSimulators } from '../simulators/server.ts'
import { openSocket } from '../simulators/sockets.ts'

export interface KeptWorld {
  controlUrl: string
  /** Where the shop of the scenario answers. */
  shopUrls: string[]
  close(): Promise<void>
}

/**
 * Puts a world that a scenario left alive on the ports that it was made for, and its in-process shop on its own. The shop lives on the
 * conductor, so everything that may wake it goes through the conductor, one after the other. With another `port` shop and partners keep
 * their distance to it (0: free ones); whoever made the world gave it the origins that fit.
 */
export async function openKept(play: Play, port = controlPort): Promise<KeptWorld> {
  const { world, conductor, session } = play
  const inTurn = createTurns()
  const time: WorldTime = {
    rest: () => inTurn(() => conductor.drain()),
    travel: (toMs) => inTurn(() => conductor.advance(Math.max(0, toMs - world.clock.nowMs))),
    settle: (forMs) => inTurn(() => conductor.settle(forMs === undefined ? {} : { forMs })),
  }
  const view = () => inTurn(() => play.run('the look at the shop', () => session.view()))
  const simulators = await openSimulators({
    partners: world.partners,
    port,
    keep: { world, time, view },
  })
  const shopUrls: string[] = []
  const closers = [() => simulators.close()]
  const close = async () => {
    for (const each of closers.reverse()) await each()
    play.close()
  }
  try {
    for (const [origin, receive] of Object.entries(session.receivers)) {
      const { hostname, port: usual } = new URL(origin)
      const visit = async (request: Request) => {
        refuseForeignHost(request, { allowedHosts: [] })
        // Read before its turn: a socket's bytes come when they come, and the conductor does not count them.
        const whole = await readWhole(request)
        return inTurn(async () => {
          const answer = await play.run(`a visitor of ${origin}`, () => receive(whole))
          await conductor.drain()
          return answer
        })
      }
      const socket = await openSocket({
        name: 'the shop',
        port: port === 0 ? 0 : port + Number(usual) - controlPort,
        host: hostname,
        fetch: visit,
      })
      closers.push(socket.close)
      shopUrls.push(`http://${hostname}:${socket.port}`)
    }
  } catch (error) {
    await close()
    throw error
  }
  return {
    controlUrl: simulators.controlUrl,
    shopUrls,
    close,
  }
}

async function readWhole(request: Request): Promise<Request> {
  const { url, method, headers } = request
  if (method === 'GET' || method === 'HEAD') return new Request(url, { method, headers })
  return new Request(url, { method, headers, body: await request.text() })
}

/** One piece of work after the other. */
function createTurns() {
  let last: Promise<unknown> = Promise.resolve()
  return <T>(work: () => Promise<T>): Promise<T> => {
    const mine = last.then(work, work)
    last = mine.catch(() => undefined)
    return mine
  }
}
