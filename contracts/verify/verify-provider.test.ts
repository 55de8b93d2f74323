import { request as httpRequest } from 'node:http'
import { afterAll, beforeAll, beforeEach, expect, it } from 'vitest'
import { openSimulators, type Simulators } from '../../simulators/server.ts'
import { close, type Listening, listen, readBytes } from '../provider/listen.ts'
import type { Check } from './check.ts'
import { type ProviderWish, verifyProvider } from './verify-provider.ts'

let sandbox: Simulators
const open: Listening[] = []

// Stands for a sandbox: another seed than anybody here uses, and nobody brings about states.
beforeAll(async () => {
  sandbox = await openSimulators({ port: 0, seed: 99 })
})

beforeEach(() => sandbox.house.get('default').world.reset())

afterAll(async () => {
  await Promise.all(open.map(close))
  await sandbox.close()
})

const partners = ['fynd', 'arvind', 'konnect', 'payment-gateway']

function wishFor(partner: string, wish: Partial<ProviderWish> = {}): ProviderWish {
  const { world } = sandbox.house.get('default')
  return {
    partner,
    url: world.baseUrl(partner),
    credentials: world.credentials(partner),
    headers: {},
    all: false,
    values: {},
    nowMs: Date.now,
    ...wish,
  }
}

const bad = (checks: Check[]) => checks.filter(({ outcome }) => outcome === 'red')
const named = (checks: Check[], outcome: Check['outcome']) =>
  checks.filter((check) => check.outcome === outcome).map(({ name }) => name)

it.each(partners)('%s with another seed answers as its document says', async (partner) => {
  const before = sandbox.house.get('default').world.counts()
  const checks = await verifyProvider(wishFor(partner))
  expect(bad(checks)).toEqual([])
  expect(named(checks, 'green').length).toBeGreaterThan(0)
  const { requests, bugs } = sandbox.house.get('default').world.counts()
  expect(requests).toBeGreaterThan(before.requests)
  expect(bugs).toBe(0)
})

it.each(partners)('what changes something at %s is asked for on request alone', async (partner) => {
  const { world } = sandbox.house.get('default')
  const quiet = await verifyProvider(wishFor(partner))
  const left = named(quiet, 'skipped')
  expect(left.length).toBeGreaterThan(1)
  // A token is all that asking leaves behind.
  const stateOf = () => ({ ...(world.state(partner) as object), tokens: {} })
  const state = stateOf()
  await verifyProvider(wishFor(partner))
  expect(stateOf()).toEqual(state)
  const all = await verifyProvider(wishFor(partner, { all: true }))
  expect(bad(all)).toEqual([])
  expect(all.map(({ name }) => name)).toEqual(expect.arrayContaining(left))
  // Whatever is left out then was asked for and refused.
  for (const check of all.filter(({ outcome }) => outcome === 'skipped')) {
    expect(check.notes.join()).toContain('refused as documented')
  }
  expect(named(all, 'green').length).toBeGreaterThan(named(quiet, 'green').length)
})

it('an order that exists there is looked at', async () => {
  const { world } = sandbox.house.get('default')
  const lines = [{ sku: 'TEE-M' }]
  const { fynd_order_id } = world.act('fynd.order.place', {
    affiliate_order_id: 'S-1',
    lines,
  }) as { fynd_order_id: string }
  const values = { fynd_order_id }
  const checks = await verifyProvider(wishFor('fynd', { values }))
  const track = checks.find(({ name }) => name === 'trackOrder')
  expect(track?.notes.join()).toMatch(new RegExp(`GET /v1/.*${fynd_order_id}/track 200$`))
})

it('values of your own that are refused are red', async () => {
  const values = { fynd_order_id: 'FY00000000000000FFFF' }
  const checks = await verifyProvider(wishFor('fynd', { values }))
  expect(named(checks, 'red')).toEqual(['trackOrder'])
})

it('wrong credentials are red, and no report shows a secret', async () => {
  const credentials = { username: 'fake-seller-fyndkonnect', password: 'fake-wrong-password' }
  const checks = await verifyProvider(wishFor('konnect', { credentials }))
  expect(named(checks, 'green')).toEqual([])
  expect(JSON.stringify(checks)).toContain('are the credentials right?')
  expect(JSON.stringify(checks)).not.toContain('fake-wrong-password')
})

it('headers that were given go along', async () => {
  const headers = { authorization: 'Bearer fake-of-somebody-else' }
  const checks = await verifyProvider(wishFor('fynd', { headers }))
  expect(named(checks, 'green')).toEqual([])
})

it('credentials that are missing and partners that are not are refused before anything is asked', async () => {
  await expect(verifyProvider(wishFor('fynd', { credentials: {} }))).rejects.toThrow(
    '--credentials affiliate_id=… token=…',
  )
  await expect(verifyProvider({ ...wishFor('fynd'), partner: 'fined' })).rejects.toThrow(
    'No partner "fined". Known: fynd, arvind, konnect, payment-gateway.',
  )
})

it('a sandbox of which only refusals come is red', async () => {
  const { auth_token = '', channel_id = '' } = sandbox.house
    .get('default')
    .world.credentials('arvind')
  const checks = await verifyProvider(
    wishFor('arvind', { credentials: { auth_token, channel_id } }),
  )
  expect(named(checks, 'red')).toEqual(['any answer at all'])
  expect(named(checks, 'green')).toEqual([])
})

