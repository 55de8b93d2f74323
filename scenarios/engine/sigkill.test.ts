import { type ChildProcess, spawn } from 'node:child_process'
import { mkdtempSync, rmSync } from 'node:fs'
import { createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, it } from 'vitest'
import { wallElapsedMs, wallSleep } from '../../simulators/core/clock.ts'
import { createRandom, drawSeed, type RandomStream } from '../../simulators/core/random.ts'
import { openSimulators, type Simulators } from '../../simulators/server.ts'

/** `SIGKILL_SEED=… npx vitest run scenarios/engine/sigkill.test.ts` plays the same moments again. */
const seed = Number(process.env.SIGKILL_SEED ?? drawSeed())
const repository = new URL('../../', import.meta.url)

interface Run {
  simulators: Simulators
  shopUrl: string
  child: ChildProcess
  restart(): Promise<void>
  chance: RandomStream
  /** Orders whose success page a customer saw. */
  acknowledged: Set<string>
  /** Success pages; a forgetful shop gives one id to several. */
  successes: number
  /** Real milliseconds from the start of the latest life that got so far to its first success page. */
  firstOrderMs: number
  life: { begunMs: number; hadSuccess: boolean }
  /** What was wrong already while it went on. */
  found: string[]
}

it(`killed 50 times at random moments (seed ${seed}), the shop loses no acknowledged order and applies no webhook twice`, {
  timeout: 600_000,
}, async () => {
  const { acknowledged, found } = await killAndCheck('reference-client/main.ts', 50)
  expect(found, `seed ${seed}`).toEqual([])
  expect(acknowledged).toBeGreaterThan(20)
})

it(`a shop that acknowledges before it commits is caught the same way (seed ${seed})`, {
  timeout: 300_000,
}, async () => {
  // Each life ends right after its first success page, and nothing of it is on disk: luck has no part in it.
  const { acknowledged, found } = await killAndCheck(
    'scenarios/engine/testing/careless-shop.ts',
    4,
    true,
  )
  expect(acknowledged, `seed ${seed}`).toBeGreaterThan(0)
  expect(found.join('\n'), `seed ${seed}`).toMatch(/was given to two customers|is lost/)
})

/** A fresh process needs a while for its first order, on a busy machine a long one; some lives end before it, most after. */
const lifeMsMax = ({ firstOrderMs }: Run): number => Math.max(900, Math.ceil(firstOrderMs * 3))

async function killAndCheck(entry: string, kills: number, isAfterSuccess = false) {
  const folder = mkdtempSync(join(tmpdir(), 'shop-sigkill-'))
  const run = await openRun(entry, folder)
  try {
    for (let kill = 0; kill < kills; kill += 1) {
      const customers = Array.from({ length: 3 }, (_, each) =>
        shopUntilDeath(run, `c${kill}-${each}`, isAfterSuccess),
      )
      // The first life shows how long an order takes here.
      if (isAfterSuccess || kill === 0) await nextSuccess(run)
      else await wallSleep(run.chance.int(0, lifeMsMax(run)))
      run.child.kill('SIGKILL')
      await Promise.all(customers)
      await run.restart()
    }
    await comeToRest(run)
    return { acknowledged: run.acknowledged.size, found: await breaches(run) }
  } finally {
    run.child.kill('SIGKILL')
    await run.simulators.close()
    rmSync(folder, { recursive: true, force: true })
  }
}

/** The moment at which a careless shop is caught: a customer has just seen the success page. */
async function nextSuccess(run: Run): Promise<void> {
  const before = run.successes
  for (let waits = 0; run.successes === before && waits < 10_000; waits += 1) await wallSleep(2)
}

