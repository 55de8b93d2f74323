import { z } from 'zod'
import type { World } from '../world.ts'
import { ControlError } from './control-error.ts'
import type { ControlRoutes, Wall } from './control-routes.ts'
import { duration, moment } from './fields.ts'
import type { WorldTime } from './house.ts'
import { readJson } from './read-json.ts'
import { render } from './render.ts'

const move = z.union(
  [
    z.strictObject({ advance: duration }),
    z.strictObject({ set: moment }),
    z.strictObject({ settle: z.literal(true), for: duration.optional() }),
  ],
  {
    error:
      'give one of {"advance": "3d"}, {"set": "2026-01-05T04:30:00Z"}, {"settle": true, "for": "10m"}',
  },
)

export function clockRoutes({ app, house, wall }: ControlRoutes): void {
  app.get('/_sim/worlds/:world/clock', (c) => {
    const { world } = house.get(c.req.param('world'))
    return render(showClock(world))
  })
  app.post('/_sim/worlds/:world/clock', async (c) => {
    const { world, time = timeOverSockets(world, wall) } = house.get(c.req.param('world'))
    const wish = await readJson(c.req.raw, move)
    const fromMs = world.clock.nowMs
    if ('settle' in wish) await time.settle(wish.for)
    else {
      const toMs = 'set' in wish ? wish.set : fromMs + wish.advance
      refuseBackwards(world, toMs)
      await time.travel(toMs)
    }
    return render({ ...showClock(world), moved_ms: world.clock.nowMs - fromMs })
  })
}

export function showClock({ clock }: World) {
  const nextMs = clock.next()?.dueMs
  const nextWorkMs = clock.next('work')?.dueMs
  return {
    mode: clock.mode,
    now: new Date(clock.nowMs).toISOString(),
    now_ms: clock.nowMs,
    next_timer: nextMs === undefined ? null : new Date(nextMs).toISOString(),
    next_work: nextWorkMs === undefined ? null : new Date(nextWorkMs).toISOString(),
  }
}

function refuseBackwards({ clock }: World, toMs: number): void {
  if (toMs >= clock.nowMs) return
  throw new ControlError(
    409,
    'conflict',
    `Time does not run backwards: it is ${new Date(clock.nowMs).toISOString()} already.`,
  )
}

/** The shop is somewhere else: what leaves is answered over sockets, in the wall's time. */
const timeOverSockets = (world: World, wall: Wall): WorldTime => ({
  rest: () => answersCame(world, wall),
  travel: (toMs) => travel(world, toMs, wall),
  settle: (forMs) => settle(world, forMs, wall),
})

/** Timers that one call may fire; more is a loop. */
const timersMax = 1_000_000

/** When no answer and no call came for so long, a receiver is itself waiting for time to move. */
const quietMaxMs = 1000

/**
 * Moves to `toMs`, timer by timer: what leaves on the way is answered before time goes on, so that a retry ladder plays out at the
 * times it should.
 */
async function travel(world: World, toMs: number, wall: Wall): Promise<void> {
  const { clock } = world
  clock.announce(toMs)
  for (let fired = 0; fired < timersMax; fired += 1) {
    await answersCame(world, wall)
    const next = clock.next()
    if (!next || next.dueMs > toMs) break
    clock.fireNext()
    if (fired % 1000 === 999) await wall.sleep(0)
  }
  // A real clock went on by itself meanwhile.
  if (toMs > clock.nowMs) clock.moveTo(toMs)
  await answersCame(world, wall)
}

/** Moves from one work timer to the next until none is left, or until `forMs` have passed. */
async function settle(world: World, forMs: number | undefined, wall: Wall): Promise<void> {
  const { clock } = world
  const untilMs = forMs === undefined ? Number.POSITIVE_INFINITY : clock.nowMs + forMs
  for (let moves = 0; moves < timersMax; moves += 1) {
    await answersCame(world, wall)
    const work = clock.next('work')
    if (!work) return
    if (work.dueMs > untilMs) return travel(world, Math.max(untilMs, clock.nowMs), wall)
    await travel(world, Math.max(work.dueMs, clock.nowMs), wall)
  }
}

/** Resolves when no delivery waits for its answer, or when nothing has happened for a while. */
async function answersCame(world: World, wall: Wall): Promise<void> {
  let quietSinceMs = wall.nowMs()
  let seq = world.seq
  while (isUnderWay(world) && wall.nowMs() - quietSinceMs < quietMaxMs) {
    await wall.sleep(2)
    if (world.seq === seq) continue
    seq = world.seq
    quietSinceMs = wall.nowMs()
  }
}

const isUnderWay = (world: World): boolean =>
  world.deliveries({ settled: false }).some(({ state }) => state === 'under-way')
