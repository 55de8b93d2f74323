import { createHmac } from 'node:crypto'
import { createFaults, type FaultSpec } from '../faults/armed.ts'
import type { Emission, Ladder, PartnerContext, PartnerTypes, Webhooks } from '../partner.ts'
import { createTestMachine } from '../testing/machine.ts'
import type { Outcome, OutgoingCall } from './delivery.ts'
import { createMessenger } from './index.ts'

const second = 1_000
const minute = 60 * second
const hour = 60 * minute

/** 20 attempts, as long as a real ladder may be. */
export const longLadder: Ladder = {
  gapsMs: [second, 5 * second, 30 * second, ...Array.from({ length: 16 }, () => 3 * hour)],
  timeoutMs: 5 * second,
  onExhausted: 'block',
}

/** The payment gateway's: 4 attempts. */
export const shortLadder: Ladder = {
  gapsMs: [minute, 5 * minute, 30 * minute],
  timeoutMs: 10 * second,
  onExhausted: 'dead-letter',
}

export const secret = 'test-secret'
export const hmac = (bytes: string): string =>
  createHmac('sha256', secret).update(bytes).digest('hex')

/** What a receiver does with a call; undefined: it never answers. */
export type Receiver = (call: OutgoingCall) => Outcome | undefined

/**
 * A messenger with one made-up partner `tiny`: channel `webhook` (long ladder, blocks, fifo), `shuffled` (the same without an order) and
 * `callback` (short ladder, dead letter). The receiver answers at once, so a test needs no waiting.
 */
export function createOffice({ seed = 1, url = 'http://127.0.0.1:4100/hooks' } = {}) {
  const machine = createTestMachine(seed)
  const sent: (OutgoingCall & { atMs: number })[] = []
  const gaveUp: string[] = []
  const office = {
    machine,
    sent,
    gaveUp,
    receiver: (() => ({ status: 200 })) as Receiver,
    url: url as string | undefined,
    allowedHosts: [] as string[],
  }
  const ladderOf = (ladder: Ladder) => ({
    url: () => office.url,
    ladder: () => ladder,
    sign: (_: unknown, bytes: string) => ({ 'x-tiny-signature': hmac(bytes) }),
  })
  const webhooks: Webhooks<PartnerTypes> = {
    events: ['thing.made', 'thing.gone'],
    channels: {
      webhook: ladderOf(longLadder),
      shuffled: { ...ladderOf(longLadder), ordering: () => 'shuffle' },
      callback: ladderOf(shortLadder),
    },
  }
  const { events } = webhooks
  const channels = Object.keys(webhooks.channels)
  const faults = createFaults(machine, { tiny: { operations: ['getThing'], events, channels } })
  const messenger = createMessenger(machine, {
    sender: () => ({ webhooks, ctx: {} as PartnerContext<PartnerTypes> }),
    faults,
    allowedHosts: office.allowedHosts,
    send(call) {
      sent.push({ ...call, atMs: machine.nowMs - machine.startMs })
      const outcome = office.receiver(call)
      if (outcome) messenger.answered(call.deliveryId, call.attempt, outcome)
    },
    giveUp: (id, attempt) => gaveUp.push(`${id}/${attempt}`),
  })
  machine.code = messenger.timers
  let events_ = 0
  return Object.assign(office, {
    webhooks,
    faults,
    messenger,
    arm: (spec: object) => faults.arm({ partner: 'tiny', ...spec } as FaultSpec),
    /** Emits event `e-1`, `e-2`, … whose body carries its number. */
    emit(given: Partial<Emission> = {}) {
      events_ += 1
      messenger.emit('tiny', {
        event: 'thing.made',
        channel: 'webhook',
        subscriber: 'shop',
        body: { number: events_ },
        eventId: `e-${events_}`,
        ...given,
      })
    },
    states: () => messenger.deliveries().map(({ state }) => state),
    sentEvents: () => sent.map(({ body }) => (JSON.parse(body) as { number: number }).number),
    kinds: () => machine.entries.map(({ kind }) => kind),
  })
}

export const refuse: Receiver = () => ({ status: 500 })
export const hang: Receiver = () => undefined
