import { expect, it } from 'vitest'
import type { Partner } from '../../simulators/core/partner.ts'
import { partners } from '../../simulators/index.ts'
import type { Driver, ShopSession } from './drivers/driver.ts'
import { referenceDriver } from './drivers/reference.ts'
import { playScenario, vocabulary } from './index.ts'
import { type PlayOptions, playScenario as playWith, type Result } from './player.ts'
import { story } from './testing/story.ts'

const ref = (name: string) => `"$\{${name}}"`
const order = `  - shop.buy: { sku: TEE-M, pay: COD }\n    as: order\n  - settle:\n`

const play = (text: string, options: Parameters<typeof playScenario>[1] = {}) =>
  playScenario(story(text), options)

/** With a shop or partners that have a bug. */
const playBroken = (text: string, broken: Partial<PlayOptions>) =>
  playWith(story(text), { partners, driver: referenceDriver, words: vocabulary(), ...broken })

const linesOf = (result: Result) => (result.failure?.lines ?? []).join('\n')

it('says what was expected, what was found, where, and what led there', async () => {
  const result = await play(
    `steps:\n${order}  - expect: { shop.order: { id: ${ref('order.id')}, status: missing } }\n`,
  )
  expect(result.outcome).toBe('red')
  expect(result.failure).toMatchObject({
    place: { file: 'story.yaml', line: 8, column: 5 },
    step: 'expect',
    lines: [
      'expected  shop.order { id: "100001", status: "missing" }',
      'found     { id: "100001", status: "processed" }',
      '          status: expected "missing", found "processed"',
    ],
  })
  expect(result.failure?.seq).toBeGreaterThan(0)
  expect(result.failure?.trail.join('\n')).toMatch(/fynd placeOrder POST .*-> 200/)
  expect(result.failure?.trail.join('\n')).toMatch(/attempt .*ORDER_PLACED/)
})

it.each([
  ['in an entry of a list', 'shop.order: { items: [{ statsu: x }], count: 0 }', 39, 'statsu'],
  [
    'expected to be nothing',
    'fynd.order: { affiliate_order_idd: null }',
    29,
    'affiliate_order_idd',
  ],
  ['of what there is none yet', 'fynd.refund: { amont_minor: 5, count: 0 }', 30, 'amont_minor'],
  ['under not', 'shop.order: { payment_mode: { not: { mode: COD } } }', 52, 'mode'],
  ['under exactly', 'fynd.order: { exactly: [{ shipmnts: null }] }', 41, 'shipmnts'],
  ['in a list of patterns', 'fynd.stock: [{ sku: TEE-M }, { skuu: a, count: 0 }]', 46, 'skuu'],
  ['in a body', 'journal: { data: { body: { paymnt: COD } }, count: 0 }', 42, 'paymnt'],
])(
  'refuses a key that nothing has, however well it would hold: %s',
  async (_, pattern, column, key) => {
    const result = await play(`steps:\n${order}  - expect: { ${pattern} }\n`)
    expect(result).toMatchObject({ outcome: 'red', isBadInput: true })
    expect(result.failure?.place).toEqual({ file: 'story.yaml', line: 8, column })
    expect(linesOf(result)).toMatch(new RegExp(`"${key}".* Accepted: `))
    expect(result.failure?.lines).toHaveLength(1)
  },
)

it.each([
  ['an event', 'deliveries: { event: ORDER_PLACD, count: 0 }', 'ORDER_PLACD', 'ORDER_PLACED'],
  ['an event in short', 'deliveries: ORDER_PLACD', 'ORDER_PLACD', 'ORDER_PLACED'],
  ['a state of a delivery', 'deliveries: { state: delivred, count: 0 }', 'delivred', 'delivered'],
  ['a kind of entry', 'journal: { kind: requst, count: 0 }', 'requst', 'request'],
  [
    'an operation',
    'journal: { data: { operation: placeOrdr }, count: 0 }',
    'placeOrdr',
    'placeOrder',
  ],
  [
    'an event of a mail',
    'shop.mails: { event: ORDER_PLACD, count: 0 }',
    'ORDER_PLACD',
    'ORDER_PLACED',
  ],
  [
    'an operation of the shop',
    'shop.calls: { operation: order-plced, count: 0 }',
    'order-plced',
    'order-placed',
  ],
  [
    'a status of an order',
    'fynd.order: { order_status: cancelld, count: 0 }',
    'cancelld',
    'cancelled',
  ],
  ['a status under not', 'fynd.bag: { status: { not: plced } }', 'plced', 'placed'],
  [
    'a status among several',
    'fynd.bag: [{ status: { one_of: [placed, plced] }, count: 0 }]',
    'plced',
    'placed',
  ],
  ['a status under exactly', 'fynd.bag: { exactly: [{ status: plced }] }', 'plced', 'placed'],
])('refuses a word that never stands there: %s', async (_, pattern, word, meant) => {
  const line = `  - expect: { ${pattern} }`
  const result = await play(`steps:\n${order}${line}\n`)
  expect(linesOf(result)).toMatch(
    new RegExp(`is never "${word}"\\. Did you mean "${meant}"\\? Accepted: `),
  )
  expect(result).toMatchObject({ outcome: 'red', isBadInput: true })
  const column = line.indexOf(word) + 1
  expect(result.failure?.place).toEqual({ file: 'story.yaml', line: 8, column })
})

