import { MatchersV3 as M } from '@pact-foundation/pact'
import { createHttpSender } from '../../simulators/core/messenger/http-sender.ts'
import type { World } from '../../simulators/index.ts'
import { type Deed, eventOf, play } from '../verify/partner-calls.ts'

/** Plays it again; the messenger's own sender posts this one event to the shop, and its answer is what is resolved. */
export function tell(
  partner: string,
  deeds: readonly Deed[],
  event: string,
  shopUrl: string,
): Promise<number | string> {
  return new Promise((resolve, reject) => {
    let isTold = false
    const listen = (world: World) => {
      const sender = createHttpSender({
        onOutgoing(listener, givenUp) {
          world.onOutgoing((call) => {
            const { deliveryId, attempt } = call
            if (!isTold && eventOf(world, partner, deliveryId) === event) {
              isTold = true
              listener(call)
            } else world.answered(deliveryId, attempt, { status: 200, body: '{"status":true}' })
          }, givenUp)
        },
        answered(_deliveryId, _attempt, outcome) {
          resolve('status' in outcome ? outcome.status : outcome.error)
          void sender.close()
        },
      })
    }
    play(deeds, shopUrl, listen, () => isTold)
    if (!isTold) reject(new Error(`Nothing told ${event}.`))
  })
}

/** Ids that the shop under verification knows by itself, by their names in a body. */
export type KnownIds = Record<string, { state: string; regex: string }>

/** By type, but for what the shop acts on; what it must know comes from the state of the shop. */
export function bodyByType(
  value: unknown,
  exact: readonly string[],
  ids: KnownIds,
  name = '',
): unknown {
  if (Array.isArray(value)) return value.map((item) => bodyByType(item, exact, ids, name))
  if (typeof value === 'object' && value !== null) {
    return Object.fromEntries(
      Object.entries(value).map(([key, inner]) => [key, bodyByType(inner, exact, ids, key)]),
    )
  }
  if (value === null || exact.includes(name)) return value
  const known = ids[name]
  if (known !== undefined) {
    return {
      'pact:matcher:type': typeof value === 'number' ? 'integer' : 'regex',
      ...(typeof value !== 'number' && { regex: known.regex }),
      value,
      'pact:generator:type': 'ProviderState',
      expression: `\${${known.state}}`,
    }
  }
  if (typeof value === 'number') return M.number(value)
  return typeof value === 'boolean' ? M.boolean(value) : M.string(String(value))
}
