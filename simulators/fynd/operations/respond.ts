import { type Answer, answer } from '../../core/answer.ts'

/** Every answer repeats its request id in a header (facts/fynd.md 2). */
export const respond = (call: { requestId: string }, json: object): Answer =>
  answer(200, json, { 'x-request-id': call.requestId })
