import { expect, test } from 'vitest'
import { createRehearsal, type Rehearsal } from './testing/rehearsal.ts'

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

type Orders = Record<string, unknown>[]

const list = (seller: Rehearsal, query: string, token?: string) =>
  seller.get<Orders>(`/oms/v3/shipment?${query}`, token)

const ids = (orders: Orders) => orders.map(({ id }) => id)

/** facts/konnect.md 3.5. */
const channels = [
  ...['FYND', 'FYND-STORE', 'ECOMM', 'AMAZON_MLF', 'MYNTRA_IN', 'FLIPKART', 'FLIPKARTASSURED'],
  ...['AJIO_VMS', 'NYKAA', 'NYKAA_FASHION', 'TATACLIQ_IN', 'TATACLIQ_LUXURY', 'JIOMART', 'UNIKET'],
  ...['SHOPIFY_IN', 'TRELL', 'MAGICPIN', 'FY_NEXUS', 'ONDC', 'MEESHO'],
]

test('orders come from every ordering channel, and are found by it', async () => {
  const seller = createRehearsal()
  seller.act('konnect.stock.set', { sku: 'TEE-M', location: 'BLR-01', quantity: 100 })
  const placed = channels.map((channel) => seller.place({ channel, location: 'BLR-01' }).order_id)
  for (const [at, channel] of channels.entries()) {
    const query = `orderStatus=CREATED&locationCode=BLR-01&orderingChannel=${channel}`
    const found = await list(seller, query)
    expect(found).toMatchObject([{ id: placed[at], orderingChannel: channel }])
    expect(found).toHaveLength(1)
  }
})

test('an order is told in full, in camelCase but for one field, its id a string of 20 digits', async () => {
  const seller = createRehearsal()
  const { order_id } = seller.place({
    lines: [{ sku: 'TEE-M', quantity: 2 }],
    channel: 'AJIO_VMS',
    payment_mode: 'COD',
  })
  const [order] = await list(seller, `orderId=${order_id}`)
  expect(order).toMatchObject({
    id: expect.stringMatching(/^\d{20}$/),
    forwardId: order_id,
    marketplaceOrderId: expect.stringMatching(/^FY[0-9A-F]{12}\d{6}$/),
    marketplaceReturnId: null,
    marketplaceInvoiceNumber: null,
    multiPackShipment: false,
    packages: [],
    fulfillmentType: 'marketplaceFulfilled',
    sellerInvoiced: false,
    courierName: null,
    awbNumber: [],
    orderPrice: { mrpTotal: 1998, discount: 1000, amountPaid: 0, paymentMode: 'COD' },
    orderItems: [{ orderItemId: '9001', sku: 'TEE-M', quantity: 2, hsnCode: '6109' }],
    orderStatus: 'CREATED',
    orderDate: '2026-01-05T04:30:00+00:00',
    orderingChannel: 'AJIO_VMS',
    is_self_ship: false,
    locationCode: 'BLR-01',
    lockStatus: false,
  })
  expect(String(Number(order?.id))).not.toBe(order?.id)
})

test('a company must name a location for a list, not for one order; a location names nothing', async () => {
  const seller = createRehearsal()
  const { order_id } = seller.place()
  const refused = await seller.call('GET', '/oms/v3/shipment?orderStatus=CREATED')
  expect([refused.status, refused.body.status]).toEqual([400, 'FAILED'])
  expect((await seller.call('GET', '/oms/v3/shipment')).status).toBe(400)
  expect((await seller.call('GET', '/oms/v3/shipment?orderStatus=SHIPPED')).status).toBe(400)
  expect(ids(await list(seller, `orderId=${order_id}`))).toEqual([order_id])
  expect(await list(seller, 'orderId=17000000000000000000')).toEqual([])
  expect(await list(seller, 'orderStatus=CREATED&locationCode=WH99')).toEqual([])
  const blr = await seller.login('BLR-01')
  const del = await seller.login('DEL-01')
  expect(ids(await list(seller, 'orderStatus=CREATED', blr))).toEqual([order_id])
  expect(await list(seller, 'orderStatus=CREATED', del)).toEqual([])
  expect(await list(seller, `orderId=${order_id}`, del)).toEqual([])
  expect(await list(seller, 'orderStatus=CREATED&locationCode=BLR-01', del)).toEqual([])
  expect(await list(seller, `orderId=${order_id}&orderStatus=TRANSIT`)).toEqual([])
})