it('a refusal of an example shows nothing: it is left out, and says which fields to name', async () => {
  const checks = await verifyProvider(wishFor('konnect'))
  const label = checks.find(({ name }) => name === 'fetchShippingLabel')
  expect(label).toMatchObject({ outcome: 'skipped', isRefusal: true })
  expect(label?.notes.join()).toMatch(/400: refused as documented; to see more: --set orderId=…/)
  expect(JSON.stringify(checks)).not.toContain('FIELD')
})

it('what Arvind’s questions are made of is named when only the token is given', async () => {
  const { auth_token = '' } = sandbox.house.get('default').world.credentials('arvind')
  const checks = await verifyProvider(wishFor('arvind', { credentials: { auth_token } }))
  const wanted = '--credentials channel_id=… warehouse_id=… ordering_store_id=…'
  const told = checks.filter(({ notes }) => notes.join().includes(wanted)).map(({ name }) => name)
  expect(told).toContain('getOrderDetails')
  expect(told).toContain('any answer at all')
})

it.each([
  ['fynd', 'listInventoryChanges'],
  ['payment-gateway', 'getPayment'],
  ['konnect', 'checkProductStatus'],
])('a base URL below which %s is not is red for every operation', async (partner, operation) => {
  const url = `http://127.0.0.1:${sandbox.ports[partner]}/elsewhere`
  const checks = await verifyProvider(wishFor(partner, { url }))
  expect(named(checks, 'green')).toEqual([])
  expect(named(checks, 'red')).toContain(operation)
  expect(bad(checks).length).toBe(checks.length - named(checks, 'skipped').length)
  const left = checks.filter(({ outcome }) => outcome === 'skipped')
  expect(left.every(({ notes }) => notes.join().includes('ask for it with --all'))).toBe(true)
})

it('FYND without /gofynd is red for every operation', async () => {
  const url = `http://127.0.0.1:${sandbox.ports.fynd}`
  const checks = await verifyProvider(wishFor('fynd', { url }))
  expect(named(checks, 'green')).toEqual([])
  expect(named(checks, 'red')).toEqual(
    expect.arrayContaining(['getStockStatus', 'checkServiceability', 'trackOrder', 'listReasons']),
  )
  expect(JSON.stringify(checks)).toContain('is the base URL right?')
})

it.each([
  [404, 'The operation is not there'],
  [405, 'answered 405'],
])('operations that are gone are red, though %d is documented', async (status, why) => {
  const { world } = sandbox.house.get('default')
  // In the shape that the document knows for it.
  const stranger = await fetch(`${world.baseUrl('fynd')}/nothing`)
  const refusal = await stranger.text()
  const url = await standBefore('fynd', (body, path) =>
    /stock-status|serviceability/.test(path) ? { status, body: refusal } : { body },
  )
  const checks = await verifyProvider(wishFor('fynd', { url: `${url}/gofynd` }))
  expect(named(checks, 'red')).toEqual([
    'getStockStatus',
    'queryStockStatus',
    'checkServiceability',
  ])
  for (const { notes } of bad(checks)) {
    expect(notes.join()).toContain(why)
    expect(notes.join()).not.toContain('refused as documented')
  }
  expect(named(checks, 'green')).toEqual(['listInventoryChanges'])
})

type Change = (body: string, path: string) => { status?: number; type?: string; body: string }

/** Where a partner answers as ever, but for what `change` makes of it. */
async function standBefore(partner: string, change: Change): Promise<string> {
  const url = `http://127.0.0.1:${sandbox.ports[partner]}`
  const proxy = await listen((incoming, outgoing) => {
    const { method, url: path = '/', headers } = incoming
    const forwarded = httpRequest(`${url}${path}`, { method, headers }, (answer) => {
      void readBytes(answer).then((bytes) => {
        const { status, type, body } = change(bytes.toString('utf8'), path)
        const contentType = type ?? 'application/json'
        outgoing.writeHead(status ?? answer.statusCode ?? 502, { 'content-type': contentType })
        outgoing.end(body)
      })
    })
    void readBytes(incoming).then((bytes) => forwarded.end(bytes))
  })
  open.push(proxy)
  return proxy.url
}

it.each([
  ['a field that is missing', (body: string) => ({ body: body.replace(/"\w+":/, '"renamed":') })],
  ['an undocumented status', (body: string) => ({ body, status: 206 })],
  ['a page instead of JSON', () => ({ body: '<html></html>', type: 'text/html' })],
  ['a broken body', () => ({ body: '{' })],
  ['an outage', (body: string) => ({ body, status: 503 })],
] as const)('%s is red', async (_name, change) => {
  const url = await standBefore('payment-gateway', change)
  const checks = await verifyProvider(wishFor('payment-gateway', { url }))
  expect(named(checks, 'red')).toContain('listPayments')
})

it('a sandbox that does not answer is red', async () => {
  const checks = await verifyProvider(wishFor('fynd', { url: 'http://127.0.0.1:9/gofynd' }))
  expect(named(checks, 'green')).toEqual([])
  expect(bad(checks)[0]?.notes.join()).toContain('no answer')
})
