import type { HeardAnswer } from '../partner.ts'
import type { Attempt, DeadLetter, Delivery, Outcome, OutgoingCall } from './delivery.ts'
import { isAllowedReceiver } from './host.ts'
import { enterLane, leaveLane, takeFromLanes } from './lanes.ts'
import {
  attemptTimer,
  channelOf,
  clearTimer,
  isBlocked,
  isFifo,
  type Office,
  setTimer,
  subscriberOf,
  timeoutTimer,
} from './office.ts'

/** Of one delivery; more come about only when it is sent again by hand. */
export const attemptsKeptMax = 100

/** Signed instead of the bytes when a signature shall be wrong: as good as another secret, whatever the partner's way to sign. */
const wrongBytes = (bytes: string): string => `${bytes}\nsigned with another secret`

/** The time of an attempt has come. */
export function attemptDue(office: Office, id: string): void {
  const delivery = office.ledger.get(id)
  if (delivery?.state !== 'waiting') return
  office.ledger.data.timers.delete(id)
  if (delivery.tries === 0 && isFifo(office, delivery)) {
    enterLane(office, delivery, (next) => begin(office, next))
  } else {
    begin(office, delivery)
  }
}

/** Signs the bytes anew and lets the call leave; or ends the delivery where there is nowhere to send it. */
export function begin(office: Office, delivery: Delivery): void {
  const { machine, ledger, options } = office
  const { channel, ctx } = channelOf(office, delivery)
  const url = urlOf(office, delivery)
  if (url === undefined) {
    giveUpOn(office, delivery, 'no-receiver')
    return
  }
  if (!isAllowedReceiver(url, options.allowedHosts)) {
    giveUpOn(office, delivery, 'host-not-allowed', url)
    return
  }
  // The ladder counts from here; on retries `dueMs` keeps to it.
  if (delivery.tries === 0) delivery.dueMs = machine.nowMs
  const number = (delivery.attempts.at(-1)?.number ?? 0) + 1
  const { partner, event, eventId } = delivery
  const struck = options.faults.planAttempt(delivery)
  for (const name of struck.applied) {
    if (!delivery.faults.includes(name)) delivery.faults.push(name)
  }
  const call = renderCall(office, delivery, number, url, struck.hasOtherKey)
  const { deliveryId, url: to, headers, body } = call
  const seq = machine.journal(
    'attempt',
    { delivery: deliveryId, attempt: number, partner, event, eventId, url: to, headers, body },
    delivery.seq,
  )
  delivery.attempts.push({ number, atMs: machine.nowMs, seq })
  if (delivery.attempts.length > attemptsKeptMax) delivery.attempts.shift()
  delivery.tries += 1
  ledger.data.attempts += 1
  ledger.change(delivery, 'under-way')
  setTimer(office, delivery, timeoutTimer, machine.nowMs + channel.ladder(ctx).timeoutMs)
  // Last, because the answer may come before this returns.
  if (struck.isCutOff) answered(office, delivery.id, number, { error: 'receiver-down' })
  else options.send(call)
}

/** Undefined: it has nowhere to go. */
export const urlOf = (office: Office, delivery: Delivery): string | undefined => {
  const { channel, ctx } = channelOf(office, delivery)
  return delivery.url ?? channel.url(ctx, delivery.subscriber)
}

function renderCall(
  office: Office,
  delivery: Delivery,
  number: number,
  url: string,
  hasOtherKey = false,
): OutgoingCall {
  const { channel, ctx } = channelOf(office, delivery)
  const { body, contentType, headers, subscriber, wrongSignatures = 0 } = delivery
  const isTampered = number <= (delivery.tamper?.attempts ?? Number.POSITIVE_INFINITY)
  const tamper = isTampered ? delivery.tamper : undefined
  const signed = hasOtherKey || number <= wrongSignatures ? wrongBytes(body) : body
  return {
    deliveryId: delivery.id,
    attempt: number,
    url,
    method: 'POST',
    headers: {
      'content-type': contentType,
      ...headers,
      ...channel.sign(ctx, signed, subscriber),
      ...tamper?.headers,
    },
    body: tamper?.body ?? body,
    timeoutMs: channel.ladder(ctx).timeoutMs,
    wantsBody: channel.onAnswer !== undefined || channel.isSuccess !== undefined,
  }
}

export function giveUpOn(office: Office, delivery: Delivery, why: DeadLetter, url?: string): void {
  const { machine, ledger } = office
  clearTimer(office, delivery)
  ledger.change(delivery, 'dead', why)
  const { id, partner, event, eventId } = delivery
  const where = url === undefined ? {} : { url }
  machine.journal(
    'delivery',
    { delivery: id, partner, event, eventId, state: 'dead', deadLetter: why, ...where },
    delivery.seq,
  )
  leaveLane(office, delivery, (next) => begin(office, next))
}

/**
 * What a receiver answered, or why it did not. Success (2xx, or what the channel calls so) ends the delivery; anything else takes it to
 * the next step of its ladder. An answer to an attempt that has ended already (it came too late) is journaled and changes nothing.
 */
