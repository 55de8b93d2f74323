import type { KonnectSettings } from './konnect/seller-settings.ts'
import { openShop, type ShopServerOptions } from './server.ts'
import type { SiteName } from './websites.ts'

/**
 * Runs the shop alone, by environment variables. SHOP_SITE says which partner it has: `fynd` (the usual one) wants GOFYND_API_URL,
 * GOFYND_AFFILIATE_ID, GOFYND_AFFILIATE_TOKEN and GOFYND_SECRET_KEY; `arvind` wants ARVIND_API_URL, ARVIND_USERNAME, ARVIND_PASSWORD,
 * ARVIND_AUTH_TOKEN, ARVIND_CHANNEL_ID, ARVIND_WAREHOUSE_ID and ARVIND_ORDERING_STORE_ID, and may have ARVIND_STATUS. Both want
 * GATEWAY_URL, GATEWAY_KEY_ID, GATEWAY_KEY_SECRET, GATEWAY_WEBHOOK_SECRET. `konnect` wants KONNECT_API_URL and KONNECT_LOCATIONS
 * (codes, comma-separated) with KONNECT_USERNAME and KONNECT_PASSWORD, or a `code:username:password` for each location. All take as
 * wanted SHOP_PORT, SHOP_HOST, SHOP_DATA,
 * SHOP_PUBLIC_URL, SHOP_SERVICE_URL, SHOP_ALLOWED_HOSTS, SHOP_ADMIN_TOKEN, SHOP_CRONS=off, SHOP_TEST_CLOCK=on, SHOP_SEED, SHOP_SAFETY_STOCK.
 * Prints one line, `shop listening on URL`, once it can be called.
 */
function readEnvironment(environment: NodeJS.ProcessEnv): ShopServerOptions {
  const missing: string[] = []
  const need = (name: string): string => {
    const value = environment[name]
    if (value === undefined || value === '') missing.push(name)
    return value ?? ''
  }
  const number = (name: string, usual: number): number => {
    const value = environment[name]
    if (value === undefined || value === '') return usual
    if (!/^\d{1,9}$/.test(value)) throw new Error(`${name}: a number is wanted, not "${value}".`)
    return Number(value)
  }
  const site = environment.SHOP_SITE || 'fynd'
  if (!isSite(site)) {
    throw new Error(`SHOP_SITE: one of ${Object.keys(usualPorts).join(', ')}, not "${site}".`)
  }
  const shared = {
    port: number('SHOP_PORT', usualPorts[site]),
    crons: environment.SHOP_CRONS !== 'off',
    forTests: environment.SHOP_TEST_CLOCK === 'on',
    allowedHosts: (environment.SHOP_ALLOWED_HOSTS ?? '').split(',').filter((host) => host !== ''),
    ...(environment.SHOP_HOST && { host: environment.SHOP_HOST }),
    ...(environment.SHOP_DATA && { dataDir: environment.SHOP_DATA }),
    ...(environment.SHOP_SEED && { seed: environment.SHOP_SEED }),
    ...(environment.SHOP_ADMIN_TOKEN && { adminToken: environment.SHOP_ADMIN_TOKEN }),
  }
  const publicUrl = environment.SHOP_PUBLIC_URL && { public_url: environment.SHOP_PUBLIC_URL }
  const complete = () => {
    if (missing.length > 0) {
      throw new Error(`Set these environment variables: ${missing.join(', ')}.`)
    }
  }
  if (site === 'konnect') {
    const settings = { konnect: readKonnect(need), ...publicUrl }
    complete()
    return { ...shared, site, settings }
  }
  const gofynd = () => ({
    api_url: need('GOFYND_API_URL'),
    affiliate_id: need('GOFYND_AFFILIATE_ID'),
    affiliate_token: need('GOFYND_AFFILIATE_TOKEN'),
    secret_key: need('GOFYND_SECRET_KEY'),
    ...(environment.SHOP_SAFETY_STOCK && { safety_stock: number('SHOP_SAFETY_STOCK', 0) }),
  })
  const arvind = () => ({
    api_url: need('ARVIND_API_URL'),
    username: need('ARVIND_USERNAME'),
    password: need('ARVIND_PASSWORD'),
    auth_token: need('ARVIND_AUTH_TOKEN'),
    channel_id: need('ARVIND_CHANNEL_ID'),
    warehouse_id: need('ARVIND_WAREHOUSE_ID'),
    ordering_store_id: need('ARVIND_ORDERING_STORE_ID'),
    ...(environment.ARVIND_STATUS === 'disabled' && { status: 'disabled' as const }),
  })
  const settings = {
    ...(site === 'fynd' ? { gofynd: gofynd() } : { arvind: arvind() }),
    gateway: {
      url: need('GATEWAY_URL'),
      key_id: need('GATEWAY_KEY_ID'),
      key_secret: need('GATEWAY_KEY_SECRET'),
      webhook_secret: need('GATEWAY_WEBHOOK_SECRET'),
    },
    ...publicUrl,
    ...(environment.SHOP_SERVICE_URL && { service_url: environment.SHOP_SERVICE_URL }),
  }
  complete()
  return { ...shared, site, settings }
}

/** One token for the company, or one a store where the locations carry credentials (konnect.md 1.4). */
function readKonnect(need: (name: string) => string): KonnectSettings {
  const locations = need('KONNECT_LOCATIONS')
    .split(',')
    .map((entry) => entry.split(':'))
    .map(([code = '', username, ...password]) =>
      username === undefined ? { code } : { code, username, password: password.join(':') },
    )
  const isByLocation = locations.some((location) => 'username' in location)
  return {
    api_url: need('KONNECT_API_URL'),
    access: isByLocation ? 'location' : 'company',
    username: isByLocation ? '' : need('KONNECT_USERNAME'),
    password: isByLocation ? '' : need('KONNECT_PASSWORD'),
    locations,
  }
}

const usualPorts = { fynd: 4100, arvind: 4101, konnect: 4102 } satisfies Record<
  SiteName | 'konnect',
  number
>

function isSite(name: string): name is keyof typeof usualPorts {
  return Object.hasOwn(usualPorts, name)
}

async function main() {
  const shop = await openShop(readEnvironment(process.env))
  console.log(`shop listening on ${shop.url}`)
  for (const signal of ['SIGINT', 'SIGTERM'] as const) {
    process.once(signal, () => {
      shop.close().then(
        () => process.exit(0),
        () => process.exit(1),
      )
    })
  }
}

main().catch((error: unknown) => {
  console.error(error instanceof Error ? error.message : error)
  process.exitCode = 2
})
