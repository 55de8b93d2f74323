import { createHmac } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { afterEach, expect, it } from 'vitest'
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

async function verify(partner: string, wrong = '') {
  const shop = openShopUnderVerification(sites[partner] ?? 'fynd')
  const receiver = await listen(shop.listener)
  const proxy = await listen(proveAndForward(receiver.url, proofTo(shop, partner, wrong)))
  const states = await listen(shop.states)
  open.push(receiver, proxy, states)
  const pact = new URL(`../pacts/${partner}-reference-client.json`, import.meta.url)
  const { interactions } = JSON.parse(readFileSync(pact, 'utf8')) as { interactions: object[] }
  const verification = await verifyPact({
    pact,
    provider: 'reference-client',
    providerUrl: proxy.url,
    statesUrl: states.url,
  })
  return { verification, count: interactions.length }
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
    const { verification, count } = await verify(partner, '-of-somebody-else')
    expect(verification.isGreen).toBe(false)
    // The callback is signed inside its form, and the proxy does not touch it.
    expect(verification.interactions).toBe(partner === 'payment-gateway' ? count - 2 : 0)
    expect(verification.errors.join()).toContain('expected 200 but was 401')
  },
  60_000,
)
