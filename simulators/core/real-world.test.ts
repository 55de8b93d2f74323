import { expect, it } from 'vitest'
import { wallNowMs } from './clock.ts'
import type { OutgoingCall } from './messenger/delivery.ts'
import { createStage } from './testing/stage.ts'

it('runs by itself: a webhook leaves without anybody moving the clock', async () => {
  const { world, call } = createStage({ mode: 'real' })
  const left = new Promise<OutgoingCall>((resolve) => world.onOutgoing(resolve))
  await call('POST', '/v1/orders', { order_id: 'A-1', sku: 'BAG', quantity: 1 })
  world.act('tiny.order.hand-over', { order_id: 'A-1' })
  const { deliveryId, attempt } = await left
  world.answered(deliveryId, attempt, { status: 200 })
  expect(world.deliveries().map(({ state }) => state)).toEqual(['delivered'])
  expect(Math.abs(world.clock.nowMs - wallNowMs())).toBeLessThan(5_000)
  world.close()
})

it('can be pushed forward and goes on from there', async () => {
  const { world, call } = createStage({ mode: 'real' })
  await call('POST', '/v1/orders', { order_id: 'A-1', sku: 'BAG', quantity: 1 })
  world.clock.moveTo(world.clock.nowMs + 3 * 3_600_000)
  expect(world.things('tiny', 'order')).toContainEqual(
    expect.objectContaining({ status: 'expired' }),
  )
  expect(world.clock.nowMs - wallNowMs()).toBeGreaterThan(2.9 * 3_600_000)
  world.close()
})
