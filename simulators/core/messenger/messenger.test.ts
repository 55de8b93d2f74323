import { expect, test } from 'vitest'
import type { HeardAnswer } from '../partner.ts'
import { attemptsKeptMax } from './attempts.ts'
import { shuffleSpreadMs } from './index.ts'
import { settledKeptMax } from './ledger.ts'
import { createOffice, hang, hmac, refuse } from './testing.ts'

const second = 1_000
const minute = 60 * second
const hour = 60 * minute

/** Start of each attempt of the long ladder, from the first. */
const longLadderMs = [
  0,
  second,
  6 * second,
  36 * second,
  ...Array.from({ length: 16 }, (_, at) => 36 * second + (at + 1) * 3 * hour),
]

test('an event leaves by a timer, signed, and a 2xx ends it', () => {
  const office = createOffice()
  office.emit({ headers: { 'x-tiny-event-id': 'e-1' } })
  expect(office.sent).toEqual([])
  expect(office.messenger.isSettled()).toBe(false)
  office.machine.advance(0)
  expect(office.sent).toEqual([
    {
      deliveryId: 'd-1',
      attempt: 1,
      url: 'http://127.0.0.1:4100/hooks',
      method: 'POST',
      headers: {
        'content-type': 'application/json',
        'x-tiny-event-id': 'e-1',
        'x-tiny-signature': hmac('{"number":1}'),
      },
      body: '{"number":1}',
      timeoutMs: 5_000,
      wantsBody: false,
      atMs: 0,
    },
  ])
  expect(office.states()).toEqual(['delivered'])
  expect(office.messenger.isSettled()).toBe(true)
  expect(office.machine.timers()).toEqual([])
})

test('a body that is text leaves as it is, with its own content type', () => {
  const office = createOffice()
  office.emit({ body: 'a=1&b=2', contentType: 'application/x-www-form-urlencoded' })
  office.machine.advance(0)
  expect(office.sent[0]?.body).toBe('a=1&b=2')
  expect(office.sent[0]?.headers['content-type']).toBe('application/x-www-form-urlencoded')
})

test.each([199, 301, 302, 400, 401, 404, 429, 500, 503])('a %i is no success', (status) => {
  const office = createOffice()
  office.receiver = () => ({ status })
  office.emit()
  office.machine.advance(0)
  expect(office.states()).toEqual(['waiting'])
})

test.each([200, 201, 204, 299])('a %i is a success', (status) => {
  const office = createOffice()
  office.receiver = () => ({ status })
  office.emit()
  office.machine.advance(0)
  expect(office.states()).toEqual(['delivered'])
})

test('a channel may read the answer and say what success is', () => {
  const office = createOffice()
  const heard: object[] = []
  Object.assign(office.webhooks.channels.callback ?? {}, {
    isSuccess: (_: unknown, { body }: HeardAnswer) => body === '{"accepted":true}',
    onAnswer: (_: unknown, answer: HeardAnswer) => heard.push(answer),
  })
  office.receiver = ({ attempt }) => ({ status: 200, body: `{"accepted":${attempt === 2}}` })
  office.emit({ channel: 'callback' })
  office.machine.settle()
  expect(office.sent.map(({ wantsBody }) => wantsBody)).toEqual([true, true])
  expect(office.states()).toEqual(['delivered'])
  expect(heard).toMatchObject([
    { eventId: 'e-1', sent: '{"number":1}', status: 200, body: '{"accepted":false}' },
    { eventId: 'e-1', sent: '{"number":1}', status: 200, body: '{"accepted":true}' },
  ])
})

test('a mistake in a partner that reads answers holds up no other event', () => {
  const office = createOffice()
  office.receiver = hang
  Object.assign(office.webhooks.channels.webhook ?? {}, {
    onAnswer() {
      throw new Error('mistake')
    },
  })
  office.emit()
  office.emit()
  office.machine.advance(0)
  expect(() => office.messenger.answered('d-1', 1, { status: 200 })).toThrow('mistake')
  expect(office.states()).toEqual(['delivered', 'under-way'])
})

