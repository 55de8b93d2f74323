import { readWire, type Wire, type WireOperation } from '../../simulators/core/wire.ts'
import { partners } from '../../simulators/index.ts'
import { isTokenCall, proofFor } from '../provider/proofs.ts'
import { excluded } from '../triangle/provocations.ts'
import { CannotVerify, type Check, sayError } from './check.ts'
import { createKnownValues, type KnownValues } from './known-values.ts'

export interface ProviderWish {
  partner: string
  /** Base URL as it is typed into a shop: of a sandbox, or of a simulator. */
  url: string
  /** By the names that `up` prints. */
  credentials: Readonly<Record<string, string>>
  /** Sent with each call, instead of its own. */
  headers: Readonly<Record<string, string>>
  /** Also what changes something there. */
  all: boolean
  /** Values for parameters and fields, by name: an order that exists there. */
  values: Readonly<Record<string, string>>
  nowMs: () => number
}

/** What whoever calls a partner must have. */
const neededCredentials: Readonly<Record<string, readonly string[]>> = {
  fynd: ['affiliate_id', 'token'],
  arvind: ['auth_token'],
  konnect: ['username', 'password'],
  'payment-gateway': ['key_id', 'key_secret'],
}

/** Given with the credentials and part of what is asked, so that without them only refusals come. */
const besideCredentials: Readonly<Record<string, readonly string[]>> = {
  arvind: ['channel_id', 'warehouse_id', 'ordering_store_id'],
}

/** They ask by POST because the question is long; nothing changes there. */
const askingPosts: Readonly<Record<string, readonly string[]>> = {
  fynd: ['queryStockStatus', 'checkServiceability'],
  arvind: ['checkServiceability'],
  konnect: ['trackShipment', 'fetchShippingLabel', 'fetchCustomerInvoice'],
}

const timeoutMs = 30_000
const shownMax = 200

type Json = Record<string, unknown>

/**
 * Asks a provider all that its OpenAPI document knows (only what changes nothing there, unless `all`), with values that the user gave, that earlier answers
 * told, or that the document has for an example, and holds each answer against the document. A documented refusal of a value that was
 * only an example is no fault of the provider, but shows nothing either: left out. Refused credentials, 405, 415, 429 and 5xx are red, and so
 * is 404 where the call names nothing that could be unknown, or where no such operation is there. Throws `CannotVerify` when it cannot even ask.
 */
export async function verifyProvider(wish: ProviderWish): Promise<Check[]> {
  const { wire: file } = partnerOf(wish)
  checkCredentials(wish)
  const wire = await readWire(file)
  const base = wish.url.replace(/\/+$/, '')
  const prefix = sharedPrefix(wire)
  const known = createKnownValues(wish.values, wish.credentials, wish.nowMs)
  const prove = proofOf(wish, base)
  const group = `${wish.partner} at ${wish.url}`
  const checks: Check[] = []
  const asked: Asked[] = []
  for (const operation of wire.operations) {
    if (isForPeople(wire, operation)) continue
    if (!isReadOnly(wish.partner, operation) && !wish.all) {
      const notes = [
        `${operation.method} ${operation.path} changes something: ask for it with --all`,
      ]
      checks.push({ group, name: operation.id, outcome: 'skipped', notes, wallMs: 0 })
      continue
    }
    const way = { base, prefix, headers: wish.headers, known, prove, hint: hintFor(wish) }
    const answer = await ask(wire, operation, way)
    const check: Check = { group, ...answer.check }
    const isSure = cannotBeUnknown(wish.partner, wire, operation)
    asked.push({ check, status: answer.status, isSure })
    checks.push(check)
  }
  judgeMissing(asked)
  if (!known.hasLearned() && checks.every(({ outcome }) => outcome !== 'red')) {
    const notes = [`Nothing but refusals came: name values that exist there.${hintFor(wish)}`]
    checks.push({ group, name: 'any answer at all', outcome: 'red', notes, wallMs: 0 })
  }
  return checks
}

interface Way {
  base: string
  prefix: string
  headers: ProviderWish['headers']
  known: KnownValues
  prove: ReturnType<typeof proofFor>
  hint: string
}

interface Asked {
  check: Check
  /** Null when nobody answered. */
  status: number | null
  /** Whether 404 can only mean that the operation is not there. */
  isSure: boolean
}

/** Turns 404 red where the operation itself is not there; an unknown record of a partner of which anything was found is none. */
function judgeMissing(asked: readonly Asked[]): void {
  const sure = asked.filter(({ isSure }) => isSure)
  const isNothingThere = sure.length > 0 && sure.every(({ status }) => status === 404)
  for (const { check, status, isSure } of asked) {
    if (status !== 404 || (!isSure && !isNothingThere)) continue
    const why = isNothingThere
      ? 'No operation was found there: is the base URL right?'
      : 'The operation is not there: the call names nothing that could be unknown.'
    if (check.outcome !== 'red') check.notes.splice(0, 1, notAsDocumented(check.notes[0] ?? ''))
    check.outcome = 'red'
    delete check.isRefusal
    check.notes.push(why)
  }
}

