import { expect, it } from 'vitest'
import { createConductor, createWorld } from './index.ts'

/** What you would test: a client of your own. It takes `fetch` and `sleep` as arguments and knows nothing of simulators. */
async function readStock(
  send: (url: string, init: { headers: Record<string, string> }) => Promise<Response>,
  sleep: (delayMs: number) => Promise<void>,
  settings: { url: string; id: string; token: string },
  sku: string,
): Promise<number> {
  const url = `${settings.url}/v1/affiliates/${settings.id}/inventory/stock-status?sku_code=${sku}`
  const authorization = `Bearer ${btoa(`${settings.id}:${settings.token}`)}`
  for (;;) {
    const answer = await send(url, { headers: { authorization } })
    if (answer.ok) {
      const { items } = (await answer.json()) as { items: { quantity: number }[] }
      return items.reduce((total, { quantity }) => total + quantity, 0)
    }
    await sleep(30_000)
  }
}

it('a client waits until FYND is back, in no time', async () => {
  const world = createWorld({ seed: 7 })
  const { ports, ...conductor } = createConductor({ world, seed: 7, receivers: {} })
  world.act('fynd.stock.set', { sku: 'TEE-M', store: 'BLR-01', quantity: 100 })
  world.arm({ partner: 'fynd', name: 'status', status: 503, until: '2m' })

  const { affiliate_id = '', token = '' } = world.credentials('fynd')
  const settings = { url: world.baseUrl('fynd'), id: affiliate_id, token }
  const task = conductor.start('stock check', () =>
    readStock(ports.fetch, ports.clock.sleep, settings, 'TEE-M'),
  )
  await conductor.run([task])

  // DEL-01 and BOM-01 have 5 and 3 from the catalogue.
  expect(await task.result).toBe(108)
  expect(world.clock.nowMs - world.clock.startMs).toBe(120_000)
  expect(world.journal({ kind: 'request' }).map(({ data }) => data.status)).toEqual([
    503, 503, 503, 503, 200,
  ])
})

it('a webhook reaches a receiver in this process', async () => {
  const world = createWorld({ seed: 7 })
  const heard: string[] = []
  const receive = async (request: Request) => {
    heard.push(((await request.json()) as { event: string }).event)
    return new Response(null, { status: 200 })
  }
  const conductor = createConductor({
    world,
    seed: 7,
    receivers: { 'http://127.0.0.1:4100': receive },
  })
  world.setShop({ fynd: { base_url: 'http://127.0.0.1:4100' } })
  world.act('fynd.order.place', { affiliate_order_id: 'A-1', lines: [{ sku: 'TEE-M' }] })
  await conductor.settle()
  expect(heard).toEqual(['ORDER_PLACED'])
})
