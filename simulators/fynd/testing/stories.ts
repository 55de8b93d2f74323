import assert from 'node:assert/strict'
import fc from 'fast-check'
import type { Partner } from '../../core/partner.ts'
import { replayWorld } from '../../core/replay.ts'
import { fynd } from '../index.ts'
import { createRehearsal, hourMs, minuteMs, type Rehearsal } from './rehearsal.ts'

/** facts/fynd.md 5.3 once more, from the sheet and not from the code: from, then where to. `-` is the beginning. */
const sheet = new Map(
  `
  - pending placed
  pending placed payment_failed cancelled_fynd
  payment_failed placed
  placed bag_confirmed bag_not_confirmed product_not_available cancelled_customer cancelled_fynd
  bag_not_confirmed store_reassigned product_not_available
  store_reassigned bag_confirmed bag_not_confirmed cancelled_customer
  product_not_available cancelled_fynd
  bag_confirmed bag_invoiced handed_over_to_customer cancelled_customer cancelled_fynd
  bag_invoiced dp_assigned dp_not_assigned cancelled_customer cancelled_fynd
  dp_not_assigned dp_assigned cancelled_fynd
  dp_assigned bag_packed bag_picked cancelled_customer cancelled_fynd
  bag_packed bag_picked bag_not_picked cancelled_customer
  bag_not_picked bag_picked cancelled_fynd
  bag_picked out_for_delivery bag_lost rto_initiated delivery_done
  out_for_delivery delivery_done delivery_attempt_failed rejected_by_customer
  delivery_attempt_failed out_for_delivery rto_initiated
  rejected_by_customer rto_initiated
  rto_initiated rto_in_transit
  rto_in_transit rto_bag_delivered rto_bag_lost
  rto_bag_delivered rto_bag_accepted
  rto_bag_accepted credit_note_generated
  delivery_done return_initiated
  handed_over_to_customer return_initiated
  return_request_cancelled return_initiated
  return_initiated return_dp_assigned return_request_cancelled
  return_dp_assigned out_for_pickup return_dp_cancelled
  return_dp_cancelled return_dp_assigned return_request_cancelled
  out_for_pickup return_bag_picked return_bag_not_picked
  return_bag_not_picked out_for_pickup return_request_cancelled
  return_bag_picked return_bag_in_transit
  return_bag_in_transit return_bag_delivered return_bag_lost
  return_bag_delivered return_accepted return_rejected_by_store
  return_rejected_by_store deadstock
  return_accepted credit_note_generated
  credit_note_generated refund_initiated
  bag_lost refund_initiated
  return_bag_lost refund_initiated
  rto_bag_lost refund_initiated
  cancelled_customer refund_initiated
  cancelled_fynd refund_initiated
  refund_initiated refund_done`
    .trim()
    .split('\n')
    .map((line) => line.trim().split(' '))
    .map(([from = '', ...to]) => [from, new Set(to)] as const),
)

const inTheStore = new Set(
  'placed store_reassigned bag_confirmed bag_invoiced dp_not_assigned dp_assigned bag_packed bag_not_picked'.split(
    ' ',
  ),
)
const onTheWay = new Set(
  `bag_picked out_for_delivery delivery_attempt_failed rejected_by_customer delivery_done handed_over_to_customer
  rto_initiated rto_in_transit rto_bag_delivered return_initiated return_request_cancelled return_dp_assigned return_dp_cancelled
  out_for_pickup return_bag_picked return_bag_not_picked return_bag_in_transit return_bag_delivered return_rejected_by_store`.split(
    /\s+/,
  ),
)

const skus = ['TEE-M', 'TEE-XL', 'SOFA-1']
const stores = ['BLR-01', 'DEL-01', 'BOM-01']
const place = { sku: fc.constantFrom(...skus), store: fc.constantFrom(...stores) }
const orderIds = ['A', 'B', 'C', 'D', 'E']