test('newest first, twenty on a page, filtered by channel', async () => {
  const seller = createRehearsal()
  const placed: string[] = []
  for (let n = 0; n < 25; n += 1) {
    const channel = n % 5 === 0 ? 'MYNTRA_IN' : 'FYND'
    placed.unshift(seller.place({ lines: [{ sku: 'SOAP-1' }], channel }).order_id)
    seller.advance(n % 2)
  }
  const where = 'orderStatus=CREATED&locationCode=BLR-01'
  expect(ids(await list(seller, where))).toEqual(placed.slice(0, 20))
  expect(ids(await list(seller, `${where}&pageNumber=2`))).toEqual(placed.slice(20))
  expect(ids(await list(seller, `${where}&pageNumber=3&pageSize=10`))).toEqual(placed.slice(20))
  expect(await list(seller, `${where}&orderingChannel=MYNTRA_IN`)).toHaveLength(5)
  expect(await list(seller, `${where}&orderingChannel=NOBODY`)).toEqual([])
  for (const wrong of ['pageSize=101', 'pageSize=0', 'pageNumber=0', 'pageNumber=x']) {
    expect((await seller.call('GET', `/oms/v3/shipment?${where}&${wrong}`)).status).toBe(400)
  }
  seller.world.setAssumptions('konnect', { order_page_size: 3 })
  expect(await list(seller, where)).toHaveLength(3)
})

test.each([
  // The order is of 10:00:00 in India.
  ['orderDateFrom=05-01-2026', 1],
  ['orderDateFrom=2026-01-05&orderDateTo=2026-01-05', 1],
  ['orderDateTo=04-01-2026', 0],
  ['orderDateFrom=2026-01-06', 0],
  ['orderDateFrom=2026-01-05T10:00:00', 1],
  ['orderDateFrom=2026-01-05T10:00:01', 0],
  ['orderDateTo=2026-01-05T10:00:00', 1],
  ['orderDateTo=2026-01-05T09:59:59', 0],
  ['orderDateFrom=2026-01-05T04:30:00Z', 1],
  ['orderDateFrom=2026-01-05T04:30:01Z', 0],
])('%s finds %i', async (dates, found) => {
  const seller = createRehearsal()
  seller.place()
  const where = 'orderStatus=CREATED&locationCode=BLR-01'
  expect(await list(seller, `${where}&${dates}`)).toHaveLength(found)
})

test.each(['2026-01-05T10:00:00', '2026-01-05T04:30:00Z', '2026-01-05T04:30:00%2B00:00'])(
  'an end at %s takes in all of its second',
  async (to) => {
    const seller = createRehearsal()
    seller.advance(0.5)
    seller.place()
    const where = 'orderStatus=CREATED&locationCode=BLR-01'
    expect(await list(seller, `${where}&orderDateTo=${to}`)).toHaveLength(1)
  },
)

test.each([
  '2026-02-30',
  '31-02-2026',
  'yesterday',
  '2026-01-05T25:00:00',
  '2026-01-05T10:00:00%2B99:99',
  '',
])('the date "%s" is refused', async (text) => {
  const path = `/oms/v3/shipment?orderStatus=CREATED&locationCode=BLR-01&orderDateFrom=${text}`
  expect((await createRehearsal().call('GET', path)).status).toBe(400)
})

