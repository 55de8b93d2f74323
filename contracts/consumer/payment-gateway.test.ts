import { createGateway, type Gateway } from '../../reference-client/partners/gateway.ts'
import { type Case, exactly, type Given, openPact, testCases } from './contract.ts'
import { examples } from './examples.ts'
import { troubles } from './troubles.ts'

const context = { trace: [] }
const request = {
  merchant_order_id: 'K-1',
  fynd_order_id: null,
  amount_minor: 49_900,
  currency: 'INR' as const,
  return_url: 'http://127.0.0.1:4100/gateway/callback',
  webhook_url: 'http://127.0.0.1:4100/gateway/webhook',
}
const initiated: Given = [
  ['payment-gateway.payment.initiate', { merchant_order_id: 'K-1', amount_minor: 49_900 }],
]
const paid: Given = [...initiated, ['payment-gateway.payment.pay', { merchant_order_id: 'K-1' }]]
const refunded: Given = [
  ...paid,
  ['payment-gateway.payment.refund', { merchant_order_id: 'K-1', amount_minor: 49_900 }],
]
const refund = { amount_minor: 49_900, idempotency_key: 'order-cancelled' }
const refusal = (code: string) => ({ error: { code: exactly(code), message: 'Why not' } })
const refused = (code: string) => ({ failure: { kind: 'refused', code } })
const { payment_id: paymentId } = examples

const cases: Case<Gateway>[] = [
  {
    about: 'a payment page is opened',
    call: (gateway) => gateway.initiate(request, context),
    answer: { payment_id: paymentId, pay_url: 'http://127.0.0.1:4040/pay/pay_00000000000000aa' },
    becomes: { value: { payment_id: paymentId } },
  },
  {
    about: 'another payment page for an order that is paid',
    given: paid,
    call: (gateway) => gateway.initiate(request, context),
    answer: { payment_id: paymentId, pay_url: 'http://127.0.0.1:4040/pay/pay_00000000000000aa' },
    becomes: { value: { payment_id: paymentId } },
  },
  {
    about: 'a payment page for nothing',
    call: (gateway) => gateway.initiate({ ...request, amount_minor: 0 }, context),
    status: 400,
    answer: refusal('bad_request'),
    becomes: refused('bad_request'),
  },
  ...(['created', 'captured', 'refunded'] as const).map(
    (status): Case<Gateway> => ({
      about: `the payments of an order, one of them ${status}`,
      given: { created: initiated, captured: paid, refunded }[status],
      call: (gateway) => gateway.payments('K-1', context),
      answer: { items: [{ payment_id: paymentId, amount_minor: 49_900, status: exactly(status) }] },
      becomes: { value: { items: [{ status }] } },
    }),
  ),
  {
    about: 'the payments of an order that has none',
    call: (gateway) => gateway.payments('K-9', context),
    answer: { items: [] },
    becomes: { value: { items: [] } },
  },
  {
    about: 'the money of a payment goes back',
    given: paid,
    call: (gateway) => gateway.refund(paymentId, refund, context),
    answer: { refund_id: 'rfnd_1', amount_minor: exactly(49_900) },
    becomes: { value: { refund_id: 'rfnd_1', amount_minor: 49_900 } },
  },
  {
    about: 'more money goes back than there was',
    given: refunded,
    call: (gateway) => gateway.refund(paymentId, refund, context),
    status: 409,
    answer: refusal('refund_exceeds_payment'),
    becomes: refused('refund_exceeds_payment'),
  },
  {
    about: 'the money of a payment that the gateway does not know',
    call: (gateway) => gateway.refund('pay_nope', refund, context),
    status: 404,
    answer: refusal('not_found'),
    becomes: refused('not_found'),
  },
]

const inTrouble = troubles<Gateway>([
  {
    about: 'the payments of an order',
    operation: 'listPayments',
    call: (gateway) => gateway.payments('K-1', context),
  },
  {
    about: 'money that goes back',
    operation: 'refundPayment',
    given: paid,
    call: (gateway) => gateway.refund(paymentId, refund, context),
  },
])

testCases(openPact('payment-gateway'), {
  provider: 'payment-gateway',
  createClient: (ports, caller, url) =>
    createGateway(ports, caller, () => ({
      url,
      key_id: 'fake-key-of-the-contract',
      key_secret: 'fake-key-secret-of-the-contract',
      webhook_secret: 'fake-webhook-secret-of-the-contract',
    })),
  cases: [...cases, ...inTrouble],
})