async function openRun(entry: string, folder: string): Promise<Run> {
  const simulators = await openSimulators({ port: 0, seed: 7 })
  const { world } = simulators.house.get('default')
  const port = await freePort()
  const shopUrl = `http://127.0.0.1:${port}`
  world.setShop({ fynd: { base_url: shopUrl } })
  for (const sku of ['TEE-M', 'MUG-1']) {
    world.act('fynd.stock.set', { sku, store: 'BLR-01', quantity: 100_000 })
  }
  const fynd = world.credentials('fynd')
  const gateway = world.credentials('payment-gateway')
  const environment = {
    ...process.env,
    GOFYND_API_URL: world.baseUrl('fynd'),
    GOFYND_AFFILIATE_ID: fynd.affiliate_id,
    GOFYND_AFFILIATE_TOKEN: fynd.token,
    GOFYND_SECRET_KEY: fynd.secret,
    GATEWAY_URL: world.baseUrl('payment-gateway'),
    GATEWAY_KEY_ID: gateway.key_id,
    GATEWAY_KEY_SECRET: gateway.key_secret,
    GATEWAY_WEBHOOK_SECRET: gateway.webhook_secret,
    SHOP_PORT: String(port),
    SHOP_DATA: folder,
    SHOP_TEST_CLOCK: 'on',
    SHOP_CRONS: 'off',
  }
  const start = () => startShop(entry, environment)
  const run: Run = {
    simulators,
    shopUrl,
    child: await start(),
    async restart() {
      run.child = await start()
      run.life = { begunMs: wallElapsedMs(), hadSuccess: false }
    },
    chance: createRandom(seed).stream('sigkill'),
    acknowledged: new Set(),
    successes: 0,
    firstOrderMs: 0,
    life: { begunMs: wallElapsedMs(), hadSuccess: false },
    found: [],
  }
  return run
}

function startShop(entry: string, environment: NodeJS.ProcessEnv): Promise<ChildProcess> {
  const child = spawn(process.execPath, ['--import', 'tsx', entry], {
    cwd: repository,
    env: environment,
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  return new Promise((resolve, reject) => {
    let said = ''
    const listen = (chunk: Buffer) => {
      said += chunk.toString()
      if (said.includes('shop listening on')) resolve(child)
    }
    child.stdout.on('data', listen)
    child.stderr.on('data', listen)
    child.once('exit', () => reject(new Error(`The shop did not start: ${said}`)))
  })
}

const freePort = (): Promise<number> =>
  new Promise((resolve, reject) => {
    const server = createServer().listen(0, '127.0.0.1', () => {
      const address = server.address()
      server.close(() =>
        typeof address === 'object' && address
          ? resolve(address.port)
          : reject(new Error('No port.')),
      )
    })
  })

const address = {
  first_name: 'Asha',
  last_name: 'Example',
  email: 'asha@example.invalid',
  mobile: '9000000001',
  address1: '1 Example Road',
  city: 'Bengaluru',
  state: 'Karnataka',
  country: 'India',
  pincode: '560001',
}

/** The shop's order list is bounded; all orders of a run must fit in it. */
const ordersPerLifeMax = 2

/** Buys and buys until the shop does not answer any more; every order that was placed moves on at the partner. */
async function shopUntilDeath(run: Run, customer: string, isAlwaysCod: boolean): Promise<void> {
  const { world } = run.simulators.house.get('default')
  for (let order = 0; order < ordersPerLifeMax; order += 1) {
    const mode = isAlwaysCod || run.chance.next() < 0.5 ? 'COD' : 'PREPAID'
    const placed = await buy(run, `${customer}-${order}`, mode)
    if (placed === undefined) return
    const isThere = world
      .things('fynd', 'order')
      .some((each) => (each as { affiliate_order_id: string }).affiliate_order_id === placed)
    // Webhooks are on their way while the next customer buys.
    if (mode === 'COD' && isThere) advance(run, placed)
  }
}

function advance({ simulators, found }: Run, orderId: string): void {
  try {
    const { world } = simulators.house.get('default')
    world.act('fynd.order.advance', { affiliate_order_id: orderId, to: 'out_for_delivery' })
  } catch (error) {
    // A new order can go its way; one that cannot is an old one under a forgotten id.
    found.push(`${orderId}: ${error instanceof Error ? error.message : error}`)
  }
}

/** The id of the order, once a success page was seen; undefined when the shop died on the way. */
async function buy(
  run: Run,
  customer: string,
  mode: 'COD' | 'PREPAID',
): Promise<string | undefined> {
  const { world } = run.simulators.house.get('default')
  try {
    const post = (path: string, body?: unknown) => call(run, 'POST', path, body, customer)
    await post('/shop/cart', { items: [{ sku: mode === 'COD' ? 'TEE-M' : 'MUG-1', quantity: 1 }] })
    await post('/shop/checkout/address', address)
    await post('/shop/checkout/payment-method', { payment_mode: mode })
    await call(run, 'GET', '/shop/checkout/confirm', undefined, customer)
    const pressed = await post('/shop/checkout/confirm')
    const id = String(pressed.order_id)
    if (pressed.page === 'success') {
      if (run.acknowledged.has(id)) run.found.push(`${id} was given to two customers`)
      run.acknowledged.add(id)
      succeed(run)
      return id
    }
    if (pressed.page !== 'pay') return undefined
    world.act('payment-gateway.payment.pay', { payment_id: pressed.payment_id, outcome: 'paid' })
    return id
  } catch (error) {
    // The connection broke or was refused: the shop is dead.
    if (error instanceof TypeError) return undefined
    throw error
  }
}

function succeed(run: Run): void {
  run.successes += 1
  if (!run.life.hadSuccess) run.firstOrderMs = wallElapsedMs() - run.life.begunMs
  run.life.hadSuccess = true
}

async function call(run: Run, method: string, path: string, body?: unknown, customer = 'operator') {
  const response = await fetch(`${run.shopUrl}${path}`, {
    method,
    headers: { 'x-customer': customer, 'content-type': 'application/json' },
    ...(body !== undefined && { body: JSON.stringify(body) }),
  })
  return (await response.json()) as Record<string, unknown>
}

/** Lets a day pass on both clocks: retries of webhooks, of the outbox, and the look-up of payments. */
async function comeToRest(run: Run): Promise<void> {
  for (let round = 0; round < 30; round += 1) {
    const moved = await fetch(`${run.simulators.controlUrl}/_sim/worlds/default/clock`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ advance: '1h' }),
    })
    expect(moved.status).toBe(200)
    await call(run, 'POST', '/admin/clock', { advance_ms: 3_600_000 })
    await call(run, 'POST', '/admin/cron/order-lookup')
    const { entries } = (await call(run, 'GET', '/admin/outbox')) as {
      entries: { state: string }[]
    }
    const { world } = run.simulators.house.get('default')
    const isQuiet = world.deliveries({ settled: false }).length === 0
    if (round > 2 && isQuiet && !entries.some(({ state }) => state === 'waiting')) return
    await wallSleep(20)
  }
  throw new Error('The shop did not come to rest.')
}