const bagActs = Object.keys(fynd.acts).filter((name) =>
  /^fynd\.(bag|rto|return|customer|refund)\./.test(name),
)

export interface Step {
  play(shop: Rehearsal): Promise<unknown> | unknown
  /** What a counterexample shows. */
  toString(): string
}

const step = (told: unknown, play: Step['play']): Step =>
  ({
    play,
    toString: () => JSON.stringify(told),
    [fc.toStringMethod]: () => JSON.stringify(told),
  }) as Step

const isRefusal = (error: unknown) => error instanceof Error && error.name === 'Refusal'

/** An act that may be illegal: then it is refused in words and changes nothing. */
function tryAct(shop: Rehearsal, name: string, input: object): void {
  const before = JSON.stringify(shop.world.state('fynd'))
  try {
    shop.act(name, input)
  } catch (error) {
    if (!isRefusal(error)) throw error
    assert.equal(JSON.stringify(shop.world.state('fynd')), before, `${name} was refused`)
  }
}

const selections = fc.oneof(
  fc.record({ affiliate_order_id: fc.constantFrom(...orderIds) }),
  fc.record({ affiliate_order_id: fc.constantFrom(...orderIds), sku: fc.constantFrom(...skus) }),
  fc.record({ bag_id: fc.integer({ min: 43_880, max: 43_900 }) }),
)

const placing: fc.Arbitrary<Step> = fc
  .record({
    id: fc.constantFrom(...orderIds),
    mode: fc.constantFrom('COD' as const, 'PREPAID' as const),
    pincode: fc.constantFrom('560001', '110001', '781001', '194101', '999999'),
    lines: fc.array(
      fc.record({
        sku: fc.constantFrom(...skus, 'NO-SUCH'),
        quantity: fc.integer({ min: 1, max: 3 }),
      }),
      { minLength: 1, maxLength: 3 },
    ),
  })
  .map((changes) => step(['place', changes], (shop) => shop.place(changes).catch(lost)))

const paying: fc.Arbitrary<Step> = fc
  .record({
    at: fc.nat(10),
    isRight: fc.boolean(),
    status: fc.constantFrom('success', 'success', 'success', 'failed'),
  })
  .map(({ at, isRight, status }) =>
    step(['pay', at, isRight, status], (shop) => {
      const orders = shop.things<{ fynd_order_id: string; order_value: number }>('order')
      const order = orders[at % Math.max(orders.length, 1)]
      const value = (order?.order_value ?? 1) + (isRight ? 0 : 1)
      const named = { fynd_order_id: order?.fynd_order_id ?? 'FY0' } as never
      return shop.pay(named, value, status).catch(lost)
    }),
  )

const inputOf = (name: string, input: object): object =>
  name === 'fynd.refund.done' ? { ...input, refund_id: 'rfnd_1' } : input

const acting: fc.Arbitrary<Step> = fc.oneof(
  {
    weight: 3,
    arbitrary: fc
      .tuple(fc.constantFrom(...bagActs), selections)
      .map(([name, input]) =>
        step([name, input], (shop) => tryAct(shop, name, inputOf(name, input))),
      ),
  },
  fc
    .tuple(fc.constantFrom('fynd.order.reassign', 'fynd.order.cancel'), selections)
    .map(([name, input]) => step([name, input], (shop) => tryAct(shop, name, input))),
  fc
    .tuple(
      fc.constantFrom(
        'bag_confirmed',
        'bag_picked',
        'delivery_done',
        'delivery_done',
        'rto_in_transit',
        'rto_bag_accepted',
        'out_for_pickup',
        'return_accepted',
      ),
      selections,
    )
    .map(([to, input]) =>
      step(['advance', to, input], (shop) => tryAct(shop, 'fynd.order.advance', { ...input, to })),
    ),
)

