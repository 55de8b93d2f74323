import type { Delivery } from './delivery.ts'
import type { Lane } from './ledger.ts'
import type { Office } from './office.ts'

type Begin = (delivery: Delivery) => void

const laneKey = ({ partner, channel, subscriber }: Delivery): string =>
  `${partner}/${channel}/${subscriber}`

/**
 * `fifo`: the first attempt of an event leaves when that of the event before it has ended, well or badly. Copies of one event leave
 * together: a receiver must bear them at the same moment. Retries use no lane.
 */
export function enterLane(office: Office, delivery: Delivery, begin: Begin): void {
  const { lanes } = office.ledger.data
  const key = laneKey(delivery)
  const lane = lanes.get(key)
  if (!lane) {
    lanes.set(key, createLane(delivery))
    begin(delivery)
  } else if (lane.busy.size === 0 || lane.eventId === delivery.eventId) {
    lane.eventId = delivery.eventId
    lane.busy.add(delivery.id)
    begin(delivery)
  } else {
    lane.queue.push(delivery.id)
  }
}

/** It has ended, or goes another way: what waits behind it goes on. */
export function leaveLane(office: Office, delivery: Delivery, begin: Begin): void {
  const key = laneKey(delivery)
  const lane = office.ledger.data.lanes.get(key)
  if (!lane) return
  if (!lane.busy.delete(delivery.id) || office.pumping.has(key)) return
  // A receiver that answers at once calls back into this function: the loop below goes on then, not a deeper one.
  office.pumping.add(key)
  try {
    while (lane.busy.size === 0 && lane.head < lane.queue.length) sendNext(office, lane, begin)
  } finally {
    office.pumping.delete(key)
  }
  if (lane.busy.size === 0 && office.ledger.data.lanes.get(key) === lane) {
    office.ledger.data.lanes.delete(key)
  }
}

/** The next event in line, with the copies of it that stand right behind. */
function sendNext(office: Office, lane: Lane, begin: Begin): void {
  const together: Delivery[] = []
  for (; lane.head < lane.queue.length; lane.head += 1) {
    const delivery = office.ledger.get(lane.queue[lane.head] ?? '')
    if (delivery && together[0] && delivery.eventId !== together[0].eventId) break
    if (delivery) together.push(delivery)
  }
  if (lane.head > 1_000 && lane.head * 2 > lane.queue.length) {
    lane.queue.splice(0, lane.head)
    lane.head = 0
  }
  for (const { id, eventId } of together) {
    lane.eventId = eventId
    lane.busy.add(id)
  }
  for (const delivery of together) begin(delivery)
}

const createLane = ({ id, eventId }: Delivery): Lane => ({
  eventId,
  busy: new Set([id]),
  queue: [],
  head: 0,
})

/** They go another way and wait in no lane any more. */
export function takeFromLanes({ ledger }: Office, ids: ReadonlySet<string>): void {
  for (const lane of ledger.data.lanes.values()) {
    lane.queue = lane.queue.slice(lane.head).filter((id) => !ids.has(id))
    lane.head = 0
  }
}
