import { createHmac, timingSafeEqual } from 'node:crypto'

/** Hex HMAC-SHA256 compared in constant time. An empty secret verifies nothing. */
export function isHmac(secret: string, body: Uint8Array | string, given: string | undefined) {
  if (secret === '' || given === undefined) return false
  const wanted = Buffer.from(createHmac('sha256', secret).update(body).digest('hex'))
  const got = Buffer.from(given.trim().toLowerCase())
  return wanted.length === got.length && timingSafeEqual(wanted, got)
}
