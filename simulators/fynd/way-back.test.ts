import { expect, test } from 'vitest'
import { coreOf } from '../core/world.ts'
import type { FyndContext } from './state.ts'
import { createRehearsal, type Rehearsal, sign } from './testing/rehearsal.ts'
import { view } from './view.ts'

const order = { affiliate_order_id: '100234' }

interface Bag {
  bag_id: number
  status: string
  history: string[]
  refund: number | null
}

const bag = (shop: Rehearsal) => shop.things<Bag>('bag')[0]
const row = (shop: Rehearsal) =>
  shop
    .things<{ sku: string; store: string }>('stock')
    .find((each) => each.sku === 'TEE-M' && each.store === 'BLR-01')

/** An order of one tee, delivered, paid as told. */
function deliver(mode: 'COD' | 'PREPAID', assumptions: Record<string, unknown> = {}): Rehearsal {
  const shop = createRehearsal(assumptions)
  place(shop, mode)
  shop.act('fynd.order.advance', { ...order, to: 'delivery_done' })
  return shop
}

const place = (shop: Rehearsal, mode: 'COD' | 'PREPAID') =>
  shop.act('fynd.order.place', {
    ...order,
    payment_mode: mode,
    paid: mode === 'PREPAID',
    lines: [{ sku: 'TEE-M' }],
  })

test.each(['PREPAID', 'COD'] as const)('a %s return, step by step, to the refund', (mode) => {
  const shop = deliver(mode)
  shop.act('fynd.customer.return', order)
  const told = shop.events().length
  for (const act of ['assign-courier', 'out-for-pickup', 'miss-pickup', 'out-for-pickup', 'pick']) {
    shop.act(`fynd.return.${act}`, order)
  }
  for (const act of ['transit', 'deliver', 'accept']) shop.act(`fynd.return.${act}`, order)
  expect(bag(shop)?.history.slice(-12)).toEqual([
    'delivery_done',
    'return_initiated',
    'return_dp_assigned',
    'out_for_pickup',
    'return_bag_not_picked',
    'out_for_pickup',
    'return_bag_picked',
    'return_bag_in_transit',
    'return_bag_delivered',
    'return_accepted',
    'credit_note_generated',
    'refund_initiated',
  ])
  expect(shop.events().slice(told)).toEqual([
    'OUT_FOR_PICKUP',
    'OUT_FOR_PICKUP',
    'RETURN_APPROVED',
    'REFUND_INITIATED',
  ])
  expect(shop.inbox.at(-1)?.body.refund).toMatchObject({ amount: 499, journey_type: 'return' })
  expect(row(shop)).toMatchObject({ sellable: 10, out: 0 })
  expect(shop.things('order')).toMatchObject([{ order_status: 'completed' }])
})

test('returned_stock not_available: what comes back is out of sale', () => {
  const shop = deliver('COD', { returned_stock: 'not_available' })
  shop.act('fynd.customer.return', order)
  shop.act('fynd.return.accept', order)
  expect(row(shop)).toMatchObject({ sellable: 9, out: 0, not_available: 1 })
})

test('a return that the store refuses is no refund and ends as dead stock', () => {
  const shop = deliver('PREPAID')
  shop.act('fynd.customer.return', order)
  shop.act('fynd.return.reject', order)
  shop.act('fynd.return.write-off', order)
  expect(bag(shop)).toMatchObject({ status: 'deadstock', refund: null })
  expect(row(shop)).toMatchObject({ out: 0, not_available: 1 })
  expect(shop.events()).not.toContain('REFUND_INITIATED')
})

test('another courier fetches the return when the first one does not', () => {
  const shop = deliver('COD')
  shop.act('fynd.customer.return', order)
  shop.act('fynd.return.assign-courier', { ...order, courier: 'Kite Couriers', awb_no: 'R1' })
  expect(() => shop.act('fynd.return.assign-courier', { bag_id: 43880 })).toThrow(/Invalid State/)
  shop.act('fynd.return.cancel-courier', order)
  shop.act('fynd.return.assign-courier', { ...order, courier: 'Owl Post', awb_no: 'R2' })
  shop.act('fynd.return.out-for-pickup', order)
  expect(shop.inbox.at(-1)?.body.dp_details).toMatchObject({ name: 'Owl Post', awb_no: 'R2' })
  expect(shop.things('shipment')).toMatchObject([
    { courier: 'Paper Plane Logistics', return_courier: 'Owl Post' },
  ])
})

test('FYND declines a return before it is fetched; the customer may ask again', () => {
  const shop = deliver('COD')
  shop.act('fynd.customer.return', order)
  shop.act('fynd.return.decline', order)
  expect(bag(shop)?.status).toBe('return_request_cancelled')
  shop.act('fynd.customer.return', order)
  shop.act('fynd.return.pick', order)
  expect(() => shop.act('fynd.return.decline', order)).toThrow(/Invalid State Transition/)
})

