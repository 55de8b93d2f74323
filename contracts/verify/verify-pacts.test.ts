import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterAll, expect, it } from 'vitest'
import type { Check } from './check.ts'
import { cornerShopFile, readCornerShop, type WrittenPact } from './testing/corner-shop.ts'
import { type PactsWish, verifyPacts } from './verify-pacts.ts'

const scratch = mkdtempSync(join(tmpdir(), 'understudy-verify-'))
afterAll(() => rmSync(scratch, { recursive: true }))

const wish: PactsWish = {
  from: fileURLToPath(cornerShopFile),
  aliases: {},
  headers: {},
  keepCredentials: false,
  states: {},
  broker: { login: {}, selectors: [{ latest: true }], pending: false },
}

const told = (checks: Check[]) => checks.map(({ name, outcome }) => `${outcome}: ${name}`)
const notesOf = (checks: Check[]) => checks.flatMap(({ notes }) => notes).join('\n')

/** The pact of the corner shop, changed, as a file. */
function written(name: string, change: (pact: WrittenPact) => Partial<WrittenPact>): string {
  const file = join(scratch, `${name}.json`)
  const pact = readCornerShop()
  writeFileSync(file, JSON.stringify({ ...pact, ...change(pact) }))
  return file
}

it('verifies a pact that was written by hand, with states and without', async () => {
  const checks = await verifyPacts(wish)
  expect(told(checks)).toEqual([
    'green: what is in stock of two sizes',
    'green: whether a pincode is served',
    'green: an order that nobody placed',
    'green: where a delivered order is',
  ])
  expect(checks[0]?.group).toBe(`corner-shop → fynd (${wish.from})`)
})

it('is red where the simulator answers otherwise, and says how', async () => {
  const from = written('status', ({ interactions }) => ({
    interactions: interactions.map((each) =>
      each.description === 'an order that nobody placed'
        ? { ...each, response: { status: 200 } }
        : each,
    ),
  }))
  const checks = await verifyPacts({ ...wish, from })
  expect(checks.map(({ outcome }) => outcome)).toEqual(['green', 'green', 'red', 'green'])
  expect(checks[2]?.notes).toContain('expected 200 but was 404')
})

it('an unknown provider state is red, with the names that there are', async () => {
  const from = written('state', ({ interactions }) => ({
    interactions: interactions.map((each) =>
      each.providerStates ? { ...each, providerStates: [{ name: 'fynd.order.plase' }] } : each,
    ),
  }))
  const checks = await verifyPacts({ ...wish, from })
  expect(checks.map(({ outcome }) => outcome)).toEqual(['green', 'green', 'green', 'red'])
  expect(checks[3]?.notes.join()).toMatch(
    /"fynd.order.plase" was refused: .*Did you mean "fynd.order.place"\? Near: fynd.order.* fault\./,
  )
})

it('an unknown state names the nearest acts of its partner and the client’s own sentences alone', async () => {
  const from = written('sentence', ({ interactions }) => ({
    interactions: interactions.flatMap((each) =>
      each.providerStates ? [{ ...each, providerStates: [{ name: 'stock was set' }] }] : [],
    ),
  }))
  const states = { 'it was delivered': [] }
  const notes = notesOf(await verifyPacts({ ...wish, from, states }))
  expect(notes).toMatch(/Near: .*fynd\.stock\.set.*, fault, "it was delivered"\./)
  expect(notes).not.toMatch(/konnect\.|arvind\./)
  expect(notes.length).toBeLessThan(400)
})

it.each(['', '/a/fyndkonnect', '/a/ginesys', '/a/unicommerce'])(
  'Konnect’s calls at "%s" carry a token, whether the pact has one or not',
  async (door) => {
    const from = join(scratch, `konnect${door.replaceAll('/', '-')}.json`)
    const interaction = {
      type: 'Synchronous/HTTP',
      description: 'orders that are new',
      request: {
        method: 'GET',
        path: `${door}/oms/v3/shipment/info`,
        query: { orderStatus: ['CREATED'] },
      },
      response: { status: 200 },
    }
    writeFileSync(
      from,
      JSON.stringify({
        consumer: { name: 'corner-shop' },
        provider: { name: 'konnect' },
        interactions: [interaction],
        metadata: { pactSpecification: { version: '4.0' } },
      }),
    )
    const checks = await verifyPacts({ ...wish, from })
    expect(checks).toMatchObject([{ outcome: 'green', notes: [] }])
    const kept = await verifyPacts({ ...wish, from, keepCredentials: true })
    expect(notesOf(kept)).toContain('expected 200 but was 401')
  },
)

