import {
  createFynd,
  type Fynd,
  type ServiceabilityQuestion,
} from '../../reference-client/partners/fynd.ts'
import { type Case, type Contract, exactly, type Given } from './contract.ts'
import { examples } from './examples.ts'
import { troubles } from './troubles.ts'

const context = { trace: [] }

const { fynd_order_id: fyndOrderId, shipment_id: shipmentId, bag_id: bagId } = examples
const nobody = 'FY00000000000000FFFF'
const bag = { shipmentId, bagId, reason: { id: 84, text: 'Changed my mind' } }

const placed = (more: object = {}, to?: string): Given => [
  ['fynd.order.place', { affiliate_order_id: 'K-1', lines: [{ sku: 'TEE-M' }], ...more }],
  ...(to === undefined ? [] : [['fynd.order.advance', { affiliate_order_id: 'K-1', to }] as const]),
]
const prepaid = { payment_mode: 'PREPAID' }
const isPaid = { ...prepaid, paid: true }
const cancelled: Given = [
  ...placed(isPaid),
  ['fynd.customer.cancel', { affiliate_order_id: 'K-1' }],
]

const exception = (name: string) => ({ exception: exactly(name), message: 'Why it was refused' })
const refused = (code: string, status: number) => ({ failure: { kind: 'refused', code, status } })

const payment = { fyndOrderId, paymentId: 'pay_1', amountMinor: 49_900 }
const refund = { bagId, refundId: 'rfnd_1', amountMinor: 49_900 }

const question = (more: Partial<ServiceabilityQuestion> = {}): ServiceabilityQuestion => ({
  to_pincode: '560001',
  payment_mode: 'COD',
  order_value: 499,
  shipping_address: {
    first_name: 'Asha',
    last_name: 'Example',
    email: 'asha@shop.example',
    mobile: '9000000001',
    address1: '1 Example Road',
    address2: '',
    city: 'Bengaluru',
    state: 'Karnataka',
    country: 'India',
    pincode: '560001',
  },
  cart_items: [{ sku_code: 'TEE-M', quantity: 1, price_effective: 499 }],
  ...more,
})

const line = (quantity: number, sku_code = 'TEE-M') => ({
  cart_items: [{ sku_code, quantity, price_effective: 499 }],
})

/** F3 as the client reads it: the flags of one item. */
const verdict = (
  top: { is_valid: boolean; is_cod_available?: boolean },
  availability: { deliverable: boolean; out_of_stock: boolean; is_valid: boolean },
  sku = 'TEE-M',
) => ({
  success: exactly(true),
  is_valid: exactly(top.is_valid),
  ...(top.is_cod_available !== undefined && { is_cod_available: exactly(top.is_cod_available) }),
  message: 'Why not',
  items: [
    {
      sku_code: exactly(sku),
      message: 'Why not this one',
      availability: Object.fromEntries(
        Object.entries(availability).map(([name, value]) => [name, exactly(value)]),
      ),
    },
  ],
})
const no = { value: { isServiceable: false } }

const inner = (status: number, more: object = {}) => ({
  statuses: [{ shipments: [{ identifier: shipmentId, status: exactly(status), ...more }] }],
})

const inventory: Case<Fynd>[] = [
  {
    about: 'the SKUs that changed',
    given: [['fynd.stock.set', { sku: 'TEE-M', store: 'BLR-01', quantity: 5 }]],
    call: (fynd) => fynd.changedSkus(examples.yesterday, '', context),
    answer: {
      items: [{ sku_code: 'TEE-M' }],
      page: { has_next: exactly(false), next_id: '' },
      as_of: '2026-01-05T04:30:00Z',
    },
    becomes: { value: { items: [{ sku_code: 'TEE-M' }], page: { has_next: false } } },
  },
  {
    about: 'the SKUs that changed, since a time that is none',
    call: (fynd) => fynd.changedSkus('yesterday', '', context),
    status: 400,
    answer: exception('ValidationError'),
    becomes: refused('ValidationError', 400),
  },
  {
    about: 'a page of changes that nobody gave out',
    call: (fynd) => fynd.changedSkus(examples.yesterday, 'not-a-page', context),
    status: 400,
    answer: exception('ValidationError'),
    becomes: refused('ValidationError', 400),
  },
  {
    about: 'the stock status of several SKUs, one of them unknown',
    given: [['fynd.stock.set', { sku: 'TEE-M', store: 'BLR-01', quantity: 5 }]],
    call: (fynd) => fynd.stockStatus(['TEE-M', 'NOPE'], context),
    answer: {
      items: [{ identifier: { sku_code: exactly('TEE-M') }, quantity: 5, is_active: true }],
    },
    becomes: { value: { 'TEE-M': 5 } },
  },
  {
    about: 'the stock status of a SKU with a comma, asked for in a body',
    call: (fynd) => fynd.stockStatus(['NOPE,1'], context),
    answer: { items: [] },
    becomes: { value: {} },
  },
  {
    about: 'the stock status of more SKUs than FYND takes',
    call: (fynd) =>
      fynd.stockStatus(
        Array.from({ length: 51 }, (_, at) => `S-${at}`),
        context,
      ),
    status: 400,
    answer: exception('ValidationError'),
    becomes: refused('ValidationError', 400),
  },
]

