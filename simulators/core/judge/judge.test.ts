import { expect, test } from 'vitest'
import type { Breach, Invariant, JudgeInput } from './invariant.ts'
import { invariants } from './invariants/index.ts'
import { judge } from './judge.ts'
import type { PartnerOrderView, PaymentView, ShopOrderView, StockView } from './views.ts'

const stock: StockView = {
  sku: 'TEE-M',
  store: 'BLR-01',
  sellable: 3,
  committed: 1,
  unavailable: 1,
  out: 1,
  opening: 5,
  adjusted: 1,
}
const placed: PartnerOrderView = {
  id: 'ACME-1',
  shop_order_id: '100',
  placed: true,
  status: 'placed',
  items: [
    {
      id: 'bag-1',
      shop_item_id: '100-1',
      sku: 'TEE-M',
      quantity: 1,
      status: 'delivery_attempt_failed',
      status_by_event: 'out_for_delivery',
    },
  ],
}
const shopOrder: ShopOrderView = {
  id: '100',
  partner: 'acme',
  partner_order_id: 'ACME-1',
  status: 'processed',
  acknowledged: true,
  payment_mode: 'PREPAID',
  items: [
    {
      id: '100-1',
      partner_item_id: 'bag-1',
      sku: 'TEE-M',
      quantity: 1,
      status: 'out_for_delivery',
    },
  ],
}
const paid: PaymentView = {
  id: 'pay-1',
  shop_order_id: '100',
  partner_order_id: 'ACME-1',
  taken_minor: 49_900,
  refunds: [],
}

/** The end of an honest run; each test plants one thing in it. */
const honest = () =>
  structuredClone({
    partners: {
      acme: { stock: [stock], orders: [placed], quantities: { 'TEE-M': 3 } },
      bank: { payments: [paid] },
    },
    shop: { orders: [shopOrder], quantities: { 'TEE-M': 1 }, safety_stock: 2 },
    deliveries: {
      acme: {
        total: 3,
        delivered: 1,
        by_fault: { drop: 1 },
        by_dead_letter: { 'no-receiver': 1 },
        open: {},
      },
    },
    misunderstood: [] as NonNullable<JudgeInput['misunderstood']>,
    bugs: [] as NonNullable<JudgeInput['bugs']>,
  })
type Honest = ReturnType<typeof honest>

const broken = (plant: (world: Honest) => void): Breach[] => {
  const world = honest()
  plant(world)
  return judge(world as JudgeInput).breaches
}
const names = (breaches: Breach[]) => breaches.map((breach) => breach.invariant)
const first = <T>(items: T[]): T => {
  const [item] = items
  if (item === undefined) throw new Error('Nothing there.')
  return item
}

test('an honest end is green, and every law was checked', () => {
  expect(judge(honest() as JudgeInput)).toEqual({
    green: true,
    checked: invariants.map((law) => law.name),
    breaches: [],
    notChecked: [],
  })
})

test('a law has a kebab-case name of its own, a sentence, and says what it needs', () => {
  expect(new Set(invariants.map((law) => law.name)).size).toBe(invariants.length)
  for (const law of invariants) {
    expect(law.name).toMatch(/^[a-z]+(-[a-z]+)*$/)
    expect(law.law).toMatch(/\.$/)
    expect(law.needs.length).toBeGreaterThan(0)
  }
})

test('a law whose views are missing is named with the reason, and never passed', () => {
  const report = judge({ partners: {} })
  expect(report.checked).toEqual([])
  expect(report.notChecked.map((entry) => entry.invariant)).toEqual(
    invariants.map((law) => law.name),
  )
  expect(report.notChecked).toContainEqual({
    invariant: 'order-belongs',
    why: 'no partner here has orders that a shop makes; the orders of the shop are not known',
  })
})

test('laws about the partner alone are checked without a shop', () => {
  const { shop: _, ...world } = honest()
  const report = judge(world)
  expect(report.green).toBe(true)
  expect(report.notChecked.map((entry) => entry.invariant)).toEqual([
    'order-exists-once',
    'order-belongs',
    'channel-order-known-once',
    'quantity-agrees',
    'item-status-agrees',
  ])
})