test('the long ladder: 20 attempts, the last 48 h 36 s after the first', () => {
  const office = createOffice()
  office.receiver = refuse
  office.emit({ delayMs: 7 * minute })
  office.machine.settle()
  const startMs = office.sent[0]?.atMs ?? Number.NaN
  expect(startMs).toBe(7 * minute)
  expect(office.sent.map(({ atMs }) => atMs - startMs)).toEqual(longLadderMs)
  expect(office.sent).toHaveLength(20)
  expect(office.sent.at(-1)?.atMs).toBe(startMs + 48 * hour + 36 * second)
  expect(office.states()).toEqual(['disabled'])
  expect(office.messenger.deliveries()[0]?.deadLetter).toBe('ladder-ended')
  expect(office.messenger.subscribers()).toEqual([
    { partner: 'tiny', subscriber: 'shop', state: 'BLOCKED' },
  ])
})

test('a receiver that hangs does not shift the ladder: only gaps shorter than the timeout stretch', () => {
  const office = createOffice()
  office.receiver = hang
  office.emit()
  office.machine.settle()
  const expected = [0, 5 * second, 10 * second, ...longLadderMs.slice(3)]
  expect(office.sent.map(({ atMs }) => atMs)).toEqual(expected)
  expect(office.messenger.deliveries()[0]?.attempts[0]).toMatchObject({
    number: 1,
    outcome: { error: 'timeout' },
    endedMs: office.machine.startMs + 5 * second,
  })
  expect(office.gaveUp).toHaveLength(20)
  expect(office.gaveUp[0]).toBe('d-1/1')
})

test('the short ladder: after 1, 5 and 30 minutes the event is a dead letter, and nobody is blocked', () => {
  const office = createOffice()
  office.receiver = refuse
  office.emit({ channel: 'callback' })
  office.machine.settle()
  expect(office.sent.map(({ atMs }) => atMs / minute)).toEqual([0, 1, 6, 36])
  expect(office.messenger.deliveries()[0]).toMatchObject({
    state: 'dead',
    deadLetter: 'ladder-ended',
  })
  office.receiver = () => ({ status: 200 })
  office.emit({ channel: 'callback' })
  office.machine.settle()
  expect(office.states()).toEqual(['dead', 'delivered'])
})

test('a retry that is answered well ends the ladder', () => {
  const office = createOffice()
  office.receiver = ({ attempt }) => (attempt < 3 ? { error: 'ECONNREFUSED' } : { status: 200 })
  office.emit()
  office.machine.settle()
  expect(office.sent.map(({ atMs }) => atMs)).toEqual([0, second, 6 * second])
  const [delivery] = office.messenger.deliveries()
  expect(delivery?.state).toBe('delivered')
  expect(delivery?.attempts.map(({ outcome }) => outcome)).toEqual([
    { error: 'ECONNREFUSED' },
    { error: 'ECONNREFUSED' },
    { status: 200 },
  ])
})

test('when a ladder ends, open and later events wait as RESYNC and leave in order on re-activation', () => {
  const office = createOffice()
  office.receiver = refuse
  office.emit()
  office.machine.advance(48 * hour)
  // Two events on their own ladders when the first one ends.
  office.emit()
  office.emit({ delayMs: hour })
  office.machine.advance(37 * second)
  expect(office.states()).toEqual(['disabled', 'resync', 'resync'])
  office.emit()
  office.machine.settle()
  expect(office.states()).toEqual(['disabled', 'resync', 'resync', 'resync'])
  expect(office.messenger.isSettled()).toBe(true)
  expect(office.machine.timers()).toEqual([])

  office.sent.length = 0
  office.receiver = () => ({ status: 200 })
  expect(office.messenger.reactivate('tiny', 'shop')).toBe(3)
  office.machine.settle()
  expect(office.sentEvents()).toEqual([2, 3, 4])
  expect(office.states()).toEqual(['disabled', 'delivered', 'delivered', 'delivered'])
  expect(office.messenger.subscribers()[0]?.state).toBe('ACTIVE')
  office.emit()
  office.machine.settle()
  expect(office.states().at(-1)).toBe('delivered')
})