it('refuses a word that the partner’s document does not know, however unlike others it is', async () => {
  const what = 'fynd.bag: { status: sent-off, count: 0 }'
  const result = await play(`steps:\n${order}  - expect: { ${what} }\n`)
  expect(result.isBadInput).toBe(true)
  expect(linesOf(result)).toContain('"status" is never "sent-off". Accepted: ')
})

it('refuses a fault whose window has ended before it is armed', async () => {
  const fault = 'fault: { partner: fynd, name: outage, until: "2020-01-01T00:00:00Z" }'
  const result = await play(`steps:\n  - ${fault}\n`)
  expect(result).toMatchObject({ outcome: 'red', isBadInput: true })
  expect(linesOf(result)).toContain('until must be later than now')
})

it('shows only what happened since the last expectation that held', async () => {
  const good = `  - expect: { shop.order: { id: ${ref('order.id')}, status: processed } }\n`
  const bad = `  - expect: { shop.order: { id: ${ref('order.id')}, status: failed } }\n`
  const result = await play(
    `steps:\n${order}${good}  - fynd.bag.confirm: { affiliate_order_id: ${ref('order.id')} }\n${bad}`,
  )
  const trail = result.failure?.trail.join('\n')
  expect(trail).toContain('BAG_CONFIRMED')
  expect(trail).not.toContain('placeOrder')
})

it('is red when a step is refused that was not meant to be', async () => {
  const result = await play('steps:\n  - fynd.bag.confirm: { affiliate_order_id: "7" }\n')
  expect(result.failure).toMatchObject({
    step: 'fynd.bag.confirm',
    lines: ['FYND has no order with affiliate_order_id "7"'],
  })
})

it.each([
  [
    'an act, with the words that are wanted',
    'fynd.bag.confirm: { affiliate_order_id: "7" }',
    'no order with',
    'green',
  ],
  ['an act, in other words', 'fynd.bag.confirm: { affiliate_order_id: "7" }', 'too late', 'red'],
  ['a shop action', 'shop.buy: { sku: TEE-M, pay: COD, pincode: "194101" }', 'page cart', 'green'],
  ['nothing', 'shop.buy: { sku: TEE-M, pay: COD }', 'true', 'red'],
])('knows a refusal that is wanted: %s', async (_, step, refused, outcome) => {
  const result = await play(`steps:\n  - ${step}\n    refused: ${refused}\n`)
  expect(result.outcome).toBe(outcome)
})

const swallowed = `steps:\n${order}  - fault: { partner: fynd, name: drop, on: BAG_CONFIRMED }\n  - fynd.bag.confirm: { affiliate_order_id: ${ref('order.id')} }\n`
const leaves = 'leaves: [{ invariant: item-status-agrees, why: the event never came }]\n'

it('is red about a breach that nobody declared', async () => {
  const result = await play(swallowed)
  expect(result.failure?.step).toBe('the judge')
  expect(linesOf(result)).toMatch(/^item-status-agrees: .*100001/)
})

it('is green about a breach that was declared, and tells of it', async () => {
  const result = await play(leaves + swallowed)
  expect(result.outcome).toBe('green')
  expect(result.leaves).toEqual([{ invariant: 'item-status-agrees', why: 'the event never came' }])
})

it('is red about a declared breach that does not happen', async () => {
  const result = await play(`${leaves}steps:\n${order}`)
  expect(result.outcome).toBe('red')
  expect(linesOf(result)).toMatch(
    /expected {2}item-status-agrees to be broken.*\nfound {5}it holds/,
  )
})

