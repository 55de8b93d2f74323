import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, expect, test } from 'vitest'
import { openStorage, type Storage } from './index.ts'
import { acknowledgeBeforeCommit } from './testing/careless-storage.ts'
import {
  callback,
  createPartnerStub,
  fyndEvent,
  gatewayWebhook,
  type PartnerStub,
} from './testing/partner-stub.ts'
import { createTestPorts, type TestPorts } from './testing/ports.ts'
import { openTestShop, type TestShop } from './testing/shop.ts'

const folder = mkdtempSync(join(tmpdir(), 'shop-durability-'))
afterAll(() => rmSync(folder, { recursive: true, force: true }))

/** The outside world of one story: it outlives every death of the shop. */
type World = { stub: PartnerStub; clock: TestPorts; acknowledged: string[] }

/** One story: what the outside does until the shop has answered, and again after a crash. */
type Story = (shop: TestShop, world: World) => Promise<void>

type Switches = { isCareless?: boolean; when?: 'after' | 'before' }

let files = 0

/** Runs a story and stops the shop dead at commit `killAt`; then starts it again over the same file and lets the outside go on. */
async function playAndDie(story: Story, killAt: number, switches: Switches = {}) {
  files += 1
  const file = join(folder, `${files}.db`)
  const stub = createPartnerStub(() => clock.nowMs())
  const clock = createTestPorts((url, init) => stub.send(url, init))
  const world: World = { stub, clock, acknowledged: [] }
  let died: string | undefined
  const open = (isToDie: boolean): Storage => {
    const hook = ({ number, name }: { number: number; name: string }) => {
      if (!isToDie || number !== killAt) return
      died = name
      throw new Error('stopped dead')
    }
    const options = switches.when === 'before' ? { beforeCommit: hook } : { onCommit: hook }
    return switches.isCareless === true
      ? acknowledgeBeforeCommit(file, hook)
      : openStorage({ file, ...options })
  }
  const storage = open(true)
  const live = async () => {
    const first = openTestShop({ stub, clock, storage })
    first.shop.start()
    await story(first, world)
    await clock.settle()
  }
  await live().catch((error: unknown) => {
    // Only the death that was asked for may end the story.
    if (died === undefined) throw error
  })
  storage.close()

  const second = openTestShop({ stub, clock, storage: open(false) })
  second.shop.start()
  await story(second, world)
  await clock.settle()
  await second.post('/admin/cron/order-lookup')
  await clock.settle()
  return { shop: second, world, died }
}

/** Says what the customer or the partner was told; what was acknowledged once is not asked for again. */
async function once(
  world: World,
  name: string,
  work: () => Promise<{ status: number; body: { page?: string } }>,
) {
  if (world.acknowledged.includes(name)) return
  const answer = await work()
  if (answer.status === 200) world.acknowledged.push(name)
}

/** A customer who got no answer presses the button again, and begins anew only when the shop knows of no cart. */
async function order(shop: TestShop, paymentMode: 'COD' | 'PREPAID') {
  const pressed = await shop.post('/shop/checkout/confirm')
  if (pressed.status === 200) return pressed
  await shop.fill(paymentMode)
  return shop.post('/shop/checkout/confirm')
}

const cod: Story = async (shop, world) => {
  await once(world, 'order', () => order(shop, 'COD'))
}

const prepaid: Story = async (shop, world) => {
  await once(world, 'pay page', () => order(shop, 'PREPAID'))
  const payment = [...world.stub.payments.values()].at(-1)
  if (payment === undefined) return
  payment.status = 'captured'
  await once(world, 'callback', () => shop.send(callback(payment, 'success')))
  await once(world, 'webhook', () => shop.send(gatewayWebhook(payment, 'captured')))
}

const events: Story = async (shop, world) => {
  await cod(shop, world)
  const [placed] = world.stub.orders.values()
  if (placed === undefined) return
  const steps = [
    ['ORDER_PLACED', 'placed'],
    ['BAG_CONFIRMED', 'bag_confirmed'],
    ['OUT_FOR_DELIVERY', 'out_for_delivery'],
    ['DELIVERY_DONE', 'delivery_done'],
  ] as const
  for (const [index, [event, status]] of steps.entries()) {
    const sent = { event, event_id: event, status, created_timestamp: 1_767_587_400_000 + index }
    await once(world, event, () => shop.send(fyndEvent(placed, sent)))
  }
}