test('the judge reads and does not write', () => {
  const world = honest()
  judge(world as JudgeInput)
  expect(world).toEqual(honest())
})

test('stock that vanished or came from nowhere breaks stock-conserved', () => {
  const [breach, ...others] = broken((world) => {
    first(world.partners.acme.stock).committed = 0
  })
  expect(others).toEqual([])
  expect(breach).toMatchObject({
    invariant: 'stock-conserved',
    partner: 'acme',
    subject: 'TEE-M @ BLR-01',
    expected: 6,
    found: 5,
  })
})

test('an oversold bucket breaks never-oversold even when the sum is right', () => {
  const breaches = broken((world) => {
    Object.assign(first(world.partners.acme.stock), { sellable: -1, committed: 5 })
  })
  expect(names(breaches)).toEqual(['never-oversold'])
  expect(breaches[0]?.message).toContain('-1 sellable')
})

test('a bucket that is not a number is a breach, not a pass', () => {
  const breaches = broken((world) => {
    first(world.partners.acme.stock).out = Number.NaN
  })
  expect(names(breaches)).toEqual(['stock-conserved', 'never-oversold'])
})

test('a processed order that the partner lost breaks order-exists-once', () => {
  const breaches = broken((world) => {
    world.partners.acme.orders = []
    world.partners.bank.payments = []
  })
  expect(names(breaches)).toEqual(['order-exists-once'])
  expect(breaches[0]).toMatchObject({ subject: 'order 100', expected: 1, found: 0 })
})

test('an order that is only temporary at the partner does not count as existing', () => {
  const breaches = broken((world) => {
    first(world.partners.acme.orders).placed = false
    world.partners.bank.payments = []
  })
  expect(names(breaches)).toEqual(['order-exists-once'])
})

test('a doubled order breaks order-exists-once, and one of the two belongs to nobody', () => {
  const breaches = broken((world) => {
    world.partners.acme.orders.push({ ...placed, id: 'ACME-2' })
  })
  expect(names(breaches)).toEqual(['order-exists-once', 'order-belongs'])
  expect(breaches[0]?.message).toContain('ACME-1, ACME-2')
})

test('a doubled order is a breach even while the shop calls it processing', () => {
  const breaches = broken((world) => {
    first(world.shop.orders).status = 'processing'
    world.partners.acme.orders.push(placed)
  })
  expect(names(breaches)).toEqual(['order-exists-once'])
})

test('an acknowledged order that never came further than the shop is lost', () => {
  const breaches = broken((world) => {
    Object.assign(first(world.shop.orders), { status: 'processing', partner_order_id: null })
    world.partners.acme.orders = []
    world.partners.bank.payments = []
  })
  expect(names(breaches)).toEqual(['order-exists-once'])
})

test('an acknowledged order whose money went back need not exist', () => {
  const breaches = broken((world) => {
    first(world.shop.orders).status = 'processing'
    world.partners.acme.orders = []
    world.partners.bank.payments = [
      { ...paid, refunds: [{ cause: 'refused', amount_minor: 49_900 }] },
    ]
  })
  expect(breaches).toEqual([])
})

test('an order that the customer left at the confirm page need not exist', () => {
  const breaches = broken((world) => {
    Object.assign(first(world.shop.orders), { status: 'missing', acknowledged: false })
    world.partners.acme.orders = []
    world.partners.bank.payments = []
  })
  expect(breaches).toEqual([])
})

test('an order acknowledged to a client and forgotten by the shop breaks order-exists-once', () => {
  const world = honest()
  const claims = { orders: [{ ...shopOrder, id: '101' }] }
  const breaches = judge({ ...world, claims } as JudgeInput).breaches
  expect(breaches.map((breach) => [breach.invariant, breach.subject])).toEqual([
    ['order-exists-once', 'order 101'],
    ['order-exists-once', 'order 101'],
  ])
  expect(breaches[0]?.message).toContain('does not know it any more')
  expect(breaches[1]?.message).toContain('acme has no such placed order')
})

