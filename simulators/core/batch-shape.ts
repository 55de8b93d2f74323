import type { Answer } from './answer.ts'

/** What a call says, after it was found sound and before the partner reads it. */
export interface SentCall {
  query: Record<string, unknown>
  body: unknown
}

/**
 * How an operation takes many things at once, for batch faults. Pure, and all of it optional: a fault that needs what is not there
 * cannot be put on the operation.
 */
export interface BatchShape {
  /** Where the records stand: a property of the body ('' for the body itself), or a list in the query with commas between. */
  records?: { body: string } | { query: string }
  /** The answer to a batch in which these records failed too, made from the answer to the others. Without it they are just absent. */
  fail?(answer: Answer, failed: readonly unknown[], code: string): Answer
  /** A record like this one that the partner itself refuses with this code, where later answers speak of it too; then `fail` is not asked. */
  refuse?(record: unknown, code: string): unknown
  /** A record like this one that the intake takes and the job fails on. */
  spoil?(record: unknown): unknown
  /**
   * Pages with numbers: the query parameter. Pages with cursors: the parameter, and where in the answer rows and the next cursor stand
   * (`page.next_id`).
   */
  page?: { number: string } | { cursor: string; rows: string; next: string }
  /** What a client hears whose cursor or time stamp lies too far back. */
  tooOld?: string
}

/** The records of a call; none when it carries no list. */
export function recordsOf(shape: BatchShape, { query, body }: SentCall): readonly unknown[] {
  const { records } = shape
  if (records === undefined) return []
  if ('query' in records) {
    const list = query[records.query]
    return typeof list === 'string' && list !== '' ? list.split(',') : []
  }
  const list = records.body === '' ? body : Reflect.get(Object(body), records.body)
  return Array.isArray(list) ? list : []
}

/** The same call with other records. */
export function withRecords(
  { records }: BatchShape,
  call: SentCall,
  next: readonly unknown[],
): SentCall {
  if (records === undefined) return call
  if ('query' in records) {
    return { ...call, query: { ...call.query, [records.query]: next.map(String).join(',') } }
  }
  if (records.body === '') return { ...call, body: [...next] }
  return { ...call, body: { ...Object(call.body), [records.body]: [...next] } }
}
