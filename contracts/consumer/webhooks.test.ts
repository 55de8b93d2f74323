import { createHmac } from 'node:crypto'
import { MatchersV3 as M } from '@pact-foundation/pact'
import { expect, it } from 'vitest'
import { createWorld } from '../../simulators/index.ts'
import { exactly, openPact } from './contract.ts'
import { bodyByType, type Deed, type KnownIds, listenTo, tell } from './webhooks.ts'

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

const lines = [{ sku: 'TEE-M' }]
const fyndOrder = (id: string, ...deeds: [string, object?][]): Deed[] => [
  ['fynd.order.place', { affiliate_order_id: id, payment_mode: 'PREPAID', paid: true, lines }],
  ...deeds.map(([act, more]): Deed => [`fynd.${act}`, { affiliate_order_id: id, ...more }]),
]
const fynd: Direction = {
  partner: 'fynd',
  deeds: [
    ...fyndOrder(
      '100001',
      ['order.advance', { to: 'delivery_done' }],
      ['customer.return'],
      ['order.advance', { to: 'return_accepted' }],
    ),
    ...fyndOrder('100002', ['customer.cancel']),
    ...fyndOrder('100003', ['order.cancel']),
    ...fyndOrder(
      '100004',
      ['order.advance', { to: 'out_for_delivery' }],
      ['bag.refuse-at-door'],
      ['rto.start'],
      ['order.advance', { to: 'rto_bag_accepted' }],
    ),
  ],
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

const arvindOrder = (id: string, ...deeds: [string, object?][]): Deed[] => [
  ['arvind.order.place', { orderReference: id, items: [{ skuId: 'TEE-M' }] }],
  ...deeds.map(([act, more]): Deed => [`arvind.${act}`, { orderReference: id, ...more }]),
]
const sentBack: [string, object?][] = [
  ['order.advance', { to: 'DELIVERED' }],
  ['return.request'],
  ['return.pick'],
  ['return.receive'],
]
const arvind: Direction = {
  partner: 'arvind',
  deeds: [
    ['arvind.inventory.push', { skuIds: ['TEE-M'] }],
    ...arvindOrder('100001', ...sentBack, ['return.start-refund'], ['return.refund']),
    ...arvindOrder('100002', ...sentBack, ['return.qc-fail']),
    ...arvindOrder('100003', ['order.cancel']),
    ...arvindOrder('100004', ['item.unfulfil']),
    ...arvindOrder(
      '100005',
      ['order.advance', { to: 'OUT_FOR_DELIVERY' }],
      ['item.fail-delivery'],
      ['item.return-to-origin'],
      ['item.receive-rto'],
    ),
  ],
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

const konnectOrder = (name: string, ...deeds: [string, object?][]): Deed[] => [
  ['konnect.order.place', { marketplace_order_id: name, lines }],
  ...deeds.map(([act, more]): Deed => [`konnect.${act}`, { marketplace_order_id: name, ...more }]),
]
const konnect: Direction = {
  partner: 'konnect',
  deeds: [
    ...konnectOrder('M-1', ['order.advance', { to: 'delivery_done' }]),
    ...konnectOrder('M-2', ['order.cancel-by-customer']),
    ...konnectOrder('M-3', ['order.cancel-by-fynd']),
    ...konnectOrder(
      'M-4',
      ['order.advance', { to: 'out_for_delivery' }],
      ['order.start-rto'],
      ['order.end-rto'],
    ),
    ['konnect.order.place', { marketplace_order_id: 'M-5', lines, state: 'new' }],
    ...konnectOrder('M-6', ['order.advance', { to: 'bag_packed' }], ['order.miss-pickup']),
    ['konnect.return.create', { marketplace_order_id: 'M-1' }],
  ],
  exact: ['event', 'orderStatus'],
  ids: {},
  answer: { accepted: exactly(true) },
  // Assumed: the client does not look at it, and trusts only what it then fetches.
  proofs: { 'x-konnect-signature': '^[0-9a-f]{64}$' },
  count: 10,
}

const payment = (id: string, outcome: string): Deed[] => [
  [
    'payment-gateway.payment.initiate',
    {
      merchant_order_id: id,
      amount_minor: 49_900,
      return_url: '{shop}/gateway/callback',
      webhook_url: '{shop}/gateway/webhook',
    },
  ],
  ['payment-gateway.payment.pay', { merchant_order_id: id, outcome }],
]
const gateway: Direction = {
  partner: 'payment-gateway',
  deeds: [
    ...payment('100001', 'paid'),
    ...payment('100001', 'failed'),
    ...payment('100001', 'aborted'),
  ],
  given: 'shop.order.unpaid',
  exact: ['type', 'status', 'amount_minor'],
  ids: { merchant_order_id: { state: 'order_id', regex: '^\\d+$' } },
  answer: { accepted: exactly(true) },
  proofs: { 'x-gateway-signature': '^[0-9a-f]{64}$' },
  count: 5,
}

for (const direction of [fynd, arvind, konnect, gateway]) {
  const { partner, deeds, exact, ids, answer, proofs } = direction
  const pact = openPact('reference-client', partner)
  const told = listenTo(partner, deeds)

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
        expect(await tell(partner, deeds, event, url)).toBe(200)
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
