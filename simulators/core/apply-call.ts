import { createHash } from 'node:crypto'
import type { Answer } from './answer.ts'
import { isWhole } from './body-text.ts'
import type { CallPlan, Transport } from './faults/fault.ts'
import type { RawEntry } from './journal.ts'
import { limits } from './limits.ts'
import type { IncomingCall } from './partner.ts'
import { readPlain, writePlain } from './plain.ts'
import { Refusal } from './refusal.ts'
import { parseJson } from './safe-json.ts'
import { formType, type Issue, type Wire, type WireOperation } from './wire.ts'
import { enter, flush, logBug, type PartnerRoom, type WorldCore } from './world-core.ts'

/** One request, read and parsed as far as transport goes; `operation` is undefined when nothing matched. */
export interface Call {
  room: PartnerRoom
  wire: Wire
  operation: WireOperation | undefined
  method: string
  target: string
  prefixChars: number
  path: string
  server: string
  pathParams: Record<string, string>
  queryText: string
  headers: Record<string, string>
  bodyText: string
  /** Why nothing matched, or why the body could not be read. */
  refusal?: Refusal
}

/** A request as the journal keeps it; rendered when read (`journal-render.ts`). */
export interface CallRecord {
  partner: string
  operation: string | undefined
  method: string
  target: string
  headers: Record<string, string>
  body: string
  status?: number
  answer?: string | { bytes: number; sha256: string }
  refused?: string
  misunderstood?: string
  faults?: string[]
}

export interface Applied {
  status: number
  headers: Record<string, string> | undefined
  contentType: string | undefined
  body: string | Uint8Array | undefined
  holdMs: number
  transport: Transport | undefined
}

const jsonType = 'application/json; charset=utf-8'

/** Applies one request in one synchronous step (design 4). Never throws: a no is rendered in the partner's dialect, a bug as a 500. */
export function applyCall(core: WorldCore, call: Call): Applied {
  const { room, operation } = call
  const record: CallRecord = {
    partner: room.partner.name,
    operation: operation?.id,
    method: call.method,
    target: call.target,
    headers: call.headers,
    body: call.bodyText,
  }
  const entry = enter(core, 'request', record, call.bodyText.length + call.target.length)
  core.counts.requests += 1
  keepInput(core, call)
  const requestId = core.random.stream(`ids/${room.partner.name}.request`).hex(24)
  const parsed = parseBody(call)
  const query = parseQuery(call.queryText)
  const { plan, applied } = core.faults.planCall(room.partner.name, operation?.id ?? '', {
    path: call.pathParams,
    query,
    body: parsed.value,
  })
  if (applied.length > 0) record.faults = [...applied]
  if (plan.holdMs > 0 && core.held.size >= limits.heldAnswersMax) {
    call.refusal = new Refusal(
      'unavailable',
      `More than ${limits.heldAnswersMax} answers are held.`,
    )
  }
  const rewrites = plan.callRewrites ?? []
  const answer = carryOut(core, call, plan, record, { requestId, parsed, query, rewrites })
  core.cause = 0
  return finish(core, entry, record, answer, plan)
}

interface Read {
  requestId: string
  parsed: ParsedBody
  query: Record<string, unknown>
  /** By batch faults: what the handler reads instead. */
  rewrites: NonNullable<CallPlan['callRewrites']>
}

function carryOut(
  core: WorldCore,
  call: Call,
  plan: CallPlan,
  record: CallRecord,
  read: Read,
): Answer {
  const answer = answerOf(core, call, plan, record, read)
  const sent = { query: read.query, body: read.parsed.value }
  return (plan.rewrites ?? []).reduce((changed, rewrite) => rewrite(changed, sent), answer)
}

function answerOf(
  core: WorldCore,
  call: Call,
  plan: CallPlan,
  record: CallRecord,
  read: Read,
): Answer {
  const instead =
    plan.instead instanceof Refusal ? render(call, plan.instead, read.requestId) : plan.instead
  if (plan.apply === 'never') return instead ?? { status: 500 }
  const answer =
    plan.apply === 'undone' ? undone(core, call, record, read) : done(core, call, record, read)
  return instead ?? answer
}

