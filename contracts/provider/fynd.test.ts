import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { signedHeaders } from '../../reference-client/partners/fynd.ts'
import { openSimulators, type Simulators } from '../../simulators/server.ts'
import { close, type Listening, listen } from './listen.ts'
import { handleStates } from './provider-states.ts'
import { proveAndForward } from './signing-proxy.ts'
import { verifyPact } from './verify.ts'

const pact = new URL('../pacts/reference-client-fynd.json', import.meta.url)
const scratch = mkdtempSync(join(tmpdir(), 'understudy-pact-'))

let simulators: Simulators
let proxy: Listening
let unsigned: Listening
let states: Listening

beforeAll(async () => {
  simulators = await openSimulators({ port: 0, strict: true })
  const { world } = simulators.house.get('default')
  const { affiliate_id = '', token = '', secret = '' } = world.credentials('fynd')
  // The provider's own address, not the client's base URL: the pact's paths are whole.
  const fynd = `http://127.0.0.1:${simulators.ports.fynd}`
  const authorization = `Bearer ${btoa(`${affiliate_id}:${token}`)}`
  states = await listen(handleStates(world, 'fynd'))
  proxy = await listen(
    proveAndForward(fynd, ({ method, target, body, headers }) => ({
      authorization,
      ...(headers['x-fp-signature'] !== undefined &&
        signedHeaders(secret, method, `${fynd}${target}`, body, Date.now())),
    })),
  )
  unsigned = await listen(proveAndForward(fynd, () => ({ authorization })))
})

afterAll(async () => {
  await Promise.all([proxy, unsigned, states].map(close))
  await simulators.close()
  rmSync(scratch, { recursive: true })
})

const verify = (file: URL, provider = proxy) =>
  verifyPact({ pact: file, provider: 'fynd', providerUrl: provider.url, statesUrl: states.url })

interface Interaction {
  description: string
  providerStates?: { name: string; params: object }[]
  response: { status: number; body?: { content: Record<string, unknown> } }
}

/** The committed pact, changed. */
function changed(name: string, change: (interactions: Interaction[]) => Interaction[]): URL {
  const whole = JSON.parse(readFileSync(pact, 'utf8')) as { interactions: Interaction[] }
  const file = join(scratch, `${name}.json`)
  writeFileSync(file, JSON.stringify({ ...whole, interactions: change(whole.interactions) }))
  return pathToFileURL(file)
}

const only = (description: string) => (interactions: Interaction[]) =>
  interactions.filter((interaction) => interaction.description === description)

it('is red when the answer is another one', async () => {
  const file = changed('status', (interactions) =>
    only('a COD order')(interactions).map((interaction) => ({
      ...interaction,
      response: { ...interaction.response, status: 201 },
    })),
  )
  const { isGreen, interactions, errors } = await verify(file)
  expect({ isGreen, interactions }).toEqual({ isGreen: false, interactions: 0 })
  expect(errors.join()).toContain('expected 201 but was 200')
})

it('is red when a state is not an act', async () => {
  const file = changed('state', (interactions) =>
    only('the stock status of TEE-M')(interactions).map((interaction) => ({
      ...interaction,
      providerStates: [{ name: 'fynd.stock.sett', params: {} }],
    })),
  )
  const { isGreen, errors } = await verify(file)
  expect(isGreen).toBe(false)
  expect(errors.join()).toContain('the stock status of TEE-M')
})

it('is red when there is nothing to verify', async () => {
  const { isGreen, errors } = await verify(changed('empty', () => []))
  expect(isGreen).toBe(false)
  expect(errors.join()).toContain('The pact holds no interaction.')
})

it('is red when the signature is not of the bytes that leave', async () => {
  const { isGreen, errors } = await verify(changed('unsigned', only('a COD order')), unsigned)
  expect(isGreen).toBe(false)
  expect(errors.join()).toContain('expected 200 but was 401')
})
