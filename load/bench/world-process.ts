import { coreOf } from '../../simulators/core/world.ts'
import type { World } from '../../simulators/index.ts'
import { openSimulators } from '../../simulators/server.ts'
import type { ShopAccess } from './client.ts'
import type { Target } from './questions.ts'
import { answerAsks } from './talk.ts'

/** A world as large as a question wants it. */
export interface WorldWish {
  skus: number
  /** Placed beforehand. */
  orders: number
  /** Armed, of many kinds, and none of them ever matches. */
  faults: number
  /** The journal lets its oldest entries go from the beginning. */
  isJournalFull?: boolean
  /** It is emptied before each round. */
  isJournalEmpty?: boolean
}

/** SKUs with stock that no bench uses up, spread over the catalogue. */
const skusAskedMax = 2_000
const piecesEach = 10_000_000
const store = 'BLR-01'
const eventsPerOrder = 5

// The simulator in a process of its own, as `up` runs it: real clock, journal and all.
const simulators = await openSimulators({ port: 0 })
let world: World | undefined
let catalogue: string[] = []
let stormSku = ''
/** Who is told of the orders of a storm; undefined: the shop under test. */
const affiliates: (string | undefined)[] = []

function open(wish: WorldWish): Target {
  const made = simulators.house.make({ name: 'bench', seed: 1, size: { skus: wish.skus } }).world
  world = made
  catalogue = skusOf(made, 'fynd', 'stock')
  // FYND's fixed SKUs are not all Konnect's; a batch with a stranger lists an error, which the floor never does.
  const taken = new Set(skusOf(made, 'konnect', 'sku'))
  const skus = spread(
    catalogue.filter((sku) => taken.has(sku)),
    skusAskedMax,
  )
  stormSku = skus[0] ?? ''
  for (const sku of skus) made.act('fynd.stock.set', { sku, store, quantity: piecesEach })
  for (let number = 1; number <= wish.orders; number += 1) {
    place(made, `before-${number}`, skus[number % skus.length])
  }
  for (let number = 0; number < wish.faults; number += 1) made.arm(faultNumber(number))
  // The gateway calls nobody; the bench reads its answers.
  made.setAssumptions('payment-gateway', { callback: 'none', webhook: 'none' })
  if (wish.isJournalFull) fillJournal(made)
  const fynd = made.credentials('fynd')
  return {
    port: simulators.ports.control ?? 0,
    paths: {
      fynd: `/w/bench/fynd/gofynd/v1/affiliates/${fynd.affiliate_id}`,
      konnect: '/w/bench/konnect',
      gateway: '/w/bench/payment-gateway',
    },
    affiliateId: fynd.affiliate_id ?? '',
    token: fynd.token ?? '',
    secret: fynd.secret ?? '',
    konnectToken: made.credentials('konnect').access_token ?? '',
    gatewayKey: made.credentials('payment-gateway').key_id ?? '',
    gatewaySecret: made.credentials('payment-gateway').key_secret ?? '',
    store,
    skus,
  }
}

const skusOf = (made: World, partner: string, thing: string): string[] => [
  ...new Set((made.things(partner, thing) as { sku: string }[]).map(({ sku }) => sku)),
]

const spread = (all: readonly string[], most: number): string[] => {
  const step = Math.max(1, Math.floor(all.length / most))
  return all.filter((_, at) => at % step === 0).slice(0, most)
}

const place = (
  made: World,
  affiliate_order_id: string,
  sku: string | undefined,
  affiliate_id?: string,
) =>
  made.act('fynd.order.place', {
    affiliate_order_id,
    lines: [{ sku }],
    ...(affiliate_id !== undefined && { affiliate_id }),
  })

/** HTTP, batch and webhook faults of FYND and Konnect, each on something that never comes. */
function faultNumber(number: number) {
  const never = `NEVER-${number}`
  const kinds = [
    { partner: 'fynd', name: 'latency', fixed: '1s', where: { sku: never } },
    { partner: 'fynd', name: 'status', status: 503, on: 'placeOrder', where: { sku: never } },
    { partner: 'fynd', name: 'answer-lost', where: { affiliate_order_id: never } },
    { partner: 'fynd', name: 'drop', where: { affiliate_order_id: never } },
    { partner: 'konnect', name: 'status', status: 500, where: { sku: never } },
    { partner: 'fynd', name: 'reset', where: { sku_code: never } },
  ]
  return { ...kinds[number % kinds.length], id: `never-${number}` } as Parameters<World['arm']>[0]
}

