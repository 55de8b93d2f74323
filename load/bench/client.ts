import type { Finding } from './finding.ts'
import type { Options } from './options.ts'
import { startSimulator } from './pair.ts'
import type { ShopWish } from './shop-process.ts'
import { type Child, startChild } from './talk.ts'

/** What a shop needs to know of its partners. */
export interface ShopAccess {
  gofynd: object
  arvind: object
  konnect: object
  gateway: object
}

const changedPart = 0.05
const checkoutsTotal = 400
const customers = 8
/** A body of the seller's has at most 256 kB. */
const rowsPerCall = 2_000

/**
 * The reference client's throughput, with durable storage: SKUs synced a second and calls for each changed SKU with each partner, and
 * checkouts a second. No target: it is an example, and says what an honest client costs.
 */
export async function findClient(options: Options): Promise<Finding[]> {
  const findings: Finding[] = []
  for (const site of ['fynd', 'arvind', 'konnect'] as const) {
    const { child: simulator, ...target } = await startSimulator(
      { skus: options.scale.skus, orders: 0, faults: 0 },
      options,
    )
    const shop = await startChild('./shop-process.ts')
    try {
      const skus = await simulator.ask<string[]>('catalogue')
      const access = await simulator.ask<ShopAccess>('access')
      const { url } = await shop.ask<{ url: string }>('open', { site, access, skus } as ShopWish)
      await simulator.ask('nameShop', { site, url })
      const place = { simulator, url, skus, store: target.store }
      findings.push(await findSync(site, place))
      if (site === 'fynd') {
        findings.push(await findCheckouts(url, target.skus, options.isQuick ? 16 : checkoutsTotal))
      }
      await shop.ask('close')
    } finally {
      await Promise.all([simulator.close(), shop.close()])
    }
  }
  return findings
}

interface Place {
  simulator: Child
  url: string
  skus: readonly string[]
  store: string
}

async function findSync(site: ShopWish['site'], place: Place): Promise<Finding> {
  const { simulator, skus } = place
  const changed = skus.slice(0, Math.max(1, Math.round(skus.length * changedPart)))
  const calls = () => simulator.ask<number>('calls')
  const timed = async (work: () => Promise<unknown>) => {
    const [callsBefore, begunMs] = [await calls(), performance.now()]
    await work()
    return { seconds: (performance.now() - begunMs) / 1000, calls: (await calls()) - callsBefore }
  }
  if (site === 'konnect') await putStock(place, skus, 5)
  const full = await timed(() => syncs[site](place))
  if (site === 'konnect') await putStock(place, changed, 6)
  else await simulator.ask('change', { site, skus: changed })
  const delta = await timed(() => syncs[site](place, changed))
  return {
    title: `${site}: ${skus.length} SKUs synced, then the ${changed.length} that changed`,
    lines: [
      `all              ${(skus.length / full.seconds).toFixed(0)} SKUs a second, ${(full.calls / skus.length).toFixed(4)} calls each`,
      `changed          ${(changed.length / delta.seconds).toFixed(0)} SKUs a second, ${(delta.calls / changed.length).toFixed(4)} calls each`,
    ],
    figures: { skus: skus.length, changed: changed.length, full, delta },
    isMet: true,
  }
}

/** How each site comes to know quantities: it asks FYND, is told by Arvind, and tells Konnect. */
const syncs = {
  fynd: ({ url }: Place) => post(`${url}/admin/cron/fynd-inventory`),
  arvind: ({ simulator }: Place, skus?: readonly string[]) => simulator.ask('push', { skus }),
  konnect: ({ url }: Place) => post(`${url}/seller/jobs/inventory-push`),
} satisfies Record<string, (place: Place, skus?: readonly string[]) => Promise<unknown>>

async function putStock({ url, store }: Place, skus: readonly string[], quantity: number) {
  for (let at = 0; at < skus.length; at += rowsPerCall) {
    const items = skus
      .slice(at, at + rowsPerCall)
      .map((sku) => ({ location: store, sku, quantity }))
    await call('PUT', `${url}/seller/stock`, { items })
  }
}

/** COD, from the cart to the page of success, by customers who each wait for every page. */
async function findCheckouts(
  url: string,
  skus: readonly string[],
  total: number,
): Promise<Finding> {
  let left = total
  const shopper = async (number: number) => {
    while (left > 0) {
      left -= 1
      await checkout(url, `c-${number}`, skus[left % skus.length] ?? '')
    }
  }
  const begunMs = performance.now()
  await Promise.all(Array.from({ length: customers }, (_, number) => shopper(number)))
  const perSecond = total / ((performance.now() - begunMs) / 1000)
  return {
    title: `checkouts with durable storage, ${customers} customers at once`,
    lines: [`a second         ${perSecond.toFixed(0)}`],
    figures: { total, perSecond },
    isMet: true,
  }
}

const address = {
  first_name: 'Asha',
  last_name: 'Example',
  email: 'asha@shop.example',
  mobile: '9000000001',
  address1: '1 Example Road',
  city: 'Bengaluru',
  state: 'Karnataka',
  country: 'India',
  pincode: '560001',
}

async function checkout(url: string, customer: string, sku: string): Promise<void> {
  const shop = (method: string, path: string, body?: object) =>
    call(method, `${url}/shop${path}`, body, { 'x-customer': customer })
  await shop('POST', '/cart', { items: [{ sku, quantity: 1 }] })
  await shop('POST', '/checkout/address', address)
  await shop('POST', '/checkout/payment-method', { payment_mode: 'COD' })
  await shop('GET', '/checkout/confirm')
  const { page } = (await shop('POST', '/checkout/confirm')) as { page: string }
  if (page !== 'success') throw new Error(`The shop leads to the page ${page}, not to success.`)
}

const post = (url: string) => call('POST', url)

async function call(
  method: string,
  url: string,
  body?: object,
  headers: Record<string, string> = {},
): Promise<unknown> {
  const answer = await fetch(url, {
    method,
    headers: { ...headers, ...(body && { 'content-type': 'application/json' }) },
    ...(body && { body: JSON.stringify(body) }),
  })
  const text = await answer.text()
  if (!answer.ok) throw new Error(`${method} ${url}: ${answer.status} ${text.slice(0, 500)}`)
  return JSON.parse(text)
}