test.each(['fynd.return.decline', 'fynd.customer.withdraw-return'])(
  'after %s the return courier is out of it',
  (act) => {
    const shop = deliver('COD')
    shop.act('fynd.customer.return', order)
    shop.act('fynd.return.assign-courier', { ...order, courier: 'Kite Couriers', awb_no: 'R1' })
    shop.act('fynd.return.cancel-courier', order)
    shop.act('fynd.return.assign-courier', { ...order, courier: 'Owl Post', awb_no: 'R2' })
    shop.act('fynd.return.out-for-pickup', order)
    shop.act('fynd.return.miss-pickup', order)
    shop.act(act, order)
    expect(shop.things('shipment')).toMatchObject([
      { courier: 'Paper Plane Logistics', return_courier: null },
    ])
    shop.act('fynd.customer.return', order)
    shop.act('fynd.return.assign-courier', { ...order, courier: 'Kite Couriers', awb_no: 'R3' })
    expect(shop.things('shipment')).toMatchObject([{ return_courier: 'Kite Couriers' }])
  },
)

test('a return that is declined leaves the courier to the other bag of its shipment', () => {
  const shop = createRehearsal()
  shop.act('fynd.order.place', { ...order, lines: [{ sku: 'TEE-M' }, { sku: 'TEE-S' }] })
  shop.act('fynd.bag.deliver', order)
  shop.act('fynd.customer.return', order)
  shop.act('fynd.return.assign-courier', { ...order, courier: 'Owl Post', awb_no: 'R1' })
  shop.act('fynd.return.out-for-pickup', order)
  shop.act('fynd.return.miss-pickup', { ...order, sku: 'TEE-M' })
  shop.act('fynd.return.decline', { ...order, sku: 'TEE-M' })
  expect(shop.things('shipment')).toMatchObject([{ return_courier: 'Owl Post' }])
})

test.each([
  ['PREPAID', ['RTO_BAG_IN_TRANSIT', 'RTO_BAG_APPROVED', 'REFUND_INITIATED']],
  ['COD', ['RTO_BAG_IN_TRANSIT', 'RTO_BAG_APPROVED']],
] as const)('a %s parcel that is refused at the door goes home', (mode, events) => {
  const shop = createRehearsal()
  place(shop, mode)
  shop.act('fynd.bag.refuse-at-door', order)
  const told = shop.events().length
  for (const act of ['start', 'transit', 'deliver', 'accept']) shop.act(`fynd.rto.${act}`, order)
  expect(shop.events().slice(told)).toEqual(events)
  expect(bag(shop)?.history).toContain('credit_note_generated')
  expect(bag(shop)?.refund).toBe(mode === 'PREPAID' ? 499 : null)
  expect(row(shop)).toMatchObject({ sellable: 10, out: 0 })
  expect(shop.things('order')).toMatchObject([{ order_status: 'cancelled' }])
  if (mode === 'PREPAID') {
    expect(shop.inbox.at(-1)?.body.refund).toMatchObject({ journey_type: 'rto' })
  }
})

test('after the third failed attempt the parcel goes home', () => {
  const shop = createRehearsal()
  place(shop, 'COD')
  for (let attempt = 1; attempt <= 3; attempt += 1) shop.act('fynd.bag.fail-delivery', order)
  shop.act('fynd.rto.accept', order)
  expect(bag(shop)?.status).toBe('credit_note_generated')
})

test('bags are lost on the way out, home and back, each in its own words', () => {
  const stories = {
    bag_lost: [['fynd.bag.pick'], 'cancel'],
    rto_bag_lost: [['fynd.bag.pick', 'fynd.rto.transit'], 'rto'],
    return_bag_lost: [
      ['fynd.bag.deliver', 'fynd.customer.return', 'fynd.return.transit'],
      'return',
    ],
  } as const
  for (const [state, [acts, journey]] of Object.entries(stories)) {
    const shop = createRehearsal()
    place(shop, 'PREPAID')
    for (const act of acts) shop.act(act, order)
    shop.act('fynd.bag.lose', order)
    expect(bag(shop)?.history.slice(-2), state).toEqual([state, 'refund_initiated'])
    expect(shop.inbox.at(-1)?.body.refund?.journey_type).toBe(journey)
    expect(row(shop)).toMatchObject({ out: 0, not_available: 1 })
  }
})

test('a bag that was fetched in the store can come back too', () => {
  const shop = createRehearsal()
  place(shop, 'COD')
  shop.act('fynd.bag.hand-over', order)
  shop.act('fynd.customer.return', order)
  shop.act('fynd.return.accept', order)
  expect(bag(shop)?.status).toBe('refund_initiated')
})

test('a bag in a return is left alone by what happens to the others of its order', () => {
  const shop = createRehearsal()
  shop.act('fynd.order.place', { ...order, lines: [{ sku: 'TEE-M' }, { sku: 'TEE-S' }] })
  shop.act('fynd.bag.deliver', { ...order, sku: 'TEE-M' })
  shop.act('fynd.customer.return', order)
  shop.act('fynd.bag.deliver', order)
  const statuses = shop.things<Bag>('bag').map((each) => each.status)
  expect(statuses).toEqual(['return_initiated', 'delivery_done'])
})

async function report(shop: Rehearsal, id: string, amount = 499) {
  return shop.post<{ message: string; status: string; exception: string }>('/refunds/43880/done', {
    refund_id: id,
    amount,
  })
}

