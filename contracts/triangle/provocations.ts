import type { Given } from '../consumer/contract.ts'
import { examples } from '../consumer/examples.ts'

/** Another call than the one that goes well, or the same in another world. */
export interface Provocation {
  /** Instead of what is given when it goes well. */
  given?: Given
  /** Done after what is given. */
  also?: Given
  /** Switches of the partner. */
  switches?: Record<string, unknown>
  /** As a scenario arms it, without the partner and the operation. */
  fault?: { name: string } & Record<string, unknown>
  method?: string
  path?: string
  /** Beside what is asked otherwise. */
  query?: Record<string, string>
  headers?: Record<string, string>
  contentType?: string
  /** A text is sent as it is, anything else as JSON. */
  body?: unknown
  /** Credentials that nobody was given. */
  isStranger?: boolean
}

/** By status. */
type Answers = Record<string, Provocation>

const tooMany = 'x'.repeat(2_500_000)

/** What every operation answers in the same way, whatever it is about. */
export const toAll: Answers = {
  '401': { isStranger: true },
  '405': { method: 'PATCH', contentType: 'application/json', body: {} },
  '429': { fault: { name: 'rate-limit' } },
  '500': { fault: { name: 'status', status: 500 } },
  '502': { fault: { name: 'status', status: 502 } },
  '503': { fault: { name: 'outage' } },
  '504': { fault: { name: 'status', status: 504 } },
}

export const toThoseWithBody: Answers = {
  '400': { contentType: 'application/json', body: '{"broken":' },
  '413': { contentType: 'application/json', body: { tooMany } },
  '415': { contentType: 'text/csv', body: 'a,b' },
}

export const toThoseWithout: Answers = {
  '413': { query: { too_many: tooMany.slice(0, 17_000) } },
}

const {
  affiliate_id: affiliateId,
  bag_id: bagId,
  channel_id: channelId,
  fynd_order_id: fyndOrderId,
  payment_id: paymentId,
  shipment_id: shipmentId,
} = examples

const tooLong = 'x'.repeat(300)
const affiliate = `/gofynd/v1/affiliates/${affiliateId}`
const payment = { merchant_order_id: 'K-1', amount_minor: 49_900 }
const isInitiated: Given = [['payment-gateway.payment.initiate', payment]]
const form = 'application/x-www-form-urlencoded'
const arvindOrder: Given = [
  ['arvind.order.place', { orderReference: '100001', items: [{ skuId: 'TEE-M' }] }],
]

/**
 * What neither the pacts nor the rules above bring about, by partner and operation; `*` is every operation of the partner. Texts of
 * `examples.ts` stand for what the states answered.
 */
export const provocations: Record<string, Record<string, Answers>> = {
  fynd: {
    '*': { '403': { also: [['fynd.affiliate.disable', {}]] } },
    placeOrder: { '422': { also: [['fynd.pincode.set', { pincode: '560001', cod: false }]] } },
    confirmPayment: { '409': { also: [['fynd.order.cancel', { affiliate_order_id: 'K-1' }]] } },
    trackOrder: { '400': { path: `${affiliate}/orders/${fyndOrderId}${tooLong}/track` } },
    updateShipmentStatus: {
      '404': { given: [], switches: { status_update_envelope: 'http_status' } },
    },
    listReasons: {
      '400': { path: `${affiliate}/shipments/${shipmentId}${tooLong}/bags/${bagId}/reasons` },
    },
  },
  arvind: {
    trackOrder: { '400': { query: { orderReference: tooLong } } },
    getOrderDetails: {
      '200': { given: arvindOrder, path: `/ordersDetails/${channelId}/100001` },
      '400': { path: `/ordersDetails/${channelId}/${tooLong}` },
      '404': { given: [] },
    },
  },
  konnect: {
    '*': { '400': { query: { page_number: 'first' } } },
    generateAccessToken: { '400': { query: { username: tooLong } } },
    fetchListings: { '400': { query: { page_size: tooLong } } },
    fetchListingsCount: { '400': { headers: { 'x-batch-product': 'perhaps' } } },
    getShipmentInfo: { '400': { query: { orderStatus: 'NONSENSE' } } },
    checkProductStatus: {
      '400': { query: { trace_id: tooLong } },
    },
  },
  'payment-gateway': {
    initiatePayment: {
      '409': { also: isInitiated, switches: { repeat_initiate: 'refuse' } },
    },
    listPayments: { '400': { query: { merchant_order_id: tooLong } } },
    getPayment: {
      '200': { given: isInitiated, path: `/payments/${paymentId}` },
      '400': { path: `/payments/${tooLong}` },
      '404': { given: [] },
    },
    showPayPage: {
      '200': { given: isInitiated, path: `/pay/${paymentId}` },
      '400': { path: `/pay/${tooLong}` },
      '404': { given: [] },
    },
    pressPayPage: {
      '200': {
        given: isInitiated,
        path: `/pay/${paymentId}`,
        contentType: form,
        body: 'outcome=paid',
      },
      '400': { body: 'outcome=nothing' },
      '404': { given: [] },
      '409': { also: [['payment-gateway.payment.pay', { merchant_order_id: 'K-1' }]] },
    },
  },
}

const noRecord = 'The call names nothing that could be unknown.'

/** Documented answers that nothing brings about, with the reason: `operation status`, `* status`, or `GET status`. */
export const excluded: Record<string, Record<string, string>> = {
  fynd: {
    'GET 415': 'A GET has no body.',
    'listInventoryChanges 404': noRecord,
    'getStockStatus 404': 'Unknown SKUs are left out of the answer.',
    'queryStockStatus 404': 'Unknown SKUs are left out of the answer.',
    'checkServiceability 404': noRecord,
    'placeOrder 404': noRecord,
  },
  arvind: {
    '* 403': 'The one answer to strangers is 401; a real partner may have another.',
    'GET 415': 'A GET has no body.',
    'checkServiceability 404': noRecord,
    'pushOrder 404': noRecord,
    'cancelOrder 404': 'An unknown order is refused inside a 200.',
    'returnOrder 404': 'An unknown order is refused inside a 200.',
  },
}
