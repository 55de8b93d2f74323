import { expect, it } from 'vitest'
import type { OutgoingCall } from '../messenger/delivery.ts'
import { openControl, placeOrder } from './testing/open-control.ts'

const path = '/worlds/default/clock'
const startMs = Date.UTC(2026, 0, 5, 4, 30)

it.each([
  [{ advance: '3d' }, startMs + 3 * 86_400_000],
  [{ advance: '1h30m' }, startMs + 5_400_000],
  [{ set: '2026-01-05T11:00:00+05:30' }, startMs + 3_600_000],
  [{ advance: '0' }, startMs],
])('moves a virtual clock by %j', async (wish, toMs) => {
  const { call, world } = openControl()
  const { status, body } = await call('POST', path, wish)
  expect([status, body.now_ms, body.moved_ms]).toEqual([200, toMs, toMs - startMs])
  expect(world.clock.nowMs).toBe(toMs)
})

it.each([
  { advance: '3 parsecs' },
  { advance: 5 },
  { advance: '200000d' },
  { set: 'tomorrow' },
  { settle: false },
  { advance: '1s', set: '2026-01-06T00:00:00Z' },
  { advance: '1s', for: '1s' },
  {},
])('does not understand %j and moves nothing', async (wish) => {
  const { call, world } = openControl()
  const { status, error } = await call('POST', path, wish)
  expect([status, error.code]).toEqual([400, 'bad-input'])
  expect(world.clock.nowMs).toBe(startMs)
})

it('does not run backwards', async () => {
  const { call } = openControl()
  const { status, error } = await call('POST', path, { set: '2026-01-05T04:29:59Z' })
  expect([status, error.message]).toEqual([
    409,
    'Time does not run backwards: it is 2026-01-05T04:30:00.000Z already.',
  ])
})

it('tells what is due next, of any kind and of work', async () => {
  const { call, world } = openControl()
  expect((await call('GET', path)).body).toMatchObject({ next_timer: null, next_work: null })
  await placeOrder(world, 'A-1')
  expect((await call('GET', path)).body).toMatchObject({
    next_timer: '2026-01-05T05:30:00.000Z',
    next_work: null,
  })
})

it('plays a retry ladder at its own times while time is moved past all of it', async () => {
  const calls: OutgoingCall[] = []
  const { call, world } = openControl({
    receive: (outgoing) => {
      calls.push(outgoing)
      return { status: 500 }
    },
  })
  world.setShop({ tiny: { webhook_url: 'http://127.0.0.1:4100/hook' } })
  world.act('tiny.order.hand-over', { order_id: await placeOrder(world, 'A-1') })
  await call('POST', path, { advance: '1d' })
  const [delivery] = world.deliveries()
  expect(delivery?.attempts.map(({ atMs }) => atMs - startMs)).toEqual([0, 1_000, 61_000])
  expect(delivery?.state).toBe('disabled')
  expect(calls).toHaveLength(3)
  expect(world.clock.nowMs).toBe(startMs + 86_400_000)
})

it('settles at the last work, and not a moment later', async () => {
  let answers = 0
  const { call, world } = openControl({
    receive: () => {
      answers += 1
      return { status: answers < 3 ? 500 : 200 }
    },
  })
  world.setShop({ tiny: { webhook_url: 'http://127.0.0.1:4100/hook' } })
  world.act('tiny.order.hand-over', { order_id: await placeOrder(world, 'A-1') })
  const some = await call('POST', path, { settle: true, for: '10s' })
  expect(some.body).toMatchObject({ moved_ms: 10_000, next_work: '2026-01-05T04:31:01.000Z' })
  const all = await call('POST', path, { settle: true })
  expect(all.body).toMatchObject({ moved_ms: 51_000, next_work: null })
  expect(world.deliveries()[0]?.state).toBe('delivered')
  expect((await call('POST', path, { settle: true })).body.moved_ms).toBe(0)
})

it('pushes a real clock forward, which goes on by itself', async () => {
  const { call, house } = openControl()
  await call('POST', '/worlds', { name: 'live', clock: 'real', start: '2026-01-05T04:30:00Z' })
  const { world } = house.get('live')
  await placeOrder(world, 'A-1')
  const { body } = await call('POST', '/worlds/live/clock', { advance: '61m' })
  expect(body).toMatchObject({ mode: 'real', next_timer: null })
  expect(world.clock.nowMs).toBeGreaterThanOrEqual(startMs + 61 * 60_000)
  expect(world.clock.nowMs).toBeLessThan(startMs + 62 * 60_000)
  expect(world.state('tiny')).toMatchObject({ orders: { 'A-1': { status: 'expired' } } })
  house.close()
})

it('goes on when a receiver itself waits for time to move', async () => {
  const { call, world, wall } = openControl({
    worlds: { onOpen: (each) => each.onOutgoing(() => undefined) },
  })
  world.setShop({ tiny: { webhook_url: 'http://127.0.0.1:4100/hook' } })
  world.act('tiny.order.hand-over', { order_id: await placeOrder(world, 'A-1') })
  const before = wall.nowMs()
  await call('POST', path, { settle: true })
  expect(world.deliveries()[0]?.attempts).toHaveLength(3)
  expect(wall.nowMs() - before).toBeLessThan(10_000)
})
