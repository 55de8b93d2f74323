import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, expect, test } from 'vitest'
import { openStorage } from '../index.ts'
import { createKonnectStub, type KonnectStub } from '../testing/konnect-stub.ts'
import { createTestPorts } from '../testing/ports.ts'
import { openTestSeller, sellerSettings, type TestSeller } from '../testing/seller.ts'

const folder = mkdtempSync(join(tmpdir(), 'seller-durability-'))
afterAll(() => rmSync(folder, { recursive: true, force: true }))

/** What the warehouse and its people do; again after a crash, as far as they were not told that it is done. */
type Story = (t: TestSeller, stub: KonnectStub) => Promise<void>

const first = '17000000000000000001'

/** One store: every call is a commit more to die at. */
const settings = {
  ...sellerSettings,
  konnect: { ...sellerSettings.konnect, locations: [{ code: 'BLR-01' }] },
}
let files = 0

/** Stops the seller dead at commit `killAt` and starts it again over the same file; Konnect lives on. */
async function playAndDie(story: Story, killAt: number, when: 'before' | 'after') {
  files += 1
  const file = join(folder, `${files}.db`)
  const stub = createKonnectStub(() => clock.nowMs())
  const clock = createTestPorts((url, init) => stub.send(url, init))
  stub.place()
  stub.place()
  let died: string | undefined
  const hook = ({ number, name }: { number: number; name: string }) => {
    if (number !== killAt) return
    died = name
    throw new Error('stopped dead')
  }
  const storage = openStorage({
    file,
    ...(when === 'before' ? { beforeCommit: hook } : { onCommit: hook }),
  })
  const live = async () => {
    const one = openTestSeller({ stub, clock, storage, settings })
    one.seller.start()
    await story(one, stub)
    await clock.settle()
  }
  await live().catch((error: unknown) => {
    // Only the death that was asked for may end the story.
    if (died === undefined) throw error
  })
  storage.close()
  const next = openTestSeller({ stub, clock, storage: openStorage({ file }), settings })
  next.seller.start()
  await clock.settle()
  await story(next, stub)
  await clock.settle()
  for (const job of ['inventory-push', 'price-push', 'order-poll', 'returns-poll'])
    await next.job(job)
  const found = await breaches(next, stub)
  next.storage.close()
  return { died, found }
}

/** What must hold after any crash. */
async function breaches(t: TestSeller, stub: KonnectStub): Promise<string[]> {
  const found: string[] = []
  const { orders } = (await t.get('/seller/orders')).body
  for (const theirs of stub.state.orders.values()) {
    const ours = orders.filter((order: { id: string }) => order.id === theirs.id)
    if (ours.length !== 1) found.push(`${theirs.id} is known ${ours.length} times`)
    if (ours[0]?.status !== theirs.status) found.push(`${theirs.id} is ${ours[0]?.status} here`)
    if (theirs.invoices.length > 1)
      found.push(`${theirs.id} has ${theirs.invoices.length} invoices`)
    if ((theirs.invoices[0] ?? null) !== ours[0]?.invoice_number) {
      found.push(`${theirs.id}: ${theirs.invoices[0]} there, ${ours[0]?.invoice_number} here`)
    }
  }
  const { items } = (await t.get('/seller/stock')).body
  for (const item of items) {
    const theirs = stub.state.stock.get(`${item.location}\n${item.sku}`)
    if (theirs !== item.quantity) found.push(`${item.sku}: ${theirs} there, ${item.quantity} here`)
  }
  return found
}

async function killEverywhere(story: Story, when: 'before' | 'after') {
  const broken: string[] = []
  const names = new Set<string>()
  for (let killAt = 1; ; killAt += 1) {
    if (killAt > 400) throw new Error('The story never ends.')
    const { died, found } = await playAndDie(story, killAt, when)
    for (const breach of found)
      broken.push(`killed ${when} ${killAt} ${died ?? 'never'}: ${breach}`)
    if (died === undefined) return { broken, names: [...names] }
    names.add(died)
  }
}

const warehouse = (t: TestSeller) =>
  t.stock([
    ['BLR-01', 'TEE-M', 5],
    ['BLR-01', 'TEE-L', 3],
  ])

const stories: [string, Story, string[]][] = [
  [
    'poll',
    async (t) => {
      await t.hint()
      await t.job('order-poll')
    },
    ['hint', 'orders-read', 'order-cursor', 'hint-answered'],
  ],
  [
    'confirm',
    async (t) => {
      await t.job('order-poll')
      await t.post(`/seller/orders/${first}/confirm`)
    },
    ['confirm-asked', 'confirm-done', 'order-read'],
  ],
  [
    'invoice',
    async (t) => {
      await t.job('order-poll')
      await t.post(`/seller/orders/${first}/confirm`)
      await t.post(`/seller/orders/${first}/invoice`)
    },
    ['invoice-asked', 'invoice-done'],
  ],
  [
    'inventory push',
    async (t) => {
      await warehouse(t)
      await t.job('inventory-push')
    },
    ['put-stock', 'inventory-pushed', 'orders-read'],
  ],
]

for (const [name, story, commits] of stories) {
  for (const when of ['before', 'after'] as const) {
    test(`stopped dead ${when} any commit of ${name}, the seller loses and doubles nothing`, async () => {
      const { broken, names } = await killEverywhere(story, when)
      expect(broken).toEqual([])
      expect(names).toEqual(expect.arrayContaining(commits))
    }, 60_000)
  }
}

test('work that was asked for before a crash is done after it, without being asked again', async () => {
  const file = join(folder, 'asked.db')
  const stub = createKonnectStub(() => clock.nowMs())
  const clock = createTestPorts((url, init) => stub.send(url, init))
  const placed = stub.place()
  const storage = openStorage({
    file,
    onCommit: ({ name }) => {
      if (name === 'confirm-asked') throw new Error('stopped dead')
    },
  })
  const one = openTestSeller({ stub, clock, storage })
  await one.job('order-poll')
  await expect(one.post(`/seller/orders/${placed.id}/confirm`)).rejects.toThrow()
  await expect(one.get('/seller/orders')).rejects.toThrow('stopped')
  expect(placed.status).toBe('CREATED')
  storage.close()
  const next = openTestSeller({ stub, clock, storage: openStorage({ file }) })
  next.seller.start()
  await clock.settle()
  expect(placed.status).toBe('CONFIRMED')
  next.storage.close()
})

test('a hint that was acknowledged before a crash still makes the seller poll', async () => {
  const file = join(folder, 'hint.db')
  const stub = createKonnectStub(() => clock.nowMs())
  const clock = createTestPorts((url, init) => stub.send(url, init))
  const placed = stub.place()
  const storage = openStorage({
    file,
    onCommit: ({ name }) => {
      if (name === 'log-call') throw new Error('stopped dead')
    },
  })
  const one = openTestSeller({ stub, clock, storage })
  await one.hint().catch(() => {
    // It dies in the middle of this call.
  })
  await clock.settle()
  storage.close()
  const next = openTestSeller({ stub, clock, storage: openStorage({ file }) })
  next.seller.start()
  await clock.settle()
  expect((await next.order(placed.id)).status).toBe('CREATED')
  next.storage.close()
})
