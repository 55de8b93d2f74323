import type { PartnerContext, PartnerTypes } from './partner.ts'
import { cancel, note, type PartnerRoom, schedule, type WorldCore } from './world-core.ts'

/** What a partner's code sees of the world; see `PartnerContext`. Reads through to the room, which restore and reset change. */
export function createPartnerContext(
  core: WorldCore,
  room: PartnerRoom,
): PartnerContext<PartnerTypes> {
  const { partner } = room
  return {
    get state() {
      return room.state
    },
    get catalogue() {
      return room.catalogue
    },
    get assumptions() {
      return room.assumptions
    },
    get credentials() {
      return room.credentials
    },
    get site() {
      return room.site
    },
    get nowMs() {
      return core.nowMs
    },
    get clientNowMs() {
      return core.clientMs ?? core.nowMs
    },
    get origin() {
      return room.origin
    },
    random: (name) => core.random.stream(name),
    schedule: (timer) => schedule(core, timer),
    cancel: (timer) => cancel(core, timer),
    emit: (emission) => {
      core.emissions.push({ partner: partner.name, emission })
    },
    record: (what, data) => {
      note(core, 'state', { partner: partner.name, what, ...data })
    },
    reactivate: (subscriber) => core.messenger.reactivate(partner.name, subscriber),
  }
}