test('after a resync an event climbs the ladder from its foot', () => {
  const office = createOffice()
  office.receiver = refuse
  office.emit()
  office.machine.advance(48 * hour)
  office.emit()
  office.machine.settle()
  const before = office.sent.length
  office.messenger.reactivate('tiny', 'shop')
  office.machine.settle()
  const times = office.sent.slice(before).map(({ atMs }) => atMs)
  expect(times.map((atMs) => atMs - (times[0] ?? 0))).toEqual(longLadderMs)
  expect(office.states()).toEqual(['disabled', 'disabled'])
})

test('an attempt under way when its subscriber is blocked may still succeed', () => {
  const office = createOffice()
  office.receiver = refuse
  office.emit()
  office.machine.advance(48 * hour + 35 * second)
  office.receiver = ({ deliveryId }) => (deliveryId === 'd-1' ? { status: 500 } : undefined)
  office.emit()
  office.machine.advance(second)
  expect(office.states()).toEqual(['disabled', 'under-way'])
  office.messenger.answered('d-2', 1, { status: 200 })
  expect(office.states()).toEqual(['disabled', 'delivered'])
})

test('a block is one subscriber of one partner', () => {
  const office = createOffice()
  office.receiver = refuse
  office.emit()
  office.machine.settle()
  office.receiver = () => ({ status: 200 })
  office.emit({ subscriber: 'neighbour' })
  office.machine.settle()
  expect(office.states()).toEqual(['disabled', 'delivered'])
})

test('re-activation refuses an unknown subscriber and does nothing to an active one', () => {
  const office = createOffice()
  office.emit()
  office.machine.settle()
  expect(office.messenger.reactivate('tiny', 'shop')).toBe(0)
  expect(() => office.messenger.reactivate('tiny', 'shoop')).toThrow(
    'No subscriber "shoop" of tiny has had an event yet. Known: shop.',
  )
})

test('an answer that comes after the timeout is journaled and changes nothing', () => {
  const office = createOffice()
  office.receiver = hang
  office.emit()
  office.machine.advance(5 * second)
  const [before] = office.messenger.deliveries()
  expect(before?.attempts).toHaveLength(2)
  office.messenger.answered('d-1', 1, { status: 200 })
  expect(office.messenger.deliveries()[0]).toEqual(before)
  expect(office.machine.entries.at(-1)).toMatchObject({
    kind: 'attempt-ended',
    data: { delivery: 'd-1', attempt: 1, status: 200, late: true },
  })
  expect(() => office.messenger.answered('d-99', 1, { status: 200 })).not.toThrow()
})

test('nowhere to go and a host that is not allowed are dead letters by name', () => {
  const office = createOffice()
  office.url = undefined
  office.emit()
  office.url = 'http://shop.example/hooks'
  office.emit({ url: 'http://shop.example/hooks' })
  office.url = undefined
  office.machine.settle()
  expect(office.messenger.deliveries().map(({ state, deadLetter }) => [state, deadLetter])).toEqual(
    [
      ['dead', 'no-receiver'],
      ['dead', 'host-not-allowed'],
    ],
  )
  expect(office.sent).toEqual([])
  office.allowedHosts.push('shop.example')
  office.messenger.redeliver('d-2')
  expect(office.states()).toEqual(['dead', 'delivered'])
})

test('a receiver named between two attempts gets the next one', () => {
  const office = createOffice()
  office.receiver = refuse
  office.emit()
  office.machine.advance(0)
  office.url = 'http://127.0.0.1:4200/other'
  office.machine.advance(second)
  expect(office.sent.map(({ url }) => url)).toEqual([
    'http://127.0.0.1:4100/hooks',
    'http://127.0.0.1:4200/other',
  ])
})

