import { request as httpRequest } from 'node:http'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { openSimulators, type Simulators } from '../../simulators/server.ts'
import { close, type Listening, listen, readBytes } from './listen.ts'
import { proofFor } from './proofs.ts'
import { handleStates } from './provider-states.ts'
import { proveAndForward } from './signing-proxy.ts'
import { verifyPact } from './verify.ts'

let simulators: Simulators
const open: Listening[] = []

beforeAll(async () => {
  simulators = await openSimulators({ port: 0 })
})

afterAll(async () => {
  await Promise.all(open.map(close))
  await simulators.close()
})

/** The gateway, but for one word of its wire: on the way in (a client that renamed a field) or out (a simulator that did). */
async function verifyGateway(rename: { asked?: [string, string]; answered?: [string, string] }) {
  const { world } = simulators.house.get('default')
  const url = `http://127.0.0.1:${simulators.ports['payment-gateway']}`
  const replaced = (text: string, words: [string, string] | undefined) =>
    words === undefined ? text : text.replaceAll(`"${words[0]}"`, `"${words[1]}"`)
  const drifted = await listen((incoming, outgoing) => {
    void readBytes(incoming).then((bytes) => {
      const body = replaced(bytes.toString('utf8'), rename.asked)
      const { method, url: path, headers } = incoming
      const forwarded = httpRequest(
        `${url}${path}`,
        { method, headers: { ...headers, 'content-length': Buffer.byteLength(body) } },
        (answer) => {
          void readBytes(answer).then((answered) => {
            const text = replaced(answered.toString('utf8'), rename.answered)
            outgoing.writeHead(answer.statusCode ?? 502, {
              ...answer.headers,
              'content-length': Buffer.byteLength(text),
            })
            outgoing.end(text)
          })
        },
      )
      forwarded.end(body)
    })
  })
  const prove = proofFor('payment-gateway', url, world.credentials('payment-gateway'), Date.now)
  const proxy = await listen(proveAndForward(drifted.url, prove))
  const states = await listen(handleStates(world, 'payment-gateway'))
  open.push(drifted, proxy, states)
  return verifyPact({
    pact: new URL('../pacts/reference-client-payment-gateway.json', import.meta.url),
    provider: 'payment-gateway',
    providerUrl: proxy.url,
    statesUrl: states.url,
  })
}

it('nothing drifted', async () => {
  expect(await verifyGateway({})).toMatchObject({ isGreen: true, interactions: 18 })
})

it('a field that a simulator renames is caught', async () => {
  const { isGreen, errors } = await verifyGateway({ answered: ['payment_id', 'id'] })
  expect(isGreen).toBe(false)
  expect(errors.join()).toContain('payment_id')
})

it('a field that the client renames is caught', async () => {
  const { isGreen, errors } = await verifyGateway({ asked: ['amount_minor', 'amount'] })
  expect(isGreen).toBe(false)
  expect(errors.join()).toContain('expected 200 but was 400')
})
