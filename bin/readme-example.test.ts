import { createConductor, createWorld } from 'understudy'
import { expect, it } from 'vitest'

it('my stock check waits until FYND is back', async () => {
  const world = createWorld({ seed: 7 })
  const { ports, ...conductor } = createConductor({ world, seed: 7, receivers: {} })
  world.act('fynd.stock.set', { sku: 'TEE-M', store: 'BLR-01', quantity: 100 })
  world.arm({ partner: 'fynd', name: 'status', status: 503, until: '2m' })

  const { affiliate_id, token } = world.credentials('fynd')
  const stock = `${world.baseUrl('fynd')}/v1/affiliates/${affiliate_id}/inventory/stock-status`
  const headers = { authorization: `Bearer ${btoa(`${affiliate_id}:${token}`)}` }
  const task = conductor.start('stock check', async () => {
    // Your client stands here. It takes fetch and sleep as arguments and knows nothing of simulators.
    for (;;) {
      const answer = await ports.fetch(`${stock}?sku_code=TEE-M`, { headers })
      if (answer.ok) return await answer.json()
      await ports.clock.sleep(30_000)
    }
  })
  await conductor.run([task]) // two minutes of retries, in no time

  expect(await task.result).toMatchObject({ items: [{ quantity: 100 }, {}, {}] })
  expect(world.clock.nowMs - world.clock.startMs).toBe(120_000)
})