it('states in the words of the client mean what they were said to mean', async () => {
  const from = written('words', ({ interactions }) => ({
    interactions: interactions.flatMap((each) =>
      each.providerStates ? [{ ...each, providerStates: [{ name: 'it was delivered' }] }] : [],
    ),
  }))
  const acts = (to: string) => [
    ['fynd.order.place', { affiliate_order_id: 'C-1', lines: [{ sku: 'TEE-M' }] }] as const,
    ['fynd.order.advance', { affiliate_order_id: 'C-1', to }] as const,
  ]
  const verify = (to: string) =>
    verifyPacts({ ...wish, from, states: { 'it was delivered': acts(to) } })
  expect(await verify('delivery_done')).toMatchObject([{ outcome: 'green' }])
  expect(await verify('bag_packed')).toMatchObject([{ outcome: 'red' }])
  const typo = { 'it was delivered': [['fynd.order.plase', {}] as const] }
  expect(notesOf(await verifyPacts({ ...wish, from, states: typo }))).toContain(
    '"it was delivered" was refused: Unknown act "fynd.order.plase".',
  )
})

it('nothing is left of the states before one that was refused', async () => {
  const from = written('leftovers', ({ interactions: [stock] }) => {
    if (stock === undefined) return {}
    const request = { ...stock.request, query: { sku_code: ['TEE-M'] } }
    const offSale = { name: 'fynd.sku.take-off-sale', params: { sku: 'TEE-M' } }
    const nothing = { ...stock.response, body: { items: [] }, matchingRules: {} }
    return {
      interactions: [
        {
          ...stock,
          request,
          description: 'off sale',
          providerStates: [offSale],
          response: nothing,
        },
        { ...stock, request, description: 'bad', providerStates: [offSale, { name: 'no.act' }] },
        { ...stock, request, description: 'on sale' },
      ],
    }
  })
  expect(told(await verifyPacts({ ...wish, from }))).toEqual([
    'green: off sale',
    'red: bad',
    'green: on sale',
  ])
})

it('a pact without interactions is red, a folder without pacts has nothing to tell', async () => {
  const from = written('empty', () => ({ interactions: [] }))
  const checks = await verifyPacts({ ...wish, from })
  expect(checks).toMatchObject([{ outcome: 'red', notes: ['The pact holds no interaction.'] }])
  const folder = mkdtempSync(join(scratch, 'folder-'))
  expect(await verifyPacts({ ...wish, from: folder })).toEqual([])
})

it('a provider of another name is the partner that was said', async () => {
  const from = written('alias', ({ interactions }) => ({
    provider: { name: 'GoFynd API' },
    interactions: interactions.slice(0, 1),
  }))
  await expect(verifyPacts({ ...wish, from })).rejects.toThrow(
    'The provider "GoFynd API" is no partner. Known: fynd, arvind, konnect, payment-gateway.',
  )
  for (const said of [{ aliases: { 'GoFynd API': 'fynd' } }, { partner: 'fynd' }]) {
    expect(told(await verifyPacts({ ...wish, from, ...said }))).toEqual([
      'green: what is in stock of two sizes',
    ])
  }
  await expect(verifyPacts({ ...wish, from, partner: 'fined' })).rejects.toThrow(
    'Did you mean "fynd"?',
  )
})

it('a pact whose paths begin behind the base URL verifies, too', async () => {
  const from = written('paths', ({ interactions }) => ({
    interactions: JSON.parse(JSON.stringify(interactions).replaceAll('"/gofynd/', '"/')),
  }))
  expect((await verifyPacts({ ...wish, from })).map(({ outcome }) => outcome)).toEqual([
    'green',
    'green',
    'green',
    'green',
  ])
})

it('an interaction whose description ends like that of another keeps its own reasons', async () => {
  const from = written('names', ({ interactions: [first, , third] }) => ({
    interactions: [first, third].flatMap((each, at) =>
      each === undefined
        ? []
        : [
            { ...each, description: 'an order', response: { status: 418 + at } },
            { ...each, description: 'where an order', response: { status: 428 + at } },
          ],
    ),
  }))
  const checks = await verifyPacts({ ...wish, from })
  expect(checks.map(({ notes }) => notes)).toEqual([
    ['expected 418 but was 200'],
    ['expected 428 but was 200'],
    ['expected 419 but was 404'],
    ['expected 429 but was 404'],
  ])
})

it('sends the headers that were given, or the credentials of the pact', async () => {
  const given = await verifyPacts({ ...wish, headers: { authorization: 'Bearer bm9ib2R5' } })
  expect(notesOf(given)).toContain('expected 200 but was 401')
  const kept = await verifyPacts({ ...wish, keepCredentials: true })
  expect(notesOf(kept)).toContain('expected 200 but was 401')
})

it('what is no pact is named', async () => {
  const file = join(scratch, 'none.json')
  writeFileSync(file, '{"interactions":[]}')
  await expect(verifyPacts({ ...wish, from: file })).rejects.toThrow(`${file} is no pact`)
  await expect(verifyPacts({ ...wish, from: join(scratch, 'gone.json') })).rejects.toThrow(
    'Cannot read',
  )
})
