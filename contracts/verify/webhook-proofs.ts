import { createHmac } from 'node:crypto'
import type { Told } from './partner-calls.ts'

/** How a partner proves itself to a shop (facts/fynd.md 6.2, facts/arvind.md 2, facts/kartify.md 10.1; Konnect's is assumed). */
export interface WebhookProof {
  /** The call with the proof of whoever knows this secret. */
  prove(call: Told, secret: string): Told
  /** The call without a proof. */
  strip(call: Told): Told
  /** Whether the proof covers what is told; credentials alone do not. */
  coversBody: boolean
  /** Whether a shop must look at it. */
  isBinding: boolean
  /** What a secret looks like, when not every text is one. */
  form?: { pattern: RegExp; words: string }
  /** The secret, put together from a world's credentials. */
  secretOf(credentials: Readonly<Record<string, string>>): string
}

const hmac = (secret: string, text: string): string =>
  createHmac('sha256', secret).update(text).digest('hex')

function signedIn(header: string, credential: string, isBinding = true): WebhookProof {
  return {
    prove: (call, secret) => ({
      ...call,
      headers: { ...call.headers, [header]: hmac(secret, call.body) },
    }),
    strip: (call) => ({ ...call, headers: without(call.headers, header) }),
    coversBody: true,
    isBinding,
    secretOf: (credentials) => credentials[credential] ?? '',
  }
}

const without = (headers: Record<string, string>, header: string): Record<string, string> =>
  Object.fromEntries(Object.entries(headers).filter(([name]) => name !== header))

/** The browser's way back: the signature is a field of the form. */
const callback: Pick<WebhookProof, 'prove' | 'strip'> = {
  prove(call, secret) {
    const form = new URLSearchParams(call.body)
    const signed = ['payment_id', 'merchant_order_id', 'status', 'debited']
    form.set('signature', hmac(secret, signed.map((name) => form.get(name)).join('|')))
    return { ...call, body: form.toString() }
  },
  strip(call) {
    const form = new URLSearchParams(call.body)
    form.delete('signature')
    return { ...call, body: form.toString() }
  },
}

/** The same event in other bytes, as another writer of JSON may put it: spaces, lines, and a letter of each text as `\u…`. */
export const inOtherBytes = (call: Told): Told => ({
  ...call,
  body: JSON.stringify(JSON.parse(call.body), undefined, 1).replaceAll(
    // Only a value begins like this: a quote inside a text stands behind a backslash.
    /: "(\w)/g,
    (_text, letter: string) => `: "\\u${letter.charCodeAt(0).toString(16).padStart(4, '0')}`,
  ),
})

export const isForm = (call: Told): boolean =>
  call.headers['content-type'] === 'application/x-www-form-urlencoded'

const gateway = signedIn('x-gateway-signature', 'webhook_secret')

export const webhookProofs: Readonly<Record<string, WebhookProof>> = {
  fynd: signedIn('x-fp-signature', 'secret'),
  arvind: {
    prove: (call, secret) => ({
      ...call,
      headers: {
        ...call.headers,
        authorization: `Basic ${Buffer.from(secret).toString('base64')}`,
      },
    }),
    strip: (call) => ({ ...call, headers: without(call.headers, 'authorization') }),
    coversBody: false,
    isBinding: true,
    form: { pattern: /^[^:]+:./, words: 'username:password' },
    secretOf: ({ username, password }) => `${username}:${password}`,
  },
  konnect: signedIn('x-konnect-signature', 'webhook_secret', false),
  'payment-gateway': {
    ...gateway,
    prove: (call, secret) => (isForm(call) ? callback : gateway).prove(call, secret),
    strip: (call) => (isForm(call) ? callback : gateway).strip(call),
  },
}
