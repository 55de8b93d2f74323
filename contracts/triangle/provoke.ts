import type { World } from '../../simulators/index.ts'
import type { Given } from '../consumer/contract.ts'
import { inPlaceOf } from '../consumer/examples.ts'
import { proofFor } from '../provider/proofs.ts'
import type { Document, Interaction, Operation } from './documents.ts'
import {
  excluded,
  type Provocation,
  provocations,
  toAll,
  toThoseWithBody,
  toThoseWithout,
} from './provocations.ts'

/** A running simulator, and the door to its provider states. */
export interface Running {
  url: string
  statesUrl: string
  world: World
  /** What stands between the simulator and whoever looks: planted drift changes the text of an answer. */
  through?: (text: string) => string
}

interface Call {
  given: Given
  switches: Record<string, unknown>
  fault?: Provocation['fault']
  method: string
  path: string
  query: Record<string, string[]>
  headers: Record<string, string>
  body?: string
  isStranger: boolean
}

/** One documented answer and what brings it about; without a call nothing does. */
export interface Provoked {
  operation: Operation
  status: string
  call?: Call
}

/** Every documented answer of every operation that is not excluded. */
export function listProvocations(document: Document, pact: readonly Interaction[]): Provoked[] {
  const reasons = excluded[document.partner] ?? {}
  const isExcluded = ({ id, method }: Operation, status: string) =>
    [id, '*', method.toUpperCase()].some((who) => reasons[`${who} ${status}`] !== undefined)
  return document.operations.flatMap((operation) =>
    operation.statuses
      .filter((status) => !isExcluded(operation, status))
      .map((status) => {
        const call = callFor(document, pact, operation, status)
        return { operation, status, ...(call && { call }) }
      }),
  )
}

function callFor(
  document: Document,
  pact: readonly Interaction[],
  operation: Operation,
  status: string,
): Call | undefined {
  const ofPact = (wanted: string) =>
    pact.find(
      ({ request, response }) =>
        document.operationOf(request)?.id === operation.id && String(response.status) === wanted,
    )
  const success = ofPact('200')
  const own = provocations[document.partner]?.[operation.id] ?? {}
  const usual = varied(success ? callOf(success) : bareCall(operation), own['200'] ?? {})
  const interaction = ofPact(status)
  if (own[status]) return varied(usual, own[status])
  if (interaction && !toAll[status]?.fault) return callOf(interaction)
  const rules = operation.hasBody ? toThoseWithBody : toThoseWithout
  const rule = rules[status] ?? provocations[document.partner]?.['*']?.[status] ?? toAll[status]
  return rule && varied(usual, rule)
}

const bareCall = ({ method, path }: Operation): Call => ({
  given: [],
  switches: {},
  method: method.toUpperCase(),
  path,
  query: {},
  // Who calls Konnect proves himself where the call has a place for it.
  headers: { 'x-access-token': '' },
  isStranger: false,
})

function callOf({ providerStates = [], request }: Interaction): Call {
  const { method, path, query = {}, headers = {}, body } = request
  return {
    given: providerStates.map(({ name, params }) => [name, params ?? {}] as const),
    switches: {},
    method,
    path,
    query,
    headers: Object.fromEntries(
      Object.entries(headers).map(([name, values]) => [name.toLowerCase(), values[0] ?? '']),
    ),
    ...(body && { body: JSON.stringify(body.content) }),
    isStranger: false,
  }
}

function varied(call: Call, how: Provocation): Call {
  const { body, contentType } = how
  return {
    ...call,
    given: [...(how.given ?? call.given), ...(how.also ?? [])],
    switches: how.switches ?? {},
    ...(how.fault && { fault: how.fault }),
    method: how.method ?? call.method,
    path: how.path ?? call.path,
    query: {
      ...call.query,
      ...Object.fromEntries(Object.entries(how.query ?? {}).map(([name, one]) => [name, [one]])),
    },
    headers: {
      ...call.headers,
      ...how.headers,
      ...(contentType && { 'content-type': contentType }),
    },
    ...(body !== undefined && { body: typeof body === 'string' ? body : JSON.stringify(body) }),
    isStranger: how.isStranger ?? call.isStranger,
  }
}

