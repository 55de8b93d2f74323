import { createHmac } from 'node:crypto'
import { expect, it } from 'vitest'
import { hmacSha256Hex } from './hmac.ts'

it.each([
  ['', ''],
  ['secret', 'text'],
  ['geheim-ü-秘密', 'नमस्ते, ü'],
  ['k'.repeat(64), 'x'.repeat(10_000)],
  ['k'.repeat(65), 'longer than a block'],
])('agrees with the platform for a secret of %j', (secret, text) => {
  const wanted = createHmac('sha256', secret).update(text).digest('hex')
  expect(hmacSha256Hex(secret, text)).toBe(wanted)
  expect(hmacSha256Hex(secret, text)).toBe(wanted)
})
