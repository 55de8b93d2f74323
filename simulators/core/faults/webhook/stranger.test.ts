import { expect, test } from 'vitest'
import type { WebhookFault } from '../fault.ts'
import { otherAccount } from './other-account.ts'
import { planned } from './planned.ts'
import { strangeValue } from './stranger.ts'
import { unknownItem } from './unknown-item.ts'
import { unknownOrder } from './unknown-order.ts'

const names = { item: ['bag_id'], order: ['order_id'], account: ['shop_id'] }
const body = { event_id: 'e-1', shop_id: 'abc', order_id: 'A-10', bags: [{ bag_id: 43880 }] }

function applied(fault: unknown, given: object = {}) {
  const { options, apply } = fault as WebhookFault
  const how = { options: options.parse(given), draw: 0, nowMs: 0, memory: {}, held: [], names }
  return apply([planned({ body: JSON.stringify(body) })], how).map((each) => ({
    ...each,
    body: JSON.parse(each.body),
  }))
}

test('an unknown item: the real event, then one with another item and another event id', () => {
  const [real, stranger] = applied(unknownItem)
  expect(real?.body).toEqual(body)
  expect(stranger?.body).toEqual({
    ...body,
    event_id: stranger?.eventId,
    bags: [{ bag_id: 56119 }],
  })
  expect(stranger?.eventId).not.toBe('e-1')
})

test('an unknown order keeps account and items', () => {
  expect(applied(unknownOrder)[1]?.body).toMatchObject({
    ...body,
    event_id: expect.any(String),
    order_id: 'A-89',
  })
})

test('another website: account and order are not ours', () => {
  const [, stranger] = applied(otherAccount)
  expect(stranger?.body).toMatchObject({
    shop_id: 'abc-unknown',
    order_id: 'A-89',
    bags: body.bags,
  })
})

test('instead of the real event when told so, and with keys of one’s own', () => {
  const only = applied(unknownOrder, { besides: false, keys: ['shop_id'] })
  expect(only.map((each) => each.body.shop_id)).toEqual(['abc-unknown'])
})

test('makes nothing up where it knows no key', () => {
  expect(applied(unknownItem, { keys: ['nowhere'] })).toHaveLength(1)
})

test('a made-up value is of the same kind and length, and another one', () => {
  expect(strangeValue(43880)).toBe(56119)
  expect(strangeValue(99)).toBe(80)
  expect(strangeValue('17675874003948571620')).toBe('82324125996051428379')
  expect(strangeValue('FY695B3F')).toBe('FY304B6F')
  expect(strangeValue('')).toBe('')
  expect(strangeValue(null)).toBeNull()
})