test('F8: a reported refund is done, once', async () => {
  const shop = createRehearsal()
  place(shop, 'PREPAID')
  expect(await report(shop, 'rfnd_1')).toMatchObject({
    status: 400,
    body: { exception: 'ValidationError' },
  })
  shop.act('fynd.order.cancel', order)
  expect(await report(shop, 'rfnd_1', 500)).toMatchObject({ status: 400 })
  expect(await report(shop, 'rfnd_1')).toMatchObject({
    status: 200,
    body: { message: 'Refund recorded', status: 'refund_done' },
  })
  const after = shop.world.state('fynd')
  expect((await report(shop, 'rfnd_1')).body.message).toBe('Refund already recorded')
  expect(await report(shop, 'rfnd_2')).toMatchObject({
    status: 409,
    body: { exception: 'DuplicateRefund' },
  })
  expect(shop.world.state('fynd')).toEqual(after)
  expect(shop.things('refund')).toMatchObject([
    { amount: 499, journey_type: 'cancel', status: 'refund_done', reported_id: 'rfnd_1' },
  ])
  expect(shop.events().at(-1)).toBe('REFUND_INITIATED')
})

test('F8: a report may name no more than the refund that the event named for these bags', async () => {
  const shop = createRehearsal()
  shop.act('fynd.order.place', {
    ...order,
    payment_mode: 'PREPAID',
    paid: true,
    lines: [{ sku: 'TEE-M' }, { sku: 'TEE-S' }, { sku: 'TEE-L' }],
  })
  shop.act('fynd.order.cancel', { ...order, sku: 'TEE-L' })
  shop.act('fynd.order.cancel', order)
  const { body } = await report(shop, 'rfnd_1', 998.01)
  expect([body.exception, body.message]).toEqual([
    'ValidationError',
    'Amount 998.01 is more than the refund of 998',
  ])
  expect((await report(shop, 'rfnd_1', 998)).status).toBe(200)
})

test('F8: nothing is no refund, less than due is noted as it comes', async () => {
  const shop = createRehearsal()
  place(shop, 'PREPAID')
  shop.act('fynd.order.cancel', order)
  const before = shop.world.state('fynd')
  expect(await report(shop, 'rfnd_1', 0)).toMatchObject({
    status: 400,
    body: { exception: 'ValidationError', message: 'Amount 0 gives nothing of the 499 back' },
  })
  expect(shop.world.state('fynd')).toEqual(before)
  expect(await report(shop, 'rfnd_1', 1)).toMatchObject({
    status: 200,
    body: { status: 'refund_done' },
  })
})

test('F8: a gift cost nothing, so the report of its refund says 0', async () => {
  const shop = createRehearsal()
  const lines = [{ sku: 'TEE-M', amount: 0 }, { sku: 'TEE-S' }]
  const { body: placed } = await shop.place({ mode: 'PREPAID', lines })
  await shop.pay(placed)
  shop.act('fynd.order.cancel', order)
  expect((await report(shop, 'rfnd_1', 0)).body.status).toBe('refund_done')
})

test('the judge still counts a refund that was reported as done', async () => {
  const shop = createRehearsal()
  place(shop, 'PREPAID')
  shop.act('fynd.order.cancel', order)
  expect(viewOf(shop)).toBe(49_900)
  shop.act('fynd.refund.done', { ...order, refund_id: 'rfnd_1' })
  expect(viewOf(shop)).toBe(49_900)
  expect(() => shop.act('fynd.refund.done', { ...order, refund_id: 'rfnd_1' })).toThrow(/No money/)
})

test('COD money that goes back does not go through the gateway: the judge asks for none', () => {
  const shop = deliver('COD')
  shop.act('fynd.customer.return', order)
  shop.act('fynd.return.accept', order)
  expect(bag(shop)?.refund).toBe(499)
  expect(viewOf(shop)).toBe(0)
})

/** What the judge reads as money that must go back, in paise. */
function viewOf(shop: Rehearsal): number | undefined {
  const { ctx } = coreOf(shop.world).rooms.get('fynd') ?? {}
  return view(ctx as unknown as FyndContext).orders?.[0]?.refund_due_minor
}

test('a refund of another channel cannot be reported, and reports are signed when that is required', async () => {
  const shop = createRehearsal()
  const { affiliate_id } = shop.act<{ affiliate_id: string }>('fynd.affiliate.create')
  shop.act('fynd.order.place', {
    ...order,
    affiliate_id,
    payment_mode: 'PREPAID',
    paid: true,
    lines: [{ sku: 'TEE-M' }],
  })
  shop.act('fynd.order.cancel', order)
  expect((await report(shop, 'rfnd_1')).status).toBe(404)
  shop.world.setAssumptions('fynd', { signature_mode: 'required' })
  expect((await report(shop, 'rfnd_1')).status).toBe(401)
  const text = JSON.stringify({ refund_id: 'rfnd_1', amount: 1 })
  const headers = sign(shop, '/refunds/43880/done', text)
  expect((await shop.send('POST', '/refunds/43880/done', { text, headers })).status).toBe(404)
})
