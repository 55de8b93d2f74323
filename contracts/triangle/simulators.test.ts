import { readFileSync } from 'node:fs'
import { load } from 'js-yaml'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { partners } from '../../simulators/index.ts'
import { openSimulators, type Simulators } from '../../simulators/server.ts'
import { close, type Listening, listen } from '../provider/listen.ts'
import { handleStates } from '../provider/provider-states.ts'
import { type Document, openDocument, openDocuments, readPact } from './documents.ts'
import { excluded } from './provocations.ts'
import { listProvocations, provoke } from './provoke.ts'

let simulators: Simulators
const open: Listening[] = []

beforeAll(async () => {
  simulators = await openSimulators({ port: 0 })
})

afterAll(async () => {
  await Promise.all(open.map(close))
  await simulators.close()
})

/** What is wrong with the answers of a running simulator, by this document; an answer's text goes `through` before it is looked at. */
async function faultsOf(document: Document, through = (text: string) => text): Promise<string[]> {
  const { partner } = document
  const { world } = simulators.house.get('default')
  const states = await listen(handleStates(world, partner))
  open.push(states)
  const url = `http://127.0.0.1:${simulators.ports[partner]}`
  const running = { url, statesUrl: states.url, world, through }
  const faults: string[] = []
  for (const each of listProvocations(document, readPact(partner))) {
    faults.push(...(await provoke(document, each, running)))
  }
  return faults
}

/** The gateway's document with other words in it. */
function gatewayWith(from: string, to: string): Document {
  const wire = partners.find(({ name }) => name === 'payment-gateway')?.wire ?? ''
  const text = readFileSync(wire, 'utf8').replaceAll(from, to)
  return openDocument('payment-gateway', load(text) as Record<string, unknown>)
}

it.each(openDocuments())(
  '$partner answers all that its document names, and as it says',
  async (document) => {
    expect(await faultsOf(document)).toEqual([])
  },
  120_000,
)

it('a field that a simulator renames is caught', async () => {
  const renamed = (text: string) => text.replaceAll('"merchant_order_id"', '"order_id"')
  const faults = await faultsOf(gatewayWith('pay_url', 'pay_url'), renamed)
  expect(faults.join()).toContain('getPayment 200: ')
  expect(faults.join()).toContain("must have required property 'merchant_order_id'")
})

it('a field that a document renames is caught', async () => {
  const faults = await faultsOf(gatewayWith('pay_url', 'page_url'))
  expect(faults.join()).toContain('"page_url"')
})

it('a documented answer that nothing provokes is told', async () => {
  const faults = await faultsOf(gatewayWith('"429":', '"418":'))
  expect(faults).toContain('getPayment 418: nothing provokes it')
})

it('nothing is excluded that is not documented', () => {
  const gone = openDocuments().flatMap(({ partner, operations }) =>
    Object.keys(excluded[partner] ?? {}).filter((each) => {
      const [who = '', status = ''] = each.split(' ')
      return !operations.some(
        ({ id, method, statuses }) =>
          [id, '*', method.toUpperCase()].includes(who) && statuses.includes(status),
      )
    }),
  )
  expect(gone).toEqual([])
})
