import fc from 'fast-check'
import { expect, test } from 'vitest'
import { replayWorld } from '../core/replay.ts'
import { createWorld } from '../core/world.ts'
import { arvind } from './index.ts'
import {
  createRehearsal,
  dayMs,
  hourMs,
  minuteMs,
  neft,
  type Rehearsal,
} from './testing/rehearsal.ts'

/** facts/arvind.md 4.2 once more, from the sheet and not from the code: from, then where to. */
const sheet = new Map(
  `
  - ACCEPTED
  ACCEPTED BOOKED UNFULFILLED CANCELLED
  BOOKED ASSIGNED CANCELLED
  ASSIGNED ASSIGNED INVOICED UNFULFILLED CANCELLED
  INVOICED PACKED CANCELLED
  PACKED SHIPPED CANCELLED
  SHIPPED OUT_FOR_DELIVERY
  OUT_FOR_DELIVERY DELIVERED UNDELIVERED
  UNDELIVERED OUT_FOR_DELIVERY RTO_INITIATED
  RTO_INITIATED RTO_RECEIVED
  DELIVERED RETURN_REQUESTED
  RETURN_REQUESTED RETURN_PICKED
  RETURN_PICKED RETURN_RECEIVED
  RETURN_RECEIVED REFUND_INITIATED RETURN_QC_FAILED
  REFUND_INITIATED REFUNDED`
    .trim()
    .split('\n')
    .map((line) => line.trim().split(' '))
    .map(([from = '', ...to]) => [from, new Set(to)] as const),
)

const inTheCentre = new Set('BOOKED ASSIGNED INVOICED PACKED'.split(' '))
const outside = new Set(
  'SHIPPED OUT_FOR_DELIVERY UNDELIVERED RTO_INITIATED DELIVERED RETURN_REQUESTED RETURN_PICKED'.split(
    ' ',
  ),
)

const skus = ['TEE-M', 'TEE-XL', 'MUG-1']
const centres = ['BLR-01', 'DEL-01', 'BOM-01']
const place = { skuId: fc.constantFrom(...skus), centre: fc.constantFrom(...centres) }
const ids = ['A', 'B', 'C', 'D']
const anyId = fc.constantFrom(...ids)
const anyItem = fc.tuple(anyId, fc.constantFrom('1', '2')).map(([id, n]) => `${id}-${n}`)

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
  const before = JSON.stringify(shop.world.state('arvind'))
  try {
    shop.act(name, input)
  } catch (error) {
    if (!isRefusal(error)) throw error
    expect(JSON.stringify(shop.world.state('arvind')), `${name} was refused`).toBe(before)
  }
}

const act = (name: string, input: fc.Arbitrary<object>): fc.Arbitrary<Step> =>
  input.map((given) => step([name, given], (shop) => tryAct(shop, name, given)))

/** A fault took the answer away, or made it something else than JSON. */
function lost(error: unknown): undefined {
  if (error instanceof TypeError || error instanceof SyntaxError) return undefined
  throw error
}

const selections = fc.oneof(
  fc.record({ orderReference: anyId }),
  fc.record({ orderReference: anyId, skuId: fc.constantFrom(...skus) }),
  anyItem.map((itemReference) => ({ orderReference: itemReference.slice(0, 1), itemReference })),
)

const plainActs = Object.keys(arvind.acts).filter(
  (name) => /^arvind\.(item|return|consignment)\./.test(name) || name === 'arvind.order.cancel',
)

const calling: fc.Arbitrary<Step> = fc.oneof(
  fc
    .record({
      id: anyId,
      isCod: fc.boolean(),
      pincode: fc.constantFrom('560001', '110001', '781001', '744101', '999999'),
      lines: fc.array(
        fc.record({
          skuId: fc.constantFrom(...skus, 'NO-SUCH'),
          quantity: fc.integer({ min: 1, max: 3 }),
        }),
        { minLength: 1, maxLength: 2 },
      ),
    })
    .map((changes) => step(['push', changes], (shop) => shop.push(changes).catch(lost))),
  fc
    .record({
      orderReference: anyId,
      items: fc.array(fc.record({ itemReference: anyItem }), { maxLength: 3 }),
    })
    .map((changes) => step(['cancel', changes], (shop) => shop.cancel(changes).catch(lost))),
  fc
    .record({
      orderReference: anyId,
      returns: fc.array(
        fc.record({ itemId: anyItem, returnMode: fc.constantFrom('PICKUP', 'STORE') }),
        { minLength: 1, maxLength: 3 },
      ),
      neftDetails: fc.constantFrom(null, neft, { ...neft, ifscCode: 'X' }),
    })
    .map((changes) => step(['return', changes], (shop) => shop.giveBack(changes).catch(lost))),
  fc
    .constantFrom('/orders/status/tracking?orderReference=A', '/ordersDetails/1/A')
    .map((path) => step(['get', path], (shop) => shop.get(path).catch(lost))),
  fc
    .tuple(
      fc.constantFrom(
        '/v1/order/checkServiceability',
        '/v1/KARTIFY/order/v2',
        '/v1/KARTIFY/order/cancel',
        '/v1/KARTIFY/order/return',
      ),
      fc.json(),
    )
    .map(([path, text]) =>
      step(['post', path, text], (shop) => shop.send('POST', path, { text }).catch(lost)),
    ),
)

const acting: fc.Arbitrary<Step> = fc.oneof(
  fc.constantFrom(...plainActs).chain((name) => act(name, selections)),
  act(
    'arvind.order.advance',
    fc
      .tuple(selections, fc.constantFrom('PACKED', 'OUT_FOR_DELIVERY', 'DELIVERED'))
      .map(([named, to]) => ({ ...named, to })),
  ),
  act('arvind.order.book', fc.record({ orderReference: anyId })),
)