test('a reassigned order vanishes from the first location and appears at the second', async () => {
  const seller = createRehearsal()
  const { order_id: orderId } = seller.place()
  const blr = await seller.login('BLR-01')
  const del = await seller.login('DEL-01')
  seller.act('konnect.order.reassign', { order_id: orderId, location: 'DEL-01' })
  expect(await list(seller, 'orderStatus=CREATED', blr)).toEqual([])
  expect(ids(await list(seller, 'orderStatus=CREATED', del))).toEqual([orderId])
  expect((await seller.oms('confirm', [{ orderId }], blr)).code).toBe('O422')
  expect((await seller.oms('confirm', [{ orderId }], del)).code).toBeUndefined()
  expect(seller.stock('TEE-M').sellable).toBe(10)
  expect(seller.stock('TEE-M', 'DEL-01')).toMatchObject({ sellable: 4, committed: 1 })
  for (const location of ['BOM-01', 'DEL-01', 'WH99']) {
    expect(() => seller.act('konnect.order.reassign', { order_id: orderId, location })).toThrow()
  }
  const again = createRehearsal({ reassigned_stock: 'unavailable' })
  const { order_id } = again.place()
  again.act('konnect.order.reassign', { order_id, location: 'DEL-01' })
  expect(again.stock('TEE-M')).toMatchObject({ sellable: 9, unavailable: 1 })
})

test('shipment info is an object and tells lock and time limit', async () => {
  const seller = createRehearsal({ sla_hours: 6 })
  const { order_id } = seller.place({ locked: true })
  const { orders } = await seller.get<{ orders: object[] }>(
    '/oms/v3/shipment/info?orderStatus=CREATED',
  )
  expect(orders).toEqual([
    {
      id: order_id,
      orderStatus: 'CREATED',
      orderType: 'FORWARD',
      sla: '2026-01-05T10:30:00+00:00',
      lockStatus: true,
      processingDueTime: '2026-01-05T10:30:00+00:00',
    },
  ])
  const token = await seller.login('DEL-01')
  const elsewhere = await seller.get(`/oms/v3/shipment/info?orderId=${order_id}`, token)
  expect(elsewhere).toEqual({ orders: [] })
  expect((await seller.call('GET', '/oms/v3/shipment/info')).status).toBe(400)
  seller.act('konnect.order.unlock', { order_id })
  expect((await seller.oms('confirm', [{ orderId: order_id }])).code).toBeUndefined()
  expect(() => seller.act('konnect.order.unlock', { order_id })).toThrow('is not locked')
})

test('couriers come by themselves, later, and not everywhere', async () => {
  const seller = createRehearsal({ courier_seconds: 60 })
  const far = seller.place({ pincode: '194101' }).order_id
  const near = seller.place().order_id
  for (const order_id of [far, near]) {
    seller.act('konnect.order.advance', { order_id, to: 'bag_invoiced' })
  }
  const details = async () => {
    const { body } = await seller.oms('courierDetails', [{ orderId: far }, { orderId: near }])
    return (body as unknown as { awbNumber: string[] }[]).map(({ awbNumber }) => awbNumber.length)
  }
  seller.advance(59)
  expect(await details()).toEqual([0, 0])
  seller.advance(1)
  expect(await details()).toEqual([0, 1])
  seller.advance(3600)
  expect(await details()).toEqual([0, 1])
  seller.act('konnect.courier.assign', { order_id: far, name: 'Yak Express', awb: 'YAK1' })
  expect(seller.order(far)).toMatchObject({ courierName: 'Yak Express', awbNumber: ['YAK1'] })
  expect(() => seller.act('konnect.courier.assign', { order_id: far })).toThrow('waits for no')
  seller.act('konnect.courier.suspend')
  const waits = seller.place().order_id
  seller.act('konnect.order.advance', { order_id: waits, to: 'bag_invoiced' })
  seller.advance(3600)
  expect(seller.order(waits).state).toBe('bag_invoiced')
  expect(seller.act('konnect.courier.resume')).toEqual({ orders: 1 })
  seller.advance(60)
  expect(seller.order(waits).state).toBe('dp_assigned')
  const mixed = await seller.oms('courierDetails', [{ orderId: waits }, { orderId: 'x' }])
  expect(mixed.body).toMatchObject({ failedCount: 1, data: [{ orderId: waits }] })
})

