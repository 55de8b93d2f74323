import { createHmac } from 'node:crypto'
import { expect, test } from 'vitest'
import { rehearse, webhookUrl } from './testing/rehearse.ts'

/** The webhooks about one payment that is made under a fault. */
async function payUnder(fault: object) {
  const shop = rehearse()
  const paymentId = await shop.initiate()
  shop.world.arm({ partner: 'payment-gateway', on: 'payment.captured', ...fault } as never)
  await shop.press(paymentId, 'paid')
  shop.advance(120_000)
  const secret = shop.world.credentials('payment-gateway').webhook_secret ?? ''
  const heard = shop.inbox.filter(({ url }) => url === webhookUrl)
  return {
    paymentId,
    bodies: heard.map(({ body }) => JSON.parse(body)),
    areSigned: heard.every(
      ({ body, headers }) =>
        headers['x-gateway-signature'] === createHmac('sha256', secret).update(body).digest('hex'),
    ),
  }
}

test('unknown-order: the real webhook, and one about a payment that nobody made, signed well', async () => {
  const { paymentId, bodies, areSigned } = await payUnder({ name: 'unknown-order' })
  expect(bodies).toHaveLength(2)
  expect(bodies[0].payment).toMatchObject({ payment_id: paymentId, merchant_order_id: '100001' })
  expect(bodies[1].payment.merchant_order_id).toBe('899998')
  expect(bodies[1].payment.payment_id).not.toBe(paymentId)
  expect(bodies[1].event_id).not.toBe(bodies[0].event_id)
  expect(areSigned).toBe(true)
})

test('stale-timestamp: the webhook says that it is hours old', async () => {
  const fresh = await payUnder({ name: 'duplicate' })
  const stale = await payUnder({ name: 'stale-timestamp', by: '5h' })
  const lagMs = Date.parse(fresh.bodies[0].created_at) - Date.parse(stale.bodies[0].created_at)
  expect(lagMs).toBe(5 * 3_600_000)
  expect(stale.areSigned).toBe(true)
})
