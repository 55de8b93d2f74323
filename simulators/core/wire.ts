import { readFileSync } from 'node:fs'
import { Ajv, type ErrorObject, type ValidateFunction } from 'ajv'
import formatsPlugin from 'ajv-formats'
import { load } from 'js-yaml'
import { type Document, OpenAPIBackend } from 'openapi-backend'
import { recordSchemas, withoutRecords } from './wire-records.ts'

type Json = Record<string, unknown>

export interface Issue {
  path: string
  message: string
}

export interface WireOperation {
  id: string
  method: string
  /** As the document writes it: `/orders/{order_id}`. */
  path: string
  /** Body types that the document knows; empty: the operation has no body. */
  bodyTypes: readonly string[]
  bodyRequired: boolean
  /** Names of query parameters. */
  queryNames: ReadonlySet<string>
  /** Dereferenced schema of the JSON body, if any. */
  bodySchema: Json | undefined
  /** `values` is `{ path, query, header, cookie }`, headers by lower-case name; coerced in place. */
  checkParams(values: object): Issue[] | null
  checkBody(body: unknown, contentType: string): Issue[] | null
  /** One record of the array in property `at` that is marked `x-each-record`. Throws when there is no such array. */
  checkRecord(at: string, record: unknown): Issue[] | null
  /** Null when the answer is one that the document knows. */
  checkAnswer(status: number, json: unknown): string | null
}

/** A partner's document, read once: routes, compiled checks, and the calls that the partner makes. */
export interface Wire {
  source: Json
  text: string
  operations: readonly WireOperation[]
  operation(id: string): WireOperation | undefined
  /** Null when `body` is what the document says of this webhook. */
  checkWebhook(event: string, body: unknown): string | null
}

const wires = new Map<string, Promise<Wire>>()

/** Reads and keeps the document; all worlds share it. Schemas compile at first use. */
export function readWire(file: URL): Promise<Wire> {
  let wire = wires.get(file.href)
  if (!wire) {
    wire = parseWire(readFileSync(file, 'utf8'))
    wires.set(file.href, wire)
  }
  return wire
}

export async function parseWire(text: string): Promise<Wire> {
  const source = load(text) as Json
  const bodies = createAjv(false)
  const texts = createAjv(true)
  const api = new OpenAPIBackend({
    definition: withoutRecords(source) as unknown as Document,
    // Quick: compiles lazily and does not judge a 3.1 document by the 3.0 schema (tried: it would find false errors).
    quick: true,
    strict: true,
    ajvOpts: { meta: false, validateSchema: false },
    customizeAjv: (_ajv, _options, context) =>
      context === 'paramsValidator' || context === 'responseHeadersValidator' ? texts : bodies,
  })
  await api.init()
  const operations = api.getOperations().map((operation): WireOperation => {
    const id = operation.operationId as string
    const content = ((operation as Json).requestBody as Json | undefined)?.content as
      | Json
      | undefined
    const check = lazyRequestChecks(api, id, content, texts, commaLists(operation as Json))
    const checkRecord = lazyRecordChecks(source, operation.path, operation.method, bodies)
    return {
      id,
      method: operation.method.toUpperCase(),
      path: operation.path,
      bodyTypes: Object.keys(content ?? {}),
      bodyRequired: ((operation as Json).requestBody as Json | undefined)?.required === true,
      queryNames: new Set(parametersOf(operation as Json, 'query')),
      bodySchema: (content?.['application/json'] as Json | undefined)?.schema as Json | undefined,
      ...check,
      checkRecord,
      checkAnswer(status, json) {
        const responses = (operation as Json).responses as Json | undefined
        // openapi-backend finds "no errors" in a status that the document does not know.
        if (!responses?.[String(status)]) return `${id} does not document status ${status}`
        const { errors } = api.validator.validateResponse(json, operation, status)
        return errors
          ? sayErrors(errors)
              .map(({ path, message }) => `${path} ${message}`)
              .join('; ')
          : null
      },
    }
  })
  const byId = new Map(operations.map((operation) => [operation.id, operation]))
  return {
    source,
    text,
    operations,
    operation: (id) => byId.get(id),
    checkWebhook: lazyWebhookChecks(source, bodies),
  }
}

/** One Ajv for bodies, one that coerces for what arrives as text; each shared by all operations of a document. */
function createAjv(coerce: boolean): Ajv {
  const options = { strict: false, allErrors: true, validateSchema: false, meta: false } as const
  const ajv = new Ajv(coerce ? { ...options, coerceTypes: 'array' } : options)
  if (coerce) {
    // openapi-backend refuses unknown query parameters; partners ignore them and the journal notes them.
    const compile = ajv.compile.bind(ajv)
    ajv.compile = ((schema: { properties?: { query?: Json } }, meta?: boolean) => {
      if (schema.properties?.query) schema.properties.query.additionalProperties = true
      return compile(schema, meta)
    }) as typeof ajv.compile
  }
  const addFormats = formatsPlugin as unknown as typeof formatsPlugin.default
  addFormats(ajv)
  for (const name of ['int32', 'int64', 'float', 'double', 'binary', 'password'])
    ajv.addFormat(name, true)
  return ajv
}