test('any delivery can be sent again, with its event id and from the foot of its ladder', () => {
  const office = createOffice()
  office.emit()
  office.machine.settle()
  office.receiver = refuse
  const again = office.messenger.redeliver('d-1')
  expect(again).toMatchObject({ id: 'd-1', eventId: 'e-1', state: 'waiting' })
  expect(office.messenger.isSettled()).toBe(false)
  office.receiver = () => ({ status: 200 })
  office.machine.settle()
  expect(office.sent.map(({ attempt, atMs }) => [attempt, atMs])).toEqual([
    [1, 0],
    [2, 0],
    [3, second],
  ])
  expect(office.states()).toEqual(['delivered'])
  expect(office.messenger.totals('tiny')).toMatchObject({ total: 1, delivered: 1, open: {} })
  expect(() => office.messenger.redeliver('d-2')).toThrow('No delivery "d-2"')
})

test('sending again what is under way gives up the attempt that hangs', () => {
  const office = createOffice()
  office.receiver = ({ attempt }) => (attempt === 1 ? undefined : { status: 200 })
  office.emit()
  office.emit()
  office.machine.advance(0)
  office.messenger.redeliver('d-1')
  expect(office.gaveUp).toEqual(['d-1/1'])
  office.messenger.answered('d-1', 1, { status: 500 })
  expect(office.messenger.deliveries()[0]).toMatchObject({ state: 'delivered' })
  expect(office.messenger.deliveries()[0]?.attempts[0]?.outcome).toEqual({ error: 'superseded' })
})

test('a disabled event can be sent by hand while its subscriber is blocked', () => {
  const office = createOffice()
  office.receiver = refuse
  office.emit()
  office.machine.settle()
  office.receiver = () => ({ status: 200 })
  office.messenger.redeliver('d-1')
  expect(office.states()).toEqual(['delivered'])
  expect(office.messenger.subscribers()[0]?.state).toBe('BLOCKED')
})

test('fifo: the first attempt of an event waits for that of the one before, not for its retries', () => {
  const office = createOffice()
  office.receiver = hang
  for (let n = 0; n < 3; n += 1) office.emit()
  office.emit({ subscriber: 'neighbour' })
  office.emit({ channel: 'callback' })
  office.machine.advance(0)
  expect(office.sentEvents()).toEqual([1, 4, 5])
  office.messenger.answered('d-1', 1, { status: 500 })
  expect(office.sentEvents()).toEqual([1, 4, 5, 2])
  office.machine.advance(5 * second)
  // The second hangs until its timeout; meanwhile the first has been tried again.
  expect(office.sentEvents().slice(4, 6)).toEqual([1, 3])
})

test('an event that is sent by hand out of its lane does not leave a second time', () => {
  const office = createOffice()
  office.receiver = hang
  office.emit()
  office.emit()
  office.machine.advance(0)
  office.receiver = () => ({ status: 200 })
  office.messenger.redeliver('d-2')
  office.messenger.answered('d-1', 1, { status: 200 })
  office.machine.settle()
  expect(office.sentEvents()).toEqual([1, 2])
})

test('a block holds back what waits in a lane, too', () => {
  const office = createOffice()
  office.receiver = refuse
  office.emit()
  office.machine.advance(48 * hour + 35 * second)
  office.receiver = hang
  office.emit()
  office.emit()
  office.machine.advance(second)
  office.messenger.answered('d-1', 20, { status: 500 })
  expect(office.states()).toEqual(['disabled', 'under-way', 'resync'])
  office.receiver = () => ({ status: 200 })
  office.messenger.answered('d-2', 1, { status: 200 })
  office.machine.settle()
  expect(office.states()).toEqual(['disabled', 'delivered', 'resync'])
})

