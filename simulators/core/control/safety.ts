import { createHash, timingSafeEqual } from 'node:crypto'
import { ControlError } from './control-error.ts'

export interface SafetyOptions {
  /** Asked of every caller when set. */
  token?: string
  /** Host names besides loopback under which the control plane may be called. */
  allowedHosts: readonly string[]
}

const loopbackNames = new Set(['localhost', '127.0.0.1', '[::1]', '::1'])

/** `127.0.0.1`, `127.*`, `localhost`, `*.localhost`, `::1`: names that reach this machine only. */
export function isLoopback(host: string): boolean {
  const name = host.toLowerCase()
  return (
    loopbackNames.has(name) ||
    name.endsWith('.localhost') ||
    /^127\.\d{1,3}\.\d{1,3}\.\d{1,3}$/.test(name)
  )
}

/**
 * Refuses a call that may come from a page in the user's browser or from a stranger on the network (design 11): a Host that is
 * neither loopback nor allowed (421: a rebound DNS name), an Origin that is not the control plane's own (403), a missing or wrong
 * token (401).
 */
export function refuseStrangers(request: Request, options: SafetyOptions): void {
  refuseForeignPages(request, options)
  if (options.token === undefined) return
  const given = /^Bearer (.+)$/.exec(request.headers.get('authorization') ?? '')?.[1]
  if (given === undefined || !isSame(given, options.token)) {
    throw new ControlError(
      401,
      'unauthorized',
      'The control plane wants its token: Authorization: Bearer …',
      { headers: { 'www-authenticate': 'Bearer' } },
    )
  }
}

/** Host and Origin alone: for documents that hold no secret. */
export function refuseForeignPages(
  request: Request,
  options: Pick<SafetyOptions, 'allowedHosts'>,
): void {
  const host = refuseForeignHost(request, options)
  const origin = request.headers.get('origin')
  if (origin !== null && origin !== `http://${host}` && origin !== `https://${host}`) {
    throw new ControlError(
      403,
      'foreign-origin',
      `Pages of ${quote(origin)} may not call the control plane.`,
    )
  }
}

/** A name that somebody's DNS has rebound to this machine is refused (421). Returns the Host that was called. */
export function refuseForeignHost(
  request: Request,
  options: Pick<SafetyOptions, 'allowedHosts'>,
): string {
  const host = request.headers.get('host') ?? new URL(request.url).host
  const name = host.replace(/:\d+$/, '').toLowerCase()
  if (isLoopback(name) || options.allowedHosts.includes(name)) return host
  throw new ControlError(
    421,
    'host-not-allowed',
    `Host ${quote(host)} is neither loopback nor allowed. Allow it by name: --allow-host.`,
  )
}

/** Only JSON leaves a browser with a preflight, so nothing else is read. No body is fine. */
export function refuseOtherThanJson(request: Request): void {
  const type = request.headers.get('content-type')
  if (type === null ? request.body === null : /^application\/json\s*(;|$)/i.test(type)) return
  if (type !== null && request.body === null) return
  throw new ControlError(
    415,
    'unsupported-media-type',
    `The control plane reads application/json, not ${type === null ? 'a body without content type' : quote(type)}.`,
  )
}

/** Same digest, compared without telling how much of it agreed. */
function isSame(given: string, wanted: string): boolean {
  const digest = (text: string) => createHash('sha256').update(text).digest()
  return timingSafeEqual(digest(given), digest(wanted))
}

const quote = (text: string) => JSON.stringify(text.slice(0, 100))
