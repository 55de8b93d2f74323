import { readdirSync, readFileSync } from 'node:fs'
import { Ajv2020 } from 'ajv/dist/2020.js'
import { load } from 'js-yaml'
import { partners } from '../../simulators/index.ts'

const pacts = new URL('../pacts/', import.meta.url)
const methods = ['get', 'post', 'put', 'delete', 'patch'] as const

export interface Interaction {
  description: string
  request: { method: string; path: string; body?: { content: unknown } }
  response: { status: number; body?: { content: unknown; contentType?: string } }
}

type Json = Record<string, unknown>

interface Operation {
  id: string
  method: string
  path: string
  form: RegExp
  /** Where it stands in the document, as a JSON pointer. */
  pointer: string
  statuses: string[]
}

export interface Document {
  partner: string
  operations: Operation[]
  /** What is wrong with an interaction by this document; empty when nothing is. */
  faultsOf(interaction: Interaction): string[]
  operationOf(request: { method: string; path: string }): Operation | undefined
}

/** Pacts of the reference client by partner. */
export function readPact(partner: string): Interaction[] {
  const file = new URL(`reference-client-${partner}.json`, pacts)
  return (JSON.parse(readFileSync(file, 'utf8')) as { interactions: Interaction[] }).interactions
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
  ajv.addSchema(narrowed(document) as Json, 'answered')
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
    faultsOf({ description, request, response }) {
      const operation = operationOf(request)
      if (operation === undefined) return [`${description}: nothing is at ${request.path}`]
      const { pointer, statuses, id } = operation
      const status = String(response.status)
      if (!statuses.includes(status)) return [`${description}: ${id} does not answer ${status}`]
      const isRefused = response.status >= 400 || namesFailures(response.body?.content)
      const answer = resolve(document, `${pointer}/responses/${status}`)
      const asks = resolve(document, `${pointer}/requestBody`)
      const json = '/content/application~1json/schema'
      return [
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

/** Whether a batch answers that some of its records failed. */
const namesFailures = (content: unknown): boolean =>
  /"(failed|failedCount|failed_count)":[1-9]/.test(JSON.stringify(content ?? null))

function readOperations(document: Json): Operation[] {
  return Object.entries(document.paths as Record<string, Json>).flatMap(([path, item]) =>
    methods.flatMap((method) => {
      const operation = item[method] as { operationId: string; responses: Json } | undefined
      if (operation === undefined) return []
      const form = new RegExp(`^${path.replaceAll(/\{[^}]+\}/g, '[^/]+')}$`)
      const pointer = `/paths/${path.replaceAll('~', '~0').replaceAll('/', '~1')}/${method}`
      const statuses = Object.keys(operation.responses)
      return [{ id: operation.operationId, method, path, form, pointer, statuses }]
    }),
  )
}

/** Follows a `$ref` at this place, if one stands there. */
function resolve(document: Json, pointer: string): string {
  let here: unknown = document
  for (const part of pointer.slice(1).split('/')) {
    here = (here as Json | undefined)?.[part.replaceAll('~1', '/').replaceAll('~0', '~')]
  }
  const ref = (here as Json | undefined)?.$ref
  return encodePointer(typeof ref === 'string' ? ref.slice(1) : pointer)
}

const encodePointer = (pointer: string) => pointer.split('/').map(encodeURIComponent).join('/')

/** The same schemas without `required`, and closed. */
function narrowed(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(narrowed)
  if (typeof value !== 'object' || value === null) return value
  const { required, ...schema } = value as Json
  const inner = Object.fromEntries(
    Object.entries(schema).map(([name, part]) => [name, narrowed(part)]),
  )
  const isClosable =
    typeof schema.properties === 'object' &&
    schema.additionalProperties === undefined &&
    schema.allOf === undefined
  return {
    ...inner,
    ...(required !== undefined && !Array.isArray(required) && { required: narrowed(required) }),
    ...(isClosable && { additionalProperties: false }),
  }
}
