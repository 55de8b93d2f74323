import type { RequestListener } from 'node:http'
import type { FaultSpec } from '../../simulators/core/faults/armed.ts'
import type { World } from '../../simulators/index.ts'
import { readBytes } from './listen.ts'

interface StateCall {
  state: string
  params?: Record<string, unknown>
  action: 'setup' | 'teardown'
}

/** What a client's own words for a state mean: acts with their input (or `fault`), in order. */
export type StateMeanings = Readonly<
  Record<string, readonly (readonly [act: string, input: object])[]>
>

/**
 * One handler for every provider state: the state is an act of the world and its parameters are the act's input. What the acts answered,
 * and the partner's credentials, feed `fromProviderState`: every value under its own name, the first that was told; the next different
 * ones as `order_id_2`, `order_id_3`. The state `fault` arms a fault of this partner, in the words of a scenario. Any other state that is
 * no act, or that the act refuses, answers 400, which makes the interaction red. Each teardown, and each refusal (the verifier sends no
 * teardown then), resets the world, so that no interaction leans on another. `refused` hears which state was refused and why: the
 * verifier does not tell. `meanings` are states of a client's own words.
 */
export function handleStates(
  world: World,
  provider: string,
  refused: (state: string, why: string) => void = () => {},
  meanings: StateMeanings = {},
): RequestListener {
  const told = new Map<string, string[]>()
  return (request, response) => {
    const send = (status: number, body: object) => {
      response.writeHead(status, { 'content-type': 'application/json' })
      response.end(JSON.stringify(body))
    }
    let state = ''
    readBytes(request)
      .then((bytes) => {
        const call = JSON.parse(bytes.toString('utf8')) as StateCall
        state = call.state
        send(200, applyState(world, provider, told, call, meanings))
      })
      .catch((error: unknown) => {
        world.reset()
        told.clear()
        refused(state, error instanceof Error ? error.message : String(error))
        send(400, { error: String(error) })
      })
  }
}

function applyState(
  world: World,
  provider: string,
  told: Map<string, string[]>,
  { state, params = {}, action }: StateCall,
  meanings: StateMeanings,
): object {
  if (action === 'teardown') {
    world.reset()
    told.clear()
    return {}
  }
  // An interaction without states calls too, with an empty name.
  const own: StateMeanings[string] = state === '' ? [] : [[state, params]]
  for (const [name, input] of Object.hasOwn(meanings, state) ? (meanings[state] ?? []) : own) {
    if (name === 'fault') world.arm({ partner: provider, ...filled(told, input) } as FaultSpec)
    else remember(told, world.act(name, filled(told, input)))
  }
  const values = [...told].flatMap(([name, all]) =>
    all.map((value, at) => [at === 0 ? name : `${name}_${at + 1}`, value]),
  )
  const yesterday = `${new Date(world.clock.nowMs - dayMs).toISOString().slice(0, 19)}Z`
  return { yesterday, ...Object.fromEntries(values), ...world.credentials(provider) }
}

const dayMs = 24 * 60 * 60_000

/** A parameter `${order_id_2}` is what an earlier state of the interaction answered under that name. */
function filled(told: Map<string, string[]>, params: object): object {
  return Object.fromEntries(
    Object.entries(params).map(([name, value]) => {
      const [, key, at = '1'] = /^\$\{(.+?)(?:_(\d+))?\}$/.exec(String(value)) ?? []
      if (key === undefined) return [name, value]
      const answer = told.get(key)?.[Number(at) - 1]
      if (answer === undefined) throw new Error(`No state has answered ${value}.`)
      return [name, answer]
    }),
  )
}

/** Every text and number of an answer, whatever it is nested in. */
function remember(told: Map<string, string[]>, answer: unknown, name = ''): void {
  if (typeof answer === 'object' && answer !== null) {
    for (const [key, value] of Object.entries(answer)) {
      remember(told, value, Array.isArray(answer) ? name : key)
    }
    return
  }
  if (typeof answer !== 'string' && typeof answer !== 'number') return
  const values = told.get(name) ?? []
  if (!values.includes(String(answer))) told.set(name, [...values, String(answer)])
}
