import { expect, it } from 'vitest'
import { replayWorld } from './replay.ts'
import { createStage } from './testing/stage.ts'
import { tiny } from './testing/tiny/index.ts'

it('rebuilds the same snapshot from the inputs alone', async () => {
  const stage = createStage({ keepInputs: true })
  const { world, conductor, call } = stage
  world.arm({ partner: 'tiny', name: 'latency', fixed: '2s', on: 'getOrder' })
  world.arm({ partner: 'tiny', name: 'never-applied', on: 'placeOrder', nth: 2 })
  await call('POST', '/v1/orders', { order_id: 'A-1', sku: 'BAG', quantity: 2 })
  await call('POST', '/v1/orders', { order_id: 'A-2', sku: 'BAG', quantity: 2 })
  await call(
    'POST',
    '/v1/orders',
    { order_id: 'A-3', sku: 'HAT', quantity: 1 },
    { authorization: 'Key no' },
  )
  await call('POST', '/v1/orders', 'not json', { 'content-type': 'application/json' })
  stage.receiver.answer = (nth) => (nth < 2 ? 500 : 200)
  world.act('tiny.order.hand-over', { order_id: 'A-1' })
  expect(() => world.act('tiny.order.hand-over', { order_id: 'A-1' })).toThrow('handed-over')
  const task = conductor.start('reader', () =>
    conductor.ports.fetch('http://127.0.0.1:4090/v1/orders/A-1'),
  )
  await conductor.run([task])
  await conductor.settle()
  world.setAssumptions('tiny', { keep_minutes: 5 })
  world.disarm()
  await call('POST', '/v1/orders', { order_id: 'A-4', sku: 'HAT', quantity: 1 })
  await conductor.advance(3_600_000)
  world.redeliver('d-1')
  await conductor.settle()
  const log = JSON.parse(JSON.stringify(world.inputs()))
  expect(JSON.stringify(log)).not.toContain(world.credentials('tiny').key)
  const again = await replayWorld(log, { partners: [tiny] })
  expect(again.snapshot()).toBe(world.snapshot())
  expect(world.things('tiny', 'order').length).toBe(2)
})
