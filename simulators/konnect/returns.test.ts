import { expect, test } from 'vitest'
import { createRehearsal, type Rehearsal } from './testing/rehearsal.ts'

/** Two tees delivered, `pieces` of them on the way back and at the seller's door. */
function returned(seller: Rehearsal, quantity = 2) {
  const { order_id } = seller.place({ lines: [{ sku: 'TEE-M', quantity: 2 }] })
  seller.act('konnect.order.advance', { order_id, to: 'delivery_done' })
  const back = seller.act('konnect.return.create', { order_id, items: [{ quantity }] })
  seller.advance(3)
  seller.act('konnect.return.pick-up', { order_id: back.order_id })
  seller.act('konnect.return.deliver', { order_id: back.order_id })
  return { forward: order_id, id: back.order_id, item: back.items[0]?.order_item_id ?? '' }
}

const credit = (orderId: string, invoiceNumber = `CN-${orderId}`) => [
  { orderId, invoiceNumber, invoiceType: 'return' },
]

test('a return is a shipment of its own, checked and credited', async () => {
  const seller = createRehearsal()
  const { forward, id } = returned(seller)
  const where = 'locationCode=BLR-01&orderStatus'
  const [back] = await seller.get<object[]>(`/oms/v3/shipment?${where}=RETURN_DELIVERED`)
  expect(back).toMatchObject({
    id,
    forwardId: forward,
    marketplaceReturnId: expect.stringMatching(/^RT[0-9A-F]{12}$/),
  })
  expect(seller.order(forward).orderStatus).toBe('DELIVERED')
  expect((await seller.oms('invoiceUpdate', credit(id))).code).toBe('IN403')
  expect((await seller.oms('return', [{ orderId: id }])).code).toBeUndefined()
  expect((await seller.oms('return', [{ orderId: id }])).code).toBe('R453')
  expect(seller.stock('TEE-M')).toMatchObject({ sellable: 10, out: 0 })
  for (const word of ['RETURN_COMPLETED', 'RETURN_ACCEPTED']) {
    const [accepted] = await seller.get<object[]>(`/oms/v3/shipment?${where}=${word}`)
    expect(accepted).toMatchObject({ id, orderStatus: 'RETURN_COMPLETED' })
  }
  seller.world.setAssumptions('konnect', { accepted_status: 'RETURN_ACCEPTED' })
  const [other] = await seller.get<object[]>(`/oms/v3/shipment?${where}=RETURN_COMPLETED`)
  expect(other).toMatchObject({ orderStatus: 'RETURN_ACCEPTED' })
  const sale = [{ orderId: id, invoiceNumber: 'S', invoiceType: 'sale' }]
  expect((await seller.oms('invoiceUpdate', sale)).code).toBe('IN422')
  expect((await seller.oms('invoiceUpdate', credit(id))).code).toBeUndefined()
  expect((await seller.oms('invoiceUpdate', credit(id, 'CN-2'))).code).toBe('IN453')
  expect(seller.order(id)).toMatchObject({ orderStatus: 'CREDIT_NOTE_GENERATED' })
  expect((await seller.oms('invoice', [{ orderId: id }])).pdf).toContain('CREDIT NOTE')
})

test('what is damaged or missing does not come back on sale', async () => {
  const seller = createRehearsal()
  const { id, item: orderItemId } = returned(seller)
  const found = (reasonCode: string, quantity = 1) => ({ orderItemId, quantity, reasonCode })
  const check = async (...orderItems: object[]) =>
    (await seller.oms('return', [{ orderId: id, orderItems }])).code
  expect(await check(found('scratched'))).toBe('R400')
  expect(await check(found('lost', 3))).toBe('R400')
  expect(await check(found('lost', 2), found('', 1))).toBe('R400')
  expect(await check({ ...found(''), orderItemId: 'x' })).toBe('R400')
  expect(await check(found('tag_missing'), found(''))).toBeUndefined()
  expect(seller.stock('TEE-M')).toMatchObject({ sellable: 9, unavailable: 1, out: 0 })
})

test('no more is sent back than was delivered', () => {
  const seller = createRehearsal()
  const { forward } = returned(seller, 1)
  const create = (quantity: number) =>
    seller.act('konnect.return.create', { order_id: forward, items: [{ quantity }] })
  expect(() => create(2)).toThrow('has 1 pieces')
  create(1)
  expect(() => create(1)).toThrow('has nothing left')
})

