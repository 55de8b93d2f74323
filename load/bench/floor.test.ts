import type { AddressInfo } from 'node:net'
import { afterEach, expect, it } from 'vitest'
import { createFloor } from './floor.ts'

const row = (sku: string, code: string) => ({
  uid: `${code}_${sku}`,
  identifier: { sku_code: sku },
  quantity: 5,
  store: { id: 1, code, name: code },
})
const server = createFloor({ rows: [row('A', 'S-1'), row('A', 'S-2'), row('B', 'S-1')] })
const begun = new Promise<string>((resolve) => {
  server.listen(0, '127.0.0.1', () => {
    resolve(`http://127.0.0.1:${(server.address() as AddressInfo).port}`)
  })
})
afterEach(() => {
  server.closeAllConnections()
  server.close()
})

it('answers stock and orders from the same rows', async () => {
  const base = await begun
  const stock = async () => {
    const answer = await fetch(`${base}/stock-status?sku_code=A,C`)
    const { items } = (await answer.json()) as { items: { quantity: number }[] }
    return items.map(({ quantity }) => quantity)
  }
  expect(await stock()).toEqual([5, 5])
  const bags = [{ affiliate_bag_id: 'K-1-1', sku: 'A', quantity: 2 }]
  const answer = await fetch(`${base}/orders`, {
    method: 'POST',
    body: JSON.stringify({ order_info: { affiliate_order_id: 'K-1', bags } }),
  })
  expect(await answer.json()).toMatchObject({
    success: true,
    affiliate_order_id: 'K-1',
    shipments: [{ fulfilling_store: { code: 'S-1' }, bags: [{ affiliate_bag_id: 'K-1-1' }] }],
  })
  expect(await stock()).toEqual([3, 5])
})