test('claims alone are enough for order-exists-once, one claim of several is enough to count', () => {
  const { shop: _, ...world } = honest()
  const claims = {
    orders: [
      { ...shopOrder, id: '102', status: 'pending', acknowledged: true },
      { ...shopOrder, id: '102', status: 'pending', acknowledged: false },
      shopOrder,
    ],
  }
  const report = judge({ ...world, claims } as JudgeInput)
  expect(report.checked).toContain('order-exists-once')
  expect(report.breaches.map((breach) => breach.subject)).toEqual(['order 102'])
})

test('an order at the partner that the shop never made breaks order-belongs', () => {
  const breaches = broken((world) => {
    world.partners.acme.orders.push({ ...placed, id: 'ACME-9', shop_order_id: '999', items: [] })
  })
  expect(names(breaches)).toEqual(['order-belongs'])
  expect(breaches[0]?.message).toContain('999')
})

test('an order that the shop gave up while the partner sends it breaks order-belongs', () => {
  const breaches = broken((world) => {
    Object.assign(first(world.shop.orders), { status: 'failed', acknowledged: false })
  })
  expect(names(breaches)).toEqual(['order-belongs'])
  expect(breaches[0]).toMatchObject({ found: 'failed' })
})

test('orders that a partner makes itself need no order of the shop', () => {
  const world = honest()
  const report = judge({
    ...world,
    partners: {
      ...world.partners,
      acme: { ...world.partners.acme, orders_come_from: 'partner' },
      bank: {},
    },
  } as JudgeInput)
  expect(report.notChecked.map((entry) => entry.invariant)).toEqual([
    'order-exists-once',
    'order-belongs',
    'paid-means-placed-or-refunded',
    'refunded-once',
  ])
  expect(report.breaches).toEqual([])
})

test('money for an order that is placed nowhere breaks paid-means-placed-or-refunded', () => {
  const breaches = broken((world) => {
    world.partners.bank.payments.push({ ...paid, id: 'pay-2', shop_order_id: '200' })
  })
  expect(names(breaches)).toEqual(['paid-means-placed-or-refunded'])
  expect(breaches[0]).toMatchObject({ partner: 'bank', subject: 'payment pay-2', found: 49_900 })
})

test('a part given back of money for nothing is not enough', () => {
  const breaches = broken((world) => {
    const refunds = [{ cause: 'refused', amount_minor: 9_900 }]
    world.partners.bank.payments.push({ ...paid, id: 'pay-2', shop_order_id: '200', refunds })
  })
  expect(breaches).toMatchObject([{ subject: 'payment pay-2', found: 40_000 }])
})

test('a second payment for one order must go back', () => {
  const twice = (refunds: PaymentView['refunds']) =>
    broken((world) => {
      world.partners.bank.payments.push({ ...paid, id: 'pay-2', refunds })
    })
  expect(twice([])).toMatchObject([
    { invariant: 'paid-means-placed-or-refunded', subject: 'payment pay-2' },
  ])
  expect(twice([{ cause: 'paid-twice', amount_minor: 49_900 }])).toEqual([])
})

test('a payment that took nothing owes nothing', () => {
  const breaches = broken((world) => {
    world.partners.bank.payments.push({ ...paid, shop_order_id: '200', taken_minor: 0 })
  })
  expect(breaches).toEqual([])
})

test('what the partner says must go back has to go back', () => {
  const breaches = broken((world) => {
    Object.assign(first(world.partners.acme.orders), { refund_due_minor: 20_000 })
  })
  expect(breaches).toMatchObject([
    { invariant: 'paid-means-placed-or-refunded', expected: 20_000, found: 0 },
  ])
})

test('two refunds for one cause break refunded-once', () => {
  const breaches = broken((world) => {
    Object.assign(first(world.partners.bank.payments), {
      refunds: [
        { cause: 'bag-1', amount_minor: 10_000 },
        { cause: 'bag-1', amount_minor: 10_000 },
      ],
    })
  })
  expect(names(breaches)).toEqual(['refunded-once'])
  expect(breaches[0]?.message).toContain('2 times for "bag-1"')
})

