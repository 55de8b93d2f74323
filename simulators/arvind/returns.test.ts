import { expect, test } from 'vitest'
import {
  createRehearsal,
  dayMs,
  first,
  neft,
  type OrderChanges,
  orderReference,
  type Rehearsal,
  second,
} from './testing/rehearsal.ts'

const order = { orderReference }
const pickup = { itemId: first, returnMode: 'PICKUP' }

/** An order that the customer has. */
async function delivered(
  changes: OrderChanges = {},
  assumptions: Record<string, unknown> = {},
): Promise<Rehearsal> {
  const shop = createRehearsal(assumptions)
  await shop.push(changes)
  shop.act('arvind.order.advance', { ...order, to: 'DELIVERED' })
  return shop
}

test('a prepaid return is accepted, and told', async () => {
  const shop = await delivered()
  const { status, body } = await shop.giveBack({ paymentMode: 'PREPAID' })
  expect(status).toBe(200)
  expect(body).toEqual({
    status: true,
    message: 'Return accepted',
    data: {
      returns: [
        {
          itemId: first,
          eligible: true,
          reason: null,
          returnId: expect.stringMatching(/^RT[0-9]{10}$/),
          returnConsignmentId: expect.stringMatching(/^RC[0-9]{10}$/),
          returnLocation: expect.objectContaining({ city: 'Bengaluru', postCode: '560001' }),
        },
      ],
    },
  })
  expect(shop.inbox.at(-1)?.body).toMatchObject({
    status: 'RETURN_REQUESTED',
    returnId: body.data.returns[0]?.returnId,
    refundStatus: 'PENDING',
  })
})

test.each([
  ['ACCEPTED', 'NOT_DELIVERED'],
  ['OUT_FOR_DELIVERY', 'NOT_DELIVERED'],
  ['CANCELLED', 'NOT_DELIVERED'],
])('an item that is %s: %s', async (status, errorCode) => {
  const shop = createRehearsal()
  await shop.push()
  if (status === 'CANCELLED') await shop.cancel()
  else if (status !== 'ACCEPTED') shop.act('arvind.order.advance', { ...order, to: status })
  expect((await shop.giveBack()).body).toMatchObject({
    status: false,
    errorCode,
    data: { returns: [{ eligible: false, reason: errorCode, returnId: null }] },
  })
})

test('an item that the brand does not take back', async () => {
  const shop = await delivered({ lines: [{ skuId: 'MUG-1' }] })
  expect((await shop.giveBack()).body.errorCode).toBe('NOT_RETURNABLE')
  shop.act('arvind.sku.set-rules', { skuId: 'MUG-1', returnable: true })
  expect((await shop.giveBack()).body.status).toBe(true)
})

test('the window closes fifteen days after the delivered date, or by the switch', async () => {
  const shop = await delivered()
  shop.advance(15 * dayMs + 1)
  expect((await shop.giveBack()).body.errorCode).toBe('RETURN_WINDOW_CLOSED')
  shop.world.setAssumptions('arvind', { return_window_days: 16 })
  expect((await shop.giveBack()).body.status).toBe(true)
  const lastMoment = await delivered()
  lastMoment.advance(15 * dayMs)
  expect((await lastMoment.giveBack()).body.status).toBe(true)
})

test('no reverse pickup at the pincode, of the order or of the pickup address; a store takes it', async () => {
  const shop = await delivered({ pincode: '744101' })
  const refusal = 'REVERSE_PICKUP_NOT_SERVICEABLE'
  expect((await shop.giveBack()).body.errorCode).toBe(refusal)
  expect((await shop.giveBack({ pickupAddress: { zip: '999999' } })).body.errorCode).toBe(refusal)
  expect((await shop.giveBack({ returns: [{ ...pickup, returnMode: 'STORE' }] })).body.status).toBe(
    true,
  )
  const other = await delivered({ pincode: '744101' })
  expect((await other.giveBack({ pickupAddress: { zip: '560001' } })).body.status).toBe(true)
})

test('unknown orders and items, a part of a line, a second try', async () => {
  const shop = await delivered({ lines: [{ skuId: 'TEE-M', quantity: 2 }] })
  expect((await shop.giveBack({ orderReference: 'no-such' })).body).toEqual({
    status: false,
    errorCode: 'ORDER_NOT_FOUND',
    message: 'Order no-such does not exist',
  })
  const unknown = await shop.giveBack({ returns: [{ ...pickup, itemId: 'no-such' }] })
  expect(unknown.body.errorCode).toBe('ITEM_NOT_FOUND')
  const part = await shop.giveBack({ returns: [{ ...pickup, quantity: 1 }] })
  expect(part.body.errorCode).toBe('NOT_RETURNABLE')
  const twice = await shop.giveBack({ returns: [pickup, pickup] })
  expect(twice.body.data.returns.map(({ reason }) => reason)).toEqual([null, 'ALREADY_RETURNED'])
  expect((await shop.giveBack()).body.errorCode).toBe('ALREADY_RETURNED')
})

