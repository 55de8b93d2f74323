import { expect, test } from 'vitest'
import { createRehearsal, hourMs, type Placed, type Rehearsal, sign } from './testing/rehearsal.ts'

const order = { affiliate_order_id: '100234' }

interface Updated {
  statuses: {
    shipments: {
      identifier: string
      status: number
      final_state: { shipment_id: string; status: string } | null
      message: string
      exception: string | null
    }[]
  }[]
}

interface Bag {
  bag_id: number
  sku: string
  shipment_id: string
  previous_shipment_id: string | null
  status: string
  history: string[]
  refund: number | null
  reason: string | null
}

const bags = (shop: Rehearsal) => shop.things<Bag>('bag')

const write = (status: string, shipment: string | number, bagIds: (string | number)[] = []) => ({
  statuses: [
    {
      status,
      shipments: [{ identifier: shipment, products: bagIds.map((id) => ({ identifier: id })) }],
    },
  ],
})

const ask = async (
  shop: Rehearsal,
  status: string,
  shipment: string | number,
  bagIds: (string | number)[] = [],
) => {
  const answer = await shop.post<Updated>('/shipments/status', write(status, shipment, bagIds))
  return { http: answer.status, ...answer.body.statuses[0]?.shipments[0] }
}

const shipmentOf = (placed: Placed): string => placed.shipments[0]?.shipment_id ?? ''

test('the customer cancels: stock back, event, COD without refund', async () => {
  const shop = createRehearsal()
  const { body: placed } = await shop.place()
  const answer = await ask(shop, 'cancelled_customer', shipmentOf(placed))
  expect(answer).toMatchObject({
    http: 200,
    status: 200,
    final_state: { shipment_id: shipmentOf(placed), status: 'cancelled_customer' },
  })
  expect(shop.events()).toEqual(['ORDER_PLACED', 'CUSTOMER_CANCELLED'])
  expect(shop.sellable('TEE-M', 'BLR-01')).toBe(10)
  expect(shop.things('order')).toMatchObject([{ order_status: 'cancelled' }])
  expect(shop.world.judge().breaches).toEqual([])
})

test('prepaid money goes back after the customer cancelled', async () => {
  const shop = createRehearsal()
  const { body: placed } = await shop.place({ mode: 'PREPAID' })
  await shop.pay(placed)
  await ask(shop, 'cancelled_customer', shipmentOf(placed))
  expect(shop.events()).toEqual(['ORDER_PLACED', 'CUSTOMER_CANCELLED', 'REFUND_INITIATED'])
  expect(shop.inbox.at(-1)?.body.refund).toMatchObject({ amount: 499, journey_type: 'cancel' })
})

test('one bag of two is cancelled: it gets a shipment of its own that names the old one', async () => {
  const shop = createRehearsal()
  const { body: placed } = await shop.place({ lines: [{ sku: 'TEE-M' }, { sku: 'TEE-S' }] })
  const before = shipmentOf(placed)
  const answer = await ask(shop, 'cancelled_customer', before, ['43881'])
  const after = answer.final_state?.shipment_id
  expect(after).not.toBe(before)
  expect(bags(shop)).toMatchObject([
    { bag_id: 43880, shipment_id: before, status: 'placed' },
    {
      bag_id: 43881,
      shipment_id: after,
      previous_shipment_id: before,
      status: 'cancelled_customer',
    },
  ])
  expect(shop.inbox.at(-1)?.body).toMatchObject({
    event: 'CUSTOMER_CANCELLED',
    shipment_id: after,
    previous_shipment_id: before,
    bags: [{ bag_id: 43881 }],
  })
})

test('the last bag that is under way takes the whole shipment with it', async () => {
  const shop = createRehearsal()
  const { body: placed } = await shop.place({ lines: [{ sku: 'TEE-M' }, { sku: 'TEE-S' }] })
  shop.act('fynd.order.cancel', { ...order, sku: 'TEE-S' })
  const answer = await ask(shop, 'cancelled_customer', shipmentOf(placed))
  expect(answer.final_state?.shipment_id).toBe(shipmentOf(placed))
  expect(bags(shop).map((bag) => bag.status)).toEqual(['cancelled_customer', 'cancelled_fynd'])
})

