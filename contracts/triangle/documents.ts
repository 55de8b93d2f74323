import { readdirSync, readFileSync } from 'node:fs'
import { Ajv2020 } from 'ajv/dist/2020.js'
import { load } from 'js-yaml'
import { partners } from '../../simulators/index.ts'

const pacts = new URL('../pacts/', import.meta.url)
const methods = ['get', 'post', 'put', 'delete', 'patch'] as const

export interface Interaction {
  description: string
  providerStates?: { name: string; params?: object }[]
  request: {
    method: string
    path: string
    query?: Record<string, string[]>
    headers?: Record<string, string[]>
    body?: { content: unknown; contentType?: string }
  }
  response: { status: number; body?: { content: unknown; contentType?: string } }
}

type Json = Record<string, unknown>

export interface Operation {
  id: string
  method: string
  path: string
  form: RegExp
  /** Where it stands in the document, as a JSON pointer. */
  pointer: string
  statuses: string[]
  hasBody: boolean
  /** Its query parameters. */
  asked: { name: string; required: boolean }[]
}

export interface Document {
  partner: string
  operations: Operation[]
  /** What is wrong with an interaction by this document; empty when nothing is. */
  faultsOf(interaction: Interaction): string[]
  /** Why an answer of the partner itself is not what is documented: its status, its headers, its body. */
  faultsOfAnswer(operation: Operation, answer: GivenAnswer): string[]
  /** The same for a call that the partner makes. An event that is not in the document has a fault. */
  faultsOfWebhook(told: ToldEvent): string[]
  /** Names of the document's webhooks. */
  events: string[]
  operationOf(request: { method: string; path: string }): Operation | undefined
}

export interface GivenAnswer {
  status: number
  headers: Headers
  text: string
}

/** Pacts of the reference client by partner. */
export function readPact(partner: string): Interaction[] {
  const file = new URL(`reference-client-${partner}.json`, pacts)
  return (JSON.parse(readFileSync(file, 'utf8')) as { interactions: Interaction[] }).interactions
}

/** One call of a partner, as it stands in the pact that the partner is the consumer of. */
export interface ToldEvent {
  event: string
  contentType: string
  /** A form by its fields. */
  body: unknown
}

export function readWebhookPact(partner: string): ToldEvent[] {
  const file = new URL(`${partner}-reference-client.json`, pacts)
  const { interactions } = JSON.parse(readFileSync(file, 'utf8')) as {
    interactions: Interaction[]
  }
  return interactions.map(({ description, request: { body } }) => {
    const { content, contentType = '' } = body ?? { content: undefined }
    const isForm = contentType.startsWith('application/x-www-form-urlencoded')
    return {
      event: description.replace('the event ', ''),
      contentType,
      body: isForm ? Object.fromEntries(new URLSearchParams(String(content))) : content,
    }
  })
}

/** Every committed pact with its number of interactions. */
export const listPacts = (): { name: string; interactions: number }[] =>
  readdirSync(pacts)
    .sort()
    .map((name) => ({
      name,
      interactions: (
        JSON.parse(readFileSync(new URL(name, pacts), 'utf8')) as { interactions: object[] }
      ).interactions.length,
    }))

export const openDocuments = (): Document[] =>
  partners.map(({ name, wire }) => openDocument(name, load(readFileSync(wire, 'utf8')) as Json))

/**
 * A partner's OpenAPI document as a judge of pacts. A pact holds what the client reads, so fields of an answer may be missing, but none may
 * be there that the document does not know.
 */
export function openDocument(partner: string, document: Json): Document {
  const ajv = new Ajv2020({ strict: false, validateFormats: false, allErrors: true })
  ajv.addSchema(document, 'asked')
  ajv.addSchema(narrowed(document, { isWhole: false }) as Json, 'answered')
  ajv.addSchema(narrowed(document, { isWhole: true }) as Json, 'whole')
  const operations = readOperations(document)
  const operationOf = ({ method, path }: { method: string; path: string }) =>
    operations.find(
      (operation) => operation.method === method.toLowerCase() && operation.form.test(path),
    )
  const check = (schema: string, value: unknown, what: string) => {
    const validate = ajv.getSchema(schema)
    if (validate === undefined) return [`${what}: the document has no JSON for it`]
    if (validate(value)) return []
    return (validate.errors ?? []).map(
      ({ instancePath, message, params }) =>
        `${what}${instancePath} ${message} ${JSON.stringify(params)}`,
    )
  }
  return {
    partner,
    operations,
    operationOf,
    events: Object.keys((document.webhooks ?? {}) as Json),
    faultsOfAnswer({ id, pointer, statuses }, { status, headers, text }) {
      if (!statuses.includes(String(status))) return [`${id} does not answer ${status}`]
      const answer = resolve(document, `${pointer}/responses/${status}`)
      const written = at(document, decodeURIComponent(answer)) as DocumentedAnswer
      const missing = Object.keys(written.headers ?? {})
        .filter((name) => !headers.has(name))
        .map((name) => `${id} ${status}: the header ${name} is missing`)
      const types = Object.keys(written.content ?? {})
      const [type = ''] = (headers.get('content-type') ?? '').split(';')
      if (types.length === 0 && text === '') return missing
      if (!types.includes(type)) return [...missing, `${id} ${status}: answers with "${type}"`]
      const value = type === 'application/json' ? JSON.parse(text) : text
      const place = `whole#${answer}/content/${type.replace('/', '~1')}/schema`
      return [...missing, ...check(place, value, `${id} ${status}: `)]
    },
    faultsOfWebhook({ event, contentType, body }) {
      const place = resolve(document, `/webhooks/${event}/post/requestBody`)
      const type = contentType.split(';', 1)[0] ?? ''
      return check(`whole#${place}/content/${type.replace('/', '~1')}/schema`, body, `${event}: `)
    },
    faultsOf({ description, providerStates = [], request, response }) {
      const operation = operationOf(request)
      if (operation === undefined) return [`${description}: nothing is at ${request.path}`]
      const { pointer, statuses, id } = operation
      const status = String(response.status)
      // The fault `status` speaks for whatever stands before a partner, of which no document tells.
      if (providerStates.some(isForeign)) return []
      if (!statuses.includes(status)) return [`${description}: ${id} does not answer ${status}`]
      const isRefused = response.status >= 400 || namesFailures(response.body?.content)
      const answer = resolve(document, `${pointer}/responses/${status}`)
      const asks = resolve(document, `${pointer}/requestBody`)
      const json = '/content/application~1json/schema'
      const { query = {} } = request
      return [
        ...Object.keys(query)
          .filter((name) => !operation.asked.some((each) => each.name === name))
          .map((name) => `${id} does not ask for ${name}`),
        ...operation.asked
          .filter(({ name, required }) => required && !isRefused && query[name] === undefined)
          .map(({ name }) => `${id} wants ${name}`),
        // A request that the partner refuses, as a whole or in part, may be wrong on purpose.
        ...(isRefused || request.body === undefined
          ? []
          : check(`asked#${asks}${json}`, request.body.content, 'request')),
        ...(typeof response.body?.content !== 'object'
          ? []
          : check(`answered#${answer}${json}`, response.body.content, 'answer')),
      ].map((fault) => `${description}: ${fault}`)
    },
  }
}

