import { expect, test } from 'vitest'
import { createStage } from '../../testing/stage.ts'

test('the call is applied, its answer cannot be parsed', async () => {
  const stage = createStage()
  stage.world.arm({ partner: 'tiny', name: 'malformed-json', on: 'placeOrder' })
  const order = { order_id: 'A-1', sku: 'BAG', quantity: 2 }
  const response = await stage.call('POST', '/v1/orders', order)
  expect(response.status).toBe(201)
  expect(response.headers.get('content-type')).toBe('application/json; charset=utf-8')
  const text = await response.text()
  expect(() => JSON.parse(text)).toThrow(SyntaxError)
  expect(JSON.parse(`${text}}`)).toMatchObject({ order_id: 'A-1' })
  stage.world.disarm()
  expect((await stage.call('GET', '/v1/orders/A-1')).status).toBe(200)
})
