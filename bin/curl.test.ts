import { expect, it } from 'vitest'
import { type CurlPlaces, renderCurl, type ShownEntry } from './curl.ts'

const places: CurlPlaces = {
  controlUrl: 'http://127.0.0.1:4000',
  partners: {
    acme: {
      base_url: 'http://127.0.0.1:4070/w/blue/api',
      credentials: { user: 'fake-user', password: 'fake-pass' },
    },
  },
}

const entry = (kind: string, data: object): ShownEntry => ({
  seq: 1,
  at: '2026-01-05T04:30:00.000Z',
  kind,
  cause: null,
  data: { ...data },
})

it('fills credentials in, quotes for a shell, and leaves out what curl counts itself', () => {
  const call = entry('request', {
    partner: 'acme',
    method: 'POST',
    target: '/w/blue/api/orders?a=1',
    headers: {
      authorization: 'Basic {{acme.user:password}}',
      'x-key': '{{acme.password}} {{acme.none}} {{unknown:1}}',
      'content-length': '3',
      'content-type': 'application/json',
    },
    body: { note: "it's" },
  })
  expect(renderCurl(call, places)).toBe(
    [
      "curl -i -X POST 'http://127.0.0.1:4070/w/blue/api/orders?a=1'",
      `-H 'authorization: Basic ${Buffer.from('fake-user:fake-pass').toString('base64')}'`,
      "-H 'x-key: fake-pass {{acme.none}} {{unknown:1}}'",
      "-H 'content-type: application/json'",
      `--data-binary '{"note":"it'\\''s"}'`,
    ].join(' \\\n  '),
  )
})

it.each(['/acme/api/orders', '/w/blue/acme/api/orders'])(
  'sends a call that came by the control port there again: %s',
  (target) => {
    const call = entry('request', { partner: 'acme', method: 'GET', target, headers: {} })
    expect(renderCurl(call, places)).toBe(`curl -i -X GET 'http://127.0.0.1:4000${target}'`)
  },
)

it('copies a delivery with the bytes that left', () => {
  const attempt = entry('attempt', {
    url: 'http://127.0.0.1:4100/hook',
    headers: { 'x-signature': 'abc' },
    body: '{"a": 1}',
  })
  expect(renderCurl(attempt, places)).toContain(`--data-binary '{"a": 1}'`)
})

it('makes no command of what is no call', () => {
  expect(renderCurl(entry('act', { name: 'acme.order.cancel' }), places)).toBeUndefined()
  expect(renderCurl(entry('request', { partner: 'other', headers: {} }), places)).toBeUndefined()
})