test('fifo holds for thousands of events whose receiver answers at once', () => {
  const office = createOffice()
  office.receiver = hang
  for (let n = 0; n < 5_000; n += 1) office.emit()
  office.machine.advance(0)
  expect(office.sent).toHaveLength(1)
  office.receiver = () => ({ status: 200 })
  office.messenger.answered('d-1', 1, { status: 200 })
  expect(office.sentEvents()).toEqual(Array.from({ length: 5_000 }, (_, at) => at + 1))
  expect(office.messenger.snapshot().lanes.size).toBe(0)
})

test('shuffle: chance orders events that are near each other, the same under one seed', () => {
  const order = (seed: number) => {
    const office = createOffice({ seed })
    for (let n = 0; n < 10; n += 1) office.emit({ channel: 'shuffled' })
    office.machine.advance(shuffleSpreadMs)
    return office.sentEvents()
  }
  const inOrder = Array.from({ length: 10 }, (_, at) => at + 1)
  expect(order(1)).not.toEqual(inOrder)
  expect(order(1)).toEqual(order(1))
  expect(order(1)).not.toEqual(order(2))
  expect([...order(1)].sort((a, b) => a - b)).toEqual(inOrder)
})

test('the journal tells the chain from event to delivery to attempt to its end', () => {
  const office = createOffice()
  office.receiver = ({ attempt }) => ({ status: attempt === 1 ? 500 : 200 })
  office.emit()
  office.machine.settle()
  expect(office.machine.entries.map(({ kind, cause }) => [kind, cause])).toEqual([
    ['event', undefined],
    ['delivery', 1],
    ['attempt', 2],
    ['attempt-ended', 3],
    ['attempt', 2],
    ['attempt-ended', 5],
  ])
  expect(office.machine.entries[3]?.data).toMatchObject({
    delivery: 'd-1',
    attempt: 1,
    status: 500,
    state: 'waiting',
  })
  expect(office.messenger.deliveries()[0]?.cause).toBe(1)
})

test('duplicates keep the event id, count apart and arrive at the same moment', () => {
  const office = createOffice()
  office.receiver = hang
  office.arm({ name: 'duplicate', copies: 2 })
  office.emit({ headers: { 'x-tiny-event-id': 'e-1' } })
  office.emit()
  office.machine.advance(0)
  expect(office.sent.map(({ deliveryId }) => deliveryId)).toEqual(['d-1', 'd-2', 'd-3'])
  expect(new Set(office.sent.map(({ headers }) => headers['x-tiny-event-id']))).toEqual(
    new Set(['e-1']),
  )
  expect(office.messenger.deliveries().map(({ eventId }) => eventId)).toEqual([
    ...['e-1', 'e-1', 'e-1'],
    ...['e-2', 'e-2', 'e-2'],
  ])
  expect(office.messenger.deliveries()[0]?.faults).toEqual(['duplicate'])
})

test('a dropped event stands in the ledger under the name of its fault', () => {
  const office = createOffice()
  office.arm({ name: 'drop', on: 'thing.made', first: 1 })
  office.emit()
  office.emit()
  office.machine.settle()
  expect(office.states()).toEqual(['dropped', 'delivered'])
  expect(office.messenger.deliveries()[0]).toMatchObject({ faults: ['drop'], attempts: [] })
  expect(office.messenger.totals('tiny')).toMatchObject({
    total: 2,
    delivered: 1,
    by_fault: { drop: 1 },
  })
})

test('a delayed event is overtaken', () => {
  const office = createOffice()
  office.arm({ name: 'delay', by: '10m', where: { number: 1 } })
  office.emit()
  office.emit()
  office.machine.settle()
  expect(office.sentEvents()).toEqual([2, 1])
  expect(office.sent[1]?.atMs).toBe(10 * minute)
})

