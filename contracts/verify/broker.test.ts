import { afterEach, expect, it } from 'vitest'
import { publishPacts } from './broker.ts'
import { readPacts } from './pacts.ts'
import { openBrokerStandIn } from './testing/broker-stand-in.ts'
import { cornerShopFile, readCornerShop } from './testing/corner-shop.ts'
import { type PactsWish, verifyPacts } from './verify-pacts.ts'

const open: { close(): Promise<void> }[] = []
afterEach(async () => {
  for (const each of open.splice(0)) await each.close()
})

async function openBroker(pacts: Record<string, object>) {
  const broker = await openBrokerStandIn(pacts)
  open.push(broker)
  const wish: PactsWish = {
    from: broker.url,
    aliases: {},
    headers: {},
    keepCredentials: false,
    states: {},
    broker: {
      login: { pactBrokerToken: 'fake-broker-token' },
      selectors: [{ mainBranch: true }],
      pending: false,
    },
  }
  return { ...broker, wish }
}

const publication = {
  version: '2026.1',
  branch: 'main',
  tags: ['test', 'blue'],
  buildUrl: 'http://ci.example/7',
}

it('verifies what the broker has and publishes how it went', async () => {
  const { wish, calls } = await openBroker({ fynd: readCornerShop() })
  const checks = await verifyPacts({ ...wish, partner: 'fynd', publish: publication })
  expect(checks.map(({ outcome }) => outcome)).toEqual(['green', 'green', 'green', 'green'])
  expect(new Set(calls.map(({ authorization }) => authorization))).toEqual(
    new Set(['Bearer fake-broker-token']),
  )
  const changes = calls.filter(({ method }) => method !== 'GET')
  const wanted = changes.find(({ path }) => path === '/pacts/provider/fynd/for-verification')
  expect(wanted?.body).toMatchObject({
    consumerVersionSelectors: [{ mainBranch: true }],
    providerVersionBranch: 'main',
  })
  expect(changes.map(({ path }) => path)).toEqual(
    expect.arrayContaining([
      '/pacticipants/fynd/branches/main/versions/2026.1',
      '/pacticipants/fynd/versions/2026.1/tags/test',
      '/pacticipants/fynd/versions/2026.1/tags/blue',
    ]),
  )
  const results = changes.filter(({ path }) => path.endsWith('/verification-results'))
  expect(results).toMatchObject([
    {
      body: {
        success: true,
        providerApplicationVersion: '2026.1',
        buildUrl: 'http://ci.example/7',
      },
    },
  ])
})

it('a red pact is published as red, and nothing without being asked', async () => {
  const pact = readCornerShop()
  const wrong = { ...pact.interactions[2], response: { status: 200 } }
  const { wish, calls } = await openBroker({ 'GoFynd API': { ...pact, interactions: [wrong] } })
  const asked = { ...wish, aliases: { 'GoFynd API': 'fynd' }, partner: 'fynd' }
  expect((await verifyPacts(asked)).map(({ outcome }) => outcome)).toEqual(['skipped', 'red'])
  const results = () => calls.filter(({ path }) => path.endsWith('/verification-results'))
  expect(results()).toEqual([])
  await verifyPacts({ ...asked, publish: publication })
  expect(results()).toMatchObject([{ body: { success: false } }])
})

it('a partner without a pact is left out; a broker that refuses or does not answer is red', async () => {
  const { wish } = await openBroker({})
  const outcomes = (await verifyPacts(wish)).map(({ outcome }) => outcome)
  expect(outcomes).toEqual(['skipped', 'skipped', 'skipped', 'skipped'])
  const login = { pactBrokerToken: 'wrong' }
  const refused = { ...wish, broker: { ...wish.broker, login }, partner: 'fynd' }
  const said = expect.stringContaining('answered 401')
  expect(await verifyPacts(refused)).toMatchObject([{ outcome: 'red', notes: [said] }])
  const gone = { ...wish, from: 'http://127.0.0.1:9', partner: 'fynd' }
  expect(await verifyPacts(gone)).toMatchObject([{ outcome: 'red' }])
})

it('publishes pacts with version, branch and tags', async () => {
  const { url, calls } = await openBroker({})
  const pacts = readPacts(cornerShopFile.pathname)
  const login = { pactBrokerUsername: 'shop', pactBrokerPassword: 'fake-password' }
  expect(await publishPacts(url, login, pacts, publication)).toEqual([
    'Published corner-shop 2026.1 with fynd.',
    'Pact published.',
  ])
  const published = calls.find(({ method }) => method === 'POST')
  expect(published).toMatchObject({
    path: '/contracts/publish',
    authorization: `Basic ${btoa('shop:fake-password')}`,
    body: {
      pacticipantName: 'corner-shop',
      pacticipantVersionNumber: '2026.1',
      branch: 'main',
      tags: ['test', 'blue'],
      buildUrl: 'http://ci.example/7',
      contracts: [{ consumerName: 'corner-shop', providerName: 'fynd', specification: 'pact' }],
    },
  })
  const [contract] = (published?.body.contracts ?? []) as { content: string }[]
  expect(JSON.parse(atob(contract?.content ?? ''))).toEqual(readCornerShop())
})

it('what is no broker is told apart from one that refuses', async () => {
  const pacts = readPacts(cornerShopFile.pathname)
  const { url } = await openBroker({})
  await expect(publishPacts(`${url}/nothing`, {}, pacts, publication)).rejects.toThrow(
    'answered 404',
  )
  await expect(publishPacts('http://127.0.0.1:9', {}, pacts, publication)).rejects.toThrow(
    'does not answer',
  )
})