/** Brings one answer about and holds it against the document. Nothing wrong: an empty list. */
export async function provoke(
  document: Document,
  { operation, status, call }: Provoked,
  { url, statesUrl, world, through = (text) => text }: Running,
): Promise<string[]> {
  const about = `${operation.id} ${status}`
  if (call === undefined) return [`${about}: nothing provokes it`]
  try {
    world.setAssumptions(document.partner, call.switches)
    const values = await setUp(statesUrl, call.given)
    const answer = await send(document.partner, url, world, filled(call, values), () => {
      if (call.fault) {
        world.arm({ partner: document.partner, on: operation.id, ...call.fault })
      }
    })
    const text = through(await answer.text())
    if (String(answer.status) !== status) {
      return [`${about}: answered ${answer.status} ${text.slice(0, 200)}`]
    }
    // The fault `status` speaks for whatever stands before a partner, and says no word.
    if (call.fault?.name === 'status') return []
    return document.faultsOfAnswer(operation, {
      status: answer.status,
      headers: answer.headers,
      text,
    })
  } finally {
    world.disarm()
    await tell(statesUrl, { action: 'teardown' })
  }
}

async function setUp(statesUrl: string, given: Given): Promise<Record<string, string>> {
  let values: Record<string, string> = {}
  for (const [state, params] of given.length > 0 ? given : ([['', {}]] as const)) {
    const answer = await tell(statesUrl, { state, params, action: 'setup' })
    if (!answer.ok) throw new Error(`The state ${state} was refused: ${await answer.text()}`)
    values = (await answer.json()) as Record<string, string>
  }
  return values
}

const tell = (url: string, what: object) =>
  fetch(url, { method: 'POST', body: JSON.stringify(what) })

const filled = (call: Call, values: Record<string, string>): Call => ({
  ...call,
  path: inPlaceOf(
    call.path.replaceAll(/\{(\w+)\}/g, (_all, name) => values[name] ?? name),
    values,
  ),
  query: Object.fromEntries(
    Object.entries(call.query).map(([name, all]) => [
      name,
      all.map((value) => inPlaceOf(named(value, values), values)),
    ]),
  ),
  ...(call.body !== undefined && { body: filledBody(call.body, values) }),
})

/** `{name}` is what a state or the call before answered under this name. */
const named = (text: string, values: Record<string, string>) =>
  text.replaceAll(/\{(\w+)\}/g, (_all, name) => values[name] ?? name)

/** What is no JSON is sent as it is. */
function filledBody(body: string, values: Record<string, string>): string {
  try {
    return JSON.stringify(JSON.parse(body), (_name, value) =>
      typeof value === 'string' ? inPlaceOf(value, values) : value,
    )
  } catch {
    return body
  }
}

const strangers: Record<string, string> = {
  authorization: 'Bearer bm9ib2R5Om5vYm9keQ==',
  'x-access-token': 'nobody',
}

async function send(
  partner: string,
  url: string,
  world: World,
  { method, path, query, headers, body = '', isStranger }: Call,
  arm: () => void,
): Promise<Response> {
  const search = new URLSearchParams(
    Object.entries(query).flatMap(([name, all]) =>
      all.map((value): [string, string] => [name, value]),
    ),
  ).toString()
  const target = search === '' ? path : `${path}?${search}`
  const prove = proofFor(partner, url, world.credentials(partner), Date.now)
  const proof = isStranger ? strangers : await prove({ method, target, body, headers })
  arm()
  return fetch(`${url}${target}`, {
    method,
    headers: { ...headers, ...proof },
    ...(body !== '' && { body }),
  })
}