/** What must hold after any crash, as a list of breaches. */
async function breaches(shop: TestShop, world: World): Promise<string[]> {
  const found: string[] = []
  const { body } = await shop.get('/admin/orders?status=any')
  const orders: Awaited<ReturnType<TestShop['order']>>[] = body.orders
  if (world.stub.orders.size !== 1) found.push(`${world.stub.orders.size} orders at the partner`)
  const [placed] = world.stub.orders.values()
  const own = orders.find((order) => order.id === placed?.affiliateOrderId)
  if (own === undefined) found.push('an order of the partner is unknown here')
  if (own?.status !== 'processed') found.push(`the order is ${own?.status}`)
  if (own?.fynd_order_id !== placed?.fyndOrderId) found.push('the partner id is lost')
  if (placed?.status !== 'placed') found.push(`the partner says ${placed?.status}`)
  const told = world.acknowledged.filter((name) => /^[A-Z_]+$/.test(name))
  for (const item of own?.items ?? []) {
    const applied = item.history.map((entry) => entry.event)
    if (applied.join() !== told.join()) found.push(`events ${applied} of ${told}`)
  }
  const mails = (await shop.get('/admin/logs/gofynd-email')).body.entries
  const mailed = mails.map((mail: { event_id: string }) => mail.event_id)
  if (mailed.join() !== told.join()) found.push(`mails ${mailed} of ${told}`)
  const waiting = (await shop.get('/admin/outbox')).body.entries
  if (waiting.length > 0) found.push('something is left in the outbox')
  return found
}

/** Kills a story at every commit that it has; answers what broke, by the commit it was killed at. */
async function killEverywhere(story: Story, switches: Switches = {}) {
  const broken: string[] = []
  const names: string[] = []
  for (let killAt = 1; ; killAt += 1) {
    const { shop, world, died } = await playAndDie(story, killAt, switches)
    for (const breach of await breaches(shop, world)) {
      broken.push(`killed at ${killAt} ${died ?? 'never'}: ${breach}`)
    }
    shop.storage.close()
    if (died === undefined) return { broken, names }
    names.push(died)
  }
}

for (const [name, story, commits] of [
  ['COD', cod, ['place-order', 'order-placed-done']],
  [
    'prepaid',
    prepaid,
    ['payment-opened', 'gateway-callback', 'confirm-payment-done', 'gateway-webhook'],
  ],
  ['FYND webhook', events, ['fynd-webhook']],
] as const) {
  test(`stopped dead after any commit of the ${name} flow, the shop loses and doubles nothing`, async () => {
    const { broken, names } = await killEverywhere(story)
    expect(broken).toEqual([])
    expect(names).toEqual(expect.arrayContaining([...commits]))
  })

  test(`stopped dead before any commit of the ${name} flow, the shop loses and doubles nothing`, async () => {
    const { broken } = await killEverywhere(story, { when: 'before' })
    expect(broken).toEqual([])
  })
}

test('a shop that acknowledges before it commits is caught', async () => {
  const { broken } = await killEverywhere(events, { isCareless: true })
  expect(broken.some((breach) => breach.includes('events'))).toBe(true)
})

test('a dead shop answers nobody and sends nothing', async () => {
  const stub = createPartnerStub(() => clock.nowMs())
  const clock = createTestPorts((url, init) => stub.send(url, init))
  const storage = openStorage({
    file: ':memory:',
    onCommit: ({ name }) => {
      if (name === 'place-order') throw new Error('stopped dead')
    },
  })
  const t = openTestShop({ stub, clock, storage })
  await t.fill('COD')
  const before = stub.sent.length
  await expect(t.post('/shop/checkout/confirm')).rejects.toThrow()
  await expect(t.get('/shop/products')).rejects.toThrow('stopped')
  await clock.settle()
  expect(stub.sent).toHaveLength(before)
})
