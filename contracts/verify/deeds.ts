import type { Deed } from './partner-calls.ts'

const lines = [{ sku: 'TEE-M' }]
const fyndOrder = (id: string, ...deeds: [string, object?][]): Deed[] => [
  ['fynd.order.place', { affiliate_order_id: id, payment_mode: 'PREPAID', paid: true, lines }],
  ...deeds.map(([act, more]): Deed => [`fynd.${act}`, { affiliate_order_id: id, ...more }]),
]

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

const konnectOrder = (name: string, ...deeds: [string, object?][]): Deed[] => [
  ['konnect.order.place', { marketplace_order_id: name, lines }],
  ...deeds.map(([act, more]): Deed => [`konnect.${act}`, { marketplace_order_id: name, ...more }]),
]

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

/** What makes each partner tell all that it has to tell, one story after the other. */
export const deeds = {
  fynd: [
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
  arvind: [
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
  konnect: [
    ...konnectOrder('M-1', ['order.advance', { to: 'delivery_done' }]),
    ['konnect.return.create', { marketplace_order_id: 'M-1' }],
    ['konnect.order.advance', { order_id: '{order_id}', to: 'credit_note_generated' }],
    ...konnectOrder('M-2', ['order.cancel-by-customer']),
    ...konnectOrder('M-3', ['order.cancel-by-fynd']),
    ...konnectOrder(
      'M-4',
      ['order.advance', { to: 'out_for_delivery' }],
      ['order.start-rto'],
      ['order.end-rto'],
      ['order.advance', { to: 'rto_bag_accepted' }],
    ),
    ['konnect.order.place', { marketplace_order_id: 'M-5', lines, state: 'new' }],
    ...konnectOrder('M-6', ['order.advance', { to: 'bag_packed' }], ['order.miss-pickup']),
    ...konnectOrder('M-7', ['order.reassign', { location: 'DEL-01' }]),
    ...konnectOrder('M-9', ['order.cancel-by-seller']),
    ...konnectOrder('M-8', ['order.advance', { to: 'bag_packed' }], ['order.hand-over']),
  ],
  'payment-gateway': [
    ...payment('100001', 'paid'),
    ...payment('100001', 'failed'),
    ...payment('100001', 'aborted'),
  ],
} satisfies Record<string, Deed[]>