test('an RTO keeps its id and ends in a credit note', async () => {
  const seller = createRehearsal()
  const { order_id: orderId } = seller.place()
  seller.act('konnect.order.advance', { order_id: orderId, to: 'bag_picked' })
  seller.act('konnect.order.start-rto', { order_id: orderId })
  const info = await seller.get(`/oms/v3/shipment/info?orderId=${orderId}`)
  expect(info).toMatchObject({ orders: [{ orderType: 'RTO', orderStatus: 'RETURN_PROCESSING' }] })
  expect((await seller.oms('return', [{ orderId }])).code).toBe('R400')
  seller.act('konnect.order.end-rto', { order_id: orderId })
  expect((await seller.oms('return', [{ orderId }])).code).toBeUndefined()
  expect((await seller.oms('invoiceUpdate', credit(orderId))).code).toBeUndefined()
  expect(seller.order(orderId)).toMatchObject({
    state: 'credit_note_generated',
    forwardId: orderId,
  })
})

test('a merchant who lets Fynd credit only checks', async () => {
  const seller = createRehearsal()
  seller.act('konnect.location.configure', { location: 'BLR-01', auto_credit_note: true })
  const { id } = returned(seller)
  await seller.oms('return', [{ orderId: id }])
  expect(seller.order(id).orderStatus).toBe('CREDIT_NOTE_GENERATED')
})

const awb = (orderId: string, more: object = {}) => [
  { orderId, awbNumber: 'SELF-1', courierName: 'Own Van', autoDispatch: false, ...more },
]
const push = (orderId: string, orderStatus: string, meta?: object) => [
  { orderId, orderStatus, ...(meta && { meta }) },
]

test('self-ship with autoDispatch: AWB, then delivered', async () => {
  const seller = createRehearsal()
  const { order_id } = seller.place({ self_ship: true })
  expect((await seller.oms('awb', awb(order_id))).code).toBe('AW400')
  seller.act('konnect.order.advance', { order_id, to: 'bag_invoiced' })
  seller.advance(3)
  expect(seller.order(order_id)).toMatchObject({ state: 'dp_assigned', courierName: null })
  const sent = await seller.oms('awb', awb(order_id, { autoDispatch: true }))
  expect(sent.body).toMatchObject({ data: { payload_count: 1, success_count: 1 } })
  expect(seller.order(order_id)).toMatchObject({
    orderStatus: 'TRANSIT',
    awbNumber: ['SELF-1'],
    courierName: 'Own Van',
    is_self_ship: true,
    fulfillmentType: 'sellerFulfilled',
  })
  expect((await seller.oms('awb', awb(order_id))).code).toBeUndefined()
  expect((await seller.oms('awb', awb(order_id, { awbNumber: 'SELF-2' }))).code).toBe('AW400')
  expect((await seller.oms('status', push(order_id, 'bag_picked'))).code).toBe('SS400')
  const meta = { remark: 'at the door', dpLocation: 'Hub 7', estimated_delivery_date: '2026-01-07' }
  expect((await seller.oms('status', push(order_id, 'delivery_done', meta))).code).toBeUndefined()
  expect(seller.order(order_id)).toMatchObject({
    state: 'delivery_done',
    additionalInfo: 'at the door',
  })
})

test('self-ship in steps: pack, dispatch, picked, back to the seller', async () => {
  const seller = createRehearsal()
  const { order_id: orderId } = seller.place({ self_ship: true })
  seller.act('konnect.order.advance', { order_id: orderId, to: 'dp_assigned' })
  await seller.oms('awb', awb(orderId))
  expect(seller.order(orderId).state).toBe('dp_assigned')
  for (const what of ['pack', 'dispatch']) {
    expect((await seller.oms(what, [{ orderId }])).code, what).toBeUndefined()
  }
  expect(() => seller.act('konnect.order.pick-up', { order_id: orderId })).toThrow('by the seller')
  for (const status of ['TRANSIT', 'dp_assigned', 'bag_packed', '']) {
    expect((await seller.oms('status', push(orderId, status))).code, status).toBe('SS400')
  }
  expect((await seller.oms('status', push(orderId, 'delivery_done'))).code).toBe('SS400')
  for (const status of ['bag_picked', 'rto_bag_delivered']) {
    expect((await seller.oms('status', push(orderId, status))).code, status).toBeUndefined()
  }
  expect(seller.order(orderId).orderStatus).toBe('RETURN_DELIVERED')
})

test('a self-ship return: the AWB never dispatches it, the seller pushes it home', async () => {
  const seller = createRehearsal()
  const { order_id } = seller.place({ self_ship: true })
  seller.act('konnect.order.advance', { order_id, to: 'delivery_done' })
  const { order_id: back } = seller.act('konnect.return.create', { order_id })
  seller.advance(3)
  expect((await seller.oms('awb', awb(back, { autoDispatch: true }))).code).toBeUndefined()
  expect(seller.order(back)).toMatchObject({ state: 'return_dp_assigned', is_self_ship: true })
  expect((await seller.oms('status', push(back, 'return_bag_delivered'))).code).toBe('SS400')
  for (const status of ['return_bag_in_transit', 'return_bag_delivered']) {
    expect((await seller.oms('status', push(back, status))).code).toBeUndefined()
  }
  expect((await seller.oms('return', [{ orderId: back }])).code).toBeUndefined()
})

