import { expect, it } from 'vitest'
import { renderRequest } from '../raw-client.ts'
import { callOf, wrongInAnswer } from './find-peers.ts'
import { answerParts, type PeerRoute } from './peer.ts'
import { cutDocument } from './prism.ts'
import { peers } from './table.ts'

const requestOf = (body: unknown) =>
  renderRequest({ method: 'PUT', target: '/a/b?c=d', host: 'h', body: JSON.stringify(body) })

const orderRoute: PeerRoute = {
  question: 'order',
  method: 'POST',
  path: '/w/a/orders',
  answer: { success: true, affiliate_order_id: 'first' },
}
const inventoryRoute: PeerRoute = {
  question: 'inventory',
  method: 'PUT',
  path: '/w/inventory',
  answer: { data: { payload_count: 9, success_count: 9, errors: [] } },
}
const stockRoute: PeerRoute = {
  question: 'stock',
  method: 'GET',
  path: '/w/stock',
  answer: { items: [{ q: 1 }, { q: 2 }] },
}
const order = requestOf({ order_info: { affiliate_order_id: 'second' } })
const batch = requestOf([{}, {}, {}])
const echoing = { isEchoing: true }

it('reads method and path of the bytes that are sent', () => {
  expect(callOf(order)).toEqual({ method: 'PUT', path: '/a/b' })
})

it.each([
  [orderRoute, order, { success: true, affiliate_order_id: 'second' }, undefined],
  [orderRoute, order, { success: true, affiliate_order_id: 'first' }, 'first, wanted second'],
  [orderRoute, order, { error: 'no such route' }, '/success: boolean against undefined'],
  [inventoryRoute, batch, { data: { payload_count: 3, success_count: 3, errors: [] } }, undefined],
  [inventoryRoute, batch, inventoryRoute.answer, '9, wanted 3'],
  [stockRoute, order, { items: [{ q: 1 }, { q: 1 }] }, undefined],
  [stockRoute, order, { items: [{ q: 1 }] }, '1 items, wanted 2'],
])('refuses a wrong answer: %j', (route, request, answer, wrong) => {
  const found = wrongInAnswer(echoing, route, { request, answer })
  if (wrong === undefined) expect(found).toBeUndefined()
  else expect(found).toContain(wrong)
})

it('whoever says that he echoes nothing is asked for the shape alone', () => {
  const given = { request: order, answer: orderRoute.answer }
  expect(wrongInAnswer({ isEchoing: false }, orderRoute, given)).toBeUndefined()
})

it('cuts an answer where the value of the body belongs, as text and as number', () => {
  expect(answerParts(orderRoute).join('"x"')).toBe('{"success":true,"affiliate_order_id":"x"}')
  expect(answerParts(inventoryRoute).join('3')).toBe(
    '{"data":{"payload_count":3,"success_count":3,"errors":[]}}',
  )
  expect(answerParts(stockRoute)).toHaveLength(1)
})

it('cuts a document to the one operation, with the wanted answer as its example', () => {
  const operation = {
    operationId: 'placeOrder',
    responses: { 200: { content: { 'application/json': { schema: {}, examples: {} } } } },
  }
  const paths = { '/b/other': {}, '/{a}/orders': { parameters: [{}], post: operation } }
  const cut = cutDocument({ paths, servers: [], components: {} }, orderRoute)
  expect(cut).toEqual({
    components: {},
    paths: {
      '/w/a/orders': {
        post: {
          operationId: 'placeOrder',
          responses: {
            200: { content: { 'application/json': { schema: {}, example: orderRoute.answer } } },
          },
        },
      },
    },
  })
  expect(() => cutDocument({ paths }, stockRoute)).toThrow('knows no GET /w/stock')
})

it('every peer is pinned, and says whether it reads the body and keeps state', () => {
  expect(new Set(peers.map(({ name }) => name)).size).toBe(peers.length)
  for (const { version, does } of peers) {
    expect(version).toMatch(/^\d+\.\d+\.\d+$/)
    expect(does).toMatch(/^reads the body: (?:yes|no), .*keeps state: (?:yes|no)$/)
  }
})
