import type { PlannedWithHolder } from '../faults/armed.ts'
import type { PlannedDelivery } from '../faults/fault.ts'
import type { DeliveryTotals } from '../judge/views.ts'
import type { Machine } from '../machine.ts'
import type { Emission } from '../partner.ts'
import { Refusal } from '../refusal.ts'
import {
  answered,
  attemptDue,
  begin,
  giveUpOn,
  resendUnderWay,
  supersede,
  timeout,
  urlOf,
} from './attempts.ts'
import type { Delivery, Outcome } from './delivery.ts'
import { leaveLane, takeFromLanes } from './lanes.ts'
import {
  copyDelivery,
  createLedger,
  createLedgerData,
  type DeliveryFilter,
  type LedgerData,
  type Subscriber,
} from './ledger.ts'
import {
  attemptTimer,
  channelOf,
  clearTimer,
  enqueue,
  isFifo,
  type MessengerOptions,
  type Office,
  subscriberOf,
  timeoutTimer,
} from './office.ts'

export type { DeliveryFilter, LedgerData, Subscriber } from './ledger.ts'
export type { MessengerOptions } from './office.ts'

/** `ordering: shuffle`: each event's first attempt is late by a draw up to this, so that neighbours swap. */
export const shuffleSpreadMs = 5_000

/** Sends a world's webhooks and other calls; see `Delivery` for how each stands. */
export interface Messenger {
  /** Puts an event in the outbox: it leaves by a timer, now at the earliest. */
  emit(partner: string, emission: Emission): void
  /** The outcome of one attempt. */
  answered(deliveryId: string, attempt: number, outcome: Outcome): void
  /** A copy. Refuses an unknown one (`not-found`). */
  find(deliveryId: string): Delivery
  /** Sends any delivery again, at once and from the foot of its ladder: the same event id. Refuses an unknown one (`not-found`). */
  redeliver(deliveryId: string): Delivery
  /** A blocked subscriber is active again; what waited leaves in order. Returns how many. Refuses an unknown one (`not-found`). */
  reactivate(partner: string, subscriber: string): number
  subscribers(): Subscriber[]
  /** Copies, in order of emission. The oldest that have ended leave at some time (`settledKeptMax`); `totals` still counts them. */
  deliveries(filter?: DeliveryFilter): Delivery[]
  /** How all deliveries of a partner stand or ended; those that have left the ledger too. */
  totals(partner: string): DeliveryTotals
  counts(): { deliveries: number; attempts: number }
  /** Nothing waits for its time or its answer. What is held or waits for a resync does not move by itself and does not count. */
  isSettled(): boolean
  /** The world's table of timers needs these. */
  timers: Record<string, (args: object) => void>
  /** Live plain data: write it down before anything else happens. */
  snapshot(): LedgerData
  /** Takes over the data. What was under way hangs until its timeout, unless `resendUnderWay` follows. */
  restore(saved: LedgerData): void
  /**
   * Hands out again, with the same event id, every attempt that waits for its answer: after a restore, and when the first listener comes
   * after the first events. Journals nothing; the timeouts go on.
   */
  resendUnderWay(): void
  /** Forgets everything; the world has cleared its timers. */
  reset(): void
}

export function createMessenger(machine: Machine, options: MessengerOptions): Messenger {
  const office: Office = {
    machine,
    options,
    ledger: createLedger(createLedgerData()),
    pumping: new Set(),
  }
  options.faults.onDisarm((ids) => releaseHeld(office, ids))
  return {
    emit: (partner, emission) => emit(office, partner, emission),
    answered: (id, attempt, outcome) => answered(office, id, attempt, outcome),
    find: (id) => copyDelivery(find(office, id)),
    redeliver: (id) => redeliver(office, id),
    reactivate: (partner, subscriber) => reactivate(office, partner, subscriber),
    subscribers: () =>
      [...office.ledger.data.subscribers.values()].map((subscriber) => ({ ...subscriber })),
    deliveries: (filter) => office.ledger.list(filter),
    totals: (partner) => office.ledger.totals(partner),
    counts: () => ({
      deliveries: office.ledger.data.nextNumber - 1,
      attempts: office.ledger.data.attempts,
    }),
    isSettled: () => office.ledger.isSettled(),
    timers: {
      [attemptTimer]: (args) => attemptDue(office, (args as { id: string }).id),
      [timeoutTimer]: (args) => {
        const { id, attempt } = args as { id: string; attempt: number }
        timeout(office, id, attempt)
      },
    },
    snapshot: () => office.ledger.data,
    restore(saved) {
      office.ledger = createLedger(saved)
    },
    resendUnderWay: () => resendUnderWay(office),
    reset() {
      office.ledger = createLedger(createLedgerData())
    },
  }
}

function emit(office: Office, partner: string, emission: Emission): void {
  const { machine, options } = office
  const { event, eventId, channel, subscriber, contentType = 'application/json' } = emission
  const body = typeof emission.body === 'string' ? emission.body : JSON.stringify(emission.body)
  channelOf(office, { partner, channel })
  const seq = machine.journal('event', { partner, event, eventId, channel, subscriber, body })
  const first: PlannedDelivery = {
    event,
    eventId,
    body,
    contentType,
    headers: emission.headers ?? {},
    dueMs: machine.nowMs + (emission.delayMs ?? 0) + shuffleMs(office, partner, emission),
    hold: false,
    wrongSignatures: 0,
  }
  const { plan, applied } = options.faults.planDelivery(
    { partner, channel, event, body: emission.body },
    first,
    (faultId) => office.ledger.heldBy(faultId).map(planHeld),
  )
  const from = { partner, emission, faults: applied, seq }
  if (plan.every((planned) => planned.id !== undefined)) addDelivery(office, from, first, true)
  for (const planned of plan) {
    const held = planned.id === undefined ? undefined : office.ledger.get(planned.id)
    if (!held) addDelivery(office, from, planned, false)
    else if (!planned.hold) release(office, held, planned.dueMs)
  }
}