test('grouping per_bag: two bags, two shipments, cancelled one by one without a split', async () => {
  const shop = createRehearsal({ grouping: 'per_bag' })
  const { body: placed } = await shop.place({ lines: [{ sku: 'TEE-M' }, { sku: 'TEE-S' }] })
  expect(placed.shipments).toHaveLength(2)
  const [first = ''] = placed.shipments.map((shipment) => shipment.shipment_id)
  const answer = await ask(shop, 'cancelled_customer', first)
  expect(answer.final_state?.shipment_id).toBe(first)
  expect(shop.things('shipment')).toHaveLength(2)
})

test('a refused cancel is HTTP 200 with a 400 inside', async () => {
  const shop = createRehearsal()
  const { body: placed } = await shop.place()
  shop.act('fynd.bag.pick', order)
  const before = shop.world.state('fynd')
  expect(await ask(shop, 'cancelled_customer', shipmentOf(placed))).toMatchObject({
    http: 200,
    status: 400,
    final_state: null,
    exception: 'ValidationError',
    message: expect.stringContaining(
      'Invalid State Transition cancelled_customer detected for given entity',
    ),
  })
  expect(shop.world.state('fynd')).toEqual(before)
})

test('status_update_envelope http_status: the inner status is the HTTP status too', async () => {
  const shop = createRehearsal({ status_update_envelope: 'http_status' })
  const { body: placed } = await shop.place()
  const unknown = await ask(shop, 'cancelled_customer', '1')
  expect([unknown.http, unknown.status]).toEqual([404, 404])
  shop.act('fynd.bag.pick', order)
  const illegal = await ask(shop, 'cancelled_customer', shipmentOf(placed))
  expect([illegal.http, illegal.status]).toEqual([400, 400])
})

test('identifiers are text or numbers; unknown ones are an inner 404', async () => {
  const shop = createRehearsal()
  const { body: placed } = await shop.place({ lines: [{ sku: 'TEE-M' }, { sku: 'TEE-S' }] })
  const shipment = shipmentOf(placed)
  expect(await ask(shop, 'cancelled_customer', shipment, [43880])).toMatchObject({ status: 200 })
  for (const [id, bag] of [
    [shipment, 99],
    ['17675874000000000000', 43881],
  ] as const) {
    const answer = await ask(shop, 'cancelled_customer', id, [bag])
    expect(answer).toMatchObject({ http: 200, status: 404, exception: 'DoesNotExist' })
  }
})

test.each([
  ['a product without identifier', { products: [{ line_number: 1, quantity: 1 }] }],
  [
    'an identifier of null beside a good one',
    { products: [{ identifier: '43880' }, { identifier: null }] },
  ],
  ['an empty identifier', { products: [{ identifier: '' }] }],
  [
    'a reason whose filter names no bag',
    { reasons: { products: [{ filters: [{ line_number: 1 }], data: { reason_id: 84 } }] } },
  ],
])('%s is an inner 400, and nothing is done', async (_name, named) => {
  const shop = createRehearsal()
  const { body: placed } = await shop.place({ lines: [{ sku: 'TEE-M' }, { sku: 'TEE-S' }] })
  const before = shop.world.state('fynd')
  const shipments = [{ identifier: shipmentOf(placed), ...named }]
  const answer = await shop.post<Updated>('/shipments/status', {
    statuses: [{ status: 'cancelled_customer', shipments }],
  })
  expect(answer.status).toBe(200)
  expect(answer.body.statuses[0]?.shipments[0]).toMatchObject({
    status: 400,
    final_state: null,
    exception: 'ValidationError',
    message: expect.stringContaining('identifier'),
  })
  expect(shop.world.state('fynd')).toEqual(before)
})

test('a part of a bag is an inner 400: a bag goes as a whole', async () => {
  const shop = createRehearsal({ bag_unit: 'line' })
  const { body: placed } = await shop.place({ lines: [{ sku: 'TEE-M', quantity: 3 }] })
  const cancel = async (quantity: number) => {
    const products = [{ identifier: '43880', quantity }]
    const { body } = await shop.post<Updated>('/shipments/status', {
      statuses: [
        {
          status: 'cancelled_customer',
          shipments: [{ identifier: shipmentOf(placed), products }],
        },
      ],
    })
    return body.statuses[0]?.shipments[0]
  }
  const before = shop.world.state('fynd')
  for (const quantity of [0, 1, 4]) {
    expect(await cancel(quantity)).toMatchObject({
      status: 400,
      message: `products[0].quantity is ${quantity}, but bag 43880 holds 3: a bag goes as a whole`,
    })
  }
  expect(shop.world.state('fynd')).toEqual(before)
  expect(await cancel(3)).toMatchObject({ status: 200 })
  expect(shop.sellable('TEE-M', 'BLR-01')).toBe(10)
})