test('switch: autoDispatch in quotes is taken or refused; a missing one always fails', async () => {
  const seller = createRehearsal()
  const { order_id } = seller.place({ self_ship: true })
  seller.act('konnect.order.advance', { order_id, to: 'dp_assigned' })
  expect((await seller.oms('awb', awb(order_id, { autoDispatch: undefined }))).code).toBe('AW400')
  expect((await seller.oms('awb', awb(order_id, { autoDispatch: 'yes' }))).code).toBe('AW400')
  seller.world.setAssumptions('konnect', { auto_dispatch: 'boolean' })
  expect((await seller.oms('awb', awb(order_id, { autoDispatch: 'true' }))).code).toBe('AW400')
  seller.world.setAssumptions('konnect', { auto_dispatch: 'lenient' })
  expect((await seller.oms('awb', awb(order_id, { autoDispatch: 'true' }))).code).toBeUndefined()
  expect(seller.order(order_id).state).toBe('bag_picked')
})

test('an AWB that is repeated with autoDispatch ships the order then; another order cannot have it', async () => {
  const seller = createRehearsal()
  const ready = () => {
    const { order_id } = seller.place({ self_ship: true })
    seller.act('konnect.order.advance', { order_id, to: 'dp_assigned' })
    return order_id
  }
  const [first, second] = [ready(), ready()]
  const both = await seller.oms('awb', [...awb(first), ...awb(second)])
  expect(both.body.data).toMatchObject({
    success_count: 1,
    errors: [{ orderId: second, code: 'AW400', message: 'awbNumber belongs to another order' }],
  })
  expect(seller.order(first).state).toBe('dp_assigned')
  expect((await seller.oms('awb', awb(first, { autoDispatch: true }))).code).toBeUndefined()
  expect(seller.order(first)).toMatchObject({ state: 'bag_picked', dispatched: true })
  expect((await seller.oms('awb', awb(first, { autoDispatch: true }))).code).toBeUndefined()
  expect(seller.order(second).awbNumber).toEqual([])
})

test('without an AWB nothing is picked; everybody playing along names the van', async () => {
  const seller = createRehearsal()
  const { order_id } = seller.place({ self_ship: true })
  seller.act('konnect.order.advance', { order_id, to: 'dp_assigned' })
  expect((await seller.oms('status', push(order_id, 'bag_picked'))).code).toBe('SS400')
  expect(seller.order(order_id).state).toBe('dp_assigned')
  seller.act('konnect.order.advance', { order_id, to: 'bag_packed' })
  expect(seller.order(order_id).awbNumber).toEqual([expect.stringMatching(/^VAN\d{12}$/)])
  expect((await seller.oms('status', push(order_id, 'bag_picked'))).code).toBeUndefined()
})

test('tracking says of each step where it was, and a promised date stands until another one is told', async () => {
  const seller = createRehearsal()
  const { order_id } = seller.place({ self_ship: true })
  seller.act('konnect.order.advance', { order_id, to: 'dp_assigned' })
  await seller.oms('awb', awb(order_id))
  const promised_delivery_date = '2026-01-07T10:00:00'
  const hub = { dpLocation: 'Hub 7', remark: 'loaded', promised_delivery_date }
  await seller.oms('status', push(order_id, 'bag_picked', hub))
  await seller.oms('status', push(order_id, 'delivery_done'))
  const { body } = await seller.call<{ data: { eta: string; events: { location: string }[] } }>(
    'POST',
    '/oms/v3/shipment/track',
    { body: { shipment_id: order_id } },
  )
  expect(body.data.eta).toBe(promised_delivery_date)
  expect(body.data.events.slice(-3).map(({ location }) => location)).toEqual([
    'BLR-01',
    'Hub 7',
    'BLR-01',
  ])
  expect(seller.order(order_id).additionalInfo).toBe('')
})

test('what was cancelled before it was packed comes back without a label, and with a credit note at the end', async () => {
  const seller = createRehearsal()
  const { order_id } = seller.place()
  seller.act('konnect.order.advance', { order_id, to: 'dp_assigned' })
  seller.act('konnect.order.cancel-by-customer', { order_id })
  const back = String(seller.things('order').find(({ journey }) => journey === 'rto')?.id)
  const codes = async (id: string) => [
    (await seller.oms('labels', [{ orderId: id }])).code,
    (await seller.oms('invoice', [{ orderId: id }])).code,
  ]
  expect(await codes(order_id)).toEqual(['L403', 'IN403'])
  expect(await codes(back)).toEqual(['L403', 'IN403'])
  seller.act('konnect.order.advance', { order_id: back, to: 'credit_note_generated' })
  expect(await codes(back)).toEqual(['L403', undefined])
})
