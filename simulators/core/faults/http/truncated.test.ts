import { expect, test } from 'vitest'
import { createStage } from '../../testing/stage.ts'
import { truncated } from './truncated.ts'

test('applies the call and cuts its answer', () => {
  const how = { options: truncated.options.parse({ bytes: 7 }), draw: 0, nowMs: 0, memory: {} }
  expect(truncated.apply({ apply: 'yes', holdMs: 0 }, how)).toEqual({
    apply: 'yes',
    holdMs: 0,
    transport: { kind: 'truncate', bytes: 7 },
  })
})

test('the client reads the beginning and then an error', async () => {
  const stage = createStage()
  stage.world.arm({ partner: 'tiny', name: 'truncated', on: 'placeOrder' })
  const order = { order_id: 'A-1', sku: 'BAG', quantity: 2 }
  const response = await stage.call('POST', '/v1/orders', order)
  expect(response.status).toBe(201)
  await expect(response.text()).rejects.toThrow()
  stage.world.disarm()
  expect((await stage.call('GET', '/v1/orders/A-1')).status).toBe(200)
})
