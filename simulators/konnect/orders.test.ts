import { expect, test } from 'vitest'
import { createRehearsal } from './testing/rehearsal.ts'

test('a Fynd-shipped order goes from CREATED to DELIVERED', async () => {
  const seller = createRehearsal()
  const { order_id: orderId, items } = seller.place()
  const [item] = items
  const listed = await seller.get<Record<string, unknown>[]>(
    '/oms/v3/shipment?orderStatus=CREATED&locationCode=BLR-01',
  )
  expect(listed).toMatchObject([{ id: orderId, orderStatus: 'CREATED', awbNumber: [] }])
  expect(await seller.oms('confirm', [{ orderId }])).toMatchObject({
    status: 200,
    body: { payloadCount: 1, successCount: 1, failedCount: 0, status: 'SUCCESS', errors: [] },
  })
  const invoice = { orderId, invoiceNumber: 'INV-1', invoiceType: 'sale' }
  expect((await seller.oms('invoiceUpdate', [invoice])).code).toBeUndefined()
  expect((await seller.oms('pack', [{ orderId }])).code).toBe('CR400')
  seller.advance(3)
  expect((await seller.oms('courierDetails', [{ orderId }])).body).toMatchObject([
    { orderId, awbNumber: [expect.stringMatching(/^PP\d{12}$/)] },
  ])
  expect((await seller.oms('pack', [{ orderId }])).code).toBeUndefined()
  expect((await seller.oms('labels', [{ orderId }])).pdf).toMatch(/^%PDF-/)
  expect((await seller.oms('invoice', [{ orderId }])).pdf).toContain('INV-1')
  expect((await seller.oms('dispatch', [{ orderId }])).code).toBeUndefined()
  expect(seller.order(orderId).orderStatus).toBe('COMPLETED')
  seller.act('konnect.order.pick-up', { order_id: orderId })
  seller.act('konnect.order.take-out', { order_id: orderId })
  seller.act('konnect.order.deliver', { order_id: orderId })
  expect(seller.order(orderId)).toMatchObject({ orderStatus: 'DELIVERED', sellerInvoiced: true })
  expect(seller.stock(item?.sku ?? '')).toMatchObject({ sellable: 9, committed: 0, out: 1 })
})
