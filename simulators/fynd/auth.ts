import { hash } from 'node:crypto'
import { hmacSha256Hex } from '../core/hmac.ts'
import type { IncomingCall } from '../core/partner.ts'
import { Refusal } from '../core/refusal.ts'
import { affiliateOf, type FyndContext, type FyndTypes } from './state.ts'

/** Calls that change something at FYND; only these must be signed (facts/fynd.md 7.1). */
const writes: ReadonlySet<string> = new Set([
  'placeOrder',
  'confirmPayment',
  'updateShipmentStatus',
  'reportRefund',
])

/** How far the date of a signature may be away from the client's clock (facts/fynd.md 2). */
const clockSkewMaxMs = 300_000

const dateForm = /^\d{8}T\d{6}Z$/

/**
 * Who calls (facts/fynd.md 2): `Authorization: Bearer|Basic base64(affiliate_id:token)`, then the affiliate of the path, then the
 * signature by the switch `signature_mode`.
 */
export function authenticate(ctx: FyndContext, call: IncomingCall): FyndTypes['auth'] {
  const { id, token } = readAuthorization(call.headers.authorization)
  const known = affiliateOf(ctx, id)
  if (token !== known?.token) {
    throw new Refusal('unauthorized', 'Affiliate id or token is wrong')
  }
  if (ctx.state.disabledAffiliates.has(id)) {
    throw new Refusal('affiliate-disabled', `Affiliate ${id} is disabled`)
  }
  if (call.pathParams.affiliate_id !== id) {
    throw new Refusal('forbidden', 'Affiliate id of the path is not the authenticated one')
  }
  checkSignature(ctx, call, known.secret)
  return { affiliateId: id }
}

/**
 * `v1:` and the hex HMAC-SHA256 of method, target as sent, date and body hash, one a line. ASSUMED and simpler than the public v1.1 on
 * purpose (facts/fynd.md 2).
 */
export function signRequest(
  secret: string,
  request: { method: string; target: string; date: string; bodyText: string },
): string {
  const bodyHash = hash('sha256', request.bodyText, 'hex')
  const text = [request.method, request.target, request.date, bodyHash].join('\n')
  return `v1:${hmacSha256Hex(secret, text)}`
}

/** `YYYYMMDDTHHMMSSZ` */
export const writeSignatureDate = (atMs: number): string =>
  `${new Date(atMs).toISOString().slice(0, 19).replaceAll(/[-:]/g, '')}Z`

/** Epoch milliseconds; undefined when it is no such date. */
export function parseSignatureDate(text: string): number | undefined {
  if (!dateForm.test(text)) return undefined
  const day = `${text.slice(0, 4)}-${text.slice(4, 6)}-${text.slice(6, 8)}`
  const time = `${text.slice(9, 11)}:${text.slice(11, 13)}:${text.slice(13, 15)}`
  const atMs = Date.parse(`${day}T${time}Z`)
  return Number.isNaN(atMs) ? undefined : atMs
}

/** A client sends the same header again and again: the last one is kept with its meaning, which hangs on nothing else. */
let lastRead: { header: string; id: string; token: string } | undefined

function readAuthorization(header: string | undefined): { id: string; token: string } {
  if (header !== undefined && header === lastRead?.header) return lastRead
  if (header === undefined) throw new Refusal('unauthorized', 'Authorization header is missing')
  const [, encoded] = /^(?:Bearer|Basic) +([A-Za-z0-9+/_-]+={0,2})$/i.exec(header) ?? []
  if (encoded === undefined) {
    throw new Refusal(
      'unauthorized',
      'Authorization must be Bearer base64(affiliate_id:affiliate_token)',
    )
  }
  const text = Buffer.from(encoded, 'base64').toString('utf8')
  const colon = text.indexOf(':')
  if (colon < 0) {
    throw new Refusal(
      'unauthorized',
      'Authorization does not decode to affiliate_id:affiliate_token',
    )
  }
  lastRead = { header, id: text.slice(0, colon), token: text.slice(colon + 1) }
  return lastRead
}

function checkSignature(ctx: FyndContext, call: IncomingCall, secret: string): void {
  const mode = ctx.assumptions.signature_mode
  const signature = call.headers['x-fp-signature']
  const isDemanded = mode === 'required' && writes.has(call.operationId)
  if (mode === 'off') return
  if (signature === undefined) {
    if (isDemanded) throw new Refusal('unauthorized', 'x-fp-signature is missing')
    return
  }
  const date = call.headers['x-fp-date']
  const dateMs = date === undefined ? undefined : parseSignatureDate(date)
  if (date === undefined || dateMs === undefined) {
    throw new Refusal('unauthorized', 'x-fp-date must be a date like 20260105T043000Z')
  }
  const { method, target, bodyText } = call
  if (signature !== signRequest(secret, { method, target, date, bodyText })) {
    throw new Refusal('unauthorized', 'x-fp-signature does not match')
  }
  if (mode === 'required' && Math.abs(ctx.clientNowMs - dateMs) > clockSkewMaxMs) {
    throw new Refusal('unauthorized', 'x-fp-date is more than 300 seconds away')
  }
}
