import fc from 'fast-check'
import { expect, test } from 'vitest'
import type { Partner } from '../core/partner.ts'
import { replayWorld } from '../core/replay.ts'
import { createWorld } from '../core/world.ts'
import { konnect } from './index.ts'
import { createRehearsal, type Rehearsal } from './testing/rehearsal.ts'

/** facts/konnect.md 3.2 to 3.4 once more, from the sheet and not from the code: from, then where to. `-` is the beginning. */
const sheet = new Map(
  `
  - new placed return_initiated rto_bag_delivered
  new placed store_reassigned bag_confirmed cancelled_customer cancelled_fynd cancelled_seller
  placed store_reassigned bag_confirmed cancelled_customer cancelled_fynd cancelled_seller
  store_reassigned store_reassigned bag_confirmed cancelled_customer cancelled_fynd cancelled_seller
  bag_confirmed bag_invoiced cancelled_customer cancelled_fynd cancelled_seller
  bag_invoiced dp_assigned cancelled_customer cancelled_fynd cancelled_seller
  dp_assigned bag_packed bag_picked cancelled_customer cancelled_fynd cancelled_seller
  bag_packed bag_picked bag_not_picked handed_over_to_customer
  bag_not_picked bag_picked
  bag_picked out_for_delivery delivery_done rto_initiated rto_bag_delivered
  out_for_delivery delivery_done rto_initiated
  rto_initiated rto_bag_delivered
  rto_bag_delivered rto_bag_accepted
  rto_bag_accepted credit_note_generated
  return_initiated return_dp_assigned
  return_dp_assigned return_bag_in_transit
  return_bag_in_transit return_bag_delivered
  return_bag_delivered return_bag_accepted
  return_bag_accepted credit_note_generated`
    .trim()
    .split('\n')
    .map((line) => line.trim().split(' '))
    .map(([from = '', ...to]) => [from, new Set(to)] as const),
)

const inTheStore = new Set(
  'new placed store_reassigned bag_confirmed bag_invoiced dp_assigned bag_packed bag_not_picked'.split(
    ' ',
  ),
)

interface Order {
  id: string
  forwardId: string
  journey: string
  state: string
  is_self_ship: boolean
  locationCode: string
  history: string[]
  invoice: string | null
  credit_note: string | null
  orderItems: { orderItemId: string; sku: string; quantity: number }[]
}

interface Step {
  play(seller: Rehearsal): Promise<unknown> | unknown
  /** What a counterexample shows. */
  toString(): string
}

const step = (told: unknown, play: Step['play']): Step =>
  ({
    play,
    toString: () => JSON.stringify(told),
    [fc.toStringMethod]: () => JSON.stringify(told),
  }) as Step

/** An act that may be illegal: then it is refused in words and changes nothing. */
function tryAct(seller: Rehearsal, name: string, input: object): void {
  const before = JSON.stringify(seller.world.state('konnect'))
  try {
    seller.act(name, input)
  } catch (error) {
    if (!(error instanceof Error) || error.name !== 'Refusal') throw error
    expect(JSON.stringify(seller.world.state('konnect')), `${name} was refused`).toBe(before)
  }
}

const orderNth = (seller: Rehearsal, at: number): Order | undefined => {
  const orders = seller.things<Order>('order')
  return orders[at % Math.max(orders.length, 1)]
}

const skus = ['TEE-M', 'TEE-XL', 'MUG-1']
const locations = ['BLR-01', 'DEL-01', 'BOM-01', 'NO-01']
const states = [
  ...sheet.keys(),
  'credit_note_generated',
  'delivery_done',
  'handed_over_to_customer',
]
const acts = Object.keys(konnect.acts).filter((name) => /^konnect\.(?:order|return)\./.test(name))
const plainActs = acts.filter((name) => !/place$|reassign$|advance$/.test(name))

const placing = fc
  .record({
    lines: fc.array(
      fc.record({ sku: fc.constantFrom(...skus), quantity: fc.integer({ min: 1, max: 4 }) }),
      { minLength: 1, maxLength: 3 },
    ),
    self_ship: fc.boolean(),
    pincode: fc.constantFrom('560001', '194101'),
  })
  .map((input) => step(['place', input], (seller) => tryAct(seller, 'konnect.order.place', input)))

const moving = fc
  .tuple(fc.nat(12), fc.constantFrom(...plainActs))
  .map(([at, name]) =>
    step([name, at], (seller) =>
      tryAct(seller, name, { order_id: orderNth(seller, at)?.id ?? '0' }),
    ),
  )

const advancing = fc
  .tuple(fc.nat(12), fc.constantFrom(...states.filter((state) => state !== '-')))
  .map(([at, to]) =>
    step(['advance', at, to], (seller) =>
      tryAct(seller, 'konnect.order.advance', { order_id: orderNth(seller, at)?.id ?? '0', to }),
    ),
  )

const shifting = fc.tuple(fc.nat(12), fc.constantFrom(...locations)).map(([at, location]) =>
  step(['reassign', at, location], (seller) =>
    tryAct(seller, 'konnect.order.reassign', {
      order_id: orderNth(seller, at)?.id ?? '0',
      location,
    }),
  ),
)

const writes = ['confirm', 'invoiceUpdate', 'pack', 'dispatch', 'cancel', 'awb', 'status', 'return']
const reads = ['courierDetails', 'labels', 'invoice']

