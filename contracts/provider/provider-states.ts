import type { RequestListener } from 'node:http'
import type { World } from '../../simulators/index.ts'
import { readBytes } from './listen.ts'

interface StateCall {
  state: string
  params?: Record<string, unknown>
  action: 'setup' | 'teardown'
}

/**
 * One handler for every provider state: the state is an act of the world and its parameters are the act's input. What the act answers,
 * and the partner's credentials, feed `fromProviderState`. Any state that is no act, or that the act refuses, answers 400, which makes
 * the interaction red. Each teardown resets the world, so that no interaction leans on another.
 */
export function handleStates(world: World, provider: string): RequestListener {
  return (request, response) => {
    const send = (status: number, body: object) => {
      response.writeHead(status, { 'content-type': 'application/json' })
      response.end(JSON.stringify(body))
    }
    readBytes(request)
      .then((bytes) => send(200, applyState(world, provider, JSON.parse(bytes.toString('utf8')))))
      .catch((error: unknown) => send(400, { error: String(error) }))
  }
}

function applyState(world: World, provider: string, { state, params, action }: StateCall): object {
  if (action === 'teardown') {
    world.reset()
    return {}
  }
  // An interaction without states calls too, with an empty name.
  const answer = state === '' ? {} : world.act(state, params ?? {})
  return { ...world.credentials(provider), ...(answer as object | undefined) }
}