test('reordered events leave in reverse; what is held does not keep the world busy', () => {
  const office = createOffice()
  office.arm({ name: 'reorder', size: 3 })
  for (let n = 0; n < 4; n += 1) office.emit()
  expect(office.states()).toEqual(['waiting', 'waiting', 'waiting', 'held'])
  office.machine.settle()
  expect(office.sentEvents()).toEqual([3, 2, 1])
  expect(office.messenger.isSettled()).toBe(true)
  expect(office.messenger.totals('tiny').open).toEqual({ held: 1 })
  expect(office.messenger.deliveries({ settled: false }).map(({ id }) => id)).toEqual(['d-4'])
})

test('what a fault holds goes out in order when it is disarmed', () => {
  const office = createOffice()
  office.arm({ name: 'reorder', size: 9 })
  for (let n = 0; n < 3; n += 1) office.emit()
  office.machine.settle()
  expect(office.sent).toEqual([])
  office.faults.disarm()
  office.machine.settle()
  expect(office.sentEvents()).toEqual([1, 2, 3])
  expect(office.states()).toEqual(['delivered', 'delivered', 'delivered'])
})

test('what is released while its subscriber is blocked waits for the resync', () => {
  const office = createOffice()
  office.receiver = refuse
  office.emit()
  office.arm({ name: 'reorder' })
  office.emit()
  office.machine.settle()
  expect(office.states()).toEqual(['disabled', 'held'])
  office.faults.disarm()
  expect(office.states()).toEqual(['disabled', 'resync'])
})

test('a wrong signature is never the good one, and a retry is signed well', () => {
  const office = createOffice()
  office.receiver = ({ headers, body }) => ({
    status: headers['x-tiny-signature'] === hmac(body) ? 200 : 401,
  })
  office.arm({ name: 'wrong-signature', attempts: 2 })
  office.emit()
  office.machine.settle()
  const outcomes = office.messenger.deliveries()[0]?.attempts.map(({ outcome }) => outcome)
  expect(outcomes).toEqual([{ status: 401 }, { status: 401 }, { status: 200 }])
  expect(office.sent[0]?.body).toBe('{"number":1}')
})

test('an armed fault that never matches changes nothing that leaves or is kept', () => {
  const play = (specs: object[]) => {
    const office = createOffice()
    office.receiver = ({ attempt }) => ({ status: attempt < 3 ? 500 : 200 })
    for (const spec of specs) office.arm(spec)
    for (let n = 0; n < 5; n += 1) office.emit({ channel: n % 2 ? 'shuffled' : 'webhook' })
    office.machine.settle()
    return {
      sent: office.sent,
      ledger: office.messenger.snapshot(),
      journal: office.machine.entries,
    }
  }
  const plain = play([])
  const armed = play([
    { name: 'drop', where: { number: 99 } },
    { name: 'duplicate', on: 'thing.gone' },
    { name: 'delay', by: '1h', after: 1_000 },
    { name: 'reorder', from: '30d' },
    { name: 'wrong-signature', probability: 0 },
  ])
  expect(armed).toEqual(plain)
})

test('a snapshot goes on where it was taken, and what was under way is sent again with its event id', () => {
  const play = (office: ReturnType<typeof createOffice>) => {
    office.receiver = ({ attempt }) => (attempt % 2 ? undefined : { status: 200 })
    office.machine.advance(minute)
    office.faults.disarm()
    office.machine.settle()
  }
  const office = createOffice()
  office.receiver = hang
  office.arm({ name: 'reorder', on: 'thing.gone' })
  for (let n = 0; n < 3; n += 1) office.emit()
  office.emit({ event: 'thing.gone' })
  office.emit({ channel: 'shuffled' })
  office.machine.advance(3 * second)

  const other = createOffice()
  other.machine.resume(office.machine)
  other.faults.restore(structuredClone(office.faults.snapshot()))
  other.messenger.restore(structuredClone(office.messenger.snapshot()))
  expect(other.messenger.snapshot()).toEqual(office.messenger.snapshot())
  other.receiver = hang
  other.messenger.resendUnderWay()
  const [again] = other.sent
  expect(again).toEqual({ ...office.sent[0], atMs: 3 * second })
  expect(other.messenger.snapshot()).toEqual(office.messenger.snapshot())
  expect(other.messenger.isSettled()).toBe(false)

  const sentBefore = office.sent.length
  const resent = other.sent.length
  play(office)
  play(other)
  expect(other.sent.slice(resent)).toEqual(office.sent.slice(sentBefore))
  const endOf = (each: typeof office) =>
    each.messenger.deliveries().map(({ id, state, attempts }) => [id, state, attempts.length])
  expect(endOf(other)).toEqual(endOf(office))
  expect(other.messenger.totals('tiny')).toEqual(office.messenger.totals('tiny'))
})