const notAsDocumented = (note: string) => note.replace(/: refused as documented.*/, '')

function cannotBeUnknown(partner: string, wire: Wire, operation: WireOperation): boolean {
  const responses = sourceOf(wire, operation).responses as Json | undefined
  const isExcluded = excluded[partner]?.[`${operation.id} 404`] !== undefined
  return responses?.['404'] === undefined || isExcluded
}

/** What else the partner's questions are made of and was not given. */
function hintFor({ partner, credentials, values }: ProviderWish): string {
  const given = new Set([...Object.keys(credentials), ...Object.keys(values)])
  const missing = (besideCredentials[partner] ?? []).filter((name) => !given.has(name))
  if (missing.length === 0) return ''
  return ` Give also --credentials ${missing.map((name) => `${name}=…`).join(' ')}`
}

async function ask(
  wire: Wire,
  operation: WireOperation,
  { base, prefix, headers, known, prove, hint }: Way,
): Promise<{ check: Omit<Check, 'group'>; status: number | null }> {
  const begunMs = performance.now()
  const { target: whole, body, guessed } = fill(wire, operation, known)
  const target = whole.slice(prefix.length)
  const call = `${operation.method} ${known.redact(target)}`
  let status: number | null = null
  const end = (outcome: Check['outcome'], ...notes: string[]) => ({
    check: { name: operation.id, outcome, notes, wallMs: performance.now() - begunMs },
    status,
  })
  try {
    const proof = await prove({
      method: operation.method,
      target,
      body,
      // Names what is to be proven; the values are made for these bytes.
      headers: { 'x-fp-signature': '' },
    })
    const answer = await fetch(`${base}${target}`, {
      method: operation.method,
      headers: { ...proof, ...headers, ...(body !== '' && { 'content-type': 'application/json' }) },
      ...(body !== '' && { body }),
      redirect: 'manual',
      signal: AbortSignal.timeout(timeoutMs),
    })
    const text = await answer.text()
    status = answer.status
    const shown = `${call} answered ${status} ${known.redact(text.slice(0, shownMax))}`.trim()
    if (status === 401 || status === 403) return end('red', `${shown}: are the credentials right?`)
    // What the document itself says was asked: these two have no other meaning than that it is not there.
    if ([405, 415, 429].includes(status) || status >= 500) return end('red', shown)
    const fault = judgeAnswer(wire, operation, status, answer.headers.get('content-type'), text)
    if (fault !== null) return end('red', `${shown}: ${fault}`)
    if (status < 300) {
      known.learn(text)
      return end('green', `${call} ${status}`)
    }
    if (guessed.length === 0) return end('red', `${shown}, as documented, but to your own values`)
    const wanted = sayWanted(guessed)
    const note = `${call} ${status}: refused as documented; to see more: ${wanted}${hint}`
    const { check } = end('skipped', note)
    return { check: { ...check, isRefusal: true }, status }
  } catch (error) {
    return end('red', `${call}: no answer: ${sayError(error)}`)
  }
}

const wantedMax = 8

function sayWanted(guessed: readonly string[]): string {
  const names = [...new Set(guessed)]
  const more = names.length > wantedMax ? ` and ${names.length - wantedMax} more` : ''
  return `${names
    .slice(0, wantedMax)
    .map((name) => `--set ${name}=…`)
    .join(' ')}${more}`
}

/** What an answer has that the document does not know; null when nothing. */
function judgeAnswer(
  wire: Wire,
  operation: WireOperation,
  status: number,
  contentType: string | null,
  text: string,
): string | null {
  const response = sourceOf(wire, operation).responses as Json | undefined
  const content = follow(wire, response?.[String(status)]).content as Json | undefined
  if (content === undefined) return operation.checkAnswer(status, undefined)
  const type = (contentType ?? '').split(';')[0]?.trim() ?? ''
  if (!Object.hasOwn(content, type)) {
    return `its content type is "${type}", documented ${Object.keys(content).join(', ')}`
  }
  if (type !== 'application/json') return null
  try {
    return operation.checkAnswer(status, JSON.parse(text))
  } catch (error) {
    return `it is no JSON: ${sayError(error)}`
  }
}

interface Filled {
  /** Path and query. */
  target: string
  body: string
  /** Names whose values nobody vouches for. */
  guessed: string[]
}

