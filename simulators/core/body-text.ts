import { isUtf8 } from 'node:buffer'

/** Half of a surrogate pair: no UTF-8 decodes to it alone, and JSON keeps it in a log. */
const broken = '\udc80'

/**
 * The text of a body, as `Request.text` decodes, without a byte order mark; but where bytes are no UTF-8 it stays visible (`isWhole`).
 * Left as replacement characters, a broken name would be taken for the customer's own.
 */
export function decodeBody(bytes: Buffer): string {
  const text = bytes.toString('utf8')
  if (!isUtf8(bytes)) return text.replaceAll('\ufffd', broken)
  return text.charCodeAt(0) === 0xfeff ? text.slice(1) : text
}

/** False for the text of a body that was no UTF-8. */
export const isWhole = (text: string): boolean => !(text.includes(broken) && /\p{Cs}/u.test(text))
