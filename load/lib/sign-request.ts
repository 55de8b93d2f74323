/** k6 and Node hash each in their own way; both give lower-case hex. */
export interface Hashes {
  sha256Hex(text: string): string
  hmacSha256Hex(secret: string, text: string): string
}

/**
 * The two headers of a write (fynd.md 2): date, and `v1:` with the HMAC over method, target as sent, date and body hash, one a line.
 * `target` is path and query, any prefix included.
 */
export function signedHeaders(
  request: { method: string; target: string; body: string; nowMs: number; secret: string },
  hashes: Hashes,
): Record<string, string> {
  const date = signatureDate(request.nowMs)
  const text = [request.method, request.target, date, hashes.sha256Hex(request.body)].join('\n')
  return { 'x-fp-date': date, 'x-fp-signature': `v1:${hashes.hmacSha256Hex(request.secret, text)}` }
}

/** `YYYYMMDDTHHMMSSZ` */
export const signatureDate = (atMs: number): string =>
  `${new Date(atMs).toISOString().slice(0, 19).replace(/[-:]/g, '')}Z`

/** Path and query of an absolute URL (k6 knows no URL). */
export const targetOf = (url: string): string => url.replace(/^https?:\/\/[^/]*/, '') || '/'
