import { readFileSync } from 'node:fs'
import { expect, it } from 'vitest'
import { parse } from 'yaml'
import { createWorld } from './simulators/index.ts'

interface Service {
  image?: string
  profiles?: string[]
  ports?: string[]
  command?: string[]
  entrypoint?: string[]
  environment?: Record<string, string>
}

const { services } = parse(readFileSync(new URL('docker-compose.yml', import.meta.url), 'utf8'), {
  merge: true,
}) as { services: Record<string, Service> }
const simulators = services.simulators?.command ?? []
const simulatorsEnvironment = services.simulators?.environment ?? {}
const shops = { 'reference-client': 4100, 'arvind-shop': 4101, 'konnect-seller': 4102 }

it('gives each shop the credentials of the seed', () => {
  const seed = Number(simulators[simulators.indexOf('--seed') + 1])
  const world = createWorld({ seed })
  const fynd = world.credentials('fynd')
  const arvind = world.credentials('arvind')
  const konnect = world.credentials('konnect')
  const { key_id, key_secret, webhook_secret } = world.credentials('payment-gateway')
  const gateway = {
    GATEWAY_KEY_ID: key_id,
    GATEWAY_KEY_SECRET: key_secret,
    GATEWAY_WEBHOOK_SECRET: webhook_secret,
  }
  expect(services['reference-client']?.environment).toMatchObject({
    GOFYND_AFFILIATE_ID: fynd.affiliate_id,
    GOFYND_AFFILIATE_TOKEN: fynd.token,
    GOFYND_SECRET_KEY: fynd.secret,
    ...gateway,
  })
  expect(services['arvind-shop']?.environment).toMatchObject({
    ARVIND_USERNAME: arvind.username,
    ARVIND_PASSWORD: arvind.password,
    ARVIND_AUTH_TOKEN: arvind.auth_token,
    ARVIND_CHANNEL_ID: arvind.channel_id,
    ARVIND_WAREHOUSE_ID: arvind.warehouse_id,
    ARVIND_ORDERING_STORE_ID: arvind.ordering_store_id,
    ...gateway,
  })
  expect(services['konnect-seller']?.environment).toMatchObject({
    KONNECT_USERNAME: konnect.username,
    KONNECT_PASSWORD: konnect.password,
  })
})

it('publishes every port on loopback alone', () => {
  const ports = Object.values(services).flatMap((service) => service.ports ?? [])
  for (const wanted of [4000, 4010, 4020, 4030, 4040, 4100, 4101, 4102]) {
    expect(ports).toContain(`127.0.0.1:${wanted}:${wanted}`)
  }
  for (const port of ports) expect(port).toMatch(/^127\.0\.0\.1:(\d+):\1$/)
})

it('sets a token, and lets webhooks go to every shop, which answers to both of its names', () => {
  expect(simulatorsEnvironment.UNDERSTUDY_TOKEN).toBeTruthy()
  const allowed = simulators.slice(simulators.indexOf('--allow-host'))
  const introduction = services.introduction?.entrypoint?.join('\n') ?? ''
  for (const [name, port] of Object.entries(shops)) {
    const { environment = {}, ports } = services[name] ?? {}
    expect(allowed).toContain(name)
    expect(introduction).toContain(`http://${name}:${port}`)
    expect(ports).toEqual([`127.0.0.1:${port}:${port}`])
    expect(environment.SHOP_PORT).toBe(String(port))
    // The payment page sends the browser back to where the browser is.
    expect(environment.SHOP_PUBLIC_URL).toBe(`http://127.0.0.1:${port}`)
    expect(environment.SHOP_ALLOWED_HOSTS?.split(',')).toContain(`${name}:${port}`)
    if (environment.GATEWAY_URL) expect(environment.SHOP_SERVICE_URL).toBe(`http://${name}:${port}`)
  }
})

it('starts a broker and its database on request alone, with a login that fits', () => {
  const { 'pact-broker': broker, 'pact-database': database } = services
  for (const service of [broker, database]) {
    expect(service?.profiles).toEqual(['broker'])
    expect(service?.image).toMatch(/:\d+(\.\d+)*-/)
  }
  const { POSTGRES_USER, POSTGRES_PASSWORD, POSTGRES_DB } = database?.environment ?? {}
  expect(broker?.environment?.PACT_BROKER_DATABASE_URL).toBe(
    `postgres://${POSTGRES_USER}:${POSTGRES_PASSWORD}@pact-database/${POSTGRES_DB}`,
  )
  expect(broker?.ports).toEqual(['127.0.0.1:9292:9292'])
  expect(database?.ports).toBeUndefined()
})
