import { expect, test } from 'vitest'
import { createRehearsal, hourMs, type Placed, type Rehearsal } from './testing/rehearsal.ts'

const order = { affiliate_order_id: '100234' }
const dayMs = 24 * hourMs

interface Tracked {
  success: boolean
  order: { order_status: string; order_date: string; total_shipments_in_order: number }
  shipments: {
    shipment_id: string
    previous_shipment_id: string | null
    shipment_status: { title: string; value: string }
    tracking_details: {
      status: string
      value: string
      time: string | null
      is_passed: boolean
      is_current: boolean
    }[]
    awb_no: string | null
    traking_no?: string | null
    tracking_no?: string | null
    dp_name: string | null
    can_cancel: boolean
    can_return: boolean
    can_break: Record<string, { can_break_entity: boolean }>
    payment: { mode: string; mop: string; status: string }
    invoice: object | null
    refund_details: { rrn: string | null } | null
    bags: {
      bag_id: number
      sku: string
      status: string
      status_display: string
      returnable: boolean
      cancellable: boolean
      return_window_ends_at: string | null
      refund_status: string | null
      financial_breakup: Record<string, unknown>[]
      bag_status_history: {
        status: string
        display_name: string
        app_display_name: string
        forward: boolean
        updated_at: string
      }[]
    }[]
  }[]
}

const track = async (shop: Rehearsal, placed: Placed): Promise<Tracked> => {
  const { status, body } = await shop.get<Tracked>(`/orders/${placed.fynd_order_id}/track`)
  expect(status).toBe(200)
  return body
}

const firstBag = async (shop: Rehearsal, placed: Placed) => {
  const bag = (await track(shop, placed)).shipments[0]?.bags[0]
  if (!bag) throw new Error('no bag')
  return bag
}

test('a placed order: what is done, what is to come, and the cancel button', async () => {
  const shop = createRehearsal()
  const { body: placed } = await shop.place()
  const tracked = await track(shop, placed)
  expect(tracked).toMatchObject({
    success: true,
    order: { order_status: 'placed', order_date: '2026-01-05T10:00:00+00:00' },
    shipments: [
      {
        shipment_status: { title: 'Order Placed', value: 'placed' },
        can_cancel: true,
        can_return: false,
        payment: { mode: 'COD', mop: 'COD', status: 'pending' },
        invoice: null,
        refund_details: null,
        bags: [{ status: 'placed', status_display: 'Order Placed', cancellable: true }],
      },
    ],
  })
  const list = tracked.shipments[0]?.tracking_details ?? []
  expect(list.map((step) => step.status)).toEqual([
    'Order Placed',
    'Order Confirmed',
    'Delivery Partner Assigned',
    'In Transit',
    'Out For Delivery',
    'Delivered',
  ])
  expect(list.map((step) => step.is_passed)).toEqual([true, false, false, false, false, false])
  expect(list[0]).toMatchObject({ is_current: true, time: '2026-01-05T10:00:00+00:00' })
  expect(list[1]).toMatchObject({ is_current: false, time: null })
})

test('the history tells every state in both views, the store’s own steps in the customer’s words', async () => {
  const shop = createRehearsal()
  const { body: placed } = await shop.place()
  shop.act('fynd.order.advance', { ...order, to: 'delivery_done' })
  const { bag_status_history: history } = await firstBag(shop, placed)
  expect(history.map((each) => [each.display_name, each.app_display_name])).toEqual([
    ['Order Placed', 'Order Placed'],
    ['Order Confirmed', 'Order Confirmed'],
    ['Invoiced', 'Order Confirmed'],
    ['Delivery Partner Assigned', 'Delivery Partner Assigned'],
    ['Packed', 'Delivery Partner Assigned'],
    ['In Transit', 'In Transit'],
    ['Out For Delivery', 'Out For Delivery'],
    ['Delivered', 'Delivered'],
  ])
  expect(history.every((each) => each.forward)).toBe(true)
})

test('the tracking number stands under a misspelt key, unless the switch is off', async () => {
  const shop = createRehearsal()
  const { body: placed } = await shop.place()
  shop.act('fynd.bag.assign-courier', { ...order, courier: 'Kite Couriers', awb_no: 'KC1' })
  const [misspelt] = (await track(shop, placed)).shipments
  expect(misspelt).toMatchObject({ awb_no: 'KC1', traking_no: 'KC1', dp_name: 'Kite Couriers' })
  expect(misspelt).not.toHaveProperty('tracking_no')
  shop.world.setAssumptions('fynd', { misspelt_tracking_key: false })
  const [right] = (await track(shop, placed)).shipments
  expect(right).toMatchObject({ tracking_no: 'KC1' })
  expect(right).not.toHaveProperty('traking_no')
})

test('money has halves, a round-off and a GST that is text, unless the switch is off', async () => {
  const shop = createRehearsal()
  const { body: placed } = await shop.place({ lines: [{ sku: 'SHOE-9', amount: 1299.5 }] })
  const quirky = (await firstBag(shop, placed)).financial_breakup[0]
  expect(quirky).toMatchObject({
    amount_paid: 1299.5,
    amount_paid_roundoff: 1300,
    gst_fee: '61.88',
    gst_tax_percentage: 5,
  })
  shop.world.setAssumptions('fynd', { money_quirks: false })
  const plain = (await firstBag(shop, placed)).financial_breakup[0]
  expect(plain).toMatchObject({ amount_paid: 1299.5, gst_fee: 61.88 })
  expect(plain).not.toHaveProperty('amount_paid_roundoff')
})

