import type { VerifierOptions } from '@pact-foundation/pact-core'
import type { OwnCatalogue } from '../../simulators/core/own-catalogue.ts'
import { openSimulators, type Simulators } from '../../simulators/server.ts'
import { close, type Listening, listen } from '../provider/listen.ts'
import { proofFor } from '../provider/proofs.ts'
import { handleStates, type StateMeanings } from '../provider/provider-states.ts'
import { proveAndForward } from '../provider/signing-proxy.ts'
import type { RefusedState } from './check-report.ts'

export interface StageWish {
  /** Sent instead of what the pact has. */
  headers: Readonly<Record<string, string>>
  /** Calls go out with the pact's own credentials, not with those of the world. */
  keepCredentials: boolean
  /** Provider states in the client's own words. */
  states: StateMeanings
  seed?: number
  catalogue?: OwnCatalogue
}

export interface Stages {
  of(partner: string): Promise<Stage>
  close(): Promise<void>
}

/** Opens simulators on loopback when the first partner is asked for, and before each partner what a verifier needs. */
export function createStages(wish: StageWish): Stages {
  const { seed, catalogue } = wish
  const stages = new Map<string, Promise<Stage>>()
  let simulators: Promise<Simulators> | undefined
  const open = async (partner: string) => {
    simulators ??= openSimulators({
      port: 0,
      strict: true,
      ...(seed !== undefined && { seed }),
      ...(catalogue !== undefined && { catalogue }),
    })
    return openStage(await simulators, partner, wish)
  }
  return {
    of(partner) {
      const stage = stages.get(partner) ?? open(partner)
      stages.set(partner, stage)
      return stage
    },
    async close() {
      for (const stage of stages.values()) await Promise.all((await stage).open.map(close))
      await (await simulators)?.close()
    },
  }
}

/** What stands before a partner while its pacts are verified. */
export interface Stage {
  options: Pick<VerifierOptions, 'providerBaseUrl' | 'providerStatesSetupUrl' | 'logLevel'>
  refused: RefusedState[]
  open: Listening[]
}

async function openStage(
  { house, ports }: Simulators,
  partner: string,
  { headers, keepCredentials, states: meanings }: StageWish,
): Promise<Stage> {
  const { world } = house.get('default')
  const url = `http://127.0.0.1:${ports[partner]}`
  const refused: RefusedState[] = []
  const states = await listen(
    handleStates(world, partner, (state, why) => refused.push({ state, why }), meanings),
  )
  const prove = proofFor(partner, url, world.credentials(partner), Date.now)
  const forward = proveAndForward(url, async (call) => ({
    ...(keepCredentials ? {} : await prove(call)),
    ...headers,
  }))
  const prefix = new URL(world.baseUrl(partner)).pathname.replace(/\/$/, '')
  const proxy = await listen((incoming, outgoing) => {
    incoming.url = below(prefix, incoming.url ?? '/')
    forward(incoming, outgoing)
  })
  return {
    options: { providerBaseUrl: proxy.url, providerStatesSetupUrl: states.url, logLevel: 'error' },
    refused,
    open: [states, proxy],
  }
}

/** A client that was told Pact's mock for its base URL knows nothing of the path that a partner's base URL ends with (FYND: `/gofynd`). */
const below = (prefix: string, target: string): string =>
  target.startsWith(`${prefix}/`) ? target : `${prefix}${target}`
