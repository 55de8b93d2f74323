import { expect, test } from 'vitest'
import { createStage } from '../../testing/stage.ts'

test('refuses good credentials in the words of the partner', async () => {
  const stage = createStage()
  stage.world.arm({ partner: 'tiny', name: 'token-revoked', first: 1 })
  const order = { order_id: 'A-1', sku: 'BAG', quantity: 2 }
  expect((await stage.call('POST', '/v1/orders', order)).status).toBe(401)
  expect((await stage.call('GET', '/v1/orders/A-1')).status).toBe(404)
  expect(stage.world.judge().breaches).toEqual([])
})
