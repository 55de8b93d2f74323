import { rmSync } from 'node:fs'
import { MatchersV3 as M, PactV4 } from '@pact-foundation/pact'
import { expect, it } from 'vitest'
import { createWallClock } from '../../reference-client/clock.ts'
import type { ShopPorts } from '../../reference-client/index.ts'
import { type Caller, createCaller } from '../../reference-client/partners/call.ts'
import { PartnerError } from '../../reference-client/partners/errors.ts'
import { createRandom } from '../../reference-client/random.ts'
import { bodyFromStates, fromStates } from './examples.ts'

export type Given = readonly (readonly [act: string, input: object])[]

/** One exchange that the reference client relies on. */
export interface Case<Client> {
  about: string
  /** Acts of the world with their input, in order. */
  given?: Given
  call: (client: Client) => Promise<unknown>
  /** 200 unless given. */
  status?: number
  /**
   * As the client reads it: each value counts by its type alone, but for those in `exactly`. Text that begins with %PDF is a PDF. None: the
   * client does not look.
   */
  answer?: unknown
  /** Headers of the answer that the client acts on; any number will do. */
  numbers?: Record<string, number>
  /** What the client makes of it; Maps are compared as objects. */
  becomes: { value: unknown } | { failure: object }
}

/** What stands before or in place of the request in question: another request of the client, by path. */
export interface Prelude {
  about: string
  path: string
  answer: unknown
}

export interface Contract<Client> {
  provider: string
  /** The client as it runs, with `url` as its partner. */
  createClient(ports: ShopPorts, caller: Caller, url: string): Client
  prelude?: Prelude
  cases: readonly Case<Client>[]
}

interface Sent {
  method: string
  url: URL
  headers: Record<string, string>
  body?: string
}

const pacts = new URL('../pacts/', import.meta.url)

/** A value that the client acts on. */
export const exactly = (value: string | number | boolean): unknown => M.equal(value)

/** Starts a pact anew: Pact merges into what is there, so yesterday's interactions would live for ever. */
export function openPact(provider: string, consumer = 'reference-client'): PactV4 {
  rmSync(new URL(`${consumer}-${provider}.json`, pacts), { force: true })
  return new PactV4({ consumer, provider, dir: pacts.pathname, logLevel: 'warn' })
}

/**
 * Makes a test of each case. What the client sends is written down from its own mouth in a first run; in the second it talks to Pact's
 * mock, which answers and writes the pact.
 */
export function testCases<Client>(pact: PactV4, contract: Contract<Client>): void {
  for (const each of contract.cases) {
    it(each.about, async () => {
      const interactions = (await listen(contract, each)).map((sent) =>
        addInteraction(pact, contract, each, sent),
      )
      const last = interactions.at(-1)
      if (last === undefined) throw new Error('The client sent nothing.')
      await last.executeTest(({ url }) => play(contract, each, url, fetch))
    })
  }
}

/** What the client sends, each request once. */
async function listen<Client>(contract: Contract<Client>, each: Case<Client>): Promise<Sent[]> {
  const sent = new Map<string, Sent>()
  await play(contract, each, 'http://127.0.0.1:9', async (target, init = {}) => {
    const url = new URL(target)
    const { method = 'GET', headers = {}, body } = init
    const request = { method, url, headers, ...(body !== undefined && { body }) }
    sent.set(JSON.stringify([method, target, body]), request)
    const { answer, status, numbers } = answerTo(contract, each, request)
    const isText = typeof answer === 'string'
    const text = isText ? answer : JSON.stringify(M.reify((answer ?? null) as never))
    return new Response(answer === undefined ? null : text, {
      status,
      headers: {
        'content-type': isText ? 'application/pdf' : 'application/json',
        ...Object.fromEntries(
          Object.entries(numbers).map(([name, number]) => [name, String(number)]),
        ),
      },
    })
  })
  return [...sent.values()]
}