/** The customer's buttons, as the shop presses them (F7), and what it reports of the money (F8). */
const asking: fc.Arbitrary<Step> = fc.oneof(
  fc
    .record({
      at: fc.nat(20),
      part: fc.constantFrom('all', 'first', 'two', 'stranger'),
      status: fc.constantFrom(
        'cancelled_customer',
        'return_initiated',
        'return_request_cancelled',
        'delivery_done',
      ),
    })
    .map(({ at, part, status }) =>
      step(['ask', at, part, status], (shop) => {
        const update = updateFor(shop, at, part)
        return shop
          .post('/shipments/status', { statuses: [{ status, shipments: update }] })
          .catch(lost)
      }),
    ),
  fc
    .record({ at: fc.nat(20), id: fc.constantFrom('rfnd_1', 'rfnd_2'), amount: fc.nat(3000) })
    .map(({ at, id, amount }) =>
      step(['report', at, id, amount], (shop) => {
        const bags = shop.things<Bag>('bag')
        const bag = bags[at % Math.max(bags.length, 1)]
        const path = `/refunds/${bag?.bag_id ?? 1}/done`
        return shop.post(path, { refund_id: id, amount }).catch(lost)
      }),
    ),
)

function updateFor(shop: Rehearsal, at: number, part: string): object[] {
  const shipments = shop.things<{ shipment_id: string }>('shipment')
  const shipment = shipments[at % Math.max(shipments.length, 1)]
  const identifier = shipment?.shipment_id ?? '1'
  const bags = shop.things<Bag>('bag').filter((bag) => bag.shipment_id === identifier)
  const counts: Record<string, number> = { all: 0, first: 1, two: 2 }
  const named = part === 'stranger' ? [1] : bags.slice(0, counts[part]).map((bag) => bag.bag_id)
  return [{ identifier, products: named.map((id) => ({ identifier: id })) }]
}

const stocking: fc.Arbitrary<Step> = fc.oneof(
  fc
    .record({ ...place, quantity: fc.nat(4) })
    .map((input) =>
      step(['fynd.stock.set', input], (shop) => tryAct(shop, 'fynd.stock.set', input)),
    ),
  fc
    .record({ ...place, by: fc.integer({ min: -4, max: 4 }) })
    .map((input) =>
      step(['fynd.stock.adjust', input], (shop) => tryAct(shop, 'fynd.stock.adjust', input)),
    ),
  fc
    .record({ ...place, quantity: fc.integer({ min: 1, max: 3 }) })
    .map((input) =>
      step(['fynd.stock.damage', input], (shop) => tryAct(shop, 'fynd.stock.damage', input)),
    ),
  fc
    .tuple(fc.constantFrom('fynd.store.switch-off', 'fynd.store.switch-on'), place.store)
    .map(([name, store]) => step([name, store], (shop) => tryAct(shop, name, { store }))),
  fc
    .constantFrom('fynd.affiliate.disable', 'fynd.affiliate.enable', 'fynd.subscriber.reactivate')
    .map((name) => step([name], (shop) => tryAct(shop, name, {}))),
)

