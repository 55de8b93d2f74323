import { expect, it } from 'vitest'
import { createStage, type Stage } from './testing/stage.ts'

const order = { order_id: 'A-1', sku: 'BAG', quantity: 2 }
const on = (stage: Stage, spec: object) => stage.world.arm({ partner: 'tiny', ...spec } as never)

it('changes no byte while it never matches', async () => {
  const play = async (stage: Stage) => {
    const response = await stage.call('POST', '/v1/orders', order)
    stage.world.act('tiny.order.hand-over', { order_id: 'A-1' })
    await stage.conductor.settle()
    return [await response.text(), stage.receiver.heard, stage.world.state('tiny')]
  }
  const plain = createStage()
  const armed = createStage()
  on(armed, { name: 'status', status: 503, where: { sku: 'NEVER' }, probability: 0.5 })
  on(armed, { name: 'drop', on: 'order.handed-over', where: { order_id: 'NEVER' } })
  expect(await play(armed)).toEqual(await play(plain))
})

it('applied but answer lost: the order is there, the client saw a reset', async () => {
  const stage = createStage()
  on(stage, { name: 'answer-lost', how: 'reset', on: 'placeOrder' })
  await expect(stage.call('POST', '/v1/orders', order)).rejects.toThrow('fetch failed')
  stage.world.disarm()
  expect((await stage.call('GET', '/v1/orders/A-1')).status).toBe(200)
})

it('answered but never applied: the client holds an order that nobody knows', async () => {
  const stage = createStage()
  on(stage, { name: 'never-applied', on: 'placeOrder', first: 1 })
  const phantom = await stage.call('POST', '/v1/orders', order)
  expect(phantom.status).toBe(201)
  expect((await stage.call('GET', '/v1/orders/A-1')).status).toBe(404)
  expect(stage.world.judge().breaches).toEqual([])
  const real = await stage.call('POST', '/v1/orders', order)
  const ids = [await phantom.json(), await real.json()].map((body) => (body as { id: string }).id)
  expect(ids[0]).not.toBe(ids[1])
  expect(stage.world.clock.next()?.name).toBe('tiny.order.expire')
})

it('holds an answer on the clock of the world', async () => {
  const stage = createStage()
  on(stage, { name: 'latency', fixed: '3s' })
  const beganMs = stage.world.clock.nowMs
  const task = stage.conductor.start('client', () =>
    stage.conductor.ports.fetch('http://127.0.0.1:4090/v1/orders/A-1'),
  )
  await stage.conductor.run([task])
  expect((await task.result).status).toBe(401)
  expect(stage.world.clock.nowMs - beganMs).toBe(3_000)
})

it('never answers a hanging call until the world is reset', async () => {
  const stage = createStage()
  on(stage, { name: 'hang' })
  const waiting = stage.call('GET', '/v1/orders/A-1')
  await stage.conductor.drain()
  expect(stage.world.counts().requests).toBe(1)
  stage.world.reset()
  await expect(waiting).rejects.toThrow('fetch failed')
})
