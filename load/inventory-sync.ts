import { check } from 'k6'
import exec from 'k6/execution'
import { Counter, Trend } from 'k6/metrics'
import type { Site } from './lib/load-run.ts'
import { planScenario, secondsOf } from './lib/profiles.ts'
import { settledLags } from './lib/storm-plan.ts'
import { lagsOf, pickSkus, secondStamp, stampQuantity } from './lib/sync-plan.ts'
import {
  act,
  actAll,
  armFaults,
  asked,
  askJudge,
  disarmFaults,
  loadOptions,
  run,
  settleDeliveries,
} from './lib-k6/control.ts'
import { field, fyndApi, type StockRow } from './lib-k6/fynd-api.ts'
import { konnectApi, type Token, takeToken } from './lib-k6/konnect-api.ts'
import { ledgerReader, readLedger } from './lib-k6/ledger.ts'
import { shopApi, shownQuantities } from './lib-k6/shop-api.ts'
import { emptyStores, shopSkus } from './lib-k6/stock.ts'

export { handleSummary } from './lib-k6/control.ts'

/**
 * How many SKUs a second are synced, and how late is the last one? Every quantity that is set says when it was set (`sync-plan.ts`).
 *
 * Subject `partner`: k6 is FYND's client (delta, then stock of 50 SKUs) and Konnect's (batches of 500); Arvind pushes to a receiver that
 * takes all. Subject `shop`: stock changes at a rate, the shop's job runs without a pause, and what it shows is looked at.
 */
const lags = {
  fynd: new Trend('fynd_lag', true),
  konnect: new Trend('konnect_lag', true),
  arvind: new Trend('arvind_lag', true),
}
/** SKUs that a run of the job brought, by how long it took. */
const speeds = {
  fynd: new Trend('fynd_skus_per_second'),
  konnect: new Trend('konnect_skus_per_second'),
  arvind: new Trend('arvind_skus_per_second'),
}
const skusSynced = {
  fynd: new Counter('fynd_skus_synced'),
  konnect: new Counter('konnect_skus_synced'),
  arvind: new Counter('arvind_skus_synced'),
}

/** SKUs in one change of a seller's warehouse, and in one push of Arvind's (arvind.md: at most 200 rows). */
const warehouseSkus = 50
const konnectBatch = 500
const arvindPush = 50
/** The seller's and Konnect's location. */
const location = 'BLR-01'
/** How far back the client asks for changes. */
const deltaMs = 2_000

const main = { mainRatePerSecond: 20 }
const jobs = {
  executor: 'constant-vus',
  vus: 1,
  duration: `${secondsOf(run)}s`,
  gracefulStop: '120s',
}

const scenariosOf: Record<'partner' | 'shop', Record<Site, Record<string, object>>> = {
  partner: {
    fynd: {
      ...(run.control === undefined
        ? {}
        : {
            fynd_changes: planScenario(run, {
              exec: 'changeFynd',
              ratePerSecond: 50,
              ...main,
              calls: 1,
            }),
          }),
      fynd_sync: planScenario(run, { exec: 'syncFynd', ratePerSecond: 20, calls: 4 }),
    },
    konnect: {
      konnect_push: planScenario(run, {
        exec: 'pushKonnect',
        ratePerSecond: 10,
        ...main,
        calls: 1,
      }),
    },
    arvind: {
      arvind_push: planScenario(run, { exec: 'pushArvind', ratePerSecond: 5, ...main, calls: 1 }),
      arvind_ledger: ledgerReader('watchArvind'),
    },
  },
  shop: {
    fynd: {
      fynd_changes: planScenario(run, { exec: 'changeFynd', ratePerSecond: 50, calls: 1 }),
      fynd_job: { exec: 'syncFyndShop', ...jobs },
    },
    konnect: {
      konnect_changes: planScenario(run, {
        exec: 'changeWarehouse',
        ratePerSecond: 5,
        mainRatePerSecond: 50,
        calls: 1,
      }),
      konnect_job: { exec: 'syncSeller', ...jobs },
    },
    arvind: {
      arvind_changes: planScenario(run, {
        exec: 'changeArvind',
        ratePerSecond: 50,
        mainRatePerSecond: 50,
        calls: 1,
      }),
      arvind_job: { exec: 'syncArvindShop', ...jobs },
    },
  },
}