it.each([
  [
    'of a call that never comes',
    '  - fault: { partner: fynd, name: status, on: trackOrder, status: 503 }\n',
    'no call of trackOrder came',
  ],
  [
    'of a value that no call has',
    '  - fault: { partner: fynd, name: drop, on: ORDER_PLACED, where: { affiliate_order_id: none } }\n    as: lost\n',
    '1 × event of ORDER_PLACED came, none matched',
  ],
  [
    'of a count that is not reached',
    '  - fault: { partner: fynd, name: status, on: placeOrder, status: 503, nth: 2 }\n',
    '1 × call of placeOrder came, 1 matched, and its counts, its chance or itself let them pass',
  ],
  [
    'of a limit that is not reached',
    '  - fault: { partner: fynd, name: rate-limit, on: placeOrder, calls: 5 }\n',
    '1 × call of placeOrder came, 1 matched, and its counts, its chance or itself let them pass',
  ],
])('is red about a fault that never strikes: %s', async (_, fault, found) => {
  const end = fault.includes('as: lost') ? '  - disarm: lost\n  - settle:\n' : ''
  const result = await play(`steps:\n${fault}${order}${end}`)
  expect(result.failure).toMatchObject({
    step: 'fault',
    place: { line: 5, column: 5 },
    lines: [
      expect.stringMatching(/^expected {2}the fault (status|drop|rate-limit) to strike$/),
      `found     it never did: ${found}`,
      '          take it away, or say may_miss: true beside it, and why',
    ],
  })
  const excused = fault.replace(/\}\n/, '}\n    may_miss: true\n')
  expect((await play(`steps:\n${excused}${order}${end}`)).failure).toBeUndefined()
})

const cancelled = `steps:\n  - shop.buy: { sku: TEE-M, pay: PREPAID }\n    as: order\n  - settle:\n  - fynd.order.cancel: { affiliate_order_id: ${ref('order.id')} }\n`

it('lets the operator give money back at the end, unless the operator is away', async () => {
  const atEnd: unknown[] = []
  const inspect: NonNullable<PlayOptions['inspect']> = ({ world }) =>
    atEnd.push(...world.things('payment-gateway', 'payment'))
  expect((await play(cancelled, { inspect })).failure).toBeUndefined()
  const away = await play(`operator: away\n${cancelled}`, { inspect })
  expect(linesOf(away)).toMatch(/paid-means-placed-or-refunded/)
  expect(atEnd).toMatchObject([{ refunded_minor: 49900 }, { refunded_minor: 0 }])
})

it('runs the crons of the shop only when asked', async () => {
  const wait =
    'steps:\n  - clock: { advance: 2h }\n  - expect: { shop.stock: { sku: TEE-M, quantity: 18 } }\n'
  expect((await play(`crons: on\n${wait}`)).failure).toBeUndefined()
  expect((await play(wait)).outcome).toBe('red')
})

it('moves the clock to a point, and never backwards', async () => {
  const to = (time: string) => `steps:\n  - clock: { set: "${time}" }\n`
  const result = await play(to('2026-01-06T04:30:00Z'))
  expect(result.counts.simulatedMs).toBe(24 * 3_600_000)
  expect(linesOf(await play(to('2026-01-05T04:29:59Z')))).toMatch(/only moves forward/)
})

it('interleaves what happens together as the seed decides, and the same seed decides the same', async () => {
  const together = `given:
  - fynd.stock.set: { sku: SHOE-9, store: BLR-01, quantity: 1 }
  - fynd.stock.set: { sku: SHOE-9, store: DEL-01, quantity: 0 }
  - fynd.stock.set: { sku: SHOE-9, store: BOM-01, quantity: 0 }
steps:
  - fault: { partner: fynd, name: latency, on: checkServiceability, fixed: 1s }
  - together:
      - shop.buy: { customer: asha, sku: SHOE-9, pay: PREPAID, outcome: abandon }
        as: a
      - fynd.stock.set: { sku: SHOE-9, store: BLR-01, quantity: 9 }
      - shop.buy: { customer: ravi, sku: SHOE-9, pay: PREPAID, outcome: abandon }
        as: b
`
  const orderOf = async (seed: number) => {
    const { journal, failure } = await play(together, { seed })
    expect(failure).toBeUndefined()
    return journal
  }
  const shape = (journal: string) =>
    journal
      .split('\n')
      .filter((line) => line !== '')
      .map(
        (line) => JSON.parse(line) as { kind: string; data: { operation?: string; name?: string } },
      )
      .map(({ kind, data }) => `${kind} ${data.operation ?? data.name ?? ''}`)
      .join('\n')
  const journals = await Promise.all([1, 2, 3, 4, 5, 6].map(orderOf))
  expect(new Set(journals.map(shape)).size).toBeGreaterThan(1)
  expect(await orderOf(3)).toBe(journals[2])
})

it('lets a step span others', async () => {
  const result = await play(`steps:
  - fault: { partner: fynd, name: latency, on: getStockStatus, fixed: 2s }
  - start: { shop.cart: { sku: TEE-M } }
    as: run
  - expect: { shop.page: { page: address, count: 0 } }
  - clock: { advance: 1s }
  - expect: { shop.page: { page: address, count: 0 } }
  - finish: run
  - expect: { shop.page: { page: ${ref('run.page')}, lines: [{ sku: TEE-M, ok: true }] } }
`)
  expect(result.failure).toBeUndefined()
  expect(result.counts.simulatedMs).toBe(2_000)
})

