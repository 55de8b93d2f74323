import { expect, test } from 'vitest'
import { readServiceability } from './fynd.ts'
import { isHmac } from './hmac.ts'
import { minorMoney, wireMoney } from './money.ts'

const question = {
  payment_mode: 'COD',
  to_pincode: '560001',
  cart_items: [{ sku_code: 'TEE-M', quantity: 1, price_effective: 499 }],
}
const item = (availability: object, message: string | null = null) => ({
  sku_code: 'TEE-M',
  message,
  availability,
})
const fine = item({ deliverable: true, out_of_stock: false, is_valid: true })
const answer = { success: true, is_valid: true, is_cod_available: true, items: [fine] }

test('reads serviceability item by item, below a top flag that may mislead', () => {
  expect(readServiceability(answer, question)).toEqual({ isServiceable: true })
  const messages = [
    { ...answer, items: [item({ deliverable: true, out_of_stock: true }, 'Gone')] },
    { ...answer, items: [item({ deliverable: false }, 'Not there')] },
    { ...answer, items: [] },
    { ...answer, is_valid: false, message: 'No' },
    { ...answer, success: false, error: { message: 'pincode 560001 does not exist' } },
    { ...answer, is_cod_available: false },
  ].map((one) => {
    const verdict = readServiceability(one, question)
    return verdict.isServiceable ? 'serviceable' : verdict.message
  })
  expect(messages).toEqual([
    'Gone',
    'Not there',
    'No answer for TEE-M.',
    'No',
    'pincode 560001 does not exist',
    'Cash on delivery is not available for this address.',
  ])
  expect(
    readServiceability(
      { ...answer, is_cod_available: false },
      { ...question, payment_mode: 'PREPAID' },
    ),
  ).toEqual({ isServiceable: true })
})

test('money goes over the wire and back without a lost paisa', () => {
  for (const minor of [0, 1, 49900, 129950, 114985, 1_234_567_89]) {
    expect(minorMoney(Number(JSON.stringify(wireMoney(minor))))).toBe(minor)
  }
})

test('an empty secret verifies nothing', () => {
  expect(isHmac('', 'body', '')).toBe(false)
  expect(isHmac('secret', 'body', undefined)).toBe(false)
  expect(
    isHmac('secret', 'body', 'dc46983557fea127b43af721467eb9b3fde2338fe3e14f51952aa8478c13d355'),
  ).toBe(true)
})
