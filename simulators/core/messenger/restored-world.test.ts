import { expect, test } from 'vitest'
import { createStage } from '../testing/stage.ts'
import { tiny } from '../testing/tiny/index.ts'
import { createWorld } from '../world.ts'
import type { OutgoingCall } from './delivery.ts'

test('a world made from a snapshot sends again what was under way, with the same bytes', async () => {
  const { world, call } = createStage()
  const before: OutgoingCall[] = []
  world.onOutgoing((each) => before.push(each))
  await call('POST', '/v1/orders', { order_id: 'A-1', sku: 'BAG', quantity: 1 })
  world.act('tiny.order.hand-over', { order_id: 'A-1' })
  world.clock.moveTo(world.clock.nowMs + 1_000)
  expect(before).toHaveLength(1)

  const snapshot = world.snapshot()
  const again = createWorld({ partners: [tiny], seed: 7 }, snapshot)
  const after: OutgoingCall[] = []
  again.onOutgoing((each) => after.push(each))
  expect(after).toEqual(before)
  expect(again.snapshot()).toBe(snapshot)
  again.answered(after[0]?.deliveryId ?? '', 1, { status: 200 })
  expect(again.deliveries().map(({ state }) => state)).toEqual(['delivered'])
})
