import { expect, it } from 'vitest'
import { Refusal } from './refusal.ts'
import { createStage, type Stage } from './testing/stage.ts'
import { sign } from './testing/tiny/webhooks.ts'

const order = { order_id: 'A-1', sku: 'BAG', quantity: 2 }

/** An order, a hand-over, a refused call, and the webhook delivered. */
async function play(stage: Stage): Promise<string[]> {
  const answers: string[] = []
  const keep = async (response: Response) => {
    answers.push(
      `${response.status} ${response.headers.get('content-type')} ${await response.text()}`,
    )
  }
  await keep(await stage.call('POST', '/v1/orders', order))
  await keep(await stage.call('POST', '/v1/orders', { ...order, order_id: 'A-2', quantity: 99 }))
  stage.world.act('tiny.order.hand-over', { order_id: 'A-1' })
  await stage.conductor.settle()
  await keep(await stage.call('GET', '/v1/orders/A-1'))
  return answers
}

it('gives the same bytes for the same seed and inputs', async () => {
  const runs = [createStage(), createStage(), createStage({ seed: 8 })] as const
  const answers = [await play(runs[0]), await play(runs[1]), await play(runs[2])]
  expect(answers[0]).toEqual(answers[1])
  expect(answers[0]).not.toEqual(answers[2])
  expect(JSON.stringify(runs[0].world.journal())).toBe(JSON.stringify(runs[1].world.journal()))
  expect(runs[0].world.snapshot()).toBe(runs[1].world.snapshot())
  expect(runs[0].receiver.heard).toEqual(runs[1].receiver.heard)
})

it('delivers a signed webhook that verifies', async () => {
  const stage = createStage()
  await play(stage)
  const [heard] = stage.receiver.heard
  const key = stage.world.credentials('tiny').key ?? ''
  expect(heard?.headers['x-tiny-signature']).toBe(sign(key, heard?.body ?? ''))
  expect(stage.world.deliveries().map(({ state }) => state)).toEqual(['delivered'])
})

it('tells a whole chain in the journal: request, state, act, event, attempt', async () => {
  const stage = createStage()
  await play(stage)
  const journal = stage.world.journal()
  const act = journal.find(({ kind }) => kind === 'act')
  const event = journal.find(({ kind }) => kind === 'event')
  const attempt = journal.find(({ kind }) => kind === 'attempt')
  expect(event?.cause).toBe(act?.seq)
  const delivery = journal.find(({ seq }) => seq === attempt?.cause)
  expect(delivery).toMatchObject({ kind: 'delivery', cause: event?.seq })
  expect(journal.map(({ seq }) => seq)).toEqual(
    [...journal.map(({ seq }) => seq)].sort((a, b) => a - b),
  )
})

it('goes on from a snapshot as if nothing had happened', async () => {
  const whole = createStage()
  await play(whole)
  const copy = createStage({}, whole.world.snapshot())
  expect(copy.world.snapshot()).toBe(whole.world.snapshot())
  for (const stage of [whole, copy]) {
    await stage.call('POST', '/v1/orders', { order_id: 'A-3', sku: 'HAT', quantity: 1 })
    await stage.conductor.advance(2 * 3_600_000)
  }
  expect(copy.world.snapshot()).toBe(whole.world.snapshot())
  expect(whole.world.things('tiny', 'order')).toContainEqual(
    expect.objectContaining({ shop_order_id: 'A-3', status: 'expired' }),
  )
})

it('refuses in the dialect and changes nothing', async () => {
  const stage = createStage()
  const { world } = stage
  const before = world.state('tiny')
  const path = '/v1/orders'
  const json = 'application/json'
  const refused = [
    [await stage.call('POST', path, order, { authorization: 'Key wrong' }), 401],
    [await stage.call('POST', path, '{"order_id":', { 'content-type': json }), 400],
    [await stage.call('POST', path, { order_id: 'A-1' }), 400],
    [await stage.call('POST', path, { ...order, quantity: 'two' }), 400],
    [await stage.call('POST', path, JSON.stringify(order), { 'content-type': 'text/plain' }), 415],
    [await stage.call('POST', path, { ...order, note: 'x'.repeat(3_000_000) }), 413],
    [await stage.call('POST', path, { ...order, sku: 'NONE' }), 404],
    [await stage.call('POST', path, { ...order, quantity: 6 }), 409],
    [await stage.call('DELETE', path), 405],
    [await stage.call('GET', '/v1/order'), 404],
  ] as const
  for (const [response, status] of refused) {
    expect(response.status).toBe(status)
    expect(await response.json()).toEqual({ code: expect.any(String), message: expect.any(String) })
  }
  expect(refused[8][0].headers.get('allow')).toBe('POST')
  expect(world.state('tiny')).toEqual(before)
  expect(world.counts()).toMatchObject({ requests: 10, bugs: 0, misunderstood: 7 })
  expect(world.judge().breaches.map(({ invariant }) => invariant)).toContain('calls-understood')
})

