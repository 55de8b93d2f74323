import { readFileSync } from 'node:fs'
import { expect, it } from 'vitest'
import { parse } from 'yaml'
import { createWorld } from './simulators/index.ts'

interface Service {
  image?: string
  profiles?: string[]
  ports?: string[]
  command?: string[]
  environment?: Record<string, string>
}

const { services } = parse(readFileSync(new URL('docker-compose.yml', import.meta.url), 'utf8'), {
  merge: true,
}) as { services: Record<string, Service> }
const simulators = services.simulators?.command ?? []

it('gives the reference client the credentials of the seed', () => {
  const seed = Number(simulators[simulators.indexOf('--seed') + 1])
  const world = createWorld({ seed })
  const fynd = world.credentials('fynd')
  const gateway = world.credentials('payment-gateway')
  expect(services['reference-client']?.environment).toMatchObject({
    GOFYND_AFFILIATE_ID: fynd.affiliate_id,
    GOFYND_AFFILIATE_TOKEN: fynd.token,
    GOFYND_SECRET_KEY: fynd.secret,
    GATEWAY_KEY_ID: gateway.key_id,
    GATEWAY_KEY_SECRET: gateway.key_secret,
    GATEWAY_WEBHOOK_SECRET: gateway.webhook_secret,
  })
})

it('publishes every port on loopback alone', () => {
  const ports = Object.values(services).flatMap((service) => service.ports ?? [])
  expect(ports).toContain('127.0.0.1:4000:4000')
  expect(ports).toContain('127.0.0.1:4100:4100')
  for (const port of ports) expect(port).toMatch(/^127\.0\.0\.1:(\d+):\1$/)
})

it('sets a token and lets webhooks go to the reference client', () => {
  expect(services.simulators?.environment?.UNDERSTUDY_TOKEN).toBeTruthy()
  expect(simulators.slice(simulators.indexOf('--allow-host'))).toContain('reference-client')
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
