import { expect, it } from 'vitest'
import { openControl, placeOrder } from './testing/open-control.ts'

const journal = '/worlds/default/journal'
const deliveries = '/worlds/default/deliveries'
const hook = { tiny: { webhook_url: 'http://127.0.0.1:4100/hook' } }

interface Entry {
  seq: number
  kind: string
}

it('pages through the journal without a gap and without a secret', async () => {
  const { call, world } = openControl()
  for (let number = 1; number <= 5; number += 1) await placeOrder(world, `A-${number}`)
  const seen: Entry[] = []
  let after = 0
  for (let hasMore = true; hasMore; ) {
    const { body } = await call('GET', `${journal}?after=${after}&limit=2`)
    seen.push(...(body.entries as Entry[]))
    after = body.next_after as number
    hasMore = body.has_more as boolean
  }
  expect(seen.map(({ seq }) => seq)).toEqual(world.journal().map(({ seq }) => seq))
  expect(after).toBe(world.seq)
  expect(JSON.stringify(seen)).not.toContain(world.credentials('tiny').key)
  const { body } = await call('GET', `${journal}?kind=request`)
  expect((body.entries as Entry[]).map(({ kind }) => kind)).toEqual(Array(5).fill('request'))
})

it('answers 410 with where the journal begins, never an empty page, past its oldest entry', async () => {
  const { call, world } = openControl({ worlds: { defaults: { journalBytesMax: 2_000 } } })
  for (let number = 1; number <= 20; number += 1) await placeOrder(world, `A-${number}`)
  const { status, error } = await call('GET', `${journal}?after=1`)
  expect([status, error.code]).toEqual([410, 'evicted'])
  const { oldest_seq } = error as unknown as { oldest_seq: number }
  const { body } = await call('GET', `${journal}?after=${oldest_seq - 1}`)
  expect((body.entries as Entry[])[0]?.seq).toBe(oldest_seq)
})

it('waits for the first entry, by the wall', async () => {
  const { call, world, wall } = openControl()
  const late = call('GET', `${journal}?after=0&wait=10s`)
  while (wall.sleepsMs.length < 5) await Promise.resolve()
  world.act('tiny.stock.set', { sku: 'BAG', quantity: 1 })
  expect(((await late).body.entries as Entry[])[0]?.kind).toBe('act')
  const before = wall.nowMs()
  const none = await call('GET', `${journal}?after=${world.seq}&wait=10s`)
  expect(none.body).toEqual({ entries: [], next_after: world.seq, has_more: false })
  expect(wall.nowMs() - before).toBe(10_000)
})

it('refuses a kind of entry that there is none of, and names those there are', async () => {
  const { call } = openControl()
  const { status, error } = await call('GET', `${journal}?kind=act,requst&wait=60s`)
  expect(status).toBe(400)
  expect(error.message).toMatch(
    /^Unknown kind of entry "requst"\. Did you mean "request"\? Known: act, arm, /,
  )
})

it.each(['limit=0', 'limit=1001', 'limit=x', 'after=-1', 'wait=61s', 'wait=long', 'kinds=act'])(
  'refuses the query %s',
  async (query) => {
    const { call } = openControl()
    expect((await call('GET', `${journal}?${query}`)).status).toBe(400)
  },
)

it('shows each delivery with each attempt', async () => {
  const { call, world } = openControl()
  world.setShop(hook)
  world.act('tiny.order.hand-over', { order_id: await placeOrder(world, 'A-1') })
  await call('POST', '/worlds/default/clock', { settle: true })
  const { body } = await call('GET', deliveries)
  expect(body).toMatchObject({
    total: 1,
    has_more: false,
    deliveries: [
      {
        id: 'd-1',
        event: 'order.handed-over',
        state: 'delivered',
        attempts: [{ number: 1, status: 200, error: null }],
      },
    ],
  })
  expect((await call('GET', `${deliveries}?settled=false`)).body.total).toBe(0)
})

it('pages through deliveries by id', async () => {
  const { call, world } = openControl()
  for (const id of ['A-1', 'A-2', 'A-3']) {
    world.act('tiny.order.hand-over', { order_id: await placeOrder(world, id) })
  }
  const one = await call('GET', `${deliveries}?limit=2`)
  expect(one.body).toMatchObject({
    total: 3,
    has_more: true,
    deliveries: [{ id: 'd-1' }, { id: 'd-2' }],
  })
  const two = await call('GET', `${deliveries}?limit=2&after=d-2`)
  expect(two.body).toMatchObject({ has_more: false, deliveries: [{ id: 'd-3' }] })
  expect((await call('GET', `${deliveries}?partner=tinny`)).error.known).toEqual(['tiny'])
})

it('waits until nothing is under way, and answers at once then', async () => {
  const { call, world, wall } = openControl({
    worlds: { onOpen: (each) => each.onOutgoing(() => undefined) },
  })
  world.setShop(hook)
  const before = wall.nowMs()
  expect((await call('GET', `${deliveries}?settled=false&wait=10s`)).body.total).toBe(0)
  expect(wall.nowMs()).toBe(before)
  world.act('tiny.order.hand-over', { order_id: await placeOrder(world, 'A-1') })
  world.clock.fireNext()
  const waiting = call('GET', `${deliveries}?settled=false&wait=10s`)
  const slept = wall.sleepsMs.length
  while (wall.sleepsMs.length < slept + 5) await Promise.resolve()
  world.answered('d-1', 1, { status: 200 })
  expect((await waiting).body).toMatchObject({ total: 0 })
  expect(wall.nowMs() - before).toBeLessThan(10_000)
})

it('says what is still under way when the time is up', async () => {
  const { call, world, wall } = openControl({
    worlds: { onOpen: (each) => each.onOutgoing(() => undefined) },
  })
  world.setShop(hook)
  world.act('tiny.order.hand-over', { order_id: await placeOrder(world, 'A-1') })
  const before = wall.nowMs()
  const { body } = await call('GET', `${deliveries}?settled=false&wait=10s`)
  expect(body).toMatchObject({ total: 1, deliveries: [{ id: 'd-1' }] })
  expect(wall.nowMs() - before).toBe(10_000)
})

it('sends a delivery once more, with the same event id', async () => {
  const { call, world } = openControl()
  world.setShop(hook)
  world.act('tiny.order.hand-over', { order_id: await placeOrder(world, 'A-1') })
  await call('POST', '/worlds/default/clock', { settle: true })
  const again = await call('POST', `${deliveries}/d-1/redeliver`)
  expect(again.status).toBe(200)
  await call('POST', '/worlds/default/clock', { settle: true })
  const attempts = world.journal({ kind: 'attempt' })
  expect(attempts).toHaveLength(2)
  expect(new Set(attempts.map(({ data }) => data.eventId)).size).toBe(1)
  expect((await call('POST', `${deliveries}/d-9/redeliver`)).error.known).toEqual(['d-1'])
})

it('shows deliveries without a secret, in bytes and headers', async () => {
  const { call, world } = openControl()
  const { key = '' } = world.credentials('tiny')
  world.setShop(hook)
  world.act('tiny.order.hand-over', { order_id: await placeOrder(world, key) })
  expect(JSON.stringify(world.deliveries())).toContain(key)
  const { body } = await call('GET', deliveries)
  expect(JSON.stringify(body)).not.toContain(key)
  expect(JSON.stringify(body)).toContain('{{tiny.key}}')
})