/** The client's own code, once, and what it made of the answer. */
async function play<Client>(
  contract: Contract<Client>,
  each: Case<Client>,
  url: string,
  send: ShopPorts['fetch'],
): Promise<void> {
  const ports: ShopPorts = {
    fetch: send,
    clock: createWallClock(),
    random: createRandom('contract'),
    background: (_name, job) => void job(),
  }
  const client = contract.createClient(
    ports,
    createCaller(ports, () => {}),
    url,
  )
  const outcome = await each.call(client).then(
    (value) => ({ value: plain(value) }),
    (error: unknown) => {
      if (error instanceof PartnerError) return { failure: error.failure }
      throw error
    },
  )
  expect(outcome).toMatchObject(each.becomes)
}

const answerTo = <Client>(contract: Contract<Client>, each: Case<Client>, { url }: Sent) =>
  contract.prelude !== undefined && url.pathname === contract.prelude.path && !isAsked(each)
    ? { ...contract.prelude, status: 200, given: [], numbers: {} }
    : { ...each, status: each.status ?? 200, given: each.given ?? [], numbers: each.numbers ?? {} }

const isAsked = (each: { about: string }) => each.about.includes('token')

function addInteraction<Client>(
  pact: PactV4,
  contract: Contract<Client>,
  each: Case<Client>,
  sent: Sent,
) {
  const { about, given, status, answer, numbers } = answerTo(contract, each, sent)
  const interaction = pact.addInteraction()
  for (const [act, input] of given) interaction.given(act, input as never)
  return interaction
    .uponReceiving(about)
    .withRequest(sent.method, fromStates(sent.url.pathname) as string, (request) => {
      request.headers(headersOf(sent.headers))
      const query = [...sent.url.searchParams].map(([name, value]) => [name, fromStates(value)])
      if (query.length > 0) request.query(Object.fromEntries(query))
      if (sent.body !== undefined) request.jsonBody(bodyFromStates(JSON.parse(sent.body)))
    })
    .willRespondWith(status, (response) => {
      response.headers(
        Object.fromEntries(
          Object.entries(numbers).map(([name, number]) => [
            name,
            M.regex('^\\d+$', String(number)),
          ]),
        ),
      )
      if (answer === undefined) return
      if (typeof answer !== 'string') response.jsonBody(byType(answer))
      else {
        response
          .headers({ 'content-type': M.regex('^application/pdf', 'application/pdf') })
          .body('application/pdf', Buffer.from(answer))
          .matchingRules({ body: { path: '$', rules: [M.contentType('application/pdf')] } })
      }
    })
}

/** Whoever proves himself does so anew on verification, so that only the form stands in the pact. */
const proofs: Record<string, string> = {
  authorization: '^(Bearer|Basic) \\S+$',
  'x-access-token': '^\\S+$',
  'x-fp-date': '^\\d{8}T\\d{6}Z$',
  'x-fp-signature': '^v1:[0-9a-f]{64}$',
}

function headersOf(headers: Record<string, string>) {
  return Object.fromEntries(
    Object.entries(headers)
      .filter(([name]) => !['accept', 'x-correlation-id'].includes(name))
      .map(([name, value]) => {
        const form = proofs[name]
        if (form === undefined) return [name, value]
        return [name, M.regex(form, samples[name] ?? value)]
      }),
  )
}

/** What changes from run to run would change the file. */
const samples: Record<string, string> = {
  'x-fp-date': '20260105T043000Z',
  'x-fp-signature': `v1:${'0'.repeat(64)}`,
}

/** Every value by its type, lists by their first row; matchers stay as they are. */
function byType(value: unknown): unknown {
  if (Array.isArray(value)) {
    const [first, ...others] = value
    if (first === undefined) return value
    return others.length === 0 ? M.eachLike(byType(first)) : value.map(byType)
  }
  if (typeof value === 'object' && value !== null) {
    if ('pact:matcher:type' in value) return value
    return Object.fromEntries(Object.entries(value).map(([name, inner]) => [name, byType(inner)]))
  }
  if (typeof value === 'number') return M.number(value)
  if (typeof value === 'boolean') return M.boolean(value)
  return typeof value === 'string' ? M.string(value) : value
}

/** Maps as objects; the bytes of a document as their beginning. */
function plain(value: unknown): unknown {
  if (value instanceof Map) return Object.fromEntries(value)
  if (value instanceof Uint8Array) return new TextDecoder().decode(value).slice(0, 4)
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return value
  return Object.fromEntries(Object.entries(value).map(([name, inner]) => [name, plain(inner)]))
}
