import { expect, it } from 'vitest'
import { decodeBody, isWhole } from './body-text.ts'
import { createStage } from './testing/stage.ts'

const order = { order_id: 'A-1', sku: 'BAG', quantity: 1 }
const json = JSON.stringify({ ...order, note: 'Asha' })
/** The same with a byte in the name that begins no character of UTF-8. */
const brokenBytes = Buffer.from(json.replace('Asha', 'Ash\xe9'), 'latin1')

it.each(['', 'Asha', 'Rāma 💀 \ufffd', '\ufeffAsha'])('reads %j as fetch does', async (text) => {
  const bytes = Buffer.from(text)
  expect(decodeBody(bytes)).toBe(await new Response(bytes).text())
  expect(isWhole(decodeBody(bytes))).toBe(true)
})

it('tells bytes that are no UTF-8, and keeps that through a log', () => {
  const text = decodeBody(brokenBytes)
  expect(isWhole(text)).toBe(false)
  expect(isWhole(JSON.parse(JSON.stringify(text)))).toBe(false)
})

it.each([{}, { 'content-length': String(brokenBytes.length) }])(
  'refuses a body that is no UTF-8, its length announced or not: %j',
  async (headers) => {
    const { world } = createStage()
    const answer = await world.fetch(
      new Request('http://127.0.0.1:4090/v1/orders', {
        method: 'POST',
        headers: {
          authorization: `Key ${world.credentials('tiny').key}`,
          'content-type': 'application/json',
          ...headers,
        },
        body: brokenBytes,
      }),
    )
    expect([answer.status, await answer.text()]).toEqual([
      400,
      expect.stringContaining('not valid UTF-8'),
    ])
    expect(world.things('tiny', 'order')).toEqual([])
  },
)

it.each([
  ['application/json; charset=utf-16', 415],
  ['application/json;charset="ISO-8859-1"', 415],
  ['application/json; charset=UTF-8', 201],
  ['application/json; charset="utf8"', 201],
  ['application/json; charset=us-ascii', 201],
  ['application/json', 201],
])('a body of type %s is answered with %d', async (type, status) => {
  const { call, world } = createStage()
  expect((await call('POST', '/v1/orders', json, { 'content-type': type })).status).toBe(status)
  expect(world.things('tiny', 'order')).toHaveLength(status === 201 ? 1 : 0)
})
