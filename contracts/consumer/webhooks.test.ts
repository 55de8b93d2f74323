import { createHmac } from 'node:crypto'
import { MatchersV3 as M } from '@pact-foundation/pact'
import { expect, it } from 'vitest'
import { createWorld } from '../../simulators/index.ts'
import { deeds } from '../verify/deeds.ts'
import { type Deed, listenTo } from '../verify/partner-calls.ts'
import { exactly, openPact } from './contract.ts'
import { bodyByType, type KnownIds, tell } from './webhooks.ts'

interface Direction {
  partner: string
  deeds: Deed[]
  /** The shop's state, an order that the event may be about. */
  given?: string
  /** Fields that the shop acts on. */
  exact: string[]
  ids: KnownIds
  answer: object
  /** Headers of a proof, and its form. */
  proofs: Record<string, string>
  /** Events that must be there. */
  count: number
}

const fynd: Direction = {
  partner: 'fynd',
  deeds: deeds.fynd,
  given: 'shop.order.placed',
  exact: ['event', 'status', 'previous_status'],
  ids: {
    affiliate_id: { state: 'affiliate_id', regex: '^[0-9a-f]{24}$' },
    fynd_order_id: { state: 'fynd_order_id', regex: '^FY[0-9A-F]{18}$' },
    affiliate_order_id: { state: 'order_id', regex: '^\\d+$' },
    affiliate_bag_id: { state: 'affiliate_bag_id', regex: '^\\d+-\\d+$' },
    bag_id: { state: 'bag_id', regex: '^\\d+$' },
    shipment_id: { state: 'shipment_id', regex: '^\\d{20}$' },
  },
  answer: { accepted: exactly(true), outcome: exactly('applied') },
  proofs: { 'x-fp-signature': '^[0-9a-f]{64}$' },
  count: 14,
}

const arvind: Direction = {
  partner: 'arvind',
  deeds: deeds.arvind,
  given: 'shop.order.placed',
  exact: ['status', 'refundStatus', 'skuId'],
  ids: {
    orderReference: { state: 'order_id', regex: '^\\d+$' },
    itemReference: { state: 'affiliate_bag_id', regex: '^\\d+-\\d+$' },
    channelId: { state: 'channel_id', regex: '^\\d+$' },
    warehouseId: { state: 'warehouse_id', regex: '^\\w+$' },
  },
  answer: { status: exactly(true) },
  proofs: { authorization: '^Basic \\S+$' },
  count: 17,
}

const konnect: Direction = {
  partner: 'konnect',
  deeds: deeds.konnect,
  exact: ['event', 'orderStatus'],
  ids: {},
  answer: { accepted: exactly(true) },
  // Assumed: the client does not look at it, and trusts only what it then fetches.
  proofs: { 'x-konnect-signature': '^[0-9a-f]{64}$' },
  count: 24,
}

const gateway: Direction = {
  partner: 'payment-gateway',
  deeds: deeds['payment-gateway'],
  given: 'shop.order.unpaid',
  exact: ['type', 'status', 'amount_minor'],
  ids: { merchant_order_id: { state: 'order_id', regex: '^\\d+$' } },
  answer: { accepted: exactly(true) },
  proofs: { 'x-gateway-signature': '^[0-9a-f]{64}$' },
  count: 5,
}

for (const direction of [fynd, arvind, konnect, gateway]) {
  const { partner, exact, ids, answer, proofs } = direction
  const pact = openPact('reference-client', partner)
  const told = listenTo(partner, direction.deeds)

  it(`${partner} tells all that it has to tell`, () => {
    expect(told.length).toBeGreaterThanOrEqual(direction.count)
  })

  it.each(told)(`${partner} tells $event`, async ({ event, path, headers, body }) => {
    const isForm = path === '/gateway/callback'
    const about = path.endsWith('inventory') || isForm ? undefined : direction.given
    const interaction = pact.addInteraction()
    if (isForm) interaction.given('shop.order.unpaid')
    else if (about !== undefined) interaction.given(about)
    await interaction
      .uponReceiving(`the event ${event}`)
      .withRequest('POST', path, (request) => {
        request.headers(
          Object.fromEntries(
            Object.entries(headers)
              .filter(([name]) => name !== 'user-agent')
              .map(([name, value]) => [
                name,
                proofs[name] === undefined ? value : M.regex(proofs[name] ?? '', value),
              ]),
          ),
        )
        if (!isForm) {
          request.jsonBody(bodyByType(JSON.parse(body), exact, ids))
          return
        }
        const fields = [...new URLSearchParams(body)].map(([name, value]) => ({
          path: `$.${name}`,
          rules: [name === 'status' ? M.regex(`^${value}$`, value) : M.regex('^\\S+$', value)],
        }))
        request.body('application/x-www-form-urlencoded', Buffer.from(body))
        request.matchingRules({ body: fields })
      })
      .willRespondWith(200, (response) => {
        response.jsonBody(isForm ? { page: M.string('success') } : answer)
      })
      .executeTest(async ({ url }) => {
        expect(await tell(partner, direction.deeds, event, url)).toBe(200)
      })
  })
}

it('signs the bytes that leave with the secret of the shop', () => {
  const world = createWorld({ seed: 7 })
  const hmac = (partner: string, name: string, body: string) =>
    createHmac('sha256', world.credentials(partner)[name] ?? '')
      .update(body)
      .digest('hex')
  for (const { body, headers } of listenTo('fynd', fynd.deeds)) {
    expect(headers['x-fp-signature']).toBe(hmac('fynd', 'secret', body))
  }
  for (const { body, headers, path } of listenTo('payment-gateway', gateway.deeds)) {
    if (path !== '/gateway/webhook') continue
    expect(headers['x-gateway-signature']).toBe(hmac('payment-gateway', 'webhook_secret', body))
  }
})
