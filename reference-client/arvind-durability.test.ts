import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, expect, test } from 'vitest'
import { openStorage, type Storage } from './index.ts'
import { type ArvindShop, openArvindShop } from './testing/arvind-shop.ts'
import { type ArvindStub, createArvindStub } from './testing/arvind-stub.ts'
import { acknowledgeBeforeCommit } from './testing/careless-storage.ts'
import { callback, gatewayWebhook } from './testing/partner-stub.ts'
import { createTestPorts, type TestPorts } from './testing/ports.ts'

const folder = mkdtempSync(join(tmpdir(), 'arvind-durability-'))
afterAll(() => rmSync(folder, { recursive: true, force: true }))

/** The outside world of one story: it outlives every death of the shop. */
type World = { arvind: ArvindStub; clock: TestPorts; acknowledged: string[] }
type Story = (shop: ArvindShop, world: World) => Promise<void>
type Switches = { isCareless?: boolean; when?: 'after' | 'before' }

let files = 0

/** Runs a story and stops the shop dead at commit `killAt`; then starts it again over the same file and lets the outside go on. */
async function playAndDie(story: Story, killAt: number, switches: Switches) {
  files += 1
  const file = join(folder, `${files}.db`)
  const arvind = createArvindStub(() => clock.nowMs())
  const clock = createTestPorts((url, init) => arvind.send(url, init))
  const world: World = { arvind, clock, acknowledged: [] }
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
    const first = await openArvindShop({ arvind, clock, storage, stock: null })
    first.shop.start()
    await story(first, world)
    await clock.settle()
  }
  await live().catch((error: unknown) => {
    // Only the death that was asked for may end the story.
    if (died === undefined) throw error
  })
  storage.close()
  const second = await openArvindShop({ arvind, clock, storage: open(false), stock: null })
  second.shop.start()
  await story(second, world)
  await clock.settle()
  await second.post('/admin/cron/order-lookup')
  await second.runPush()
  return { shop: second, world, died }
}

/** Says what somebody was told; what was acknowledged once is not asked for again, as a partner or a customer would not. */
async function once(world: World, name: string, work: () => Promise<{ status: number }>) {
  if (world.acknowledged.includes(name)) return
  const answer = await work()
  if (answer.status === 200) world.acknowledged.push(name)
}

/** A customer who got no answer presses the button again, and begins anew only when the shop knows of no cart. */
async function order(shop: ArvindShop, paymentMode: 'COD' | 'PREPAID') {
  const pressed = await shop.post('/shop/checkout/confirm')
  if (pressed.status === 200) return pressed
  await shop.fill(paymentMode)
  return shop.post('/shop/checkout/confirm')
}

const stocked: Story = async (shop, world) => {
  await once(world, 'stock', () => shop.pushStock({ 'TEE-M': 5 }))
}

const cod: Story = async (shop, world) => {
  await stocked(shop, world)
  await once(world, 'order', () => order(shop, 'COD'))
  await shop.runPush()
}

const prepaid: Story = async (shop, world) => {
  await stocked(shop, world)
  await once(world, 'pay page', () => order(shop, 'PREPAID'))
  const payment = [...world.arvind.gateway.payments.values()].at(-1)
  if (payment === undefined) return
  payment.status = 'captured'
  await once(world, 'callback', () => shop.send(callback(payment, 'success')))
  await once(world, 'webhook', () => shop.send(gatewayWebhook(payment, 'captured')))
  await shop.runPush()
}

const lostPush: Story = async (shop, world) => {
  if (!world.acknowledged.includes('planned')) world.arvind.plan('order-push', 'answer-lost')
  world.acknowledged.push('planned')
  await cod(shop, world)
}

const delivered: Story = async (shop, world) => {
  await prepaid(shop, world)
  for (const [index, status] of ['INVOICED', 'SHIPPED', 'DELIVERED'].entries()) {
    const event = { eventId: status, statusTime: 1_767_587_400_000 + index }
    await once(world, status, () => shop.tell('100001', status, event))
  }
  await once(world, 'return', () => shop.press('return', '100001-1'))
}

const cancelled: Story = async (shop, world) => {
  await prepaid(shop, world)
  await once(world, 'cancel', () => shop.press('cancel', '100001-1'))
  const event = { eventId: 'CANCELLED', statusTime: 1_767_587_400_000 }
  await once(world, 'CANCELLED', () => shop.tell('100001', 'CANCELLED', event))
  await shop.post('/admin/orders/100001/refund')
}

/** What must hold after any crash, as a list of breaches. */
async function breaches(shop: ArvindShop, world: World): Promise<string[]> {
  const found: string[] = []
  const hold = (isTrue: boolean, breach: string) => {
    if (!isTrue) found.push(breach)
  }
  const told = world.acknowledged
  const { body } = await shop.get('/shop/products/TEE')
  hold(body.options[1].quantity === 5, `the quantity is ${body.options[1].quantity}`)
  if (told.includes('order') || told.includes('callback')) {
    hold(world.arvind.orders.size === 1, `${world.arvind.orders.size} orders at the partner`)
    const own = await shop.arvindOrder([...world.arvind.orders.keys()][0] ?? 'none')
    hold(own.status === 'processed', `the order is ${own.status}`)
    const events = own.items?.[0]?.history.map((entry) => entry.event) ?? []
    const wanted = told.filter((name) => /^[A-Z]+$/.test(name))
    hold(events.join() === wanted.join(), `events ${events} of ${wanted}`)
    const mails = (await shop.get('/admin/logs/email')).body.entries
    const mailed = mails.map((mail: { event_id: string }) => mail.event_id)
    hold(mailed.join() === wanted.join(), `mails ${mailed} of ${wanted}`)
    for (const kind of ['cancel', 'return'] as const) {
      const state = own.items?.[0]?.[`${kind}_state`]
      hold(!told.includes(kind) || state === 'accepted', `the ${kind} is ${state}`)
    }
    const refunds = [...world.arvind.gateway.payments.values()].flatMap((one) => one.refunds)
    const isCancelled = told.includes('CANCELLED')
    hold(refunds.length === (isCancelled ? 1 : 0), `${refunds.length} refunds`)
    hold(own.refund_due_minor === 0, `${own.refund_due_minor} are due`)
  }
  const waiting = (await shop.get('/admin/outbox')).body.entries
  hold(waiting.length === 0, 'something is left in the outbox')
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
  ['update inventory', stocked, ['update-inventory']],
  ['COD', cod, ['update-inventory', 'place-order', 'push-asked', 'order-pushed']],
  ['lost push', lostPush, ['push-asked', 'push-failed']],
  ['prepaid', prepaid, ['payment-opened', 'gateway-callback', 'push-asked', 'order-pushed']],
  ['status and return', delivered, ['arvind-webhook', 'return-asked', 'return-accepted']],
  ['cancel and refund', cancelled, ['cancel-asked', 'cancel-accepted', 'refund-done']],
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
  const { broken } = await killEverywhere(delivered, { isCareless: true })
  expect(broken.some((breach) => breach.includes('events'))).toBe(true)
})