const around: fc.Arbitrary<Step> = fc.oneof(
  fc
    .constantFrom(1_000, minuteMs, 20 * minuteMs, 3 * hourMs, 25 * hourMs)
    .map((byMs) => step(['advance clock', byMs], (shop) => shop.advance(byMs))),
  fc
    .constantFrom(
      { grouping: 'per_bag' },
      { grouping: 'per_store' },
      { bag_unit: 'line' },
      { bag_unit: 'item' },
      { allocate_on: 'payment' },
      { allocate_on: 'order' },
      { duplicate_mode: 'create_new' },
      { late_confirmation: 'refuse' },
      { late_confirmation: 'accept' },
      { rejected_stock: 'sellable' },
      { returned_stock: 'not_available' },
      { return_window_days: 1 },
      { return_window_days: 30 },
      { money_quirks: false },
      { status_update_envelope: 'http_status' },
      { ordering: 'shuffle' },
    )
    .map((values) => step(['assume', values], (shop) => shop.world.setAssumptions('fynd', values))),
  fc.constantFrom(200, 200, 500).map((status) =>
    step(['receiver', status], (shop) => {
      shop.receiver.status = status
    }),
  ),
  fc
    .constantFrom(
      { name: 'answer-lost', on: 'placeOrder', first: 1 },
      { name: 'never-applied', on: 'placeOrder', first: 1 },
      { name: 'status', status: 503, probability: 0.2 },
      { name: 'duplicate', on: 'BAG_PICKED' },
      { name: 'delay', by: '2h', on: 'ORDER_PLACED', every: 2 },
      { name: 'drop', probability: 0.2 },
      { name: 'reorder', size: 2 },
      { name: 'wrong-signature', first: 1 },
    )
    .map((spec) => step(['arm', spec], (shop) => shop.world.arm({ partner: 'fynd', ...spec }))),
  fc.constant(step(['disarm'], (shop) => shop.world.disarm())),
)

const reading: fc.Arbitrary<Step> = fc.oneof(
  fc.nat(20).map((at) =>
    step(['track', at], async (shop) => {
      const orders = shop.things<{ fynd_order_id: string }>('order')
      const id = orders[at % Math.max(orders.length, 1)]?.fynd_order_id ?? 'FY0'
      await shop.get(`/orders/${id}/track`).catch(lost)
    }),
  ),
  fc
    .constantFrom(
      '/inventory/stock-status?sku_code=TEE-M,TEE-XL,SOFA-1',
      '/inventory/changes?timestamp=2026-01-05T04:30:00Z&page_size=1',
      '/inventory/changes?timestamp=oops',
    )
    .map((path) => step(['get', path], (shop) => shop.get(path).catch(lost))),
  fc
    .tuple(
      fc.constantFrom(
        '/orders',
        '/serviceability',
        '/inventory/stock-status',
        '/orders/FY1/payment/confirm',
        '/shipments/status',
        '/refunds/43880/done',
      ),
      fc.json(),
    )
    .map(([path, text]) =>
      step(['post', path, text], (shop) => shop.send('POST', path, { text }).catch(lost)),
    ),
)

/** A fault took the answer away, or made it something else than JSON. */
function lost(error: unknown): undefined {
  if (error instanceof TypeError || error instanceof SyntaxError) return undefined
  throw error
}

/** Whatever may happen between a shop, its customers, FYND, its stores and its couriers. */
export const stories = fc.array(
  fc.oneof(
    { weight: 3, arbitrary: placing },
    { weight: 2, arbitrary: paying },
    { weight: 8, arbitrary: acting },
    { weight: 2, arbitrary: asking },
    { weight: 2, arbitrary: stocking },
    { weight: 2, arbitrary: around },
    { weight: 1, arbitrary: reading },
  ),
  { minLength: 20, maxLength: 120 },
)

interface Bag {
  bag_id: number
  shipment_id: string | null
  fynd_order_id: string
  sku: string
  store: string | null
  quantity: number
  status: string
  history: string[]
  refund: number | null
}

/** The laws that hold after every step. */
export function checkWorld(shop: Rehearsal): void {
  if (shop.world.counts().bugs > 0) {
    assert.fail(JSON.stringify(shop.world.journal({ kind: 'bug' })))
  }
  const laws = ['stock-conserved', 'never-oversold', 'no-simulator-bug']
  const breaches = shop.world.judge().breaches.filter((breach) => laws.includes(breach.invariant))
  assert.deepEqual(breaches, [])
  const bags = shop.things<Bag>('bag')
  for (const bag of bags) checkHistory(bag)
  checkBuckets(shop, bags)
  checkShipments(shop, bags)
}