it.each([
  ['needs: [shop-clock]\n', { has: [] }, /needs shop-clock, which the driver reference lacks/],
  ['', {}, /waits for a person/],
])('tells what it cannot play apart from what is green: %s', async (head, driver, why) => {
  const steps =
    head === '' ? '  - await: { partner: fynd, operation: placeOrder }\n' : '  - settle:\n'
  const result = await playBroken(`${head}steps:\n${steps}`, {
    driver: { ...referenceDriver, ...driver },
  })
  expect(result.outcome).toBe('not-playable')
  expect(result.why).toMatch(why)
})

/** The reference client with something wrong in it. */
const brokenShop = (change: (session: ShopSession) => Partial<ShopSession>): Driver => ({
  ...referenceDriver,
  open(stage) {
    const session = referenceDriver.open(stage)
    return { ...session, ...change(session) }
  },
})

const behind = (
  session: ShopSession,
  change: (request: Request, shop: (request: Request) => Promise<Response>) => Promise<Response>,
) => ({
  receivers: Object.fromEntries(
    Object.entries(session.receivers).map(([origin, shop]) => [
      origin,
      (request: Request) => change(request, shop),
    ]),
  ),
})

it('ends as stuck, with the name of the task, when a client waits for something uncounted', async () => {
  const driver = brokenShop((session) =>
    behind(session, (request, shop) =>
      request.url.endsWith('/shop/cart') ? new Promise(() => {}) : shop(request),
    ),
  )
  const result = await playBroken('steps:\n  - shop.cart: { sku: TEE-M }\n', {
    driver,
    stuckMs: 50,
  })
  expect(result.failure).toMatchObject({ step: 'shop.cart', place: { line: 5 } })
  expect(linesOf(result)).toMatch(/Stuck: shop\.cart \(on something uncounted\)/)
})

it('is red when a background job of the client fails', async () => {
  const driver: Driver = {
    ...referenceDriver,
    open(stage) {
      const session = referenceDriver.open(stage)
      const start = async () =>
        stage.ports.background('outbox', () => Promise.reject(new Error('no such table')))
      return { ...session, start }
    },
  }
  const result = await playBroken('steps:\n  - settle:\n', { driver })
  expect(linesOf(result)).toMatch(/background task "outbox" failed: no such table/)
})

const bagConfirmed = `steps:\n${order}  - fynd.bag.confirm: { affiliate_order_id: ${ref('order.id')} }\n`

it('catches a shop that says yes to a webhook and forgets it', async () => {
  const driver = brokenShop((session) =>
    behind(session, (request, shop) =>
      request.url.endsWith('/webhooks/gofynd') ? Promise.resolve(Response.json({})) : shop(request),
    ),
  )
  expect(linesOf(await playBroken(bagConfirmed, { driver }))).toMatch(/^item-status-agrees: /)
})

it('catches a shop that loses an order which the partner has', async () => {
  const driver = brokenShop((session) => ({
    view: async () => ({ ...(await session.view()), orders: [] }),
  }))
  expect(linesOf(await playBroken(bagConfirmed, { driver }))).toMatch(/^order-belongs: /)
})

it('catches an order that exists twice', async () => {
  const result = await play(`assumptions: { fynd: { duplicate_mode: create_new } }
steps:
  - fault: { partner: fynd, name: answer-lost, on: placeOrder, first: 1 }
  - fault: { partner: fynd, name: delay, on: ORDER_PLACED, by: 10m }
  - shop.buy: { sku: TEE-M, pay: COD }
`)
  expect(linesOf(result)).toMatch(/order-exists-once: .*100001/)
})

it('catches money that is given back twice', async () => {
  const result = await play(
    `${cancelled}  - settle:\n  - payment-gateway.payment.refund: { merchant_order_id: ${ref('order.id')}, amount_minor: 20000, cause: twice }\n  - payment-gateway.payment.refund: { merchant_order_id: ${ref('order.id')}, amount_minor: 20000, cause: twice }\n`,
  )
  expect(linesOf(result)).toMatch(/refunded-once/)
})

it('catches a partner that sells more than it has', async () => {
  const oversell = (partner: Partner): Partner => ({
    ...partner,
    view(ctx) {
      const view = partner.view(ctx)
      const stock = view.stock?.map((row) => ({ ...row, sellable: row.sellable - 100 }))
      return stock ? { ...view, stock } : view
    },
  })
  const result = await playBroken(`steps:\n${order}`, { partners: partners.map(oversell) })
  expect(linesOf(result)).toMatch(/never-oversold/)
})
