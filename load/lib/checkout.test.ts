import { createHash, createHmac } from 'node:crypto'
import { expect, it } from 'vitest'
import { loadSkus, planCheckout } from './checkout-plan.ts'
import {
  renderClaim,
  renderConfirmation,
  renderInitiate,
  renderOrder,
  renderServiceability,
} from './checkout-wire.ts'
import { signatureDate, signedHeaders, targetOf } from './sign-request.ts'

const plans = Array.from({ length: loadSkus.length * 4 }, (_, number) => planCheckout('r', number))

it('plans each checkout by its number: ids differ, every SKU meets both payment modes', () => {
  expect(new Set(plans.map(({ orderId }) => orderId)).size).toBe(plans.length)
  expect(planCheckout('r', 5)).toEqual(plans[5])
  const pairs = new Set(plans.map(({ sku, paymentMode }) => `${sku.sku} ${paymentMode}`))
  expect(pairs.size).toBe(loadSkus.length * 2)
})

it('pays every other order online, whichever orders are looked at', () => {
  const everyTenThousandth = [9_999, 19_999, 29_999].map((number) => planCheckout('r', number))
  expect(everyTenThousandth.map(({ paymentMode }) => paymentMode)).toContain('COD')
  expect(plans.filter(({ paymentMode }) => paymentMode === 'PREPAID')).toHaveLength(
    plans.length / 2,
  )
})

it('refuses an empty list of SKUs', () => {
  expect(() => planCheckout('r', 0, [])).toThrow('A checkout needs a SKU')
})

it('asks, orders, pays and claims the same order and amount', () => {
  for (const plan of plans) {
    const order = renderOrder(plan, 'affiliate').order_info
    expect(order.order_value).toBe(order.bags.reduce((sum, bag) => sum + bag.amount_paid, 0))
    expect(renderServiceability(plan).order_value).toBe(order.order_value)
    expect(renderInitiate(plan, 'FY1').amount_minor).toBe(Math.round(order.order_value * 100))
    expect(Number.isInteger(renderInitiate(plan, 'FY1').amount_minor)).toBe(true)
    expect(renderConfirmation(plan, 'FY1', 'p').payment_methods[0]?.amount).toBe(order.order_value)
    const [claim] = renderClaim(plan, 'FY1').orders
    expect(claim).toMatchObject({
      id: order.affiliate_order_id,
      partner_order_id: 'FY1',
      payment_mode: order.payment_mode,
      acknowledged: true,
      items: [{ id: order.bags[0]?.affiliate_bag_id, sku: order.bags[0]?.sku, quantity: 1 }],
    })
  }
})

it('signs method, target, date and body hash', () => {
  const body = '{"a":"é"}'
  const nowMs = Date.UTC(2026, 0, 5, 4, 30, 7)
  const headers = signedHeaders(
    { method: 'POST', target: '/w/blue/a?b=c', body, nowMs, secret: 'fake-secret' },
    {
      sha256Hex: (text) => createHash('sha256').update(text).digest('hex'),
      hmacSha256Hex: (secret, text) => createHmac('sha256', secret).update(text).digest('hex'),
    },
  )
  const hash = createHash('sha256').update(body).digest('hex')
  const wanted = createHmac('sha256', 'fake-secret')
    .update(`POST\n/w/blue/a?b=c\n20260105T043007Z\n${hash}`)
    .digest('hex')
  expect(headers).toEqual({ 'x-fp-date': '20260105T043007Z', 'x-fp-signature': `v1:${wanted}` })
  expect(signatureDate(nowMs)).toBe('20260105T043007Z')
})

it.each([
  ['http://127.0.0.1:4010/gofynd/v1?a=b', '/gofynd/v1?a=b'],
  ['https://example.test', '/'],
])('takes the target out of %s', (url, target) => {
  expect(targetOf(url)).toBe(target)
})