/** Every bag that has a shipment is in one that exists, and none is empty. */
function checkShipments(shop: Rehearsal, bags: Bag[]): void {
  const shipments = shop.things<{ shipment_id: string; bags: number }>('shipment')
  const used = new Set(bags.flatMap((bag) => bag.shipment_id ?? []))
  assert.deepEqual([...used].sort(), shipments.map(({ shipment_id }) => shipment_id).sort())
  assert.deepEqual(
    shipments.filter((shipment) => shipment.bags === 0),
    [],
  )
}

function checkHistory(bag: Bag): void {
  let here = '-'
  for (const status of bag.history) {
    assert.ok(sheet.get(here)?.has(status), `bag ${bag.bag_id}: ${here} to ${status}`)
    here = status
  }
  assert.equal(here, bag.status)
  const failed = bag.history.filter((status) => status === 'delivery_attempt_failed')
  assert.ok(failed.length < 4, `bag ${bag.bag_id}: ${failed.length} failed attempts`)
}

/** What lies in a store for bags, and what left it, is exactly what the states of the bags say. */
function checkBuckets(shop: Rehearsal, bags: Bag[]): void {
  const count = (sku: string, store: string, states: (status: string) => boolean) =>
    bags
      .filter((bag) => bag.sku === sku && bag.store === store && states(bag.status))
      .reduce((sum, bag) => sum + bag.quantity, 0)
  const rows = shop.things<{ sku: string; store: string; committed: number; out: number }>('stock')
  for (const { sku, store, committed, out } of rows) {
    const firm = count(sku, store, (status) => inTheStore.has(status))
    const waiting = count(sku, store, (status) => ['pending', 'payment_failed'].includes(status))
    const place = `${sku} at ${store}`
    assert.ok(committed >= firm && committed <= firm + waiting, `${place}: ${committed} committed`)
    assert.equal(
      out,
      count(sku, store, (status) => onTheWay.has(status)),
      place,
    )
  }
}

/** Only taken money goes back, once a bag, and never more of it than came. COD money only after an accepted return. */
export function checkMoney(shop: Rehearsal): void {
  const orders = shop.things<{ fynd_order_id: string; payment: string; order_value: number }>(
    'order',
  )
  const bags = shop.things<Bag>('bag')
  for (const order of orders) {
    const told = new Map<string, number>()
    for (const { body } of shop.inbox) {
      if (body.refund && body.fynd_order_id === order.fynd_order_id) {
        told.set(body.event_id, body.refund.amount)
      }
    }
    const own = bags.filter(
      (bag) => bag.fynd_order_id === order.fynd_order_id && bag.refund !== null,
    )
    const due = own.reduce((sum, bag) => sum + (bag.refund ?? 0), 0)
    const back = [...told.values()].reduce((sum, amount) => sum + amount, 0)
    assert.ok(back < due + 0.001, `${order.fynd_order_id}: ${back} of ${due} told`)
    assert.ok(due < order.order_value + 0.001, `${order.fynd_order_id}: ${due} due`)
    if (order.payment === 'on-delivery') {
      for (const bag of own) assert.ok(bag.history.includes('return_accepted'), bag.status)
    } else if (due > 0) assert.match(order.payment, /^paid/)
  }
}

/** Plays one story in a fresh world, holding it to the laws every so many steps; it can be played again from its inputs. */
export async function playStory(
  story: readonly Step[],
  seed: number,
  checkEvery: number,
): Promise<void> {
  const shop = createRehearsal({}, { seed, keepInputs: true })
  for (const [index, each] of story.entries()) {
    await each.play(shop)
    if ((index + 1) % checkEvery === 0) checkWorld(shop)
  }
  checkWorld(shop)
  checkMoney(shop)
  const again = await replayWorld(shop.world.inputs(), {
    partners: [fynd as unknown as Partner],
    strict: true,
  })
  assert.equal(again.snapshot(), shop.world.snapshot())
  again.close()
  shop.world.close()
}
