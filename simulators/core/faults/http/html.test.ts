import { expect, test } from 'vitest'
import { createStage } from '../../testing/stage.ts'

const order = { order_id: 'A-1', sku: 'BAG', quantity: 2 }

test('a page comes instead of JSON, and nothing was done', async () => {
  const stage = createStage()
  stage.world.arm({ partner: 'tiny', name: 'html' })
  const response = await stage.call('POST', '/v1/orders', order)
  expect(response.status).toBe(502)
  expect(response.headers.get('content-type')).toBe('text/html; charset=utf-8')
  expect(await response.text()).toMatch(/^<html>/)
  stage.world.disarm()
  expect((await stage.call('GET', '/v1/orders/A-1')).status).toBe(404)
})

test('with status 200 it looks like success, and may be one', async () => {
  const stage = createStage()
  stage.world.arm({ partner: 'tiny', name: 'html', status: 200, applied: true })
  expect((await stage.call('POST', '/v1/orders', order)).status).toBe(200)
  stage.world.disarm()
  expect((await stage.call('GET', '/v1/orders/A-1')).status).toBe(200)
})
