import fc from 'fast-check'
import { expect, test } from 'vitest'
import type { Partner } from '../core/partner.ts'
import { replayWorld } from '../core/replay.ts'
import { fynd } from './index.ts'
import { createRehearsal, hourMs, minuteMs, type Rehearsal } from './testing/rehearsal.ts'

/** facts/fynd.md 5.3 once more, from the sheet and not from the code: from, then where to. `-` is the beginning. */
const sheet = new Map(
  `
  - pending placed
  pending placed payment_failed cancelled_fynd
  payment_failed placed
  placed bag_confirmed bag_not_confirmed product_not_available cancelled_fynd
  bag_not_confirmed store_reassigned product_not_available
  store_reassigned bag_confirmed bag_not_confirmed
  product_not_available cancelled_fynd
  bag_confirmed bag_invoiced handed_over_to_customer cancelled_fynd
  bag_invoiced dp_assigned dp_not_assigned cancelled_fynd
  dp_not_assigned dp_assigned cancelled_fynd
  dp_assigned bag_packed bag_picked cancelled_fynd
  bag_packed bag_picked bag_not_picked
  bag_not_picked bag_picked cancelled_fynd
  bag_picked out_for_delivery bag_lost delivery_done
  out_for_delivery delivery_done delivery_attempt_failed rejected_by_customer
  delivery_attempt_failed out_for_delivery
  bag_lost refund_initiated
  cancelled_fynd refund_initiated`
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
  'bag_picked out_for_delivery delivery_attempt_failed rejected_by_customer delivery_done handed_over_to_customer'.split(
    ' ',
  ),
)

const skus = ['TEE-M', 'TEE-XL', 'SOFA-1']
const stores = ['BLR-01', 'DEL-01', 'BOM-01']
const place = { sku: fc.constantFrom(...skus), store: fc.constantFrom(...stores) }
const orderIds = ['A', 'B', 'C', 'D', 'E']

const bagActs = Object.keys(fynd.acts).filter((name) => name.startsWith('fynd.bag.'))

interface Step {
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
    expect(JSON.stringify(shop.world.state('fynd')), `${name} was refused`).toBe(before)
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

const acting: fc.Arbitrary<Step> = fc.oneof(
  fc
    .tuple(fc.constantFrom(...bagActs), selections)
    .map(([name, input]) => step([name, input], (shop) => tryAct(shop, name, input))),
  fc
    .tuple(fc.constantFrom('fynd.order.reassign', 'fynd.order.cancel'), selections)
    .map(([name, input]) => step([name, input], (shop) => tryAct(shop, name, input))),
  fc
    .tuple(fc.constantFrom('bag_confirmed', 'bag_picked', 'delivery_done'), selections)
    .map(([to, input]) =>
      step(['advance', to, input], (shop) => tryAct(shop, 'fynd.order.advance', { ...input, to })),
    ),
)

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

const steps = fc.array(
  fc.oneof(
    { weight: 3, arbitrary: placing },
    { weight: 2, arbitrary: paying },
    { weight: 6, arbitrary: acting },
    { weight: 2, arbitrary: stocking },
    { weight: 2, arbitrary: around },
    { weight: 1, arbitrary: reading },
  ),
  { minLength: 20, maxLength: 120 },
)

interface Bag {
  bag_id: number
  fynd_order_id: string
  sku: string
  store: string | null
  quantity: number
  status: string
  history: string[]
}

function checkWorld(shop: Rehearsal): void {
  expect(shop.world.counts().bugs, JSON.stringify(shop.world.journal({ kind: 'bug' }))).toBe(0)
  const laws = ['stock-conserved', 'never-oversold', 'no-simulator-bug']
  const breaches = shop.world.judge().breaches.filter((breach) => laws.includes(breach.invariant))
  expect(breaches).toEqual([])
  const bags = shop.things<Bag>('bag')
  for (const bag of bags) checkHistory(bag)
  checkBuckets(shop, bags)
}

function checkHistory(bag: Bag): void {
  let here = '-'
  for (const status of bag.history) {
    expect(sheet.get(here)?.has(status), `bag ${bag.bag_id}: ${here} to ${status}`).toBe(true)
    here = status
  }
  expect(here).toBe(bag.status)
  expect(bag.history.filter((status) => status === 'delivery_attempt_failed').length).toBeLessThan(
    4,
  )
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
    expect(committed, `${sku} at ${store}`).toBeGreaterThanOrEqual(firm)
    expect(committed, `${sku} at ${store}`).toBeLessThanOrEqual(firm + waiting)
    expect(out, `${sku} at ${store}`).toBe(count(sku, store, (status) => onTheWay.has(status)))
  }
}

/** Only taken money goes back, and never more of it than came. */
function checkMoney(shop: Rehearsal): void {
  const orders = shop.things<{ fynd_order_id: string; payment: string; order_value: number }>(
    'order',
  )
  for (const order of orders) {
    const told = new Map<string, number>()
    for (const { body } of shop.inbox) {
      if (body.refund && body.fynd_order_id === order.fynd_order_id) {
        told.set(body.event_id, body.refund.amount)
      }
    }
    const back = [...told.values()].reduce((sum, amount) => sum + amount, 0)
    if (back > 0) expect(['paid', 'paid-too-late']).toContain(order.payment)
    expect(back).toBeLessThan(order.order_value + 0.001)
  }
}

test('whatever happens: stock conserved, no illegal transition, no bug, the same world on replay', async () => {
  await fc.assert(
    fc.asyncProperty(steps, fc.nat(1_000), async (story, seed) => {
      const shop = createRehearsal({}, { seed, keepInputs: true })
      for (const each of story) {
        await each.play(shop)
        checkWorld(shop)
      }
      checkMoney(shop)
      const again = await replayWorld(shop.world.inputs(), {
        partners: [fynd as unknown as Partner],
        strict: true,
      })
      expect(again.snapshot()).toBe(shop.world.snapshot())
    }),
    { numRuns: 60 },
  )
}, 120_000)