const serviceability: Case<Fynd>[] = [
  {
    about: 'a cart to a pincode that nobody delivers to',
    given: [['fynd.pincode.set', { pincode: '560001', deliverable: false }]],
    call: (fynd) => fynd.serviceability(question(), context),
    answer: verdict(
      { is_valid: false },
      { deliverable: false, out_of_stock: false, is_valid: false },
    ),
    becomes: no,
  },
  {
    about: 'a COD cart to a pincode without COD',
    given: [['fynd.pincode.set', { pincode: '560001', cod: false }]],
    call: (fynd) => fynd.serviceability(question(), context),
    answer: verdict(
      { is_valid: false, is_cod_available: false },
      { deliverable: true, out_of_stock: false, is_valid: true },
    ),
    becomes: no,
  },
  {
    about: 'a cart with an item out of stock, under a top flag that says yes',
    call: (fynd) => fynd.serviceability(question(line(999)), context),
    answer: verdict({ is_valid: true }, { deliverable: true, out_of_stock: true, is_valid: false }),
    becomes: no,
  },
  {
    about: 'a cart with a SKU that FYND does not know',
    call: (fynd) => fynd.serviceability(question(line(1, 'NOPE')), context),
    answer: verdict(
      { is_valid: true },
      { deliverable: true, out_of_stock: true, is_valid: false },
      'NOPE',
    ),
    becomes: no,
  },
  {
    about: 'a cart to a pincode that is none',
    call: (fynd) => fynd.serviceability(question({ to_pincode: 'nowhere' }), context),
    status: 400,
    answer: exception('ValidationError'),
    becomes: refused('ValidationError', 400),
  },
]

const payments: Case<Fynd>[] = [
  {
    about: 'a payment is confirmed',
    given: placed(prepaid),
    call: (fynd) => fynd.confirmPayment(payment, context),
    answer: { success: exactly(true), message: 'Payment Successful' },
    becomes: { value: { success: true } },
  },
  {
    about: 'a payment is confirmed again',
    given: placed(isPaid),
    call: (fynd) => fynd.confirmPayment(payment, context),
    answer: { success: exactly(true), message: 'Payment already confirmed' },
    becomes: { value: { success: true } },
  },
  {
    about: 'a payment of another amount than the order is worth',
    given: placed(prepaid),
    call: (fynd) => fynd.confirmPayment({ ...payment, amountMinor: 100 }, context),
    status: 400,
    answer: exception('ValidationError'),
    becomes: refused('ValidationError', 400),
  },
  {
    about: 'a payment of an order that FYND does not know',
    call: (fynd) => fynd.confirmPayment({ ...payment, fyndOrderId: nobody }, context),
    status: 404,
    answer: exception('DoesNotExist'),
    becomes: refused('DoesNotExist', 404),
  },
  {
    about: 'a payment signed with a secret that was changed',
    given: [...placed(prepaid), ['fynd.secret.rotate', {}]],
    call: (fynd) => fynd.confirmPayment(payment, context),
    status: 401,
    answer: exception('AuthenticationError'),
    becomes: { failure: { kind: 'unauthorized', code: 'AuthenticationError' } },
  },
]

const tracking: Case<Fynd>[] = [
  {
    about: 'where a delivered order is',
    given: placed({}, 'delivery_done'),
    call: (fynd) => fynd.trackOrder(fyndOrderId, context),
    answer: {
      order: { order_status: 'completed', payment_mode: 'COD', order_value: 499 },
      shipments: [
        {
          shipment_id: shipmentId,
          awb_no: 'PP0000000001',
          dp_name: 'Paper Plane Logistics',
          bags: [
            {
              bag_id: 43_880,
              affiliate_bag_id: 'K-1-1',
              sku: 'TEE-M',
              status: exactly('delivery_done'),
              status_display: 'Delivered',
              cancellable: exactly(false),
              returnable: exactly(true),
            },
          ],
        },
      ],
    },
    becomes: { value: { shipments: [{ bags: [{ status: 'delivery_done', returnable: true }] }] } },
  },
  {
    about: 'where an order is that FYND does not know',
    call: (fynd) => fynd.trackOrder(nobody, context),
    status: 404,
    answer: exception('DoesNotExist'),
    becomes: refused('DoesNotExist', 404),
  },
  {
    about: 'where an order is, for an affiliate that was switched off',
    given: [...placed(), ['fynd.affiliate.disable', {}]],
    call: (fynd) => fynd.trackOrder(fyndOrderId, context),
    status: 403,
    answer: exception('AffiliateDisabled'),
    becomes: { failure: { kind: 'unauthorized', code: 'AffiliateDisabled' } },
  },
]

