import { createTimers, type Timer } from './clock.ts'
import { readPlain, writePlain } from './plain.ts'
import type { WorldCore } from './world-core.ts'

/** All that a world holds, as one value in a fixed order of keys (design 4, "Plain data"). The journal is no part of it. */
export function writeSnapshot(core: WorldCore): string {
  return writePlain({
    format: 1,
    seed: core.seed,
    startMs: core.startMs,
    nowMs: core.nowMs,
    seq: core.seq,
    nextTimerId: core.nextTimerId,
    nextHold: core.nextHold,
    timers: core.timers.all(),
    random: core.random.positions(),
    partners: Object.fromEntries(
      [...core.rooms].map(([name, { state, assumptions }]) => [name, { state, assumptions }]),
    ),
    shop: core.shop,
    faults: core.faults.snapshot(),
    messenger: core.messenger.snapshot(),
    misunderstood: core.misunderstood,
    bugs: core.bugs,
    claims: core.claims ?? null,
    counts: core.counts,
  })
}

interface Snapshot {
  format: number
  seed: number
  startMs: number
  nowMs: number
  seq: number
  nextTimerId: number
  nextHold: number
  timers: Timer[]
  random: Record<string, number>
  partners: Record<string, { state: object; assumptions: Record<string, unknown> }>
  shop: WorldCore['shop']
  faults: ReturnType<WorldCore['faults']['snapshot']>
  messenger: ReturnType<WorldCore['messenger']['snapshot']>
  misunderstood: WorldCore['misunderstood']
  bugs: WorldCore['bugs']
  claims: WorldCore['claims'] | null
  counts: WorldCore['counts']
}

/** Seed and start of a snapshot: what must be known before the world is made. */
export const readSnapshot = (text: string): Snapshot => {
  const snapshot = readPlain<Snapshot>(text)
  if (snapshot?.format !== 1) throw new Error('Not a snapshot of a world (format 1).')
  return snapshot
}

/** Puts a fresh world where the snapshot was taken. Partners that the snapshot lacks stay fresh. */
export function restoreSnapshot(core: WorldCore, snapshot: Snapshot): void {
  core.nowMs = snapshot.nowMs
  core.seq = snapshot.seq
  core.nextTimerId = snapshot.nextTimerId
  core.nextHold = snapshot.nextHold
  core.timers = createTimers(snapshot.timers)
  core.random.restore(snapshot.random)
  for (const [name, saved] of Object.entries(snapshot.partners)) {
    const room = core.rooms.get(name)
    if (!room)
      throw new Error(`The snapshot holds the partner "${name}", which this world has not.`)
    room.state = saved.state
    room.assumptions = saved.assumptions
    room.site = (snapshot.shop[name] ?? {}) as Record<string, string>
  }
  core.shop = snapshot.shop
  core.faults.restore(snapshot.faults)
  core.misunderstood = snapshot.misunderstood
  core.bugs = snapshot.bugs
  core.claims = snapshot.claims ?? undefined
  core.counts = snapshot.counts
  core.messenger.restore(snapshot.messenger)
}