test('cancellable until the courier has the bag', async () => {
  const shop = createRehearsal()
  const { body: placed } = await shop.place()
  const steps = { confirm: true, invoice: true, 'assign-courier': true, pack: true, pick: false }
  for (const [act, expected] of Object.entries(steps)) {
    shop.act(`fynd.bag.${act}`, order)
    expect((await firstBag(shop, placed)).cancellable, act).toBe(expected)
  }
})

test.each([
  ['delivered, in the window', 'TEE-M', '560001', 29 * dayMs, true],
  ['the window is over', 'TEE-M', '560001', 30 * dayMs + 1, false],
  ['a product that cannot be returned', 'MUG-1', '560001', 0, false],
  ['no reverse pickup at the pincode', 'TEE-M', '744101', 0, false],
])('returnable: %s', async (_name, sku, pincode, laterMs, expected) => {
  const shop = createRehearsal()
  const { body: placed } = await shop.place({ lines: [{ sku }], pincode })
  expect(await firstBag(shop, placed)).toMatchObject({
    returnable: false,
    return_window_ends_at: null,
  })
  shop.act('fynd.bag.deliver', order)
  shop.advance(laterMs)
  const bag = await firstBag(shop, placed)
  expect(bag.returnable).toBe(expected)
  expect(bag.return_window_ends_at).toBe('2026-02-04T10:00:00+00:00')
})

test('return_window_days decides how long', async () => {
  const shop = createRehearsal({ return_window_days: 2 })
  const { body: placed } = await shop.place()
  shop.act('fynd.bag.deliver', order)
  shop.advance(2 * dayMs)
  expect((await firstBag(shop, placed)).returnable).toBe(true)
  shop.advance(1)
  expect((await firstBag(shop, placed)).returnable).toBe(false)
})

test('a cancelled order shows what happened instead of the steps that will not come', async () => {
  const shop = createRehearsal()
  const { body: placed } = await shop.place()
  shop.act('fynd.bag.confirm', order)
  shop.act('fynd.customer.cancel', order)
  const { order: head, shipments } = await track(shop, placed)
  expect(head.order_status).toBe('cancelled')
  const list = shipments[0]?.tracking_details ?? []
  expect(list.map((step) => [step.status, step.is_current])).toEqual([
    ['Order Placed', false],
    ['Order Confirmed', false],
    ['Cancelled By Customer', true],
  ])
})

test('a return is shown after the delivery', async () => {
  const shop = createRehearsal()
  const { body: placed } = await shop.place()
  shop.act('fynd.order.advance', { ...order, to: 'delivery_done' })
  shop.act('fynd.customer.return', order)
  shop.act('fynd.order.advance', { ...order, to: 'return_accepted' })
  const { shipments } = await track(shop, placed)
  const values = shipments[0]?.tracking_details.map((step) => step.value)
  expect(values?.slice(5)).toEqual([
    'delivery_done',
    'return_initiated',
    'return_dp_assigned',
    'out_for_pickup',
    'return_bag_picked',
    'return_bag_in_transit',
    'return_bag_delivered',
    'return_accepted',
    'credit_note_generated',
    'refund_initiated',
  ])
  expect(shipments[0]).toMatchObject({
    refund_details: { rrn: null },
    bags: [{ refund_status: 'refund_initiated' }],
  })
})

test('the shipment is as far as its least advanced bag that is still under way', async () => {
  const shop = createRehearsal()
  const { body: placed } = await shop.place({
    lines: [{ sku: 'TEE-M' }, { sku: 'TEE-S' }, { sku: 'TEE-L' }],
  })
  shop.act('fynd.order.cancel', { ...order, sku: 'TEE-L' })
  shop.act('fynd.bag.confirm', { ...order, sku: 'TEE-M' })
  shop.act('fynd.bag.pack', { ...order, sku: 'TEE-S' })
  const status = async () => (await track(shop, placed)).shipments[0]?.shipment_status.value
  expect(await status()).toBe('bag_confirmed')
  shop.act('fynd.bag.deliver', { ...order, sku: 'TEE-M' })
  expect(await status()).toBe('bag_packed')
})

test('times are real with true_utc', async () => {
  const shop = createRehearsal({ timestamps: 'true_utc' })
  const { body: placed } = await shop.place()
  expect((await track(shop, placed)).order.order_date).toBe('2026-01-05T04:30:00+00:00')
})

test('an unpaid order without stores has no shipments to show yet', async () => {
  const shop = createRehearsal({ allocate_on: 'payment' })
  const { body: placed } = await shop.place({ mode: 'PREPAID' })
  expect(await track(shop, placed)).toMatchObject({
    order: { order_status: 'pending', total_shipments_in_order: 0 },
    shipments: [],
  })
})

test('an unknown order, and another channel’s, do not exist', async () => {
  const shop = createRehearsal()
  const { affiliate_id } = shop.act<{ affiliate_id: string }>('fynd.affiliate.create')
  const theirs = shop.act<{ fynd_order_id: string }>('fynd.order.place', {
    ...order,
    affiliate_id,
    lines: [{ sku: 'TEE-M' }],
  })
  for (const id of ['FY000000000000000000', theirs.fynd_order_id]) {
    const { status, body } = await shop.get(`/orders/${id}/track`)
    expect([status, body.exception]).toEqual([404, 'DoesNotExist'])
  }
})