function fill(wire: Wire, operation: WireOperation, known: KnownValues): Filled {
  const source = sourceOf(wire, operation)
  const item = (wire.source.paths as Record<string, Json>)[operation.path]
  const parameters = [item?.parameters ?? [], source.parameters ?? []]
    .flat()
    .map((each) => follow(wire, each) as unknown as Parameter)
  const guessed: string[] = []
  const query = new URLSearchParams()
  let path = operation.path
  for (const parameter of parameters) {
    const { name } = parameter
    if (parameter.in === 'header') continue
    const isWanted = parameter.required === true || parameter.example !== undefined
    if (!isWanted && !known.isGiven(name)) continue
    const { value, isGuess } = known.valueFor(name, parameter)
    if (isGuess) guessed.push(name)
    if (parameter.in === 'path') path = path.replace(`{${name}}`, encodeURIComponent(value))
    else query.set(name, value)
  }
  const asked = query.toString()
  return {
    target: asked === '' ? path : `${path}?${asked}`,
    ...fillBody(wire, source, known, guessed),
  }
}

export interface Parameter {
  in: string
  name: string
  required?: boolean
  example?: unknown
  schema?: { example?: unknown; enum?: unknown[]; default?: unknown }
}

function fillBody(
  wire: Wire,
  source: Json,
  known: KnownValues,
  guessed: string[],
): { body: string; guessed: string[] } {
  const content = follow(wire, source.requestBody).content as
    | Record<string, { example?: unknown }>
    | undefined
  const example = content?.['application/json']?.example
  if (example === undefined) return { body: '', guessed }
  return {
    body: JSON.stringify(example, (name, value: unknown) => known.inBody(name, value)),
    guessed: [...guessed, ...guessedFields(example, known)],
  }
}

/** Names of the texts and numbers of an example that nobody vouches for. */
function guessedFields(value: unknown, known: KnownValues, name = ''): string[] {
  if (Array.isArray(value)) return value.flatMap((each) => guessedFields(each, known, name))
  if (typeof value === 'object' && value !== null) {
    return Object.entries(value).flatMap(([key, inner]) => guessedFields(inner, known, key))
  }
  return ['string', 'number'].includes(typeof value) && !known.isTrusted(name) ? [name] : []
}

const isReadOnly = (partner: string, { method, id }: WireOperation): boolean =>
  method === 'GET' || (askingPosts[partner]?.includes(id) ?? false)

const sourceOf = (wire: Wire, { path, method }: WireOperation): Json =>
  (wire.source.paths as Record<string, Record<string, Json>>)[path]?.[method.toLowerCase()] ?? {}

/** The thing itself, or what its `$ref` leads to. */
function follow(wire: Wire, thing: unknown): Json {
  const ref = (thing as { $ref?: string } | undefined)?.$ref
  if (ref === undefined) return (thing ?? {}) as Json
  const found = ref
    .slice(2)
    .split('/')
    .reduce<unknown>(
      (here, part) =>
        (here as Json | undefined)?.[part.replaceAll('~1', '/').replaceAll('~0', '~')],
      wire.source,
    )
  return follow(wire, found)
}

/** A page that a browser shows. */
function isForPeople(wire: Wire, operation: WireOperation): boolean {
  const responses = sourceOf(wire, operation).responses as Json | undefined
  const content = follow(wire, responses?.['200']).content as Json | undefined
  return content !== undefined && Object.hasOwn(content, 'text/html')
}

function partnerOf({ partner }: ProviderWish) {
  const found = partners.find(({ name }) => name === partner)
  if (found) return found
  const known = partners.map(({ name }) => name).join(', ')
  throw new CannotVerify(`No partner "${partner}". Known: ${known}.`)
}

function checkCredentials({ partner, credentials }: ProviderWish): void {
  const missing = (neededCredentials[partner] ?? []).filter((name) => !credentials[name])
  if (missing.length === 0) return
  throw new CannotVerify(
    `${partner} wants credentials: ${missing.join(', ')}. Give --credentials ${missing.map((name) => `${name}=…`).join(' ')}, or a JSON file of them.`,
  )
}

/** What all paths of the document begin with belongs to the base URL (FYND: `/gofynd`). */
function sharedPrefix({ operations }: Wire): string {
  const firsts = new Set(operations.map(({ path }) => path.split('/')[1]))
  const [first] = firsts
  return firsts.size === 1 ? `/${first}` : ''
}

/** Konnect's token is asked for once; whoever signs does so for each call. */
function proofOf({ partner, credentials, nowMs }: ProviderWish, base: string): Way['prove'] {
  const prove = proofFor(partner, base, { ...credentials }, nowMs)
  if (partner !== 'konnect') return prove
  let token: ReturnType<Way['prove']> | undefined
  return (call) => {
    if (isTokenCall(call.target)) return prove(call)
    token ??= prove(call)
    return token
  }
}
