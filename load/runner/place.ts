import { loadSkus } from '../lib/checkout-plan.ts'
import { type Account, fillerSkus, type Site } from '../lib/load-run.ts'
import { type Ask, type RunOptions, UsageError } from './arguments.ts'
import { type Served, serve } from './processes.ts'

/** Where one run takes place: a world with all that listens around it, or a sandbox. */
export interface Place {
  control?: string
  world: string
  accounts: Record<string, Account>
  shops: Partial<Record<Site, string>>
  isShopOurs: boolean
  skus: string[]
  leave(): Promise<void>
}

interface Wish {
  top: string
  ask: Ask
  options: RunOptions
  /** Of simulators that were opened for this command; none when others are named. */
  ownControl: string | undefined
}

/** Catalogue of a world for the sync of stock, the fixed SKUs besides; the reference shop takes no more than three hundred. */
const syncSkus = { partner: 2_000, shop: 300 }
const fixedSkus = 8
/** Longer than any profile. */
const worldLives = '12h'

/** Makes the world and starts what listens around it. Rejects with words for the person at the keyboard. */
export async function enterPlace(wish: Wish): Promise<Place> {
  const { ask, options, ownControl } = wish
  if (ask.subject === 'shop' && options.target !== undefined) return enterOwnShop(wish)
  const control = ownControl ?? options.target ?? ''
  if (ownControl === undefined && !(await isControlPlane(control))) return enterSandbox(wish)
  const skus = options.skus ?? skusOf(ask)
  const call = createCaller(control, options.token)
  const size = ask.question === 'inventory-sync' ? { size: { skus: skus.length + fixedSkus } } : {}
  const { name, partners } = (await call('POST', '/_sim/worlds', {
    clock: 'real',
    ttl: worldLives,
    ...size,
  })) as { name: string; partners: Record<string, Account> }
  const opened: Served[] = []
  const leave = async () => {
    for (const each of opened) await each.stop()
    if (!options.keep) await call('DELETE', `/_sim/worlds/${name}`)
  }
  try {
    const shops = await listen(wish, partners, opened)
    await call('PUT', `/_sim/worlds/${name}/shop`, siteUrls(shops))
    const isShopOurs = ask.subject === 'shop'
    return {
      control,
      world: name,
      accounts: partners,
      shops: isShopOurs ? shops : {},
      isShopOurs,
      skus,
      leave,
    }
  } catch (error) {
    await leave()
    throw error
  }
}

const skusOf = ({ question, subject }: Ask): string[] => {
  if (question === 'inventory-sync') return fillerSkus(syncSkus[subject])
  return question === 'checkout' ? loadSkus.map(({ sku }) => sku) : ['TEE-M']
}

const siteUrls = (shops: Partial<Record<Site, string>>) =>
  Object.fromEntries(Object.entries(shops).map(([site, url]) => [site, { base_url: url }]))

/** A receiver that takes all, where k6 plays the client and partners have something to send; or a reference shop for each site. */
async function listen(
  { top, ask }: Wish,
  partners: Record<string, Account>,
  opened: Served[],
): Promise<Partial<Record<Site, string>>> {
  if (ask.subject === 'partner') {
    // A checkout's webhooks would only be told about orders that nobody moves.
    if (ask.question === 'checkout') return {}
    const receiver = await serve('load/runner/receiver.ts', { top })
    opened.push(receiver)
    return Object.fromEntries(ask.sites.map((site) => [site, receiver.url]))
  }
  const shops: Partial<Record<Site, string>> = {}
  for (const site of ask.sites) {
    const environment = { ...shopEnvironment(site, partners), SHOP_SITE: site, SHOP_PORT: '0' }
    const shop = await serve('reference-client/main.ts', { top, environment })
    opened.push(shop)
    shops[site] = shop.url
  }
  return shops
}

