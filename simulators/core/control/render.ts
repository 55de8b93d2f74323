import { BadInput } from '../bad-input.ts'
import { Evicted } from '../journal.ts'
import { Refusal } from '../refusal.ts'
import { UnknownName } from '../world.ts'
import { ControlError } from './control-error.ts'

const jsonHeaders = {
  'content-type': 'application/json; charset=utf-8',
  'cache-control': 'no-store',
  'x-content-type-options': 'nosniff',
}

/** JSON with an explicit content type: `serve()` changes what an answer without one gets (tried.md 4). */
export const render = (value: unknown, status = 200): Response =>
  new Response(JSON.stringify(value), { status, headers: jsonHeaders })

/** Any error in the envelope of the control plane; what is no refusal is a bug of ours. */
export function renderError(thrown: unknown): Response {
  const error = asControlError(thrown)
  const { known, issues, oldestSeq, headers } = error.details
  const { code, message } = error
  const body = { code, message, known, issues, oldest_seq: oldestSeq }
  const bug = error.status === 500 ? { 'x-simulator-bug': 'true' } : {}
  return new Response(JSON.stringify({ error: body }), {
    status: error.status,
    headers: { ...headers, ...bug, ...jsonHeaders },
  })
}

/** What the world throws, in the words of the control plane. A refusal changed nothing: 409 with the partner's own reason. */
function asControlError(thrown: unknown): ControlError {
  if (thrown instanceof ControlError) return thrown
  if (thrown instanceof Refusal) {
    const issues = thrown.details.issues
    return new ControlError(409, thrown.reason, thrown.message, issues ? { issues } : {})
  }
  if (thrown instanceof UnknownName) {
    return new ControlError(400, 'unknown-name', thrown.message, { known: thrown.known })
  }
  if (thrown instanceof BadInput) {
    return new ControlError(400, 'bad-input', thrown.message, { issues: thrown.issues })
  }
  if (thrown instanceof Evicted) {
    return new ControlError(410, 'evicted', thrown.message, { oldestSeq: thrown.oldestSeq })
  }
  const message = thrown instanceof Error ? (thrown.stack ?? thrown.message) : String(thrown)
  return new ControlError(500, 'bug', `A bug of the simulator, not of your call: ${message}`)
}