export const options = loadOptions(
  Object.assign({}, ...run.sites.map((site) => scenariosOf[run.subject][site])),
  Object.fromEntries(run.sites.map((site) => [`${site}_skus_synced`, ['count>0']])),
)

interface Ready {
  beganMs: number
  skus: Record<Site, string[]>
  /** Of Konnect; made up where the run has nothing to do with it. */
  token: Token
}

/** What each site and its partner both know; from here on a quantity is a stamp. */
export function setup(): Ready {
  const skus: Record<Site, string[]> = { fynd: run.skus, konnect: run.skus, arvind: run.skus }
  if (run.control !== undefined) {
    for (const site of run.sites) {
      if (run.subject === 'shop' && site !== 'konnect') skus[site] = shopSkus(site)
    }
    if (run.subject === 'shop' && run.sites.includes('fynd')) emptyStores(skus.fynd)
    if (run.sites.includes('arvind')) {
      // No push but ours: what is measured is how fast the shop takes it.
      asked('PATCH', '/assumptions/arvind', {
        inventory_delta_seconds: null,
        inventory_full_minutes: null,
      })
    }
    // What is there before the run is no news of it.
    if (run.subject === 'shop') for (const site of run.sites) runJob(site, skus[site])
  }
  const token = run.sites.includes('konnect') ? takeToken() : { text: '', untilMs: 0 }
  armFaults()
  return { beganMs: Date.now(), skus, token }
}

export function changeFynd({ skus, beganMs }: Ready): void {
  for (const sku of pickSkus(skus.fynd, exec.scenario.iterationInTest, 1)) {
    act('fynd.stock.set', { sku, store: location, quantity: stampQuantity(Date.now(), beganMs) })
  }
}

export function changeArvind({ skus, beganMs }: Ready): void {
  for (const skuId of pickSkus(skus.arvind, exec.scenario.iterationInTest, 1)) {
    act('arvind.inventory.set', { skuId, quantity: stampQuantity(Date.now(), beganMs) })
  }
}

/** What the last look of this user saw; before the first one nothing is new. */
const seen: Partial<Record<Site, Map<string, number>>> = {}

const jobRan = { 'job ran': ({ status }: { status: number }) => status === 200 }

/** The job that brings a site's stock up to date; at Arvind it is the partner's, and done when the shop has answered. */
function runJob(site: Site, skus: string[]): void {
  if (site === 'fynd') {
    check(shopApi('fynd').post('/admin/cron/fynd-inventory'), jobRan)
  } else if (site === 'konnect') {
    check(shopApi('konnect').post('/seller/jobs/inventory-push'), jobRan)
  } else {
    act('arvind.inventory.push', { skuIds: skus })
    asked('GET', '/deliveries?partner=arvind&settled=false&limit=1&wait=30s')
  }
}

/** What the receiving side shows: the shop's pages, or Konnect's listings of what a seller pushed. */
const readShown = (site: Site, token: Token): Map<string, number> =>
  site === 'konnect'
    ? konnectApi(token).listedQuantities(location)
    : shownQuantities(shopApi(site).get('/shop/products'))

/** Runs the job and looks at what it brought: what is new, how late it is, and how many SKUs a second that makes. */
function syncAndLook(site: Site, { skus, beganMs, token }: Ready): void {
  const before = seen[site] ?? readShown(site, token)
  const startMs = Date.now()
  runJob(site, skus[site])
  const endMs = Date.now()
  const now = readShown(site, token)
  const found = lagsOf(before, now, Date.now(), beganMs)
  for (const lag of found) lags[site].add(lag)
  skusSynced[site].add(found.length)
  if (found.length > 0) speeds[site].add(found.length / (Math.max(1, endMs - startMs) / 1_000))
  seen[site] = now
}

// A job runs again and again, without a pause.
export const syncFyndShop = (ready: Ready): void => syncAndLook('fynd', ready)
export const syncArvindShop = (ready: Ready): void => syncAndLook('arvind', ready)
export const syncSeller = (ready: Ready): void => syncAndLook('konnect', ready)