function fillJournal(made: World): void {
  const { journal } = coreOf(made)
  for (let before = -1; journal.bytes > before; ) {
    before = journal.bytes
    for (let times = 0; times < 1_000; times += 1) {
      made.setAssumptions('payment-gateway', { callback: 'none', webhook: 'none' })
    }
  }
}

interface StormWish {
  /** Number of its first order. */
  from: number
  orders: number
  url: string
  /** How many subscribers share the orders; each is sent one event after the other, in order. */
  subscribers: number
}

/** Orders that a storm of events will advance; answers when the events of their placing are delivered. */
async function prepareStorm({ from, orders, url, subscribers }: StormWish): Promise<void> {
  const made = opened()
  if (affiliates.length === 0) {
    made.setShop({ fynd: { base_url: url } })
    affiliates.push(undefined)
  }
  while (affiliates.length < subscribers) {
    const other = made.act('fynd.affiliate.create', { webhook_url: `${url}/webhooks/gofynd` })
    affiliates.push((other as { affiliate_id: string }).affiliate_id)
  }
  for (let at = from; at < from + orders; at += 1) {
    place(made, `storm-${at}`, stormSku, affiliates[at % subscribers])
  }
  await settle(made)
}

/** Each order is brought from placed to delivered, which five events tell. */
async function storm({ from, orders }: StormWish): Promise<number> {
  const made = opened()
  const before = made.counts().attempts
  for (let at = from; at < from + orders; at += 1) {
    made.act('fynd.order.advance', { affiliate_order_id: `storm-${at}`, to: 'delivery_done' })
    // Whoever advances orders over the control plane leaves room between two calls, too.
    if (at % 20 === 19) await new Promise((resolve) => setImmediate(resolve))
  }
  await settle(made)
  const attempts = made.counts().attempts - before
  if (attempts !== orders * eventsPerOrder) {
    throw new Error(`${attempts} attempts for ${orders} orders: some event came twice or never.`)
  }
  return attempts
}

async function settle(made: World): Promise<void> {
  const { messenger } = coreOf(made)
  while (!messenger.isSettled()) await new Promise((resolve) => setTimeout(resolve, 1))
}

/** What the reference client is given of each partner. */
function access(): ShopAccess {
  const made = opened()
  const of = (partner: string, name: string) => made.credentials(partner)[name] ?? ''
  return {
    gofynd: {
      api_url: made.baseUrl('fynd'),
      affiliate_id: of('fynd', 'affiliate_id'),
      affiliate_token: of('fynd', 'token'),
      secret_key: of('fynd', 'secret'),
    },
    arvind: {
      api_url: made.baseUrl('arvind'),
      username: of('arvind', 'username'),
      password: of('arvind', 'password'),
      auth_token: of('arvind', 'auth_token'),
      channel_id: of('arvind', 'channel_id'),
      warehouse_id: of('arvind', 'warehouse_id'),
      ordering_store_id: of('arvind', 'ordering_store_id'),
    },
    konnect: {
      api_url: made.baseUrl('konnect'),
      access: 'company',
      username: of('konnect', 'username'),
      password: of('konnect', 'password'),
      locations: [{ code: store }],
    },
    gateway: {
      url: made.baseUrl('payment-gateway'),
      key_id: of('payment-gateway', 'key_id'),
      key_secret: of('payment-gateway', 'key_secret'),
      webhook_secret: of('payment-gateway', 'webhook_secret'),
    },
  }
}

function nameShop({ site, url }: { site: string; url: string }): void {
  opened().setShop({ [site]: { base_url: url } })
  // It pushes when the bench says so, and only then.
  opened().setAssumptions('arvind', { inventory_delta_seconds: null, inventory_full_minutes: null })
}

function change({ site, skus }: { site: 'fynd' | 'arvind'; skus: readonly string[] }): void {
  for (const sku of skus) {
    if (site === 'fynd') opened().act('fynd.stock.set', { sku, store, quantity: 3 })
    else opened().act('arvind.inventory.set', { skuId: sku, centre: store, quantity: 3 })
  }
}

/** Arvind tells the shop of these SKUs, or of all; answers when the shop has taken them. */
async function push({ skus }: { skus?: readonly string[] }): Promise<void> {
  opened().act('arvind.inventory.push', skus ? { skuIds: skus } : {})
  await settle(opened())
}

/** Calls between shop and partners so far, whoever made them. */
function calls(): number {
  const { requests, attempts } = opened().counts()
  return requests + attempts
}

function opened(): World {
  if (!world) throw new Error('No world is open.')
  return world
}

answerAsks({
  open,
  catalogue: () => catalogue,
  emptyJournal: () => coreOf(opened()).journal.clear(),
  prepareStorm,
  storm,
  access,
  nameShop,
  change,
  push,
  calls,
})