const writing = fc
  .record({
    what: fc.constantFrom(...writes, ...writes, ...reads),
    at: fc.nat(12),
    quantity: fc.integer({ min: 1, max: 3 }),
    reasonCode: fc.constantFrom('6', '', 'tag_missing', 'lost', 'x'),
    invoiceType: fc.constantFrom('sale', 'return'),
    orderStatus: fc.constantFrom(...states),
    autoDispatch: fc.boolean(),
    number: fc.nat(6),
  })
  .map((wish) =>
    step(wish, async (seller) => {
      const order = orderNth(seller, wish.at)
      const record = {
        orderId: order?.id ?? '1',
        orderItems: (order?.orderItems ?? []).slice(0, 1 + (wish.at % 2)).map((item) => ({
          orderItemId: item.orderItemId,
          quantity: wish.quantity,
          reasonCode: wish.reasonCode,
        })),
        invoiceNumber: `N-${wish.number}`,
        invoiceType: wish.invoiceType,
        orderStatus: wish.orderStatus,
        awbNumber: `A-${wish.number}`,
        courierName: 'Van',
        autoDispatch: wish.autoDispatch,
      }
      const { status } = await seller.oms(wish.what, [record])
      expect(status).toBeLessThan(500)
    }),
  )

const stocking = fc
  .record({
    location_id: fc.constantFrom(...locations),
    sku: fc.constantFrom(...skus, 'NO-SUCH'),
    quantity: fc.integer({ min: -1, max: 9 }),
  })
  .map((row) =>
    step(['stock', row], (seller) => seller.call('PUT', '/ims/v3/inventory', { body: [row] })),
  )

const deleting = fc.constantFrom('TEE', 'MUG').map((item_code) =>
  step(['delete', item_code], (seller) =>
    seller.call('DELETE', '/v3/catalog/product', {
      body: {
        template: item_code === 'TEE' ? 'tops' : 'home',
        products: [
          item_code === 'TEE'
            ? {
                slug: 'crew-neck-tee',
                brand: 'Northbound',
                item_code,
                sizes: [{ primary_identifier: 'TEE-XL' }],
              }
            : { slug: 'stoneware-mug', brand: 'Quiet Kitchen', item_code },
        ],
      },
    }),
  ),
)

const waiting = fc
  .constantFrom(1, 3, 60, 3600)
  .map((seconds) => step(['wait', seconds], (seller) => seller.advance(seconds)))

const story = fc.array(
  fc.oneof(
    { weight: 3, arbitrary: placing },
    { weight: 3, arbitrary: moving },
    { weight: 4, arbitrary: advancing },
    { weight: 1, arbitrary: shifting },
    { weight: 6, arbitrary: writing },
    { weight: 1, arbitrary: stocking },
    { weight: 1, arbitrary: deleting },
    { weight: 2, arbitrary: waiting },
  ),
  { maxLength: 30 },
)

function checkWorld(seller: Rehearsal): void {
  const bugs = seller.world.journal({ kind: 'bug' })
  expect(seller.world.counts().bugs, JSON.stringify(bugs)).toBe(0)
  const laws = ['stock-conserved', 'never-oversold', 'no-simulator-bug']
  const { breaches } = seller.world.judge()
  expect(breaches.filter(({ invariant }) => laws.includes(invariant))).toEqual([])
  const orders = seller.things<Order>('order')
  for (const order of orders) {
    let here = '-'
    for (const state of order.history) {
      expect(sheet.get(here)?.has(state), `${order.id}: ${here} to ${state}`).toBe(true)
      here = state
    }
    expect(here).toBe(order.state)
  }
  checkBuckets(seller, orders)
}

/** What lies committed in a store is exactly what its orders say. */
function checkBuckets(seller: Rehearsal, orders: Order[]): void {
  const committed = new Map<string, number>()
  for (const order of orders) {
    const isCalledOff = order.journey === 'rto' && order.state === 'rto_bag_delivered'
    if (!inTheStore.has(order.state) && !isCalledOff) continue
    for (const { sku, quantity } of order.orderItems) {
      const key = `${sku} ${order.locationCode}`
      committed.set(key, (committed.get(key) ?? 0) + quantity)
    }
  }
  const rows = seller.things<{ sku: string; location_id: string; committed: number }>('stock')
  for (const row of rows) {
    const key = `${row.sku} ${row.location_id}`
    expect(row.committed, key).toBe(committed.get(key) ?? 0)
  }
}

test('whatever happens: stock conserved, no illegal transition, no bug, the same world on replay', async () => {
  await fc.assert(
    fc.asyncProperty(story, fc.nat(1_000), async (steps, seed) => {
      const seller = createRehearsal({}, { seed, keepInputs: true })
      seller.world.setShop({ konnect: { webhook_url: 'http://127.0.0.1:4102/hook' } })
      for (const each of steps) {
        await each.play(seller)
        checkWorld(seller)
      }
      const partners = [konnect as unknown as Partner]
      const snapshot = seller.world.snapshot()
      const again = await replayWorld(seller.world.inputs(), { partners, strict: true })
      expect(again.snapshot()).toBe(snapshot)
      expect(createWorld({ partners }, snapshot).snapshot()).toBe(snapshot)
    }),
    { numRuns: Number(process.env.RUNS ?? 60) },
  )
}, 600_000)
