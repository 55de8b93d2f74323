import { expect, it } from 'vitest'
import { playScenario, vocabulary } from '../scenarios/engine/index.ts'
import { parseScenario } from '../scenarios/engine/load.ts'
import { openKept } from './kept-world.ts'

const story = `
name: half-way
about: A COD order is placed and then everything stands still.
shop: fynd
steps:
  - shop.run-cron: fynd-inventory
  - shop.buy: { sku: TEE-M, pay: COD, pincode: "560001" }
    as: order
  - settle:
`

it('leaves world and shop on ports, where acts and time reach both', async () => {
  const [scenario] = parseScenario('half-way.yaml', story, vocabulary())
  if (!scenario) throw new Error('There is no scenario.')
  const { kept } = await playScenario(scenario, { until: 'order', keep: true })
  if (!kept) throw new Error('Nothing was kept.')
  expect(kept.next).toEqual(['settle'])
  const opened = await openKept(kept.play, 0)
  const control = async (method: string, path: string, body?: object) => {
    const answer = await fetch(`${opened.controlUrl}/_sim/worlds/default${path}`, {
      method,
      headers: { 'content-type': 'application/json' },
      ...(body && { body: JSON.stringify(body) }),
    })
    return { status: answer.status, body: (await answer.json()) as Record<string, unknown> }
  }
  const shopOrders = async () => {
    const answer = await fetch(`${opened.shopUrls[0]}/admin/orders?status=any`)
    return ((await answer.json()) as { orders: { id: string; items: object[] }[] }).orders
  }
  const [order] = await shopOrders()
  expect(order?.items).toMatchObject([{ sku: 'TEE-M' }])
  await control('POST', '/acts/fynd.bag.confirm', { affiliate_order_id: order?.id })
  expect((await control('POST', '/clock', { settle: true })).status).toBe(200)
  expect((await shopOrders())[0]?.items).toMatchObject([{ status: 'bag_confirmed' }])
  // The judge sees both sides: FYND holds a piece for the order, and the shop has not asked since.
  expect((await control('GET', '/judge')).body.breaches).toMatchObject([
    { invariant: 'quantity-agrees', expected: 17, found: 18 },
  ])
  const before = kept.play.world.clock.nowMs
  expect((await control('POST', '/clock', { advance: '3d' })).body.moved_ms).toBe(259_200_000)
  expect(kept.play.world.clock.nowMs - before).toBe(259_200_000)
  const refused = await fetch(`${opened.shopUrls[0]}/webhooks/gofynd`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: '{}',
  })
  expect(refused.status).toBe(401)
  expect((await control('POST', '/reset')).status).toBe(409)
  await opened.close()
})