test('deliveries that have ended leave at the limit, totals still count them, open ones stay', () => {
  const office = createOffice()
  office.arm({ name: 'reorder', first: 1 })
  office.arm({ name: 'drop', every: 100, after: 1 })
  // The one that is held stays, the 500 that ended first go.
  const total = settledKeptMax + 501
  for (let n = 0; n < total; n += 1) office.emit()
  office.machine.settle()
  expect(office.messenger.deliveries()).toHaveLength(settledKeptMax + 1)
  expect(office.messenger.deliveries().at(-1)?.id).toBe(`d-${total}`)
  expect(office.messenger.deliveries({ settled: false }).map(({ id }) => id)).toEqual(['d-1'])
  const dropped = Math.floor(total / 100)
  expect(office.messenger.totals('tiny')).toEqual({
    total,
    delivered: total - dropped - 1,
    by_fault: { drop: dropped },
    by_dead_letter: {},
    open: { held: 1 },
    open_ids: ['d-1'],
  })
  expect(office.messenger.counts()).toEqual({ deliveries: total, attempts: total - dropped - 1 })
})

test('a delivery that ended and is sent again is open, and stays', () => {
  const office = createOffice()
  office.emit()
  office.machine.settle()
  office.receiver = ({ deliveryId }) => (deliveryId === 'd-1' ? undefined : { status: 200 })
  office.messenger.redeliver('d-1')
  for (let n = 0; n < settledKeptMax + 500; n += 1) office.emit()
  office.machine.advance(0)
  expect(office.messenger.find('d-1').state).toBe('under-way')
})

test('attempts of a delivery that is sent again and again are bounded', () => {
  const office = createOffice()
  office.emit()
  office.machine.settle()
  for (let n = 0; n < attemptsKeptMax + 5; n += 1) office.messenger.redeliver('d-1')
  const [delivery] = office.messenger.deliveries()
  expect(delivery?.attempts).toHaveLength(attemptsKeptMax)
  expect(delivery?.attempts.at(-1)?.number).toBe(attemptsKeptMax + 6)
})

test('deliveries are copies and can be asked for by state, partner and event', () => {
  const office = createOffice()
  office.arm({ name: 'drop', on: 'thing.gone' })
  office.emit()
  office.emit({ event: 'thing.gone' })
  office.machine.settle()
  const ids = (filter: object) => office.messenger.deliveries(filter).map(({ id }) => id)
  expect(ids({ state: 'dropped' })).toEqual(['d-2'])
  expect(ids({ event: 'thing.made' })).toEqual(['d-1'])
  expect(ids({ partner: 'other' })).toEqual([])
  const [delivery] = office.messenger.deliveries()
  delivery?.attempts.splice(0)
  expect(office.messenger.find('d-1').attempts).toHaveLength(1)
})

test('an unknown channel is a mistake of ours', () => {
  const office = createOffice()
  expect(() => office.emit({ channel: 'webhok' })).toThrow(
    'Unknown channel of tiny: "webhok". Did you mean "webhook"? Known: callback, shuffled, webhook.',
  )
  expect(office.machine.entries).toEqual([])
})
