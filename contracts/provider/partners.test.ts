import { readFileSync } from 'node:fs'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { openSimulators, type Simulators } from '../../simulators/server.ts'
import { close, type Listening, listen } from './listen.ts'
import { proofFor } from './proofs.ts'
import { handleStates } from './provider-states.ts'
import { proveAndForward } from './signing-proxy.ts'
import { verifyPact } from './verify.ts'

const partners = ['arvind', 'fynd', 'konnect', 'payment-gateway']

let simulators: Simulators
const open: Listening[] = []

beforeAll(async () => {
  simulators = await openSimulators({ port: 0, strict: true })
})

afterAll(async () => {
  await Promise.all(open.map(close))
  await simulators.close()
})

it.each(partners)(
  '%s keeps what the reference client relies on',
  async (partner) => {
    const { world } = simulators.house.get('default')
    const url = `http://127.0.0.1:${simulators.ports[partner]}`
    const states = await listen(handleStates(world, partner))
    const prove = proofFor(partner, url, world.credentials(partner), Date.now)
    const proxy = await listen(proveAndForward(url, prove))
    open.push(states, proxy)
    const pact = new URL(`../pacts/reference-client-${partner}.json`, import.meta.url)
    const { interactions } = JSON.parse(readFileSync(pact, 'utf8')) as { interactions: object[] }
    const verification = await verifyPact({
      pact,
      provider: partner,
      providerUrl: proxy.url,
      statesUrl: states.url,
    })
    expect(verification).toEqual({ isGreen: true, interactions: interactions.length, errors: [] })
  },
  120_000,
)