it('names the nearest operation and unknown fields in the journal', async () => {
  const stage = createStage()
  await stage.call('GET', '/v1/order/A-1')
  await stage.call('POST', '/v1/orders?debug=1', { ...order, colour: 'red' })
  const [unmatched, placed] = stage.world.journal({ kind: 'request' })
  expect(unmatched?.data.nearest).toBe('GET /v1/orders/{order_id} (getOrder): another path')
  expect(placed?.data.unknown_fields).toEqual(['query/debug', 'colour'])
})

it('redacts credentials in the journal', async () => {
  const stage = createStage()
  await play(stage)
  const text = JSON.stringify(stage.world.journal())
  expect(text).not.toContain(stage.world.credentials('tiny').key)
  expect(text).toContain('{{tiny.key}}')
})

it('refuses an act without changing anything, and says what would do', () => {
  const { world } = createStage()
  const before = world.state('tiny')
  expect(() => world.act('tiny.order.hand-over', { order_id: 'none' })).toThrow(Refusal)
  expect(() => world.act('tiny.stok.set', {})).toThrow('Did you mean "tiny.stock.set"?')
  expect(() => world.act('tiny.stock.set', { sku: 'BAG', quantity: -1 })).toThrow('quantity')
  expect(world.state('tiny')).toEqual(before)
})

it('resets to the beginning: same credentials, same ids', async () => {
  const stage = createStage()
  const first = await play(stage)
  const credentials = stage.world.credentials('tiny')
  stage.world.reset()
  expect(stage.world.credentials('tiny')).toEqual(credentials)
  expect(await play(stage)).toEqual(first)
})

it('logs an error of ours as a bug: a marked 500, and a red judge', async () => {
  const stage = createStage()
  const { partners } = stage.world
  const broken = {
    ...(partners[0] as (typeof partners)[0]),
    operations: {
      ...partners[0]?.operations,
      getOrder: () => ({ status: 200, json: { not: 'an order' } }),
    },
  }
  const other = createStage({ partners: [broken as (typeof partners)[0]] })
  const response = await other.call('GET', '/v1/orders/A-1')
  expect(response.status).toBe(500)
  expect(response.headers.get('x-simulator-bug')).toBe('true')
  expect(other.world.judge().breaches[0]?.invariant).toBe('no-simulator-bug')
})

it('gives no id again in a later life of a real world, and keeps its credentials', async () => {
  const first = createStage({ mode: 'real', startMs: 1_800_000_000_000 })
  const second = createStage({ mode: 'real', startMs: 1_800_000_060_000 })
  const ids = await Promise.all(
    [first, second].map(async (stage) => {
      const response = await stage.call('POST', '/v1/orders', order)
      stage.world.act('tiny.order.hand-over', { order_id: 'A-1' })
      const { id } = (await response.json()) as { id: string }
      return [id, stage.world.deliveries()[0]?.eventId]
    }),
  )
  expect(ids[0]?.[0]).not.toBe(ids[1]?.[0])
  expect(ids[0]?.[1]).not.toBe(ids[1]?.[1])
  expect(first.world.credentials('tiny')).toEqual(second.world.credentials('tiny'))
  first.world.close()
  second.world.close()
})

it.each([
  'http://evil.test/hook',
  'ftp://127.0.0.1/hook',
  'http://user:word@127.0.0.1/hook',
  'http://0.0.0.0/hook',
])('refuses a shop at %s, to which nothing would ever be sent', (url) => {
  const { world } = createStage()
  const before = world.shop()
  expect(() => world.setShop({ tiny: { webhook_url: url } })).toThrow('--allow-host')
  expect(world.shop()).toEqual(before)
  const allowed = createStage({ allowedHosts: ['evil.test'] })
  allowed.world.setShop({ tiny: { webhook_url: 'http://evil.test/hook' } })
})

it.each([{ seed: 1.5 }, { seed: -1 }, { seed: Number.NaN }, { mode: 'x' as 'real' }])(
  'refuses %o when it is made',
  (options) => {
    expect(() => createStage(options)).toThrow('is wanted')
  },
)
