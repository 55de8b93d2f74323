import { BadInput } from './bad-input.ts'
import type { Act, PartnerTypes } from './partner.ts'
import { copyPlain, showPlain } from './plain.ts'
import { Refusal } from './refusal.ts'
import {
  enter,
  flush,
  logBug,
  type PartnerRoom,
  UnknownName,
  type WorldCore,
} from './world-core.ts'

/**
 * Does one act in one step. Throws `UnknownName`, `BadInput` (both before anything is journaled) or `Refusal`; none of them has
 * changed the partner's state.
 */
export function applyAct(core: WorldCore, name: string, input: unknown): unknown {
  const { room, act } = findAct(core, name)
  const given = input ?? {}
  const parsed = act.input.safeParse(given)
  if (!parsed.success) throw BadInput.ofZod(`Act ${name}`, parsed.error)
  const kept = copyPlain(given)
  const record: Record<string, unknown> = { name, input: kept }
  enter(core, 'act', record, JSON.stringify(kept).length)
  core.inputs?.push({ kind: 'act', seq: core.seq, atMs: core.nowMs, name, input: kept })
  core.counts.acts += 1
  try {
    const result = act.apply(room.ctx, parsed.data)
    flush(core)
    if (result === undefined) return undefined
    const shown = showPlain(copyPlain(result))
    record.result = shown
    return shown
  } catch (error) {
    core.emissions = []
    if (error instanceof Refusal) record.refused = `${error.reason}: ${error.message}`
    else logBug(core, room.partner.name, error)
    throw error
  } finally {
    core.cause = 0
  }
}

function findAct(core: WorldCore, name: string): { room: PartnerRoom; act: Act<PartnerTypes> } {
  const known: string[] = []
  for (const room of core.rooms.values()) {
    if (Object.hasOwn(room.partner.acts, name)) {
      return { room, act: room.partner.acts[name] as Act<PartnerTypes> }
    }
    known.push(...Object.keys(room.partner.acts))
  }
  throw new UnknownName('act', name, known)
}