function shuffleMs(office: Office, partner: string, emission: Emission): number {
  const { channel, subscriber } = emission
  if (isFifo(office, { partner, channel })) return 0
  return office.machine.random.stream(`messenger/${partner}/${subscriber}`).int(0, shuffleSpreadMs)
}

const planHeld = (delivery: Delivery): PlannedWithHolder => {
  const { id, event, eventId, body, headers, contentType, dueMs, heldBy, tamper } = delivery
  return {
    id,
    event,
    eventId,
    body,
    headers,
    contentType,
    dueMs,
    hold: true,
    wrongSignatures: delivery.wrongSignatures ?? 0,
    ...(heldBy !== undefined && { heldBy }),
    ...(tamper && { tamper }),
  }
}

function addDelivery(
  office: Office,
  from: {
    partner: string
    emission: Emission
    faults: readonly string[]
    seq: number
  },
  planned: PlannedWithHolder,
  isDropped: boolean,
): void {
  const { machine, ledger } = office
  const { partner, emission, faults, seq } = from
  const { event, eventId, contentType, headers, body, dueMs, hold, heldBy } = planned
  const { channel, subscriber, url } = emission
  const id = `d-${ledger.data.nextNumber}`
  ledger.data.nextNumber += 1
  const isBlocked = subscriberOf(office, { partner, subscriber }).state === 'BLOCKED'
  const state = isDropped ? 'dropped' : hold ? 'held' : isBlocked ? 'resync' : 'waiting'
  const entry = { delivery: id, partner, channel, event, eventId, subscriber, state, dueMs, faults }
  const delivery: Delivery = {
    id,
    partner,
    channel,
    event,
    eventId,
    subscriber,
    contentType,
    headers,
    body,
    createdMs: machine.nowMs,
    dueMs,
    state,
    attempts: [],
    tries: 0,
    faults: [...faults],
    cause: seq,
    seq: machine.journal('delivery', entry, seq),
  }
  if (url !== undefined) delivery.url = url
  if (planned.wrongSignatures > 0) delivery.wrongSignatures = planned.wrongSignatures
  if (planned.tamper) delivery.tamper = planned.tamper
  if (state === 'held' && heldBy !== undefined) delivery.heldBy = heldBy
  ledger.add(delivery)
  if (state !== 'waiting') return
  // With nowhere to go it waits for nothing: no timer, no lane.
  if (dueMs <= machine.nowMs && urlOf(office, delivery) === undefined) {
    giveUpOn(office, delivery, 'no-receiver')
  } else enqueue(office, delivery, dueMs)
}

/** What a fault held goes its way. */
function release(office: Office, delivery: Delivery, dueMs: number): void {
  const { id, partner, event, eventId } = delivery
  enqueue(office, delivery, dueMs)
  office.machine.journal('delivery', {
    delivery: id,
    partner,
    event,
    eventId,
    state: delivery.state,
    dueMs,
  })
}

function releaseHeld(office: Office, faultIds: readonly string[]): void {
  for (const id of faultIds) {
    for (const delivery of office.ledger.heldBy(id)) release(office, delivery, office.machine.nowMs)
  }
}

function find(office: Office, id: string): Delivery {
  const delivery = office.ledger.get(id)
  if (delivery) return delivery
  throw new Refusal('not-found', `No delivery "${id}": it never was, or ended long ago.`)
}

function redeliver(office: Office, id: string): Delivery {
  const delivery = find(office, id)
  supersede(office, delivery)
  takeFromLanes(office, new Set([id]))
  office.ledger.change(delivery, 'waiting')
  delivery.tries = 0
  leaveLane(office, delivery, (next) => begin(office, next))
  // By hand: neither a lane nor a block keeps it back.
  begin(office, delivery)
  return copyDelivery(delivery)
}

function reactivate(office: Office, partner: string, subscriber: string): number {
  const { machine, ledger } = office
  const found = ledger.data.subscribers.get(`${partner}/${subscriber}`)
  if (!found) {
    const known = [...ledger.data.subscribers.values()].map((each) => each.subscriber)
    throw new Refusal(
      'not-found',
      `No subscriber "${subscriber}" of ${partner} has had an event yet. Known: ${known.join(', ') || 'none'}.`,
    )
  }
  if (found.state === 'ACTIVE') return 0
  found.state = 'ACTIVE'
  const waiting = [...ledger.data.deliveries.values()].filter(
    (each) => each.state === 'resync' && each.partner === partner && each.subscriber === subscriber,
  )
  machine.journal('subscriber', { partner, subscriber, state: 'ACTIVE', waiting: waiting.length })
  for (const delivery of waiting) {
    clearTimer(office, delivery)
    delivery.tries = 0
    enqueue(office, delivery, machine.nowMs)
  }
  return waiting.length
}
