import type { RequestListener } from 'node:http'
import type { FaultSpec } from '../../simulators/core/faults/armed.ts'
import { nearestName } from '../../simulators/core/nearest.ts'
import { UnknownName } from '../../simulators/core/world-core.ts'
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
    else remember(told, act(world, provider, name, filled(told, input), meanings))
  }
  const values = [...told].flatMap(([name, all]) =>
    all.map((value, at) => [at === 0 ? name : `${name}_${at + 1}`, value]),
  )
  const yesterday = `${new Date(world.clock.nowMs - dayMs).toISOString().slice(0, 19)}Z`
  return { yesterday, ...Object.fromEntries(values), ...world.credentials(provider) }
}

function act(
  world: World,
  provider: string,
  name: string,
  input: object,
  meanings: StateMeanings,
): unknown {
  try {
    return world.act(name, input)
  } catch (error) {
    if (!(error instanceof UnknownName) || !error.message.startsWith('Unknown act ')) throw error
    throw new Error(sayUnknown(name, provider, error.known, Object.keys(meanings)))
  }
}

const nearMax = 5

/** A list of every act of every partner would hide the one that was meant. */
function sayUnknown(
  name: string,
  provider: string,
  acts: readonly string[],
  sentences: readonly string[],
): string {
  const meant = nearestName(name, [...acts, ...sentences, 'fault'])
  const words = wordsOf(name)
  const shared = (known: string) => wordsOf(known).filter((word) => words.includes(word)).length
  const near = acts
    .filter((known) => known.startsWith(`${provider}.`) && known !== meant)
    .sort((a, b) => shared(b) - shared(a))
    .slice(0, nearMax)
  const own = sentences.map((sentence) => `"${sentence}"`)
  return [
    `Unknown act "${name}".`,
    ...(meant === undefined ? [] : [`Did you mean "${meant}"?`]),
    `Near: ${[...near, 'fault', ...own].join(', ')}.`,
    'All acts: npx understudy list acts. Your own words: --states FILE.',
  ].join(' ')
}

/** The partner's name is in all of them and tells nothing. */
const wordsOf = (name: string): string[] =>
  name
    .toLowerCase()
    .split(/[^a-z]+/)
    .map((word) => word.replace(/(?:e?d|s)$/, ''))
    .filter((word) => word.length > 1)

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
