import { expect, test } from 'vitest'
import {
  captureLate,
  causeOf,
  outcomes,
  paymentsOfOrder,
  refund,
  refundedMinor,
  settle,
  viewPayments,
} from './state.ts'
import { createRoom, openPayment } from './testing/create-room.ts'

const refusal = (reason: string) => expect.objectContaining({ name: 'Refusal', reason })
const give = (amountMinor: number, idempotencyKey: string) => ({
  amountMinor,
  idempotencyKey,
  cause: causeOf(idempotencyKey),
})

test.each([
  ['paid', 'captured', true],
  ['failed', 'failed_not_debited', false],
  ['failed-debited', 'failed_debited', true],
  ['aborted', 'aborted', false],
] as const)('a customer who ends with %s leaves the payment %s', (outcome, status, debited) => {
  const room = createRoom()
  const payment = openPayment(room)
  expect(settle(room.ctx, payment, outcome)).toBe(true)
  expect(payment).toMatchObject({ status, debited })
  for (const again of outcomes.filter((candidate) => candidate !== 'close')) {
    expect(() => settle(room.ctx, payment, again)).toThrow(refusal('payment-settled'))
  }
  expect(payment).toMatchObject({ status, debited })
})

test('closing the window leaves the payment open, and it can still be paid', () => {
  const room = createRoom()
  const payment = openPayment(room)
  expect(settle(room.ctx, payment, 'close')).toBe(false)
  expect(payment).toMatchObject({ status: 'created', debited: false })
  expect(settle(room.ctx, payment, 'paid')).toBe(true)
})

test('only a failed payment that was debited can be captured late', () => {
  const room = createRoom()
  const payment = openPayment(room)
  expect(() => captureLate(room.ctx, payment)).toThrow(refusal('conflict'))
  settle(room.ctx, payment, 'failed-debited')
  captureLate(room.ctx, payment)
  expect(payment.status).toBe('captured')
  expect(() => captureLate(room.ctx, payment)).toThrow(refusal('conflict'))
})

test('initiating again makes a new payment, unless the switch says otherwise', () => {
  const fresh = createRoom()
  const [first, second] = [openPayment(fresh), openPayment(fresh)]
  expect(second.id).not.toBe(first.id)
  expect(paymentsOfOrder(fresh.ctx, '100001').map(({ id }) => id)).toEqual([first.id, second.id])

  const reusing = createRoom({ repeat_initiate: 'reuse_open' })
  const open = openPayment(reusing)
  expect(openPayment(reusing)).toBe(open)
  expect(openPayment(reusing, { amountMinor: 100 })).not.toBe(open)
  settle(reusing.ctx, open, 'failed')
  expect(openPayment(reusing)).not.toBe(open)

  const refusing = createRoom({ repeat_initiate: 'refuse' })
  const only = openPayment(refusing)
  expect(() => openPayment(refusing)).toThrow(refusal('repeated-initiate'))
  settle(refusing.ctx, only, 'failed')
  settle(refusing.ctx, openPayment(refusing), 'paid')
  expect(() => openPayment(refusing)).toThrow(refusal('repeated-initiate'))
})

test('money goes back in parts until nothing is left', () => {
  const room = createRoom()
  const payment = openPayment(room)
  settle(room.ctx, payment, 'paid')
  refund(room.ctx, payment, give(20_000, 'bag-1'))
  expect(payment.status).toBe('part_refunded')
  expect(() => refund(room.ctx, payment, give(29_901, 'bag-2'))).toThrow(
    refusal('refund-exceeds-payment'),
  )
  refund(room.ctx, payment, give(29_900, 'bag-2'))
  expect(payment.status).toBe('refunded')
  expect(() => refund(room.ctx, payment, give(1, 'bag-3'))).toThrow(
    refusal('refund-exceeds-payment'),
  )
  expect(refundedMinor(payment)).toBe(49_900)
})

test('the same key gives the same refund, and with another amount it is refused', () => {
  const room = createRoom()
  const payment = openPayment(room)
  settle(room.ctx, payment, 'paid')
  const first = refund(room.ctx, payment, give(49_900, 'all'))
  expect(refund(room.ctx, payment, give(49_900, 'all'))).toBe(first)
  expect(() => refund(room.ctx, payment, give(100, 'all'))).toThrow(
    refusal('idempotency-key-reused'),
  )
  expect(payment.refunds).toHaveLength(1)
})

test.each(['close', 'failed', 'aborted'] as const)(
  'after %s there is nothing to give back',
  (end) => {
    const room = createRoom()
    const payment = openPayment(room)
    settle(room.ctx, payment, end)
    expect(() => refund(room.ctx, payment, give(100, 'x'))).toThrow(
      refusal('payment-not-refundable'),
    )
  },
)

test('a debited failure can be given back, and is then not captured any more', () => {
  const room = createRoom()
  const payment = openPayment(room)
  settle(room.ctx, payment, 'failed-debited')
  refund(room.ctx, payment, give(100, 'x'))
  expect(payment.status).toBe('part_refunded')
  expect(() => captureLate(room.ctx, payment)).toThrow(refusal('conflict'))
})

test('the judge sees money taken, and each refund with its cause', () => {
  const room = createRoom()
  const payment = openPayment(room, { fyndOrderId: 'FY1' })
  openPayment(room, { merchantOrderId: '100002' })
  settle(room.ctx, payment, 'paid')
  refund(room.ctx, payment, give(100, 'bag-1#try-1'))
  refund(room.ctx, payment, give(100, 'bag-1#try-2'))
  expect(viewPayments(room.ctx)).toEqual([
    {
      id: payment.id,
      shop_order_id: '100001',
      partner_order_id: 'FY1',
      taken_minor: 49_900,
      refunds: [
        { cause: 'bag-1', amount_minor: 100 },
        { cause: 'bag-1', amount_minor: 100 },
      ],
    },
    expect.objectContaining({ shop_order_id: '100002', taken_minor: 0, refunds: [] }),
  ])
})