/** What the reference client's `main.ts` reads. Its crons are off: the run starts its jobs. */
function shopEnvironment(site: Site, partners: Record<string, Account>): Record<string, string> {
  const of = (partner: string, name: string) => partners[partner]?.credentials[name] ?? ''
  const url = (partner: string) => partners[partner]?.base_url ?? ''
  const gateway = {
    GATEWAY_URL: url('payment-gateway'),
    GATEWAY_KEY_ID: of('payment-gateway', 'key_id'),
    GATEWAY_KEY_SECRET: of('payment-gateway', 'key_secret'),
    GATEWAY_WEBHOOK_SECRET: of('payment-gateway', 'webhook_secret'),
    SHOP_CRONS: 'off',
  }
  if (site === 'fynd') {
    return {
      ...gateway,
      GOFYND_API_URL: url('fynd'),
      GOFYND_AFFILIATE_ID: of('fynd', 'affiliate_id'),
      GOFYND_AFFILIATE_TOKEN: of('fynd', 'token'),
      GOFYND_SECRET_KEY: of('fynd', 'secret'),
    }
  }
  if (site === 'konnect') {
    return {
      SHOP_CRONS: 'off',
      KONNECT_API_URL: url('konnect'),
      KONNECT_USERNAME: of('konnect', 'username'),
      KONNECT_PASSWORD: of('konnect', 'password'),
      KONNECT_LOCATIONS: 'BLR-01',
    }
  }
  return {
    ...gateway,
    ARVIND_API_URL: url('arvind'),
    ARVIND_USERNAME: of('arvind', 'username'),
    ARVIND_PASSWORD: of('arvind', 'password'),
    ARVIND_AUTH_TOKEN: of('arvind', 'auth_token'),
    ARVIND_CHANNEL_ID: of('arvind', 'channel_id'),
    ARVIND_WAREHOUSE_ID: of('arvind', 'warehouse_id'),
    ARVIND_ORDERING_STORE_ID: of('arvind', 'ordering_store_id'),
  }
}

/** A shop of somebody's own, wired to a world that stands: the world is told where it listens, and stays. */
async function enterOwnShop({ ask, options }: Wish): Promise<Place> {
  const { target = '', control = 'http://127.0.0.1:4000', world = 'default' } = options
  const site = onlySite(ask, 'a shop')
  const call = createCaller(control, options.token)
  const { partners } = (await call('GET', `/_sim/worlds/${world}`)) as {
    partners: Record<string, Account>
  }
  await call('PUT', `/_sim/worlds/${world}/shop`, siteUrls({ [site]: target }))
  return {
    control,
    world,
    accounts: partners,
    shops: { [site]: target },
    isShopOurs: false,
    skus: options.skus ?? skusOf(ask),
    leave: async () => {},
  }
}

/** A partner's own test system: no acts, no judge, and only what a client may ask. */
async function enterSandbox({ ask, options }: Wish): Promise<Place> {
  const { target = '', skus } = options
  const site = onlySite(ask, 'a sandbox')
  if (ask.question === 'webhook-storm' || site === 'arvind') {
    throw new UsageError(`${target} has no control plane; ${ask.question} of ${site} needs one.`)
  }
  if (skus === undefined) {
    throw new UsageError(
      `${target} has no control plane, so it is a sandbox: name its SKUs, --skus A,B.`,
    )
  }
  if (options.partner || options.faults.length > 0) {
    throw new UsageError('A sandbox takes no --partner and no --fault.')
  }
  const need = (name: string): string => {
    const value = process.env[name]
    if (value) return value
    throw new UsageError(`${target} has no control plane, so it is a sandbox: set ${name}.`)
  }
  const credentials: Record<string, string> =
    site === 'fynd'
      ? {
          affiliate_id: need('GOFYND_AFFILIATE_ID'),
          token: need('GOFYND_AFFILIATE_TOKEN'),
          secret: need('GOFYND_SECRET_KEY'),
        }
      : { username: need('KONNECT_USERNAME'), password: need('KONNECT_PASSWORD') }
  return {
    // Order ids must be new to a sandbox that remembers those of earlier runs.
    world: `load-${Date.now()}`,
    accounts: { [site]: { base_url: target, credentials } },
    shops: {},
    isShopOurs: false,
    skus,
    leave: async () => {},
  }
}

function onlySite(ask: Ask, what: string): Site {
  const [site, ...more] = ask.sites
  if (site === undefined || more.length > 0) {
    throw new UsageError(
      `--target is ${what} of one site: choose it, --site ${ask.sites.join(' or ')}.`,
    )
  }
  return site
}

async function isControlPlane(url: string): Promise<boolean> {
  try {
    const answer = await fetch(`${url}/_sim/health`)
    return answer.ok && ((await answer.json()) as { ok?: unknown }).ok === true
  } catch (error) {
    // Not JSON: somebody else's server. Nobody there at all is a mistake.
    if (error instanceof SyntaxError) return false
    throw new UsageError(`Nobody answers at ${url}.`)
  }
}

function createCaller(control: string, token: string | undefined) {
  return async (method: string, path: string, body?: object): Promise<unknown> => {
    const headers: Record<string, string> = { 'content-type': 'application/json' }
    if (token !== undefined) headers.authorization = `Bearer ${token}`
    const answer = await fetch(`${control}${path}`, {
      method,
      headers,
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    }).catch(() => {
      throw new UsageError(`No control plane answers at ${control}. Start one: npm start`)
    })
    const text = await answer.text()
    if (!answer.ok) throw new UsageError(`${method} ${path}: ${answer.status} ${text}`)
    return JSON.parse(text)
  }
}