const isForeign = ({ name, params }: { name: string; params?: object }): boolean =>
  name === 'fault' && Reflect.get(params ?? {}, 'name') === 'status'

/** Whether a batch answers that some of its records failed. */
const namesFailures = (content: unknown): boolean =>
  /"(failed|failedCount|failed_count)":[1-9]/.test(JSON.stringify(content ?? null))

function readOperations(document: Json): Operation[] {
  return Object.entries(document.paths as Record<string, Json>).flatMap(([path, item]) =>
    methods.flatMap((method) => {
      const operation = item[method] as DocumentedOperation | undefined
      if (operation === undefined) return []
      const form = new RegExp(`^${path.replaceAll(/\{[^}]+\}/g, '[^/]+')}$`)
      const pointer = `/paths/${path.replaceAll('~', '~0').replaceAll('/', '~1')}/${method}`
      const statuses = Object.keys(operation.responses)
      const hasBody = operation.requestBody !== undefined
      const asked = queryOf(document, [item.parameters, operation.parameters])
      return [{ id: operation.operationId, method, path, form, pointer, statuses, hasBody, asked }]
    }),
  )
}

function queryOf(document: Json, lists: unknown[]): Operation['asked'] {
  return lists
    .flatMap((list) => (list ?? []) as Json[])
    .map(
      (each) => (typeof each.$ref === 'string' ? at(document, each.$ref.slice(1)) : each) as Json,
    )
    .filter((each) => each.in === 'query')
    .map((each) => ({ name: String(each.name), required: each.required === true }))
}

interface DocumentedOperation {
  operationId: string
  responses: Json
  requestBody?: object
  parameters?: unknown[]
}

interface DocumentedAnswer {
  headers?: Json
  content?: Json
}

/** Follows a `$ref` at this place, if one stands there. */
function resolve(document: Json, pointer: string): string {
  const ref = (at(document, pointer) as Json | undefined)?.$ref
  return encodePointer(typeof ref === 'string' ? ref.slice(1) : pointer)
}

function at(document: Json, pointer: string): unknown {
  let here: unknown = document
  for (const part of pointer.slice(1).split('/')) {
    here = (here as Json | undefined)?.[part.replaceAll('~1', '/').replaceAll('~0', '~')]
  }
  return here
}

const encodePointer = (pointer: string) => pointer.split('/').map(encodeURIComponent).join('/')

interface Narrowing {
  /** Otherwise fields may be missing. */
  isWhole: boolean
  /** A part of an `allOf`: its fields are not all that there are. */
  isPart?: boolean
}

/** The same schemas, closed; those that are not for a whole value are without `required`, too. */
function narrowed(value: unknown, { isWhole, isPart = false }: Narrowing): unknown {
  if (Array.isArray(value)) return value.map((item) => narrowed(item, { isWhole, isPart }))
  if (typeof value !== 'object' || value === null) return value
  const { required, ...schema } = value as Json
  const inner = Object.fromEntries(
    Object.entries(schema).map(([name, part]) => [
      name,
      narrowed(part, { isWhole, isPart: name === 'allOf' }),
    ]),
  )
  const isClosable =
    !isPart &&
    typeof schema.properties === 'object' &&
    schema.additionalProperties === undefined &&
    schema.allOf === undefined
  const isKept = required !== undefined && (isWhole || !Array.isArray(required))
  return {
    ...inner,
    ...(isKept && {
      required: Array.isArray(required) ? required : narrowed(required, { isWhole }),
    }),
    ...(isClosable && { additionalProperties: false }),
  }
}
