import { expect, it } from 'vitest'
import { createConductor, Stuck } from './conductor.ts'
import { createStage } from './testing/stage.ts'

/** An ordinary client: single-flight, retries, sleeps, races. */
async function shop(stage: ReturnType<typeof createStage>, id: string): Promise<void> {
  const { ports } = stage.conductor
  const headers = {
    authorization: `Key ${stage.world.credentials('tiny').key}`,
    'content-type': 'application/json',
  }
  const body = JSON.stringify({ order_id: id, sku: 'BAG', quantity: 1 })
  const looks = await Promise.all(
    [1, 2].map((n) => ports.fetch(`http://127.0.0.1:4090/v1/orders/${id}-${n}`, { headers })),
  )
  await looks[0]?.json()
  await looks[1]?.arrayBuffer()
  await ports.clock.sleep(1_000 * ports.random(`pause/${id}`))
  const placed = await ports.fetch('http://127.0.0.1:4090/v1/orders', {
    method: 'POST',
    headers,
    body,
  })
  if (!placed.ok) return
  ports.background('thanks', async () => {
    await ports.fetch(`http://127.0.0.1:4090/v1/orders/${id}`, { headers })
  })
}

async function crowd(seed: number): Promise<string> {
  const stage = createStage({ seed })
  const tasks = Array.from({ length: 8 }, (_, n) =>
    stage.conductor.start(`shopper ${n}`, () => shop(stage, `A-${n}`)),
  )
  await stage.conductor.run(tasks)
  await stage.conductor.settle()
  expect(stage.conductor.failures()).toEqual([])
  return JSON.stringify(stage.world.journal())
}

it('applies concurrent calls in one order for one seed, and in another for another', async () => {
  const runs = await Promise.all([crowd(7), crowd(7), crowd(7)])
  expect(new Set(runs).size).toBe(1)
  expect(await crowd(8)).not.toBe(runs[0])
})

it('lets a timeout of the client end a call that hangs', async () => {
  const stage = createStage()
  stage.world.arm({ partner: 'tiny', name: 'hang' })
  const { ports } = stage.conductor
  const task = stage.conductor.start('impatient', () =>
    ports.fetch('http://127.0.0.1:4090/v1/orders/A', { signal: ports.clock.timeout(700) }),
  )
  const beganMs = stage.world.clock.nowMs
  await stage.conductor.run([task])
  await expect(task.result).rejects.toThrow('timed out')
  expect(stage.world.clock.nowMs - beganMs).toBe(700)
})

it('names the task that waits for an answer that never comes', async () => {
  const stage = createStage()
  stage.world.arm({ partner: 'tiny', name: 'hang' })
  const task = stage.conductor.start('patient', () =>
    stage.conductor.ports.fetch('http://127.0.0.1:4090/v1/orders/A'),
  )
  await expect(stage.conductor.run([task])).rejects.toThrow(
    'Stuck: patient (on a call that is never answered: GET http://127.0.0.1:4090/v1/orders/A',
  )
})

it('names the task that waits on something uncounted', async () => {
  const { world } = createStage()
  const conductor = createConductor({ world, seed: 7, receivers: {}, stuckMs: 50 })
  const task = conductor.start('leaky', () => new Promise(() => {}))
  await expect(conductor.run([task])).rejects.toThrow(Stuck)
  await expect(conductor.run([task])).rejects.toThrow('leaky (on something uncounted)')
})

it('refuses a port outside a task by name', () => {
  const { conductor } = createStage()
  expect(() => conductor.ports.fetch('http://127.0.0.1:4090/')).toThrow(
    'Port called outside a counted task: GET http://127.0.0.1:4090/',
  )
})

it('settles work and passes deadlines only on the way', async () => {
  const stage = createStage()
  await stage.call('POST', '/v1/orders', { order_id: 'A-1', sku: 'BAG', quantity: 1 })
  await stage.call('POST', '/v1/orders', { order_id: 'A-2', sku: 'HAT', quantity: 1 })
  stage.receiver.answer = () => 500
  stage.world.setAssumptions('tiny', { retry_ladder_ms: [7_200_000] })
  stage.world.act('tiny.order.hand-over', { order_id: 'A-1' })
  const beganMs = stage.world.clock.nowMs
  await stage.conductor.settle()
  expect(stage.world.clock.nowMs - beganMs).toBe(7_200_000)
  expect(stage.receiver.heard.length).toBe(2)
  expect(stage.world.deliveries()[0]?.state).toBe('disabled')
  expect(stage.world.things('tiny', 'order')).toContainEqual(
    expect.objectContaining({ shop_order_id: 'A-2', status: 'expired' }),
  )
})