/** One sync of FYND's client: every page of what changed lately, and the stock of each page. */
export function syncFynd(): void {
  const fynd = fyndApi()
  const since = secondStamp(Date.now() - deltaMs)
  const sandbox = run.control === undefined
  for (let pageId = '', isLast = false; !isLast; ) {
    const page = fynd.get(
      `/inventory/changes?timestamp=${since}&page_size=50&page_id=${pageId}`,
      'changes',
    )
    if (!check(page, { 'changes told': ({ status }) => status === 200 })) return
    const changed = (field(page, 'items') as { sku_code: string }[]).map((item) => item.sku_code)
    const names = sandbox ? run.skus.slice(0, 50) : changed
    if (names.length > 0) {
      const stock = fynd.get(`/inventory/stock-status?sku_code=${names.join(',')}`, 'stock')
      if (!check(stock, { 'stock told': ({ status }) => status === 200 })) return
      const rows = field(stock, 'items') as StockRow[]
      const now = new Set(rows.map(({ identifier }) => identifier.sku_code))
      check(now, { 'every changed SKU has stock': () => changed.every((sku) => now.has(sku)) })
      skusSynced.fynd.add(now.size)
    }
    pageId = String(field(page, 'page.next_id') ?? '')
    isLast = field(page, 'page.has_next') !== true || pageId === ''
  }
}

export function pushKonnect({ skus, beganMs, token }: Ready): void {
  const quantity = stampQuantity(Date.now(), beganMs)
  const names = pickSkus(skus.konnect, exec.scenario.iterationInTest, konnectBatch)
  const answer = konnectApi(token).pushInventory(
    names.map((sku) => ({ location_id: location, sku, quantity })),
  )
  const isTaken = () => field(answer, 'data.success_count') === names.length
  if (check(answer, { 'batch taken': isTaken })) skusSynced.konnect.add(names.length)
}

/** Arvind's own side: some quantities change, and are pushed at once. */
export function pushArvind({ skus, beganMs }: Ready): void {
  const skuIds = pickSkus(skus.arvind, exec.scenario.iterationInTest, arvindPush)
  const quantity = stampQuantity(Date.now(), beganMs)
  act('arvind.inventory.set', { skuId: skuIds[0] ?? '', quantity })
  act('arvind.inventory.push', { skuIds })
}

export function watchArvind({ beganMs }: Ready): void {
  readLedger('arvind', (settled) => {
    for (const lag of settledLags(settled, beganMs)) lags.arvind.add(lag)
    for (const { body } of settled) {
      skusSynced.arvind.add((JSON.parse(body) as { inventories: unknown[] }).inventories.length)
    }
  })
}

/** The seller's warehouse counts. */
export function changeWarehouse({ skus, beganMs }: Ready): void {
  const quantity = stampQuantity(Date.now(), beganMs)
  const names = pickSkus(skus.konnect, exec.scenario.iterationInTest, warehouseSkus)
  const told = shopApi('konnect').put('/seller/stock', {
    items: names.map((sku) => ({ location, sku, quantity })),
  })
  check(told, { 'count taken': ({ status }) => status === 200 })
}

/** Runs once: a last sync of all, and then shop and partner must show the same. */
export function teardown(ready: Ready): void {
  if (run.control !== undefined) disarmFaults()
  if (run.sites.includes('arvind')) settleDeliveries()
  if (run.subject === 'shop') {
    for (const site of run.sites) compareShown(site, ready)
  }
  askJudge(['stock-conserved', 'never-oversold', 'calls-understood', 'no-simulator-bug'])
}

/** Everything is set once more, synced once more, and looked at. */
function compareShown(site: Site, { skus: all, beganMs, token }: Ready): void {
  const skus = all[site]
  const quantity = stampQuantity(Date.now(), beganMs)
  if (site === 'fynd') {
    actAll(skus.map((sku) => ['fynd.stock.set', { sku, store: location, quantity }]))
  } else if (site === 'arvind') {
    actAll(skus.map((skuId) => ['arvind.inventory.set', { skuId, quantity }]))
  } else {
    const items = skus.map((sku) => ({ location, sku, quantity }))
    shopApi('konnect').put('/seller/stock', { items })
  }
  runJob(site, skus)
  const shown = readShown(site, token)
  check(shown, {
    [`${site}: what was set last is shown`]: () => skus.every((sku) => shown.get(sku) === quantity),
  })
}