test('refunds for different causes are fine, and more than was paid is not', () => {
  const refunded = (second: number) =>
    broken((world) => {
      Object.assign(first(world.partners.bank.payments), {
        refunds: [
          { cause: 'bag-1', amount_minor: 40_000 },
          { cause: 'bag-2', amount_minor: second },
        ],
      })
    })
  expect(refunded(9_900)).toEqual([])
  expect(names(refunded(9_901))).toEqual(['refunded-once'])
})

test('a second refund under a made-up cause is unmasked by what was due', () => {
  const breaches = broken((world) => {
    Object.assign(first(world.partners.acme.orders), { refund_due_minor: 10_000 })
    Object.assign(first(world.partners.bank.payments), {
      refunds: [
        { cause: 'try-1', amount_minor: 10_000 },
        { cause: 'try-2', amount_minor: 10_000 },
      ],
    })
  })
  expect(breaches).toMatchObject([
    { invariant: 'refunded-once', expected: 'at most 10000', found: 20_000 },
  ])
})

test('a shop that shows another quantity breaks quantity-agrees', () => {
  const breaches = broken((world) => {
    world.shop.quantities['TEE-M'] = 3
  })
  expect(breaches).toMatchObject([
    { invariant: 'quantity-agrees', subject: 'TEE-M', expected: 1, found: 3 },
  ])
})

test('a SKU that the partner never had is none to sell, and safety stock goes no lower than none', () => {
  const breaches = broken((world) => {
    world.shop.quantities = Object.assign(world.shop.quantities, { 'TEE-S': 0, constructor: 4 })
    world.partners.acme.quantities = Object.assign(world.partners.acme.quantities, { 'TEE-S': 1 })
  })
  expect(breaches).toMatchObject([{ subject: 'constructor', expected: 0, found: 4 }])
})

test('quantities are not judged while it is open whose they are', () => {
  const world = honest()
  const partners = { ...world.partners, other: { quantities: { 'TEE-M': 1 } } }
  const ask = (partner?: string) =>
    judge({ partners, shop: { ...world.shop, ...(partner ? { partner } : {}) } })
  expect(ask().notChecked).toContainEqual({
    invariant: 'quantity-agrees',
    why: 'the shop does not say whose quantities it shows: acme, other',
  })
  expect(ask('nobody').notChecked).toContainEqual({
    invariant: 'quantity-agrees',
    why: 'the shop shows quantities of "nobody", which gives none',
  })
  expect(ask('acme').breaches).toEqual([])
  expect(ask('other').breaches).toMatchObject([{ invariant: 'quantity-agrees', expected: 0 }])
})

test('a status that the shop missed breaks item-status-agrees', () => {
  const breaches = broken((world) => {
    first(first(world.shop.orders).items).status = 'placed'
  })
  expect(breaches).toMatchObject([
    { invariant: 'item-status-agrees', expected: 'out_for_delivery', found: 'placed' },
  ])
})

test('an item that the shop does not have breaks item-status-agrees', () => {
  const breaches = broken((world) => {
    first(world.shop.orders).items = []
  })
  expect(breaches).toMatchObject([{ invariant: 'item-status-agrees', found: null }])
  expect(breaches[0]?.message).toContain('does not have it')
})

test('an item is found by the id that the shop gave it when the shop never learnt the partner id', () => {
  const breaches = broken((world) => {
    Object.assign(first(first(world.shop.orders).items), { partner_item_id: null })
  })
  expect(breaches).toEqual([])
})

test('an item without an event is not compared', () => {
  const breaches = broken((world) => {
    Object.assign(first(first(world.partners.acme.orders).items), { status_by_event: null })
  })
  expect(breaches).toEqual([])
})

test('a swallowed webhook breaks deliveries-accounted', () => {
  const breaches = broken((world) => {
    world.deliveries.acme.delivered = 0
  })
  expect(breaches).toMatchObject([{ invariant: 'deliveries-accounted', expected: 3, found: 2 }])
})

