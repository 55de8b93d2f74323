import { prepareDocument } from '../docs/prepare-document.ts'
import type { Wire, WireOperation } from '../wire.ts'
import type { World } from '../world.ts'

/** Knocks at one operation of one partner, with good credentials unless told otherwise. */
export interface Knock {
  operation: WireOperation
  headers?: Record<string, string>
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
  const { authorize } = prepareDocument(wire.source, '', credentials)
  const authorization = authorize.map((each) =>
    'value' in each
      ? `Bearer ${each.value}`
      : `Basic ${Buffer.from(`${each.username}:${each.password}`).toString('base64')}`,
  )[0]
  const origin = new URL(world.baseUrl(partner)).origin
  return ({ operation, headers = {}, body, method, param = 'nobody', pathSuffix = '' }: Knock) => {
    const path = operation.path.replace(/\{([^}]+)\}/g, (_all, name: string) =>
      encodeURIComponent(credentials[name] ?? param),
    )
    return world.fetch(
      new Request(`${origin}${path}${pathSuffix}`, {
        method: method ?? operation.method,
        headers: { ...(authorization !== undefined && { authorization }), ...headers },
        ...(body !== undefined && { body }),
      }),
    )
  }
}