export function answered(office: Office, id: string, number: number, outcome: Outcome): void {
  const { machine, ledger, options } = office
  const delivery = ledger.get(id)
  const attempt = delivery?.attempts.find((each) => each.number === number)
  if (!delivery || !attempt || attempt.outcome || delivery.state !== 'under-way') {
    machine.journal(
      'attempt-ended',
      { delivery: id, attempt: number, ...outcome, late: true },
      attempt?.seq,
    )
    return
  }
  const isTimeout = 'error' in outcome && outcome.error === timedOut
  try {
    endAttempt(office, delivery, attempt, outcome)
    if (isTimeout) options.giveUp?.(id, number)
  } finally {
    // A mistake in a partner's code must not hold up the events behind this one.
    leaveLane(office, delivery, (next) => begin(office, next))
  }
}

const timedOut = 'timeout'

export function timeout(office: Office, id: string, number: number): void {
  office.ledger.data.timers.delete(id)
  answered(office, id, number, { error: timedOut })
}

function endAttempt(office: Office, delivery: Delivery, attempt: Attempt, outcome: Outcome): void {
  const { machine, ledger } = office
  const { channel, ctx } = channelOf(office, delivery)
  const heard = hear(delivery, outcome)
  const isGood = heard !== undefined && (channel.isSuccess?.(ctx, heard) ?? isOk(heard.status))
  clearTimer(office, delivery)
  attempt.outcome = 'status' in outcome ? { status: outcome.status } : outcome
  attempt.endedMs = machine.nowMs
  const isFinal = !isGood && heard !== undefined && channel.isFinal?.(ctx, heard) === true
  if (isGood) ledger.change(delivery, 'delivered')
  if (isFinal) ledger.change(delivery, 'dead', 'refused')
  const mustBlock = isGood || isFinal ? false : stepOn(office, delivery)
  const { id, partner, event, eventId, state, dueMs, deadLetter } = delivery
  const next = state === 'waiting' ? { dueMs } : deadLetter ? { deadLetter } : {}
  machine.journal(
    'attempt-ended',
    { delivery: id, attempt: attempt.number, partner, event, eventId, ...outcome, state, ...next },
    attempt.seq,
  )
  if (mustBlock) block(office, delivery)
  if (heard) channel.onAnswer?.(ctx, heard)
}

/** What a partner may read of an answer; undefined: there was none. */
function hear(delivery: Delivery, outcome: Outcome): HeardAnswer | undefined {
  if (!('status' in outcome)) return undefined
  const { event, eventId, subscriber, body: sent } = delivery
  return { event, eventId, subscriber, sent, status: outcome.status, body: outcome.body ?? '' }
}

const isOk = (status: number): boolean => status >= 200 && status < 300

/**
 * One step on the ladder. Gaps count from the start of the failed attempt as the ladder has it, so the last attempt falls as
 * long after the first whether receivers refuse at once or hang until the timeout. Tells whether the subscriber is to be blocked.
 */
function stepOn(office: Office, delivery: Delivery): boolean {
  const { channel, ctx } = channelOf(office, delivery)
  const { gapsMs, onExhausted } = channel.ladder(ctx)
  const gapMs = gapsMs[delivery.tries - 1]
  if (gapMs === undefined) {
    const isBlocking = onExhausted === 'block'
    office.ledger.change(delivery, isBlocking ? 'disabled' : 'dead', 'ladder-ended')
    return isBlocking
  }
  delivery.dueMs += gapMs
  if (isBlocked(office, delivery)) {
    office.ledger.change(delivery, 'resync')
  } else {
    office.ledger.change(delivery, 'waiting')
    setTimer(office, delivery, attemptTimer, delivery.dueMs)
  }
  return false
}

/** All that waits for this subscriber waits for its re-activation from now on. */
function block(office: Office, cause: Delivery): void {
  const { machine, ledger } = office
  const found = subscriberOf(office, cause)
  if (found.state === 'BLOCKED') return
  found.state = 'BLOCKED'
  const waiting = [...ledger.data.deliveries.values()].filter(
    ({ partner, subscriber, state }) =>
      state === 'waiting' && partner === cause.partner && subscriber === cause.subscriber,
  )
  takeFromLanes(office, new Set(waiting.map(({ id }) => id)))
  for (const delivery of waiting) {
    clearTimer(office, delivery)
    ledger.change(delivery, 'resync')
  }
  const { partner, subscriber } = found
  machine.journal(
    'subscriber',
    { partner, subscriber, state: 'BLOCKED', waiting: waiting.length },
    cause.seq,
  )
}

/** Ends an attempt that waits, because its delivery is sent anew. */
export function supersede(office: Office, delivery: Delivery): void {
  const attempt = delivery.attempts.at(-1)
  clearTimer(office, delivery)
  if (delivery.state === 'under-way' && attempt && !attempt.outcome) {
    attempt.outcome = { error: 'superseded' }
    attempt.endedMs = office.machine.nowMs
    office.options.giveUp?.(delivery.id, attempt.number)
  }
}

/** See `Messenger.resendUnderWay`. */
export function resendUnderWay(office: Office): void {
  for (const delivery of [...office.ledger.data.deliveries.values()]) {
    const attempt = delivery.attempts.at(-1)
    if (delivery.state !== 'under-way' || !attempt) continue
    const url = urlOf(office, delivery)
    if (url === undefined) continue
    office.options.send(renderCall(office, delivery, attempt.number, url))
  }
}