test.each([undefined, null, []])('no products (%j) means the whole shipment', async (products) => {
  const shop = createRehearsal()
  const { body: placed } = await shop.place({ lines: [{ sku: 'TEE-M' }, { sku: 'TEE-S' }] })
  await shop.post<Updated>('/shipments/status', {
    statuses: [
      {
        status: 'cancelled_customer',
        shipments: [{ identifier: shipmentOf(placed), products }],
      },
    ],
  })
  expect(bags(shop).map((bag) => bag.status)).toEqual(['cancelled_customer', 'cancelled_customer'])
})

test('each bag of one call keeps its own reason', async () => {
  const shop = createRehearsal()
  const { body: placed } = await shop.place({
    lines: [{ sku: 'TEE-M' }, { sku: 'TEE-S' }, { sku: 'TEE-L' }],
  })
  const reason = (bag: string, reason_id: number, reason_text: string) => ({
    filters: [{ identifier: bag }],
    data: { reason_id, reason_text },
  })
  const products = [reason('43881', 86, 'Found better'), reason('43880', 84, 'Changed my mind')]
  await shop.post<Updated>('/shipments/status', {
    statuses: [
      {
        status: 'cancelled_customer',
        shipments: [{ identifier: shipmentOf(placed), reasons: { products } }],
      },
    ],
  })
  expect(bags(shop).map((bag) => bag.reason)).toEqual(['Changed my mind', 'Found better', null])
  expect(shop.events().filter((event) => event === 'CUSTOMER_CANCELLED')).toHaveLength(1)
})

test('each shipment of one call stands for itself', async () => {
  const shop = createRehearsal({ grouping: 'per_bag' })
  const { body: placed } = await shop.place({ lines: [{ sku: 'TEE-M' }, { sku: 'TEE-S' }] })
  const [first = '', second = ''] = placed.shipments.map((shipment) => shipment.shipment_id)
  shop.act('fynd.bag.pick', { shipment_id: first })
  const body = {
    statuses: [
      {
        status: 'cancelled_customer',
        shipments: [{ identifier: first }, { identifier: second }],
      },
    ],
  }
  const answer = await shop.post<Updated>('/shipments/status', body)
  const inner = answer.body.statuses[0]?.shipments.map((shipment) => shipment.status)
  expect([answer.status, inner]).toEqual([200, [400, 200]])
})

test('a channel may ask for three states only, and the envelope must hold something', async () => {
  const shop = createRehearsal()
  const { body: placed } = await shop.place()
  expect(await ask(shop, 'delivery_done', shipmentOf(placed))).toMatchObject({
    status: 400,
    message: 'Invalid State Transition delivery_done detected for given entity',
  })
  for (const body of [
    {},
    { statuses: [] },
    { statuses: [{ status: 'cancelled_customer', shipments: [] }] },
  ]) {
    const { status, body: refusal } = await shop.post('/shipments/status', body)
    expect([status, refusal.exception]).toEqual([400, 'ValidationError'])
  }
})

test('another channel’s shipment does not exist for the shop', async () => {
  const shop = createRehearsal()
  const { affiliate_id } = shop.act<{ affiliate_id: string }>('fynd.affiliate.create')
  const theirs = shop.act<Placed>('fynd.order.place', {
    ...order,
    affiliate_id,
    lines: [{ sku: 'TEE-M' }],
  })
  expect(await ask(shop, 'cancelled_customer', shipmentOf(theirs))).toMatchObject({ status: 404 })
  expect((await shop.get(`/shipments/${shipmentOf(theirs)}/bags/43880/reasons`)).status).toBe(404)
})