test('the answer is lost: Arvind has the return, the second try says so', async () => {
  const shop = await delivered()
  shop.world.arm({ partner: 'arvind', name: 'answer-lost', on: 'returnOrder', first: 1 })
  await expect(shop.giveBack()).rejects.toThrow()
  expect((await shop.giveBack()).body.errorCode).toBe('ALREADY_RETURNED')
})

test.each([
  ['NEFT_REQUIRED', undefined],
  ['NEFT_REQUIRED', null],
  ['NEFT_REQUIRED', { ...neft, bankName: '' }],
  ['NEFT_REQUIRED', { ...neft, accountNature: null }],
  ['NEFT_REQUIRED', { ...neft, accountNumber: '   ' }],
  ['INVALID_IFSC', { ...neft, ifscCode: 'EXMP1000001' }],
  ['INVALID_IFSC', { ...neft, ifscCode: 'EXMP000001' }],
  ['INVALID_IFSC', { ...neft, ifscCode: 'EX1P0000001' }],
  ['INVALID_ACCOUNT_NUMBER', { ...neft, accountNumber: '12345678' }],
  ['INVALID_ACCOUNT_NUMBER', { ...neft, accountNumber: '1234567890123456789' }],
  ['INVALID_ACCOUNT_NUMBER', { ...neft, accountNumber: '12345678X' }],
])('COD: %s for %j, and nothing is taken back', async (errorCode, neftDetails) => {
  const shop = await delivered({ isCod: true })
  const { status, body } = await shop.giveBack({ neftDetails })
  expect(status).toBe(200)
  expect(body).toMatchObject({ status: false, errorCode })
  expect(shop.things('return')).toEqual([])
  expect(shop.statusOf(first)).toBe('DELIVERED')
})

test('COD with good bank details: spaces dropped, IFSC in any case, the account number masked', async () => {
  const shop = await delivered({ isCod: true })
  expect((await shop.giveBack({ neftDetails: neft })).body.status).toBe(true)
  expect(shop.things('return')).toMatchObject([
    { ifscCode: 'EXMP0000001', accountNumber: 'XXXXXXXX5678', refundStatus: 'PENDING' },
  ])
  expect(JSON.stringify(shop.world.state('arvind'))).not.toContain('000012345678')
})

test('what was paid how is Arvind’s to know: a COD order that calls itself prepaid needs NEFT', async () => {
  const shop = await delivered({ isCod: true })
  expect((await shop.giveBack({ paymentMode: 'PREPAID' })).body.errorCode).toBe('NEFT_REQUIRED')
})

test('bank details on a prepaid order are ignored, or refused by the switch', async () => {
  const shop = await delivered({}, { neft_for_prepaid: 'refuse' })
  const neftDetails = { ...neft, ifscCode: 'wrong' }
  expect((await shop.giveBack({ neftDetails })).body.errorCode).toBe('NEFT_NOT_ALLOWED')
  shop.world.setAssumptions('arvind', { neft_for_prepaid: 'ignore' })
  expect((await shop.giveBack({ neftDetails })).body.status).toBe(true)
  expect(shop.things('return')).toMatchObject([{ ifscCode: null }])
})

test('a return that no item is eligible for asks for no bank details', async () => {
  const shop = createRehearsal()
  await shop.push({ isCod: true })
  expect((await shop.giveBack()).body.errorCode).toBe('NOT_DELIVERED')
})

test('some refused, some accepted: the top follows the switch', async () => {
  const lines = [{ skuId: 'TEE-M' }, { skuId: 'MUG-1' }]
  const returns = [pickup, { ...pickup, itemId: second }]
  for (const mixed_result of ['refused', 'accepted']) {
    const shop = await delivered({ lines }, { mixed_result })
    const { body } = await shop.giveBack({ returns })
    expect(body.status).toBe(mixed_result === 'accepted')
    expect(body.data.returns.map(({ reason }) => reason)).toEqual([null, 'NOT_RETURNABLE'])
    expect(shop.statusOf(first)).toBe('RETURN_REQUESTED')
  }
})

