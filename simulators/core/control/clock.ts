import { z } from 'zod'
import type { WorldClock } from '../clock.ts'
import type { World } from '../world.ts'
import { ControlError } from './control-error.ts'
import type { ControlRoutes, Wall } from './control-routes.ts'
import { duration, moment } from './fields.ts'
import type { WorldTime } from './house.ts'
import { readJson } from './read-json.ts'
import { render } from './render.ts'

const oneOf =
  'give one of {"advance": "3d"}, {"set": "2026-01-05T04:30:00Z"}, {"settle": true, "for": "10m"}'

const move = z
  .strictObject({ advance: duration, set: moment, settle: z.literal(true), for: duration })
  .partial()
  .refine(
    ({ advance, set, settle, for: bound }) =>
      [advance, set, settle].filter((each) => each !== undefined).length === 1 &&
      (bound === undefined || settle === true),
    { error: oneOf },
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
    refuseTooFar(wish.for ?? wish.advance ?? (wish.set ?? fromMs) - fromMs)
    if (wish.settle) await time.settle(wish.for)
    else {
      const toMs = wish.set ?? fromMs + (wish.advance ?? 0)
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

/** One call moves at most this far: schedules tick all the way, and other worlds of the process wait their turn. */
const moveDaysMax = 400

function refuseTooFar(byMs: number): void {
  if (byMs <= moveDaysMax * 86_400_000) return
  throw new ControlError(
    400,
    'invalid',
    `One call moves a clock by at most ${moveDaysMax} days; call again for more.`,
  )
}

function refuseBackwards({ clock }: World, toMs: number): void {
  if (toMs >= clock.nowMs) return
  throw new ControlError(
    409,
    'conflict',
    `Time does not run backwards: it is ${new Date(clock.nowMs).toISOString()} already.`,
  )
}

/** The shop is somewhere else: what leaves is answered over sockets, in the wall's time, before time goes on. */
function timeOverSockets(world: World, wall: Wall): WorldTime {
  const { clock } = world
  const answersCame = createPatience(world, wall)
  return {
    rest: answersCame,
    async travel(toMs) {
      clock.announce(toMs)
      await fireUntil(clock, () => toMs, answersCame)
      // A real clock went on by itself meanwhile.
      if (toMs > clock.nowMs) clock.moveTo(toMs)
      await answersCame()
    },
    async settle(forMs) {
      const endMs = forMs === undefined ? Number.POSITIVE_INFINITY : clock.nowMs + forMs
      const nextWork = () => {
        const dueMs = clock.next('work')?.dueMs
        if (dueMs === undefined || dueMs > endMs) return undefined
        if (dueMs > clock.nowMs) clock.announce(dueMs)
        return dueMs
      }
      await fireUntil(clock, nextWork, answersCame)
      if (forMs === undefined || clock.next('work') === undefined) return
      if (endMs > clock.nowMs) {
        clock.announce(endMs)
        clock.moveTo(endMs)
      }
    },
  }
}

/** Timers that one call may fire; more is a loop. */
const timersMax = 1_000_000

/**
 * Fires one timer after the other up to the time that `bound` says anew each time (undefined: no more), so that a retry ladder plays out
 * at the times it should.
 */
async function fireUntil(
  clock: WorldClock,
  bound: () => number | undefined,
  answersCame: () => Promise<void>,
): Promise<void> {
  for (let fired = 0; fired < timersMax; fired += 1) {
    await answersCame()
    const untilMs = bound()
    const next = clock.next()
    if (untilMs === undefined || !next || next.dueMs > untilMs) return
    clock.fireNext()
  }
}

/** When no answer and no call came for so long, a receiver is itself waiting for time to move. */
const quietMaxMs = 1000

/** Resolves when no delivery waits for its answer, or when nothing has happened for a while; not twice for the same quiet. */
function createPatience(world: World, wall: Wall): () => Promise<void> {
  let quietSeq: number | undefined
  return async () => {
    let { seq } = world
    let sinceMs = wall.nowMs()
    while (isUnderWay(world) && seq !== quietSeq) {
      await wall.sleep(2)
      if (world.seq !== seq) {
        seq = world.seq
        sinceMs = wall.nowMs()
      } else if (wall.nowMs() - sinceMs >= quietMaxMs) quietSeq = seq
    }
  }
}

const isUnderWay = (world: World): boolean =>
  world.deliveries({ settled: false }).some(({ state }) => state === 'under-way')
