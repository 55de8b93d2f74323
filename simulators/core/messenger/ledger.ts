import type { DeliveryTotals } from '../judge/views.ts'
import type { TimerId } from '../partner.ts'
import type { DeadLetter, Delivery, DeliveryState } from './delivery.ts'

/** So many deliveries that have ended stay readable at least; open ones are never let go. */
export const settledKeptMax = 5_000
/** So many more are let in before the oldest go together: taking them one by one from a set costs its whole length. */
const evictedTogether = 500
/** How many open ids a total names. */
const openIdsMax = 5

export interface Subscriber {
  partner: string
  subscriber: string
  state: 'ACTIVE' | 'BLOCKED'
}

/** First attempts of one ordered channel to one subscriber leave one event after the other. */
export interface Lane {
  /** The event that is under way, in all its copies. */
  eventId: string
  busy: Set<string>
  queue: string[]
  /** Place in `queue` of the next one; what stands before it has left. */
  head: number
}

/** All that a messenger remembers: plain data. */
export interface LedgerData {
  nextNumber: number
  attempts: number
  /** In order of emission. */
  deliveries: Map<string, Delivery>
  /** In order of ending. */
  settled: Set<string>
  totals: Map<string, DeliveryTotals>
  timers: Map<string, TimerId>
  lanes: Map<string, Lane>
  subscribers: Map<string, Subscriber>
}

export const createLedgerData = (): LedgerData => ({
  nextNumber: 1,
  attempts: 0,
  deliveries: new Map(),
  settled: new Set(),
  totals: new Map(),
  timers: new Map(),
  lanes: new Map(),
  subscribers: new Map(),
})

export interface DeliveryFilter {
  settled?: boolean
  partner?: string
  state?: DeliveryState
  event?: string
}

/** Delivered, dropped, disabled or dead: it moves no more unless somebody sends it again. */
export const isEnded = (state: DeliveryState): boolean =>
  state === 'delivered' || state === 'dropped' || state === 'disabled' || state === 'dead'

export interface Ledger {
  readonly data: LedgerData
  add(delivery: Delivery): void
  get(id: string): Delivery | undefined
  /** The only way to change a state, so that totals always agree with it. */
  change(delivery: Delivery, state: DeliveryState, deadLetter?: DeadLetter): void
  /** Copies, in order of emission. */
  list(filter?: DeliveryFilter): Delivery[]
  heldBy(faultId: string): Delivery[]
  /** Nothing waits for its time or its answer. What is held or waits for a resync does not move by itself and does not count. */
  isSettled(): boolean
  totals(partner: string): DeliveryTotals
}

/** Counts every change as it happens, so that neither a question nor an eviction has to look at all deliveries. */
export function createLedger(data: LedgerData): Ledger {
  const held = new Map<string, Set<string>>()
  let moving = 0
  const note = (delivery: Delivery, by: 1 | -1) => {
    countDelivery(data, delivery, by)
    if (isMoving(delivery.state)) moving += by
    if (delivery.state === 'held' && delivery.heldBy !== undefined) {
      const ids = held.get(delivery.heldBy) ?? new Set()
      if (by === 1) held.set(delivery.heldBy, ids.add(delivery.id))
      else ids.delete(delivery.id)
    }
  }
  for (const delivery of data.deliveries.values()) {
    if (isMoving(delivery.state)) moving += 1
    if (delivery.state === 'held' && delivery.heldBy !== undefined) {
      held.set(delivery.heldBy, (held.get(delivery.heldBy) ?? new Set()).add(delivery.id))
    }
  }
  return {
    data,
    get: (id) => data.deliveries.get(id),
    add(delivery) {
      data.deliveries.set(delivery.id, delivery)
      totalsOf(data, delivery.partner).total += 1
      note(delivery, 1)
      if (isEnded(delivery.state)) settle(data, delivery.id)
    },
    change(delivery, state, deadLetter) {
      note(delivery, -1)
      delivery.state = state
      // Deleting makes an object slow, so only where there is something to delete.
      if (deadLetter) delivery.deadLetter = deadLetter
      else if (delivery.deadLetter !== undefined) delete delivery.deadLetter
      if (state !== 'held' && delivery.heldBy !== undefined) delete delivery.heldBy
      note(delivery, 1)
      if (isEnded(state)) settle(data, delivery.id)
      else data.settled.delete(delivery.id)
    },
    list: (filter = {}) =>
      [...data.deliveries.values()].filter((each) => fits(each, filter)).map(copyDelivery),
    heldBy: (faultId) =>
      [...(held.get(faultId) ?? [])].flatMap((id) => data.deliveries.get(id) ?? []),
    isSettled: () => moving === 0,
    totals: (partner) => readTotals(data, partner),
  }
}

const isMoving = (state: DeliveryState): boolean => state === 'waiting' || state === 'under-way'

function settle(data: LedgerData, id: string): void {
  data.settled.delete(id)
  data.settled.add(id)
  if (data.settled.size < settledKeptMax + evictedTogether) return
  for (const oldest of data.settled) {
    if (data.settled.size <= settledKeptMax) break
    data.settled.delete(oldest)
    data.deliveries.delete(oldest)
  }
}

function totalsOf(data: LedgerData, partner: string): DeliveryTotals {
  let totals = data.totals.get(partner)
  if (!totals) {
    totals = { total: 0, delivered: 0, by_fault: {}, by_dead_letter: {}, open: {} }
    data.totals.set(partner, totals)
  }
  return totals
}

function countDelivery(data: LedgerData, delivery: Delivery, by: 1 | -1): void {
  const totals = totalsOf(data, delivery.partner)
  const { state } = delivery
  if (state === 'delivered') totals.delivered += by
  else if (state === 'dropped') count(totals.by_fault, delivery.faults.at(-1) ?? '', by)
  else if (isEnded(state)) count(totals.by_dead_letter, delivery.deadLetter ?? 'ladder-ended', by)
  else count(totals.open, state, by)
}

function count(counts: Record<string, number>, name: string, by: 1 | -1): void {
  counts[name] = (counts[name] ?? 0) + by
}

/** What is counted to none is not told. It stays in the data: taking names in and out makes an object slow. */
const present = (counts: Record<string, number>): Record<string, number> =>
  Object.fromEntries(Object.entries(counts).filter(([, many]) => many !== 0))

function readTotals(data: LedgerData, partner: string): DeliveryTotals {
  const totals = data.totals.get(partner)
  const { total = 0, delivered = 0, by_fault = {}, by_dead_letter = {}, open = {} } = totals ?? {}
  const openIds: string[] = []
  if (Object.values(open).some((many) => many > 0)) {
    for (const delivery of data.deliveries.values()) {
      if (openIds.length >= openIdsMax) break
      if (delivery.partner === partner && !isEnded(delivery.state)) openIds.push(delivery.id)
    }
  }
  return {
    total,
    delivered,
    by_fault: present(by_fault),
    by_dead_letter: present(by_dead_letter),
    open: present(open),
    open_ids: openIds,
  }
}

const fits = (delivery: Delivery, { settled, partner, state, event }: DeliveryFilter): boolean =>
  (settled === undefined || isEnded(delivery.state) === settled) &&
  (partner === undefined || delivery.partner === partner) &&
  (state === undefined || delivery.state === state) &&
  (event === undefined || delivery.event === event)

export const copyDelivery = (delivery: Delivery): Delivery => ({
  ...delivery,
  headers: { ...delivery.headers },
  attempts: delivery.attempts.map((attempt) => ({ ...attempt })),
  faults: [...delivery.faults],
})