function lazyRequestChecks(
  api: OpenAPIBackend,
  id: string,
  content: Json | undefined,
  texts: Ajv,
  lists: readonly string[],
): Pick<WireOperation, 'checkParams' | 'checkBody'> {
  let params: ValidateFunction | undefined
  let body: ValidateFunction | undefined
  let form: ValidateFunction | undefined
  let isCompiled = false
  const compile = () => {
    const found = api.validator.getRequestValidatorsForOperation(id) ?? []
    params = found.at(-1)
    // A body validator comes first, if there is one.
    body = found.length === 2 ? found[0] : undefined
    const formSchema = (content?.[formType] as Json | undefined)?.schema as Json | undefined
    if (formSchema)
      form = texts.compile({ type: 'object', properties: { requestBody: formSchema } })
    isCompiled = true
  }
  const run = (validate: ValidateFunction | undefined, value: object): Issue[] | null => {
    if (!validate || validate(value)) return null
    return sayErrors(validate.errors ?? [])
  }
  return {
    checkParams(values) {
      if (!isCompiled) compile()
      splitLists((values as { query?: Json }).query ?? {}, lists)
      return run(params, values)
    },
    checkBody(value, contentType) {
      if (!isCompiled) compile()
      return run(contentType === formType ? form : body, { requestBody: value })
    },
  }
}

function lazyRecordChecks(
  source: Json,
  path: string,
  method: string,
  bodies: Ajv,
): WireOperation['checkRecord'] {
  const compiled = new Map<string, ValidateFunction>()
  return (at, record) => {
    let validate = compiled.get(at)
    if (!validate) {
      const operation = (source.paths as Record<string, Record<string, Json>>)[path]?.[method]
      const content = (operation?.requestBody as Json | undefined)?.content as Json | undefined
      const schema = (content?.['application/json'] as Json | undefined)?.schema
      const records = recordSchemas(source, schema).get(at)
      if (!records) throw new Error(`${method} ${path} has no array "${at}" marked x-each-record.`)
      validate = bodies.compile({ ...records, components: source.components })
      compiled.set(at, validate)
    }
    return validate(record) ? null : sayErrors(validate.errors ?? [])
  }
}

export const formType = 'application/x-www-form-urlencoded'

function lazyWebhookChecks(source: Json, bodies: Ajv): Wire['checkWebhook'] {
  const compiled = new Map<string, ValidateFunction | null>()
  const compile = (event: string): ValidateFunction | null => {
    const webhooks = source.webhooks as Record<string, Json> | undefined
    if (!webhooks || !Object.hasOwn(webhooks, event)) return null
    const post = webhooks[event]?.post as
      | { requestBody?: { content?: Record<string, Json> } }
      | undefined
    const schema = Object.values(post?.requestBody?.content ?? {})[0]?.schema as Json | undefined
    return schema ? bodies.compile({ ...schema, components: source.components }) : null
  }
  return (event, body) => {
    let validate = compiled.get(event)
    if (validate === undefined) {
      validate = compile(event)
      compiled.set(event, validate)
    }
    if (!validate) return `the document has no webhook "${event}" with a body schema`
    if (validate(body)) return null
    return sayErrors(validate.errors ?? [])
      .map(({ path, message }) => `${path} ${message}`)
      .join('; ')
  }
}

/** `/requestBody/order_info/bags/0/sku` becomes `order_info/bags/0/sku`; a parameter keeps its place: `query/page_size`. */
const sayErrors = (errors: readonly ErrorObject[]): Issue[] =>
  errors.slice(0, issuesMax).map((error) => ({
    path: error.instancePath.replace(/^\/(requestBody\/?)?/, ''),
    message: error.message ?? error.keyword,
  }))

const issuesMax = 20

function parametersOf(operation: Json, place: string): string[] {
  const parameters = (operation.parameters ?? []) as { in: string; name: string }[]
  return parameters.filter((parameter) => parameter.in === place).map(({ name }) => name)
}

/** Query lists that are written as one value with commas (`explode: false`). */
function commaLists(operation: Json): string[] {
  const parameters = (operation.parameters ?? []) as Json[]
  return parameters
    .filter((each) => each.in === 'query' && each.explode === false)
    .filter((each) => (each.schema as Json | undefined)?.type === 'array')
    .map(({ name }) => String(name))
}

function splitLists(query: Json, lists: readonly string[]): void {
  for (const name of lists) {
    const value = query[name]
    if (typeof value === 'string') query[name] = value === '' ? [] : value.split(',')
  }
}