test('the reason that the customer chose stands in the event and on the bag', async () => {
  const shop = createRehearsal()
  const { body: placed } = await shop.place()
  await shop.post('/shipments/status', {
    statuses: [
      {
        status: 'cancelled_customer',
        shipments: [
          {
            identifier: shipmentOf(placed),
            products: [{ line_number: 1, quantity: 1, identifier: '43880' }],
            reasons: {
              products: [
                { filters: [{ identifier: '1' }], data: { reason_id: 86, reason_text: 'Other' } },
                {
                  filters: [{ identifier: '43880' }],
                  data: { reason_id: 84, reason_text: 'Changed my mind' },
                },
              ],
            },
          },
        ],
      },
    ],
  })
  expect(shop.inbox.at(-1)?.body.bags[0]?.reason).toEqual({ id: 84, text: 'Changed my mind' })
})

test('reasons to choose from, for each thing that a customer can want', async () => {
  const shop = createRehearsal()
  const { body: placed } = await shop.place()
  const path = `/shipments/${shipmentOf(placed)}/bags/43880/reasons`
  const texts = async (query: string) => {
    const { body } = await shop.get<{ reasons: { id: number; display_name: string }[] }>(
      `${path}${query}`,
    )
    return body.reasons.map(({ id, display_name }) => `${id} ${display_name}`)
  }
  expect(await texts('')).toEqual([
    '84 Changed my mind',
    '85 Delivery address is wrong',
    '86 Found better price elsewhere',
    '87 Others',
  ])
  expect(await texts('?state=return_initiated')).toContain('101 Size or fit issue')
  expect((await shop.get(`${path}?state=bag_picked`)).status).toBe(400)
  expect((await shop.get(`/shipments/${shipmentOf(placed)}/bags/1/reasons`)).status).toBe(404)
})

test('the customer returns one bag of two: split, event, and the rest stays delivered', async () => {
  const shop = createRehearsal()
  const { body: placed } = await shop.place({ lines: [{ sku: 'TEE-M' }, { sku: 'TEE-S' }] })
  shop.act('fynd.bag.deliver', order)
  const answer = await ask(shop, 'return_initiated', shipmentOf(placed), [43880])
  expect(answer.final_state?.shipment_id).not.toBe(shipmentOf(placed))
  expect(bags(shop).map((bag) => bag.status)).toEqual(['return_initiated', 'delivery_done'])
  expect(shop.events().at(-1)).toBe('BAG_RETURN_INITIATED')
  expect(shop.things('order')).toMatchObject([{ order_status: 'completed' }])
})

test('no return without delivery, outside the window, of a mug, or where nobody picks up', async () => {
  const cases = [
    { why: 'Invalid State Transition return_initiated', isDelivered: false },
    { why: 'return window of 30 days is over', laterMs: 721 * hourMs },
    { why: 'MUG-1 cannot be returned', sku: 'MUG-1' },
    { why: 'no reverse pickup at 744101', pincode: '744101' },
  ]
  for (const { why, isDelivered = true, laterMs = 0, sku = 'TEE-M', pincode } of cases) {
    const shop = createRehearsal()
    const { body: placed } = await shop.place({ lines: [{ sku }], ...(pincode && { pincode }) })
    if (isDelivered) shop.act('fynd.bag.deliver', order)
    shop.advance(laterMs)
    const answer = await ask(shop, 'return_initiated', shipmentOf(placed))
    expect(answer).toMatchObject({ status: 400, message: expect.stringContaining(why) })
  }
})

test('a return that is withdrawn may be asked for again', async () => {
  const shop = createRehearsal()
  const { body: placed } = await shop.place()
  shop.act('fynd.bag.deliver', order)
  for (const status of ['return_initiated', 'return_request_cancelled', 'return_initiated']) {
    expect(await ask(shop, status, shipmentOf(placed)), status).toMatchObject({ status: 200 })
  }
  shop.act('fynd.return.pick', order)
  expect(await ask(shop, 'return_request_cancelled', shipmentOf(placed))).toMatchObject({
    status: 400,
  })
})

test('two bags that come back together are withdrawn together', async () => {
  const shop = createRehearsal()
  const { body: placed } = await shop.place({ lines: [{ sku: 'TEE-M' }, { sku: 'TEE-S' }] })
  shop.act('fynd.bag.deliver', order)
  await ask(shop, 'return_initiated', shipmentOf(placed))
  const part = await ask(shop, 'return_request_cancelled', shipmentOf(placed), [43880])
  expect(part).toMatchObject({ status: 400, message: expect.stringContaining('cannot be broken') })
  expect(await ask(shop, 'return_request_cancelled', shipmentOf(placed))).toMatchObject({
    status: 200,
  })
})

