/** What an operation answers, before any fault and before it becomes a `Response`. */
export interface Answer {
  status: number
  headers?: Record<string, string>
  /** Exactly one of these; none is an empty body. */
  json?: unknown
  text?: string
  bytes?: Uint8Array
  /** Content type of `text` or `bytes`. JSON is always `application/json; charset=utf-8`. */
  contentType?: string
}

export const ok = (json: unknown, headers?: Record<string, string>): Answer =>
  headers ? { status: 200, json, headers } : { status: 200, json }

export const answer = (status: number, json: unknown, headers?: Record<string, string>): Answer =>
  headers ? { status, json, headers } : { status, json }

/** An HTML page; the caller has escaped everything that a client sent. */
export const page = (html: string, status = 200): Answer => ({
  status,
  text: html,
  contentType: 'text/html; charset=utf-8',
})
