import { expect, it } from 'vitest'
import { questions, type Target } from './questions.ts'
import type { Talk } from './raw-client.ts'

const target: Target = {
  port: 4000,
  paths: { fynd: '/fynd/a', konnect: '/konnect', gateway: '/gateway' },
  affiliateId: 'a',
  token: 't',
  secret: 's',
  konnectToken: 'kt',
  gatewayKey: 'gk',
  gatewaySecret: 'gs',
  store: 'S-1',
  skus: Array.from({ length: 600 }, (_, at) => `SKU-${at}`),
}
const nowMs = Date.UTC(2026, 0, 5)

const ask = (name: string, number: number): string => {
  const question = questions.find((each) => each.name === name)
  const request = question?.ask(target, number, nowMs)
  if (!(request instanceof Buffer)) throw new Error(`${name} is no single call`)
  return request.toString('utf8')
}
const bodyOf = (text: string) => JSON.parse(text.slice(text.indexOf('\r\n\r\n')))

it('asks for the stock of fifty SKUs, others each time', () => {
  const skus = (number: number) => /sku_code=(\S+)/.exec(ask('stock', number))?.[1]?.split(',')
  expect(skus(0)).toHaveLength(50)
  expect(skus(0)?.[49]).toBe('SKU-49')
  expect(skus(1)?.[0]).toBe('SKU-50')
})

it('asks for a page of a hundred changes of the last six days', () => {
  expect(ask('changes', 1)).toMatch(
    /^GET \/fynd\/a\/inventory\/changes\?timestamp=2025-12-30T00:00:00Z&page_size=100 /,
  )
})

it('writes five hundred records at once, each with a SKU of its own', () => {
  const records = bodyOf(ask('inventory', 3)) as { sku: string }[]
  expect(new Set(records.map(({ sku }) => sku)).size).toBe(500)
})

it('orders three bags of three SKUs whose amounts add up, signed', () => {
  const text = ask('order', 7)
  const { order_info } = bodyOf(text)
  expect(order_info.bags.map((bag: { sku: string }) => bag.sku)).toEqual([
    'SKU-7',
    'SKU-8',
    'SKU-9',
  ])
  const paid = order_info.bags.reduce(
    (sum: number, bag: { amount_paid: number }) => sum + bag.amount_paid,
    0,
  )
  expect(paid).toBe(order_info.order_value)
  expect(text).toMatch(/x-fp-signature: v1:[0-9a-f]{64}/)
  expect(bodyOf(ask('order', 8)).order_info.affiliate_order_id).not.toBe(
    order_info.affiliate_order_id,
  )
})

it('a checkout carries what was answered from call to call', () => {
  const talk = questions.find(({ name }) => name === 'checkout')?.ask(target, 1, nowMs)
  if (!Array.isArray(talk)) throw new Error('a checkout is a talk')
  const answers = [{}, {}, {}, { fynd_order_id: 'FY9' }, { payment_id: 'pay_5' }, {}]
  const calls = (talk as Talk).map((call, at) =>
    call(Buffer.from(`HTTP/1.1 200 OK\r\n\r\n${JSON.stringify(answers[at])}`)).toString('utf8'),
  )
  expect(calls.map((call) => call.split(' ')[1])).toEqual([
    '/fynd/a/inventory/stock-status?sku_code=SKU-1',
    '/fynd/a/serviceability',
    '/fynd/a/orders',
    '/gateway/payments/initiate',
    '/gateway/pay/pay_5',
    '/fynd/a/orders/FY9/payment/confirm',
  ])
  expect(bodyOf(calls[5] ?? '').payment_methods[0].meta.payment_id).toBe('pay_5')
})
