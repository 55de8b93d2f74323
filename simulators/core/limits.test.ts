import { expect, it } from 'vitest'
import { limits } from './limits.ts'
import { createStage } from './testing/stage.ts'

const order = { order_id: 'A-1', sku: 'BAG', quantity: 1 }

it('every limit is a positive whole number', () => {
  for (const [name, value] of Object.entries(limits)) {
    expect(Number.isSafeInteger(value) && value > 0, name).toBe(true)
    expect(name).toMatch(/Max$/)
  }
})

it('refuses a body over the limit, whether its length is announced or not', async () => {
  const { call, world } = createStage()
  const body = JSON.stringify({ ...order, note: 'x'.repeat(limits.bodyBytesMax) })
  expect((await call('POST', '/v1/orders', body)).status).toBe(413)
  const announced = { 'content-length': String(limits.bodyBytesMax + 1) }
  expect((await call('POST', '/v1/orders', '{}', announced)).status).toBe(413)
  expect(world.things('tiny', 'order')).toEqual([])
})

it('refuses a path over the limit', async () => {
  const { call } = createStage()
  const long = await call('GET', `/v1/orders/${'x'.repeat(limits.targetBytesMax)}`)
  expect(long.status).toBe(413)
  expect(await long.text()).toContain(`Path and query have at most ${limits.targetBytesMax} bytes.`)
})

it('keeps the journal within its bytes while calls go on', async () => {
  const { call, world } = createStage({ journalBytesMax: 20_000 })
  for (let nth = 0; nth < 200; nth += 1) await call('GET', `/v1/orders/A-${nth}`)
  expect(world.journal().length).toBeLessThan(100)
  expect(() => world.journal({ after: 1 })).toThrow('evicted')
})

it('cuts a large body in the journal and says how large it was', async () => {
  const { call, world } = createStage()
  const note = 'x'.repeat(limits.journalBodyCharsMax)
  await call('POST', '/v1/orders', { ...order, note })
  const [entry] = world.journal({ kind: 'request' })
  expect(String(entry?.data.body)).toMatch(/… \(\d+ characters in all\)$/)
})

it('keeps a bounded list of findings and counts on', async () => {
  const { call, world } = createStage()
  for (let nth = 0; nth < limits.findingsMax + 5; nth += 1) await call('GET', '/nowhere')
  expect(world.counts().misunderstood).toBe(limits.findingsMax + 5)
  const breaches = world
    .judge()
    .breaches.filter(({ invariant }) => invariant === 'calls-understood')
  expect(breaches.length).toBe(limits.findingsMax)
})

it('refuses a call when too many answers are held, and applies nothing', async () => {
  const { call, world, conductor } = createStage({ journalBytesMax: 100_000 })
  world.arm({ partner: 'tiny', name: 'latency', fixed: '1h' })
  const held = Array.from({ length: limits.heldAnswersMax }, () => call('GET', '/v1/orders/A-1'))
  await conductor.drain()
  const refused = await call('POST', '/v1/orders', order)
  expect(await refused.json()).toMatchObject({ code: 'unavailable' })
  expect(world.things('tiny', 'order')).toEqual([])
  world.reset()
  await Promise.all(held)
})