function done(core: WorldCore, call: Call, record: CallRecord, read: Read): Answer {
  try {
    const answer = operate(call, read)
    if (core.strict) checkAnswer(call, answer)
    flush(core)
    return answer
  } catch (error) {
    core.emissions = []
    if (!(error instanceof Refusal)) return renderBug(core, call, error)
    return refuse(core, call, record, error, read.requestId)
  }
}

function refuse(
  core: WorldCore,
  call: Call,
  record: CallRecord,
  refusal: Refusal,
  requestId: string,
): Answer {
  record.refused = `${refusal.reason}: ${refusal.message}`
  if (refusal instanceof NotUnderstood || call.refusal) misunderstood(core, call, record, refusal)
  try {
    const rendered = render(call, refusal, requestId)
    if (core.strict && !call.refusal) checkAnswer(call, rendered)
    return rendered
  } catch (error) {
    return renderBug(core, call, error)
  }
}

/** In the partner's dialect, with the headers that the refusal brings along. */
function render(call: Call, refusal: Refusal, requestId: string): Answer {
  const operationId = call.operation?.id
  const answer = call.room.partner.renderRefusal(refusal, { operationId, requestId })
  const headers = { ...answer.headers, ...refusal.details.headers }
  return Object.keys(headers).length > 0 ? { ...answer, headers } : answer
}

/** The effects are taken back, the answer and the ids it used up are not: the client holds an order that nobody knows. */
function undone(core: WorldCore, call: Call, record: CallRecord, read: Read): Answer {
  const { room } = call
  const before = writePlain(room.state)
  const seqBefore = core.seq
  const emissionsBefore = core.emissions
  core.undo = { scheduled: [], cancelled: [] }
  core.emissions = []
  let answer: Answer
  try {
    answer = operate(call, read)
  } catch (error) {
    answer =
      error instanceof Refusal
        ? refuse(core, call, record, error, read.requestId)
        : renderBug(core, call, error)
  }
  for (const id of core.undo.scheduled) core.timers.remove(id)
  for (const timer of core.undo.cancelled) core.timers.add(timer)
  core.undo = undefined
  core.emissions = emissionsBefore
  room.state = readPlain(before)
  core.journal.dropAfter(seqBefore)
  return answer
}

/** Authentication, then shape, then the partner's rules. */
function operate(call: Call, { requestId, parsed, query, rewrites }: Read): Answer {
  const { room, operation } = call
  if (call.refusal) throw call.refusal
  if (!operation) throw new NotUnderstood('not-found', `No such path: ${call.path}`)
  const { partner, ctx } = room
  const incoming: IncomingCall = {
    method: call.method,
    target: call.target,
    path: call.path,
    pathParams: call.pathParams,
    headers: call.headers,
    bodyText: call.bodyText,
    operationId: operation.id,
    server: call.server,
  }
  const auth = partner.authenticate(ctx, incoming)
  const values = { path: call.pathParams, query, header: { ...call.headers }, cookie: {} }
  const wrong = operation.checkParams(values)
  if (wrong) throw invalid(wrong)
  const sound = { query: values.query, body: checkBody(operation, parsed) }
  const given = rewrites.reduce((each, rewrite) => rewrite(each), sound)
  const handler = partner.operations[operation.id]
  if (!handler) throw new Error(`No handler for operation "${operation.id}".`)
  return handler({
    ctx,
    path: values.path,
    query: given.query,
    headers: values.header,
    body: given.body,
    auth,
    server: call.server,
    requestId,
    checkRecord: operation.checkRecord,
  })
}

/** The call itself was wrong: it matched nothing or broke the document's schema (invariant `calls-understood`). */
export class NotUnderstood extends Refusal {}

const invalid = (issues: readonly Issue[]): Refusal => {
  const first = issues[0] as Issue
  const where = first.path === '' ? 'body' : first.path
  return new NotUnderstood('invalid', `${where} ${first.message}`, { issues })
}

interface ParsedBody {
  contentType: string
  /** Lower-case; undefined: not said, so UTF-8. */
  charset?: string | undefined
  value?: unknown
  error?: string
}

