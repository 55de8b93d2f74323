import crypto from 'k6/crypto'
import encoding from 'k6/encoding'
import http, { type RefinedResponse } from 'k6/http'
import { signedHeaders, targetOf } from '../lib/sign-request.ts'
import { json, run, subject } from './control.ts'

type Answer = RefinedResponse<'text'>

/** FYND's affiliate API as a client calls it (fynd.md 2): every call authorized, every write signed. */
export function fyndApi() {
  const account = run.accounts.fynd
  if (account === undefined) throw new Error('This run has no FYND account.')
  const { affiliate_id = '', token = '', secret = '' } = account.credentials
  const affiliate = `${account.base_url}/v1/affiliates/${affiliate_id}`
  const authorization = `Bearer ${encoding.b64encode(`${affiliate_id}:${token}`)}`
  const paramsOf = (name: string, headers: object = {}) => ({
    headers: { authorization, ...headers },
    tags: { name, ...subject },
    responseType: 'text' as const,
  })
  return {
    affiliateId: affiliate_id,
    get: (path: string, name: string): Answer => http.get(`${affiliate}${path}`, paramsOf(name)),
    /** A read over POST: not signed. */
    ask: (path: string, body: object, name: string): Answer =>
      http.post(`${affiliate}${path}`, JSON.stringify(body), paramsOf(name, json)),
    write(path: string, body: object, name: string): Answer {
      const url = `${affiliate}${path}`
      const text = JSON.stringify(body)
      const signed = signedHeaders(
        { method: 'POST', target: targetOf(url), body: text, nowMs: Date.now(), secret },
        {
          sha256Hex: (input) => crypto.sha256(input, 'hex'),
          hmacSha256Hex: (key, input) => crypto.hmac('sha256', key, input, 'hex'),
        },
      )
      return http.post(url, text, paramsOf(name, { ...json, ...signed }))
    },
  }
}

export interface StockRow {
  identifier: { sku_code: string }
  size: string
  quantity: number
  price: { marked: number; effective: number }
  store: { code: string }
}

/** F2 takes at most 50 identifiers. */
export const stockSkusMax = 50

/** Whether the call was understood; a body that is no JSON is none. */
export function field(answer: Answer, path: string): unknown {
  try {
    return answer.json(path)
  } catch {
    return undefined
  }
}