const wishes: Case<Fynd>[] = [
  ...(['cancel', 'return'] as const).map(
    (wish): Case<Fynd> => ({
      about: `the reasons for a ${wish}`,
      given: placed({}, wish === 'return' ? 'delivery_done' : undefined),
      call: (fynd) => fynd.reasons(wish, bag, context),
      answer: { reasons: [{ id: 84, display_name: 'Changed my mind' }] },
      becomes: { value: [{ id: 84, text: 'Changed my mind' }] },
    }),
  ),
  {
    about: 'the reasons for a bag of a shipment that FYND does not know',
    call: (fynd) =>
      fynd.reasons('cancel', { shipmentId: '17676054000000009999', bagId: '7' }, context),
    status: 404,
    answer: exception('DoesNotExist'),
    becomes: refused('DoesNotExist', 404),
  },
  ...(['cancel', 'return'] as const).map(
    (wish): Case<Fynd> => ({
      about: `a ${wish} is granted`,
      given: placed({}, wish === 'return' ? 'delivery_done' : undefined),
      call: (fynd) => fynd.grantWish(wish, bag, context),
      answer: inner(200),
      becomes: { value: undefined },
    }),
  ),
  {
    about: 'a cancel that comes too late is refused inside a 200',
    given: placed({}, 'delivery_done'),
    call: (fynd) => fynd.grantWish('cancel', bag, context),
    answer: inner(400, {
      message: 'Invalid State Transition',
      exception: exactly('ValidationError'),
    }),
    becomes: refused('ValidationError', 400),
  },
  {
    about: 'a return of a bag that is not delivered is refused inside a 200',
    given: placed(),
    call: (fynd) => fynd.grantWish('return', bag, context),
    answer: inner(400, {
      message: 'Invalid State Transition',
      exception: exactly('ValidationError'),
    }),
    becomes: refused('ValidationError', 400),
  },
]

const refunds: Case<Fynd>[] = [
  {
    about: 'a refund is reported',
    given: cancelled,
    call: (fynd) => fynd.reportRefund(refund, context),
    answer: { success: exactly(true) },
    becomes: { value: { success: true } },
  },
  {
    about: 'a refund is reported again',
    given: [...cancelled, ['fynd.refund.done', { affiliate_order_id: 'K-1', refund_id: 'rfnd_1' }]],
    call: (fynd) => fynd.reportRefund(refund, context),
    answer: { success: exactly(true) },
    becomes: { value: { success: true } },
  },
  {
    about: 'another refund of a bag whose money went back',
    given: [...cancelled, ['fynd.refund.done', { affiliate_order_id: 'K-1', refund_id: 'rfnd_0' }]],
    call: (fynd) => fynd.reportRefund(refund, context),
    status: 409,
    answer: exception('DuplicateRefund'),
    becomes: refused('DuplicateRefund', 409),
  },
  {
    about: 'a refund of a bag that was not given up',
    given: placed({}, 'delivery_done'),
    call: (fynd) => fynd.reportRefund(refund, context),
    status: 400,
    answer: exception('ValidationError'),
    becomes: refused('ValidationError', 400),
  },
  {
    about: 'a refund of a bag that FYND does not know',
    call: (fynd) => fynd.reportRefund({ ...refund, bagId: '999999' }, context),
    status: 404,
    answer: exception('DoesNotExist'),
    becomes: refused('DoesNotExist', 404),
  },
]

const inTrouble = troubles<Fynd>([
  {
    about: 'the stock status of one SKU',
    operation: 'getStockStatus',
    call: (fynd) => fynd.stockStatus(['TEE-M'], context),
  },
  {
    about: 'a payment',
    operation: 'confirmPayment',
    given: placed(prepaid),
    call: (fynd) => fynd.confirmPayment(payment, context),
  },
])

/** F1 to F8 beside the customer's journey (fynd.md 4). */
export const fyndContract: Contract<Fynd> = {
  provider: 'fynd',
  createClient: (ports, caller, url) =>
    createFynd(ports, caller, () => ({
      api_url: `${url}/gofynd`,
      affiliate_id: examples.affiliate_id,
      affiliate_token: 'fake-token-of-the-contract',
      secret_key: 'fake-secret-of-the-contract',
    })),
  cases: [
    ...inventory,
    ...serviceability,
    ...payments,
    ...tracking,
    ...wishes,
    ...refunds,
    ...inTrouble,
  ],
}
