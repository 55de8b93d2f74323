import { createHmac } from 'node:crypto'
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { afterAll, afterEach, expect, it } from 'vitest'
import { close, type Listening, listen } from './listen.ts'
import {
  openShopUnderVerification,
  type ShopSite,
  type ShopUnderVerification,
} from './shop-states.ts'
import { proveAndForward, type SignedCall } from './signing-proxy.ts'
import { verifyPact } from './verify.ts'

const open: Listening[] = []
afterEach(async () => {
  await Promise.all(open.splice(0).map(close))
})

const scratch = mkdtempSync(join(tmpdir(), 'understudy-told-'))
afterAll(() => rmSync(scratch, { recursive: true }))

const hmac = (secret: string, text: string) =>
  createHmac('sha256', secret).update(text).digest('hex')

/** How each partner proves itself to the shop; `wrong` makes the proof one of somebody else. */
function proofTo(shop: ShopUnderVerification, partner: string, wrong = '') {
  return ({ body, target }: SignedCall): Record<string, string> => {
    const credentials = shop.world().credentials(partner)
    if (partner === 'arvind') {
      const pair = `${credentials.username}:${credentials.password}${wrong}`
      return { authorization: `Basic ${Buffer.from(pair).toString('base64')}` }
    }
    if (partner === 'fynd') return { 'x-fp-signature': hmac(`${credentials.secret}${wrong}`, body) }
    if (partner === 'konnect' || target === '/gateway/callback') return {}
    return { 'x-gateway-signature': hmac(`${credentials.webhook_secret}${wrong}`, body) }
  }
}

const sites: Record<string, ShopSite> = {
  fynd: 'fynd',
  arvind: 'arvind',
  konnect: 'konnect',
  'payment-gateway': 'fynd',
}
const partners = Object.keys(sites)

const pactOf = (partner: string) =>
  new URL(`../pacts/${partner}-reference-client.json`, import.meta.url)

interface Drift {
  /** Makes the proof one of somebody else. */
  wrong?: string
  /** The proof stands in a header of another name. */
  header?: string
  /** A word of the pact, and the word instead. */
  word?: [string, string]
}

async function verify(partner: string, { wrong, header, word }: Drift = {}) {
  const shop = openShopUnderVerification(sites[partner] ?? 'fynd')
  const receiver = await listen(shop.listener)
  const prove = proofTo(shop, partner, wrong)
  const renamed = (call: SignedCall): Record<string, string> =>
    header === undefined
      ? prove(call)
      : { 'x-fp-signature': '', [header]: prove(call)['x-fp-signature'] ?? '' }
  const proxy = await listen(proveAndForward(receiver.url, renamed))
  const states = await listen(shop.states)
  open.push(receiver, proxy, states)
  const pact = word === undefined ? pactOf(partner) : changedPact(partner, word)
  const { interactions } = JSON.parse(readFileSync(pact, 'utf8')) as { interactions: object[] }
  const verification = await verifyPact({
    pact,
    provider: 'reference-client',
    providerUrl: proxy.url,
    statesUrl: states.url,
  })
  return { verification, count: interactions.length }
}

function changedPact(partner: string, [from, to]: [string, string]): URL {
  const file = join(scratch, `${partner}.json`)
  writeFileSync(file, readFileSync(pactOf(partner), 'utf8').replaceAll(from, to))
  return pathToFileURL(file)
}

it.each(partners)(
  'the reference client takes what %s tells',
  async (partner) => {
    const { verification, count } = await verify(partner)
    expect(verification).toEqual({ isGreen: true, interactions: count, errors: [] })
  },
  60_000,
)

it.each(['fynd', 'arvind', 'payment-gateway'])(
  'the reference client refuses who proves himself wrongly as %s',
  async (partner) => {
    const { verification, count } = await verify(partner, { wrong: '-of-somebody-else' })
    expect(verification.isGreen).toBe(false)
    // The callback is signed inside its form, and the proxy does not touch it.
    expect(verification.interactions).toBe(partner === 'payment-gateway' ? count - 2 : 0)
    expect(verification.errors.join()).toContain('expected 200 but was 401')
  },
  60_000,
)

it.each([
  ['fynd', 'bags'],
  ['arvind', 'orderReference'],
  ['payment-gateway', 'merchant_order_id'],
])(
  'a field that %s renames in what it tells is caught: %s',
  async (partner, field) => {
    const { verification } = await verify(partner, { word: [field, `${field}_renamed`] })
    expect(verification.isGreen).toBe(false)
  },
  60_000,
)

it('a signature in a header of another name is caught', async () => {
  const { verification } = await verify('fynd', { header: 'x-signature' })
  expect(verification).toMatchObject({ isGreen: false, interactions: 0 })
}, 60_000)

it('a state that the shop does not know is caught', async () => {
  const word: [string, string] = ['shop.order.placed', 'shop.order.plaiced']
  const { verification } = await verify('fynd', { word })
  expect(verification).toMatchObject({ isGreen: false, interactions: 0 })
}, 60_000)