test('FYND takes a cancel and a return by phone too, by the same rules', async () => {
  const shop = createRehearsal()
  await shop.place({ lines: [{ sku: 'TEE-M' }, { sku: 'TEE-S' }] })
  shop.act('fynd.customer.cancel', { ...order, sku: 'TEE-S' })
  shop.act('fynd.bag.deliver', order)
  shop.act('fynd.customer.return', { ...order, reason: { id: 101, text: 'Too small' } })
  expect(bags(shop)).toMatchObject([
    { status: 'return_initiated', reason: 'Too small' },
    { status: 'cancelled_customer' },
  ])
  shop.act('fynd.customer.withdraw-return', order)
  expect(bags(shop)[0]?.status).toBe('return_request_cancelled')
  expect(() => shop.act('fynd.customer.cancel', { bag_id: 43880 })).toThrow(/Invalid State/)
})

test('signature_mode required: a cancel must be signed, a look at the order need not', async () => {
  const shop = createRehearsal({ signature_mode: 'required' })
  shop.act('fynd.order.place', { ...order, lines: [{ sku: 'TEE-M' }] })
  const [bag] = bags(shop)
  const text = JSON.stringify(write('cancelled_customer', bag?.shipment_id ?? ''))
  expect((await shop.send('POST', '/shipments/status', { text })).status).toBe(401)
  const late = sign(shop, '/shipments/status', text, { atMs: shop.world.clock.nowMs - 301_000 })
  expect((await shop.send('POST', '/shipments/status', { text, headers: late })).status).toBe(401)
  const headers = sign(shop, '/shipments/status', text)
  expect((await shop.send('POST', '/shipments/status', { text, headers })).status).toBe(200)
  const path = `/shipments/${bag?.shipment_id}/bags/${bag?.bag_id}/reasons`
  expect((await shop.get(path)).status).toBe(200)
})

test('a partial cancel whose answer was lost can be asked again under the old shipment id', async () => {
  const shop = createRehearsal()
  const { body: placed } = await shop.place({
    mode: 'PREPAID',
    lines: [{ sku: 'TEE-M' }, { sku: 'TEE-S' }, { sku: 'TEE-L' }],
  })
  await shop.pay(placed, 1497)
  const old = shipmentOf(placed)
  const first = await ask(shop, 'cancelled_customer', old, [43880, 43881])
  const before = shop.world.state('fynd')
  const again = await ask(shop, 'cancelled_customer', old, [43880, 43881])
  expect(again).toMatchObject({
    http: 200,
    identifier: old,
    status: 400,
    exception: 'ValidationError',
    message: expect.stringContaining('bag 43880 is refund_initiated'),
  })
  expect(
    await ask(shop, 'cancelled_customer', first.final_state?.shipment_id ?? '', [43880]),
  ).toEqual({
    ...again,
    identifier: first.final_state?.shipment_id,
  })
  // A bag that stayed and one that left are in two shipments: no one update can mean both.
  expect(await ask(shop, 'cancelled_customer', old, [43880, 43882])).toMatchObject({ status: 404 })
  expect(shop.world.state('fynd')).toEqual(before)
  expect((await shop.get(`/shipments/${old}/bags/43880/reasons`)).status).toBe(200)
})

test('what broke off twice is still found under the first shipment id, for what comes next', async () => {
  const shop = createRehearsal()
  const lines = ['TEE-M', 'TEE-S', 'TEE-L'].map((sku) => ({ sku }))
  const { body: placed } = await shop.place({ lines })
  shop.act('fynd.bag.deliver', order)
  const old = shipmentOf(placed)
  const second = await ask(shop, 'return_initiated', old, [43880, 43881])
  const third = await ask(shop, 'return_request_cancelled', old, [43880, 43881])
  expect(third.final_state?.shipment_id).toBe(second.final_state?.shipment_id)
  const fourth = await ask(shop, 'return_initiated', old, [43880])
  expect(bags(shop)[0]).toMatchObject({
    shipment_id: fourth.final_state?.shipment_id,
    previous_shipment_id: second.final_state?.shipment_id,
  })
  const fifth = await ask(shop, 'return_request_cancelled', old, [43880])
  expect(fifth.final_state?.shipment_id).toBe(fourth.final_state?.shipment_id)
})
