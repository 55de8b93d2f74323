import type { CallRecord } from './apply-call.ts'
import { parseQuery } from './apply-call.ts'
import type { JournalEntry, RawEntry } from './journal.ts'
import { limits } from './limits.ts'
import { nearestName } from './nearest.ts'
import { showPlain } from './plain.ts'
import type { Redactor } from './redact.ts'
import { parseJson } from './safe-json.ts'
import { unknownFields } from './unknown-fields.ts'
import type { Wire } from './wire.ts'

/** Renders an entry for people and expectations: redacted, bodies parsed, unknown fields and near misses named. */
export function renderEntry(
  raw: RawEntry,
  redactor: Redactor,
  wireOf: (partner: string) => Wire | undefined,
): JournalEntry {
  const data =
    raw.kind === 'request'
      ? renderCall(raw.data as CallRecord, redactor, wireOf)
      : (showPlain(raw.data) as Record<string, unknown>)
  const { seq, atMs, kind, cause } = raw
  const hidden = hideDeep(data, redactor) as Record<string, unknown>
  return cause === undefined
    ? { seq, atMs, kind, data: hidden }
    : { seq, atMs, kind, cause, data: hidden }
}

function renderCall(
  call: CallRecord,
  redactor: Redactor,
  wireOf: (partner: string) => Wire | undefined,
): Record<string, unknown> {
  const wire = wireOf(call.partner)
  const operation = call.operation === undefined ? undefined : wire?.operation(call.operation)
  const body = parsed(call.body)
  const queryNames = Object.keys(parseQuery(call.target.split('?', 2)[1] ?? ''))
  const unknown = operation ? unknownFields(operation, queryNames, body) : []
  const { answer, ...rest } = call
  return {
    ...rest,
    headers: hideHeaders(call.headers, redactor),
    body,
    answer: typeof answer === 'string' ? parsed(answer) : answer,
    ...(unknown.length > 0 && { unknown_fields: unknown }),
    ...(!operation && wire && { nearest: nearestOperation(call, wire) }),
  }
}

/** JSON where it is JSON, else text; nothing for an empty body. */
function parsed(text: string): unknown {
  if (text === '') return undefined
  if (text.length > limits.journalBodyCharsMax) {
    return `${text.slice(0, limits.journalBodyCharsMax)}… (${text.length} characters in all)`
  }
  try {
    return parseJson(text)
  } catch {
    // Not JSON (a form, a page, a broken body): shown as it came.
    return text
  }
}

const hideHeaders = (headers: Record<string, string>, redactor: Redactor): Record<string, string> =>
  Object.fromEntries(
    Object.entries(headers).map(([name, value]) => [
      name,
      name === 'authorization' ? redactor.hideAuthorization(value) : value,
    ]),
  )

function hideDeep(value: unknown, redactor: Redactor): unknown {
  if (typeof value === 'string') return redactor.hide(value)
  if (Array.isArray(value)) return value.map((each) => hideDeep(each, redactor))
  if (typeof value !== 'object' || value === null) return value
  return Object.fromEntries(
    Object.entries(value).map(([key, each]) => [key, hideDeep(each, redactor)]),
  )
}

/** The operation that was probably meant, and what differed. */
function nearestOperation(call: CallRecord, wire: Wire): string {
  const path = (call.target.split('?', 1)[0] ?? '').replace(/^\/w\/[^/]+/, '')
  const here = wire.operations.find((operation) => matches(operation.path, path))
  if (here) return `${here.method} ${here.path} (${here.id}): another method`
  const shapes = wire.operations.map((operation) => operation.path)
  const near = nearestName(
    path,
    shapes.map((shape) => fillIn(shape, path)),
  )
  const at = shapes.findIndex((shape) => fillIn(shape, path) === near)
  const operation = wire.operations[at]
  return operation
    ? `${operation.method} ${operation.path} (${operation.id}): another path`
    : 'no operation is near'
}

const matches = (shape: string, path: string): boolean => fillIn(shape, path) === path

/** Puts the path's own segments where the shape has parameters, so that only literal segments differ. */
function fillIn(shape: string, path: string): string {
  const given = path.split('/')
  return shape
    .split('/')
    .map((part, at) => (part.startsWith('{') ? (given[at] ?? part) : part))
    .join('/')
}