function parseBody(call: Call): ParsedBody {
  const said = (call.headers['content-type'] ?? '').toLowerCase()
  const contentType = said.split(';', 1)[0]?.trim() ?? ''
  if (call.bodyText === '') return { contentType }
  const charset = /;\s*charset\s*=\s*"?([^\s";]+)/.exec(said)?.[1]
  if (!isWhole(call.bodyText)) return { contentType, charset, error: 'not valid UTF-8' }
  if (contentType === formType) return { contentType, charset, value: parseQuery(call.bodyText) }
  try {
    return { contentType, charset, value: parseJson(call.bodyText) }
  } catch {
    return { contentType, charset, error: 'not valid JSON' }
  }
}

/** What a body may say of itself: all bodies are read as UTF-8, and ASCII is a part of it. */
const charsets = ['utf-8', 'utf8', 'us-ascii']

function checkBody(operation: WireOperation, parsed: ParsedBody): unknown {
  if (operation.bodyTypes.length === 0) return undefined
  const isEmpty = parsed.value === undefined && parsed.error === undefined
  if (isEmpty) {
    if (operation.bodyRequired) throw new NotUnderstood('invalid', 'The body is missing.')
    return undefined
  }
  if (!operation.bodyTypes.includes(parsed.contentType)) {
    const known = operation.bodyTypes.join(' or ')
    throw new NotUnderstood('unsupported-media-type', `Content-Type must be ${known}.`)
  }
  if (parsed.charset !== undefined && !charsets.includes(parsed.charset)) {
    throw new NotUnderstood('unsupported-media-type', 'The charset must be utf-8.')
  }
  if (parsed.error !== undefined) throw new NotUnderstood('invalid', `The body is ${parsed.error}.`)
  const wrong = operation.checkBody(parsed.value, parsed.contentType)
  if (wrong) throw invalid(wrong)
  return parsed.value
}

/** One value stays text, several become a list. Names are own properties of an object without prototype. */
export function parseQuery(text: string): Record<string, unknown> {
  const values: Record<string, unknown> = Object.create(null)
  if (text === '') return values
  for (const [name, value] of new URLSearchParams(text)) {
    const before = values[name]
    if (before === undefined) values[name] = value
    else if (Array.isArray(before)) before.push(value)
    else values[name] = [before, value]
  }
  return values
}

function misunderstood(core: WorldCore, call: Call, record: CallRecord, refusal: Refusal): void {
  record.misunderstood = refusal.message
  core.counts.misunderstood += 1
  if (core.misunderstood.length >= limits.findingsMax) return
  core.misunderstood.push({
    seq: core.cause,
    partner: record.partner,
    method: call.method,
    path: call.path,
    why: refusal.message,
    expected: false,
  })
}

function renderBug(core: WorldCore, call: Call, error: unknown): Answer {
  const message = logBug(core, call.room.partner.name, error)
  return { status: 500, json: { simulator_bug: message }, headers: { 'x-simulator-bug': 'true' } }
}

function checkAnswer(call: Call, answer: Answer): void {
  if (!call.operation) return
  const wrong = call.operation.checkAnswer(answer.status, answer.json ?? answer.text)
  if (wrong)
    throw new Error(
      `The answer breaks the document: ${call.operation.id} ${answer.status}: ${wrong}`,
    )
}

function finish(
  core: WorldCore,
  entry: RawEntry,
  record: CallRecord,
  answer: Answer,
  plan: CallPlan,
): Applied {
  const body =
    answer.json === undefined ? (answer.bytes ?? answer.text) : JSON.stringify(answer.json)
  record.status = answer.status
  if (body !== undefined) {
    // A binary body is described when the journal is read; here it is only kept.
    record.answer = typeof body === 'string' ? body : describeBytes(body)
    core.journal.grow(entry, typeof body === 'string' ? body.length : 100)
  }
  return {
    status: answer.status,
    headers: answer.headers,
    contentType: answer.json === undefined ? answer.contentType : jsonType,
    body,
    holdMs: plan.holdMs,
    transport: plan.transport,
  }
}

const describeBytes = (bytes: Uint8Array) => ({
  bytes: bytes.length,
  sha256: createHash('sha256').update(bytes).digest('hex'),
})

function keepInput(core: WorldCore, call: Call): void {
  core.inputs?.push({
    kind: 'request',
    seq: core.seq,
    atMs: core.nowMs,
    partner: call.room.partner.name,
    method: call.method,
    target: call.target,
    prefixChars: call.prefixChars,
    headers: call.headers,
    body: call.bodyText,
  })
}