interface ShopOrder {
  id: string
  status: string
  payment_mode: string
  items: { history: { event_id: string; applied: boolean }[] }[]
}

/** What must hold after any number of crashes. */
async function breaches(run: Run): Promise<string[]> {
  const { world } = run.simulators.house.get('default')
  const found = [...run.found]
  const { orders } = (await call(run, 'GET', '/admin/orders?status=any')) as { orders: ShopOrder[] }
  const own = new Map(orders.map((order) => [order.id, order]))
  const atPartner = new Map<string, number>()
  for (const each of world.things('fynd', 'order') as { affiliate_order_id: string }[]) {
    atPartner.set(each.affiliate_order_id, (atPartner.get(each.affiliate_order_id) ?? 0) + 1)
  }
  for (const id of run.acknowledged) {
    if (own.get(id)?.status !== 'processed') found.push(`${id} is ${own.get(id)?.status ?? 'lost'}`)
    if (atPartner.get(id) !== 1)
      found.push(`${id} stands ${atPartner.get(id) ?? 0} times at the partner`)
  }
  for (const payment of world.things('payment-gateway', 'payment') as Payment[]) {
    if (payment.status !== 'captured') continue
    const status = own.get(payment.merchant_order_id)?.status
    if (status !== 'processed')
      found.push(`${payment.merchant_order_id} is paid and ${status ?? 'lost'}`)
  }
  const applied = orders.flatMap(({ items }) => items.flatMap(({ history }) => history))
  const ids = applied.map(({ event_id }) => event_id)
  const twice = ids.filter((id, at) => ids.indexOf(id) !== at)
  found.push(...twice.map((id) => `event ${id} applied twice`))
  const heard = new Set(ids)
  for (const { state, partner, eventId } of world.deliveries({ partner: 'fynd' })) {
    if (state === 'delivered' && !heard.has(eventId)) found.push(`${partner} event ${eventId} lost`)
  }
  const { entries } = (await call(run, 'GET', '/admin/logs/gofynd-email')) as {
    entries: { event_id: string }[]
  }
  const mails = entries.map(({ event_id }) => event_id)
  found.push(
    ...mails.filter((id, at) => mails.indexOf(id) !== at).map((id) => `two mails for ${id}`),
  )
  return found
}

interface Payment {
  merchant_order_id: string
  status: string
}
