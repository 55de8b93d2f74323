import { prepareDocument } from '../docs/prepare-document.ts'
import type { Wire, WireOperation } from '../wire.ts'
import type { World } from '../world.ts'

/** Knocks at one operation of one partner, with good credentials unless told otherwise. */
export interface Knock {
  operation: WireOperation
  headers?: Record<string, string>
  /** Credentials that nobody was given, instead of the good ones and in their place. */
  stranger?: boolean
  /** Raw body. */
  body?: string
  method?: string
  /** Fills path parameters that are no credential. */
  param?: string
  /** Put before the partner's path, for example to break it. */
  pathSuffix?: string
}

export function createKnocker(world: World, partner: string, wire: Wire) {
  const credentials = world.credentials(partner)
  const good = goodHeaders(wire, credentials)
  const origin = new URL(world.baseUrl(partner)).origin
  return ({
    operation,
    headers = {},
    body,
    method,
    param = 'nobody',
    pathSuffix = '',
    stranger,
  }: Knock) => {
    const path = operation.path.replace(/\{([^}]+)\}/g, (_all, name: string) =>
      encodeURIComponent(credentials[name] ?? param),
    )
    return world.fetch(
      new Request(`${origin}${path}${pathSuffix}`, {
        method: method ?? operation.method,
        headers: { ...(stranger ? strangersHeaders(good) : good), ...headers },
        ...(body !== undefined && { body }),
      }),
    )
  }
}

/** The first scheme that the docs console can fill in, as it would send it. */
function goodHeaders(wire: Wire, credentials: Record<string, string>): Record<string, string> {
  const [first] = prepareDocument(wire.source, '', credentials).authorize
  if (!first) return {}
  if ('username' in first) {
    return { authorization: `Basic ${btoa(`${first.username}:${first.password}`)}` }
  }
  const { securitySchemes = {} } = (wire.source.components ?? {}) as {
    securitySchemes?: Record<string, { type: string; name?: string }>
  }
  const { type, name } = securitySchemes[first.scheme] ?? {}
  if (type === 'apiKey' && name) return { [name.toLowerCase()]: first.value }
  return { authorization: `Bearer ${first.value}` }
}

const strangersHeaders = (good: Record<string, string>): Record<string, string> =>
  Object.fromEntries(
    Object.keys({ authorization: '', ...good }).map((name) => [
      name,
      name === 'authorization' ? 'Bearer bm9ib2R5Om5vYm9keQ==' : 'nobody',
    ]),
  )
