import { expect, test } from 'vitest'
import { status } from './status.ts'

const ordinary = { apply: 'yes', holdMs: 0 } as const
const planned = (given: object) =>
  status.apply(ordinary, { options: status.options.parse(given), draw: 0, nowMs: 0, memory: {} })

test('answers with the status alone and does nothing', () => {
  expect(planned({ status: 503 })).toEqual({ apply: 'never', holdMs: 0, instead: { status: 503 } })
})

test('does what was asked all the same when told so', () => {
  expect(planned({ status: 500, applied: true }).apply).toBe('yes')
})

test('sends an object as JSON and text as text', () => {
  expect(planned({ status: 500, body: { oops: 1 } }).instead).toEqual({
    status: 500,
    json: { oops: 1 },
  })
  expect(
    planned({ status: 502, body: '<h1>Bad Gateway</h1>', contentType: 'text/html' }).instead,
  ).toEqual({
    status: 502,
    text: '<h1>Bad Gateway</h1>',
    contentType: 'text/html',
  })
})

test('asks to come back in so many whole seconds', () => {
  const headers = (retryAfter: unknown) => {
    const { instead } = planned({ status: 429, retryAfter })
    return instead && 'headers' in instead ? instead.headers : undefined
  }
  expect(headers(7)).toEqual({ 'retry-after': '7' })
  expect(headers('1m')).toEqual({ 'retry-after': '60' })
  expect(headers('1500ms')).toEqual({ 'retry-after': '2' })
})

test.each([{}, { status: 99 }, { status: 700 }, { status: 204, body: 'x' }, { status: '500' }])(
  'refuses %j',
  (given) => {
    expect(status.options.safeParse(given).success).toBe(false)
  },
)
