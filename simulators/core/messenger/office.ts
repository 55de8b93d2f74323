import type { ArmedFaults } from '../faults/armed.ts'
import type { Machine } from '../machine.ts'
import { unknownName } from '../nearest.ts'
import type { Channel, PartnerContext, PartnerTypes, Webhooks } from '../partner.ts'
import type { Delivery, OutgoingCall } from './delivery.ts'
import type { Ledger, Subscriber } from './ledger.ts'

export interface MessengerOptions {
  /** What a partner sends and how. Asked anew each time, so partners and messenger may be made in any order. */
  sender(partner: string): {
    webhooks: Webhooks<PartnerTypes>
    ctx: PartnerContext<PartnerTypes>
  }
  faults: ArmedFaults
  /** A call leaves. What comes of it is reported by `answered`, at once or later. */
  send(call: OutgoingCall): void
  /** Nobody waits for this answer any more; a socket may be closed. */
  giveUp?(deliveryId: string, attempt: number): void
  /** Hosts besides loopback. */
  allowedHosts: readonly string[]
}

/** What the parts of the messenger work with. */
export interface Office {
  readonly machine: Machine
  readonly options: MessengerOptions
  /** Replaced by restore. */
  ledger: Ledger
  /** Lanes that are sending what waits in them: nothing that a plain world could remember. */
  readonly pumping: Set<string>
}

export function channelOf(
  { options }: Office,
  { partner, channel }: { partner: string; channel: string },
): { channel: Channel<PartnerTypes>; ctx: PartnerContext<PartnerTypes> } {
  const { webhooks, ctx } = options.sender(partner)
  const { channels } = webhooks
  const found = Object.hasOwn(channels, channel) ? channels[channel] : undefined
  if (!found) throw new Error(unknownName(`channel of ${partner}:`, channel, Object.keys(channels)))
  return { channel: found, ctx }
}

export const isFifo = (office: Office, delivery: { partner: string; channel: string }): boolean => {
  const { channel, ctx } = channelOf(office, delivery)
  return (channel.ordering?.(ctx) ?? 'fifo') === 'fifo'
}

/** Knows the subscriber from now on. */
export function subscriberOf(
  { ledger }: Office,
  { partner, subscriber }: { partner: string; subscriber: string },
): Subscriber {
  const key = `${partner}/${subscriber}`
  let found = ledger.data.subscribers.get(key)
  if (!found) {
    found = { partner, subscriber, state: 'ACTIVE' }
    ledger.data.subscribers.set(key, found)
  }
  return found
}

export const isBlocked = (office: Office, delivery: Delivery): boolean =>
  subscriberOf(office, delivery).state === 'BLOCKED'

export const attemptTimer = 'messenger.attempt'
export const timeoutTimer = 'messenger.timeout'

/** One timer a delivery: for its next attempt, or for the answer that it waits for. */
export function setTimer(office: Office, delivery: Delivery, name: string, dueMs: number): void {
  const { machine, ledger } = office
  clearTimer(office, delivery)
  const last = delivery.attempts.at(-1)?.number
  const args =
    name === timeoutTimer && last !== undefined
      ? { id: delivery.id, attempt: last }
      : { id: delivery.id }
  const timer = machine.causedBy(delivery.seq, () =>
    machine.schedule({ name, kind: 'work', dueMs: Math.max(dueMs, machine.nowMs), args }),
  )
  ledger.data.timers.set(delivery.id, timer)
}

export function clearTimer({ machine, ledger }: Office, { id }: Delivery): void {
  const timer = ledger.data.timers.get(id)
  if (timer !== undefined) machine.cancel(timer)
  ledger.data.timers.delete(id)
}

/** Sets a delivery on its way: at `dueMs`, or, while its subscriber is blocked, on re-activation. */
export function enqueue(office: Office, delivery: Delivery, dueMs: number): void {
  delivery.dueMs = dueMs
  if (isBlocked(office, delivery)) {
    office.ledger.change(delivery, 'resync')
    return
  }
  if (delivery.state !== 'waiting') office.ledger.change(delivery, 'waiting')
  setTimer(office, delivery, attemptTimer, dueMs)
}