test('the journey back: picked, received, refunded; pieces are on sale after the quality check', async () => {
  const shop = await delivered()
  await shop.giveBack()
  shop.act('arvind.return.pick', order)
  expect(shop.row('TEE-M', 'BLR-01')).toMatchObject({ sellable: 9, out: 1, unavailable: 0 })
  shop.act('arvind.return.receive', order)
  expect(shop.row('TEE-M', 'BLR-01')).toMatchObject({ sellable: 9, out: 0, unavailable: 1 })
  shop.act('arvind.return.start-refund', order)
  expect(shop.row('TEE-M', 'BLR-01')).toMatchObject({ sellable: 10, out: 0, unavailable: 0 })
  shop.act('arvind.return.refund', order)
  const back = shop.inbox.filter(({ body }) => body.returnId !== undefined)
  expect(back.map(({ body }) => [body.status, body.refundStatus])).toEqual([
    ['RETURN_REQUESTED', 'PENDING'],
    ['RETURN_PICKED', 'PENDING'],
    ['RETURN_RECEIVED', 'PENDING'],
    ['REFUND_INITIATED', 'INITIATED'],
    ['REFUNDED', 'COMPLETED'],
  ])
  expect((await shop.giveBack()).body.errorCode).toBe('ALREADY_RETURNED')
})

test('returned pieces stay out of sale by the switch', async () => {
  const shop = await delivered({}, { returned_stock: 'unavailable' })
  await shop.giveBack()
  shop.act('arvind.return.refund', order)
  expect(shop.row('TEE-M', 'BLR-01')).toMatchObject({ sellable: 9, out: 0, unavailable: 1 })
})

test('a failed quality check ends the journey without a refund', async () => {
  const shop = await delivered()
  await shop.giveBack()
  shop.act('arvind.return.qc-fail', order)
  expect(shop.inbox.at(-1)?.body).toMatchObject({
    status: 'RETURN_QC_FAILED',
    refundStatus: 'REJECTED',
    reason: 'Quality check failed',
  })
  expect(shop.row('TEE-M', 'BLR-01')).toMatchObject({ sellable: 9, out: 0, unavailable: 1 })
  expect(() => shop.act('arvind.return.refund', order)).toThrow('can become REFUNDED')
  expect((await shop.giveBack()).body.errorCode).toBe('ALREADY_RETURNED')
})

test('two items of one parcel come back each with its own return id', async () => {
  const shop = await delivered({ lines: [{ skuId: 'TEE-M' }, { skuId: 'TEE-S' }] })
  await shop.giveBack({ returns: [pickup, { ...pickup, itemId: second }] })
  shop.act('arvind.return.pick', order)
  const picked = shop.inbox.filter(({ event }) => event === 'RETURN_PICKED')
  expect(new Set(picked.map(({ body }) => body.returnId)).size).toBe(2)
})

test('the call centre returns by the same rules', async () => {
  const shop = await delivered({ lines: [{ skuId: 'MUG-1' }], isCod: true })
  expect(() => shop.act('arvind.return.request', order)).toThrow('NOT_RETURNABLE')
  shop.act('arvind.sku.set-rules', { skuId: 'MUG-1', returnable: true })
  expect(() => shop.act('arvind.return.request', order)).toThrow('NEFT details are missing')
  shop.act('arvind.return.request', { ...order, neftDetails: neft })
  expect(shop.statusOf(first)).toBe('RETURN_REQUESTED')
  expect(() => shop.act('arvind.return.request', order)).toThrow('No item')
})

test('money that must go back: prepaid returns whose refund began, never COD', async () => {
  for (const isCod of [false, true]) {
    const shop = await delivered({ isCod, lines: [{ skuId: 'TEE-M' }, { skuId: 'TEE-S' }] })
    await shop.giveBack({ ...(isCod && { neftDetails: neft }) })
    expect(shop.view().orders?.[0]?.refund_due_minor).toBe(0)
    shop.act('arvind.return.start-refund', order)
    const due = isCod ? 0 : 49_900
    expect(shop.view().orders?.[0]?.refund_due_minor).toBe(due)
    shop.act('arvind.return.refund', order)
    expect(shop.view().orders?.[0]?.refund_due_minor).toBe(due)
  }
})

test('the delivered date is told with DELIVERED alone, and what the customer wrote with the return', async () => {
  const shop = createRehearsal()
  await shop.push()
  shop.act('arvind.order.advance', { orderReference, to: 'DELIVERED' })
  const returns = [
    { itemId: first, skuId: 'TEE-M', returnMode: 'PICKUP', reasonId: 7, comment: 'Too big' },
  ]
  const other = [{ ...returns[0], skuId: 'TEE-S' }]
  expect((await shop.giveBack({ returns: other })).body.errorCode).toBe('ITEM_NOT_FOUND')
  await shop.giveBack({ returns })
  shop.act('arvind.return.start-refund', { orderReference })
  shop.act('arvind.return.refund', { orderReference })
  const dated = shop.inbox.filter(({ body }) => body.deliveredDate !== undefined)
  expect(dated.map(({ event }) => event)).toEqual(['DELIVERED'])
  const asked = shop.inbox.find(({ event }) => event === 'RETURN_REQUESTED')
  expect(asked?.body).toMatchObject({ reason: '7', comment: 'Too big' })
})