const stocking: fc.Arbitrary<Step> = fc.oneof(
  act('arvind.inventory.set', fc.record({ ...place, quantity: fc.nat(4) })),
  act('arvind.inventory.set', fc.record({ skuId: place.skuId, quantity: fc.nat(4) })),
  act('arvind.inventory.adjust', fc.record({ ...place, by: fc.integer({ min: -4, max: 4 }) })),
  act('arvind.inventory.damage', fc.record({ ...place, quantity: fc.integer({ min: 1, max: 3 }) })),
  act('arvind.inventory.push', fc.constant({})),
  act('arvind.centre.switch-off', fc.record({ centre: place.centre })),
  act('arvind.centre.switch-on', fc.record({ centre: place.centre })),
  act('arvind.token.expire', fc.record({ afterCalls: fc.nat(3) })),
  act('arvind.token.renew', fc.constant({})),
)

const around: fc.Arbitrary<Step> = fc.oneof(
  fc
    .constantFrom(1_000, 10_000, minuteMs, 20 * minuteMs, 3 * hourMs, 16 * dayMs)
    .map((byMs) => step(['advance clock', byMs], (shop) => shop.advance(byMs))),
  fc
    .constantFrom<Record<string, unknown>>(
      { consignment_grouping: 'per_item' },
      { auto_booking: false },
      { auto_booking: true },
      { duplicate_order: 'replay' },
      { pick_fail_stock: 'sellable' },
      { returned_stock: 'unavailable' },
      { webhook_scope: 'forward' },
      { webhook_ordering: 'shuffle' },
      { inventory_batch_size: 1 },
    )
    .map((values) =>
      step(['assume', values], (shop) => shop.world.setAssumptions('arvind', values)),
    ),
  fc
    .constantFrom({ status: 200 }, { status: 200 }, { status: 500 }, { body: 'oops' })
    .map((answer) => step(['receiver', answer], (shop) => Object.assign(shop.receiver, answer))),
  fc
    .constantFrom<{ name: string; [option: string]: unknown }>(
      { name: 'answer-lost', on: 'pushOrder', first: 1 },
      { name: 'never-applied', on: 'cancelOrder', first: 1 },
      { name: 'status', status: 503, probability: 0.2 },
      { name: 'duplicate', on: 'PACKED' },
      { name: 'delay', by: '2h', on: 'update-inventory', every: 2 },
      { name: 'drop', probability: 0.2 },
      { name: 'wrong-signature', first: 1 },
    )
    .map((spec) => step(['arm', spec], (shop) => shop.world.arm({ partner: 'arvind', ...spec }))),
  fc.constant(step(['disarm'], (shop) => shop.world.disarm())),
)

const steps = fc.array(
  fc.oneof(
    { weight: 6, arbitrary: calling },
    { weight: 6, arbitrary: acting },
    { weight: 2, arbitrary: stocking },
    { weight: 2, arbitrary: around },
  ),
  { minLength: 20, maxLength: 100 },
)

interface Item {
  itemReference: string
  skuId: string
  centre: string | null
  quantity: number
  status: string
  history: string[]
}

function checkWorld(shop: Rehearsal): void {
  expect(shop.world.counts().bugs, JSON.stringify(shop.world.journal({ kind: 'bug' }))).toBe(0)
  const laws = ['stock-conserved', 'never-oversold', 'no-simulator-bug']
  const breaches = shop.world.judge().breaches.filter((breach) => laws.includes(breach.invariant))
  expect(breaches).toEqual([])
  const items = shop.things<Item>('item')
  for (const item of items) checkHistory(item)
  checkBuckets(shop, items)
}

function checkHistory(item: Item): void {
  let here = '-'
  for (const status of item.history) {
    expect(sheet.get(here)?.has(status), `${item.itemReference}: ${here} to ${status}`).toBe(true)
    here = status
  }
  expect(here).toBe(item.status)
}

/** What lies in a centre for orders, and what left it, is exactly what the states of the items say. */
function checkBuckets(shop: Rehearsal, items: Item[]): void {
  const rows = shop.things<{ skuId: string; centre: string; committed: number; out: number }>(
    'stock',
  )
  for (const { skuId, centre, committed, out } of rows) {
    const count = (states: Set<string>) =>
      items
        .filter((item) => item.skuId === skuId && item.centre === centre && states.has(item.status))
        .reduce((sum, item) => sum + item.quantity, 0)
    expect(committed, `${skuId} at ${centre}`).toBe(count(inTheCentre))
    expect(out, `${skuId} at ${centre}`).toBe(count(outside))
  }
}

test('whatever happens: stock conserved, no illegal transition, no bug, the same world on replay and restore', async () => {
  await fc.assert(
    fc.asyncProperty(steps, fc.nat(1_000), async (story, seed) => {
      const shop = createRehearsal({}, { seed, keepInputs: true })
      for (const each of story) {
        await each.play(shop)
        checkWorld(shop)
      }
      expect(JSON.stringify(shop.world.state('arvind'))).not.toContain('000012345678')
      const snapshot = shop.world.snapshot()
      const again = await replayWorld(shop.world.inputs(), { partners: [arvind], strict: true })
      expect(again.snapshot()).toBe(snapshot)
      expect(createWorld({ partners: [arvind], strict: true }, snapshot).snapshot()).toBe(snapshot)
    }),
    { numRuns: Number(process.env.RUNS ?? 60) },
  )
}, 600_000)