test('tracking takes one object; shipment_id beats awb_number', async () => {
  const seller = createRehearsal()
  const track = (body: unknown, token?: string) =>
    seller.call<{ status: string; data: Record<string, unknown> }>(
      'POST',
      '/oms/v3/shipment/track',
      {
        body,
        token,
      },
    )
  const { order_id } = seller.place()
  const fresh = await track({ shipment_id: order_id })
  expect(fresh.body).toMatchObject({
    status: 'success',
    data: { courier: null, eta: null, tracking_url: null, operational_status: 'placed' },
  })
  seller.act('konnect.order.advance', { order_id, to: 'out_for_delivery' })
  const [awb] = seller.order(order_id).awbNumber as string[]
  const { data } = (await track({ awb_number: awb })).body
  expect(data).toMatchObject({
    operational_status: 'out_for_delivery',
    journey: 'forward',
    eta: '2026-01-08T04:30:00+00:00',
  })
  expect(JSON.parse(String(data.location))).toEqual({ lat: 12.97, lng: 77.64 })
  expect(data.events).toHaveLength(7)
  const other = seller.place().order_id
  const both = await track({ shipment_id: other, awb_number: awb })
  expect(both.body.data.operational_status).toBe('placed')
  const elsewhere = await seller.login('DEL-01')
  const refused = [
    await track({}),
    await track([]),
    await track({ shipment_id: 7 }),
    await track({ awb_number: 'nobody' }),
    await track({ shipment_id: order_id }, elsewhere),
  ]
  expect(refused.map(({ status, body }) => [status, body.status])).toEqual([
    [400, 'error'],
    [400, 'error'],
    [400, 'error'],
    [404, 'error'],
    [404, 'error'],
  ])
})

test('what is not the next step is refused in words', () => {
  const seller = createRehearsal()
  const { order_id } = seller.place()
  for (const name of ['pick-up', 'deliver', 'hand-over', 'start-rto', 'end-rto', 'miss-pickup']) {
    expect(() => seller.act(`konnect.order.${name}`, { order_id }), name).toThrow('cannot become')
  }
  expect(() => seller.act('konnect.return.create', { order_id })).toThrow('cannot become')
  expect(() => seller.act('konnect.order.pick-up', {})).toThrow('Name an order')
  expect(() => seller.act('konnect.order.pick-up', { order_id: '1' })).toThrow('no order 1')
  expect(() => seller.place({ lines: [{ sku: 'TEE-M', quantity: 99 }] })).toThrow('not 99')
  expect(() => seller.place({ lines: [{ sku: 'NO-SUCH' }] })).toThrow('Unknown SKU')
  seller.act('konnect.order.advance', { order_id, to: 'bag_packed' })
  seller.act('konnect.order.miss-pickup', { order_id })
  expect(seller.order(order_id).orderStatus).toBe('COMPLETED')
  seller.act('konnect.order.pick-up', { order_id })
  const fetched = seller.place({ marketplace_order_id: 'SHOP-1' })
  seller.act('konnect.order.advance', { marketplace_order_id: 'SHOP-1', to: 'bag_packed' })
  seller.act('konnect.order.hand-over', { marketplace_order_id: 'SHOP-1' })
  expect(seller.order(fetched.order_id).orderStatus).toBe('HANDED_OVER_TO_CUSTOMER')
  expect(seller.stock('TEE-M')).toMatchObject({ sellable: 8, out: 2, committed: 0 })
})
