/**
 * Whether webhooks may go there: http or https, no user in the URL, and a host that is loopback (`localhost`, 127.0.0.0/8, `::1`) or allowed by
 * name (`shop.test`, or with its port `shop.test:8080`). Hosts are compared as the URL parser writes them, which is how they are
 * dialled: `127.1` and `0x7f000001` are 127.0.0.1. Names that only resolve to loopback, and IPv4 in IPv6, are refused.
 */
export function isAllowedReceiver(url: string, allowedHosts: readonly string[]): boolean {
  const { protocol, hostname, port, hasUser } = parseReceiver(url) ?? {}
  if (protocol === undefined || hostname === undefined) return false
  if (protocol !== 'http:' && protocol !== 'https:') return false
  if (hasUser) return false
  if (isLoopback(hostname)) return true
  const dialled = port === '' ? (protocol === 'http:' ? '80' : '443') : port
  return allowedHosts.some((allowed) => {
    const name = allowed.toLowerCase()
    return name === hostname || name === `${hostname}:${dialled}`
  })
}

/** A receiver's URL, taken apart. */
export interface Receiver {
  protocol: string
  origin: string
  hostname: string
  /** Empty: the protocol's own. */
  port: string
  /** With the query. */
  path: string
  hasUser: boolean
}

/** A shop has a handful of URLs, and every attempt of every event needs one of them taken apart. */
const receivers = new Map<string, Receiver | undefined>()
const receiversMax = 1_000

/** Undefined: it is no URL. */
export function parseReceiver(url: string): Receiver | undefined {
  if (receivers.has(url)) return receivers.get(url)
  if (receivers.size >= receiversMax) receivers.clear()
  const receiver = URL.canParse(url) ? takeApart(new URL(url)) : undefined
  receivers.set(url, receiver)
  return receiver
}

const takeApart = (url: URL): Receiver => ({
  protocol: url.protocol,
  origin: url.origin,
  hostname: url.hostname,
  port: url.port,
  path: `${url.pathname}${url.search}`,
  hasUser: url.username !== '' || url.password !== '',
})

const isLoopback = (hostname: string): boolean =>
  hostname === 'localhost' ||
  hostname === '[::1]' ||
  /^127\.\d{1,3}\.\d{1,3}\.\d{1,3}$/.test(hostname)
