/** An entry of the journal as the control plane shows it. */
export interface ShownEntry {
  seq: number
  at: string
  kind: string
  cause: number | null
  data: Record<string, unknown>
}

export interface CurlPlaces {
  controlUrl: string
  /** Base URL and credentials by partner, as the control plane gives them. */
  partners: Record<string, { base_url: string; credentials: Record<string, string> }>
}

interface Sent {
  method: string
  url: string
  headers: Record<string, string>
  body: unknown
}

/** Belong to the bytes that were sent then, not to those that curl will send. */
const skippedHeaders = new Set(['content-length', 'accept', 'connection', 'host'])

/**
 * A call of the journal as a command to paste: what was redacted there is filled in again from the world's credentials. Undefined when
 * the entry is no call.
 */
export function renderCurl({ kind, data }: ShownEntry, places: CurlPlaces): string | undefined {
  const sent =
    kind === 'request' ? callOf(data, places) : kind === 'attempt' ? attemptOf(data) : undefined
  if (!sent) return undefined
  const reveal = (text: string) => revealSecrets(text, places)
  const lines = [`curl -i -X ${sent.method} ${quote(reveal(sent.url))}`]
  for (const [name, value] of Object.entries(sent.headers)) {
    if (!skippedHeaders.has(name)) lines.push(`-H ${quote(`${name}: ${reveal(value)}`)}`)
  }
  if (sent.body !== undefined && sent.body !== '') {
    const text = typeof sent.body === 'string' ? sent.body : JSON.stringify(sent.body)
    lines.push(`--data-binary ${quote(reveal(text))}`)
  }
  return lines.join(' \\\n  ')
}

function callOf(
  data: Record<string, unknown>,
  { controlUrl, partners }: CurlPlaces,
): Sent | undefined {
  const { partner, method, target, headers, body } = data as unknown as Sent & {
    partner: string
    target: string
  }
  const place = partners[partner]
  if (!place) return undefined
  // A call that came by the control port names the partner in its path.
  const isPrefixed = new RegExp(`^(/w/[^/]+)?/${partner}(/|\\?|$)`).test(target)
  const origin = isPrefixed ? controlUrl.replace(/\/$/, '') : new URL(place.base_url).origin
  return { method, url: `${origin}${target}`, headers, body }
}

function attemptOf(data: Record<string, unknown>): Sent {
  const { url, headers, body } = data as unknown as Sent
  return { method: 'POST', url, headers, body }
}

/** `{{acme.key}}` is a credential, `{{acme.user:password}}` a pair in base64. */
function revealSecrets(text: string, { partners }: CurlPlaces): string {
  return text.replace(/\{\{([\w-]+)\.([\w:-]+)\}\}/g, (all, partner: string, name: string) => {
    const credentials = partners[partner]?.credentials ?? {}
    const values = name.split(':').map((each) => credentials[each])
    if (values.some((value) => value === undefined)) return all
    return values.length === 1
      ? (values[0] ?? all)
      : Buffer.from(values.join(':')).toString('base64')
  })
}

/** For a POSIX shell: nothing inside single quotes is special but the single quote. */
const quote = (text: string): string => `'${text.replaceAll("'", "'\\''")}'`