test('a delivery that never ended, or ended without a reason, breaks deliveries-accounted', () => {
  const breaches = broken((world) => {
    Object.assign(world.deliveries.acme, {
      total: 5,
      open: { resync: 1 },
      open_ids: ['d-4'],
      by_dead_letter: { 'no-receiver': 1, '': 1 },
    })
  })
  expect(names(breaches)).toEqual(['deliveries-accounted', 'deliveries-accounted'])
  expect(breaches[0]?.message).toContain('1 resync (d-4)')
})

test('a call that was not understood breaks calls-understood unless a step expected it', () => {
  const call = { seq: 7, partner: 'acme', method: 'GET', path: '/ordrs', why: 'no such path' }
  const plant = (expected: boolean) =>
    broken((world) => {
      world.misunderstood = [{ ...call, expected }]
    })
  expect(plant(true)).toEqual([])
  expect(plant(false)).toMatchObject([
    { invariant: 'calls-understood', partner: 'acme', subject: 'GET /ordrs (#7)' },
  ])
})

test('a bug of ours breaks no-simulator-bug', () => {
  const breaches = broken((world) => {
    world.bugs = [{ seq: 9, partner: 'acme', message: 'x is not a function' }]
  })
  expect(breaches).toMatchObject([{ invariant: 'no-simulator-bug', subject: 'bug #9' }])
})

test('a law of somebody else can be judged with the same report', () => {
  const never: Invariant = {
    name: 'never',
    law: 'Nothing is ever right.',
    holdsFor: 'all',
    needs: ['stock'],
    check: () => [{ invariant: 'never', subject: 'all', message: 'No.' }],
  }
  expect(judge(honest() as JudgeInput, [never])).toMatchObject({ green: false, checked: ['never'] })
})

/** The partner's own channels make the orders; the shop fetches them. */
const fromChannels = (plant: (world: Honest) => void = () => {}) =>
  broken((world) => {
    Object.assign(world.partners.acme, { orders_come_from: 'partner' })
    plant(world)
  })

test('an order of a channel that the shop knows once, with its documents, is green', () => {
  const document = { invoices: ['INV-1'], credit_notes: ['CN-1'] }
  const breaches = fromChannels((world) => {
    Object.assign(first(world.partners.acme.orders), document)
    Object.assign(first(world.shop.orders), document)
  })
  expect(breaches).toEqual([])
})

test('an order of a channel that the shop misses or has twice is a breach', () => {
  const missed = fromChannels((world) => {
    world.shop.orders = []
  })
  expect(missed).toMatchObject([{ invariant: 'channel-order-known-once', expected: 1, found: 0 }])
  const unseen = fromChannels((world) => {
    first(world.partners.acme.orders).placed = false
    world.shop.orders = []
  })
  expect(unseen).toEqual([])
  const twice = fromChannels((world) => {
    world.shop.orders.push(structuredClone(shopOrder))
  })
  expect(twice).toMatchObject([{ invariant: 'channel-order-known-once', found: 2 }])
})

test('holding an open order of a channel for cancelled is a breach, and a cancelled one is not', () => {
  const held = (isCancelled: boolean) =>
    fromChannels((world) => {
      Object.assign(first(world.partners.acme.orders), { is_cancelled: isCancelled })
      Object.assign(first(world.shop.orders), { is_cancelled: true })
    })
  expect(held(false)).toMatchObject([
    { invariant: 'channel-order-known-once', expected: 'placed', found: 'cancelled' },
  ])
  expect(held(true)).toEqual([])
})

test.each(['invoices', 'credit_notes'] as const)('a second of its %s is a breach', (documents) => {
  for (const side of ['partner', 'shop'] as const) {
    const breaches = fromChannels((world) => {
      const { orders } = side === 'shop' ? world.shop : world.partners.acme
      Object.assign(first(orders as object[]), { [documents]: ['A', 'B'] })
    })
    expect(breaches).toMatchObject([{ invariant: 'channel-order-known-once', found: 2 }])
  }
})
