import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { afterAll, afterEach, expect, it } from 'vitest'
import { coreOf } from '../../simulators/core/world.ts'
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

const channelOf = (partner: string, target: string): string => {
  if (partner === 'arvind') return target.endsWith('inventory') ? 'inventory' : 'status'
  return target === '/gateway/callback' ? 'callback' : 'webhook'
}

/** The partner's own way to prove itself to the shop; `isWrong` makes the proof one of somebody else. */
function proofTo(shop: ShopUnderVerification, partner: string, isWrong: boolean) {
  return ({ body, target }: SignedCall): Record<string, string> => {
    const room = coreOf(shop.world()).rooms.get(partner)
    if (!room) throw new Error(`No partner ${partner}.`)
    const { ctx, credentials } = room
    const channel = room.partner.webhooks.channels[channelOf(partner, target)]
    if (!channel) throw new Error(`${partner} has nothing to tell to ${target}.`)
    if (partner === 'arvind' && isWrong) return { authorization: `Basic ${btoa('fake:nobody')}` }
    const signed = isWrong ? `${body} of somebody else` : body
    return channel.sign(ctx, signed, credentials.affiliate_id ?? credentials.channel_id ?? '')
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
  /** Somebody else proves himself. */
  isWrong?: boolean
  /** The proof stands in a header of another name. */
  header?: string
  /** A word of the pact, and the word instead. */
  word?: [string, string]
}

async function verify(partner: string, { isWrong = false, header, word }: Drift = {}) {
  const shop = openShopUnderVerification(sites[partner] ?? 'fynd')
  const receiver = await listen(shop.listener)
  const prove = proofTo(shop, partner, isWrong)
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
    const { verification, count } = await verify(partner, { isWrong: true })
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
