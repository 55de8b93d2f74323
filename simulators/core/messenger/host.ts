/**
 * Whether webhooks may go there: http or https, no user in the URL, and a host that is loopback (`localhost`, 127.0.0.0/8, `::1`) or allowed by
 * name (`kartify.test`, or with its port `kartify.test:8080`). Hosts are compared as the URL parser writes them, which is how they are
 * dialled: `127.1` and `0x7f000001` are 127.0.0.1. Names that only resolve to loopback, and IPv4 in IPv6, are refused.
 */
export function isAllowedReceiver(url: string, allowedHosts: readonly string[]): boolean {
  if (!URL.canParse(url)) return false
  const { protocol, username, password, hostname, port } = new URL(url)
  if (protocol !== 'http:' && protocol !== 'https:') return false
  if (username !== '' || password !== '') return false
  if (isLoopback(hostname)) return true
  const dialled = port === '' ? (protocol === 'http:' ? '80' : '443') : port
  return allowedHosts.some((allowed) => {
    const name = allowed.toLowerCase()
    return name === hostname || name === `${hostname}:${dialled}`
  })
}

const isLoopback = (hostname: string): boolean =>
  hostname === 'localhost' ||
  hostname === '[::1]' ||
  /^127\.\d{1,3}\.\d{1,3}\.\d{1,3}$/.test(hostname)
