import { sleep } from 'k6'
import crypto from 'k6/crypto'
import encoding from 'k6/encoding'
import http, { type RefinedResponse } from 'k6/http'
import { signedHeaders, targetOf } from '../lib/sign-request.ts'
import { json, run, subject } from './control.ts'
import { mayBeRepeated, noted } from './refused.ts'

type Answer = RefinedResponse<'text'>

/** A payment was taken: whoever gives up now owes a customer. */
const insistTimesMax = 20

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
  const write = (path: string, body: object, name: string): Answer => {
    const url = `${affiliate}${path}`
    const text = JSON.stringify(body)
    const signed = signedHeaders(
      { method: 'POST', target: targetOf(url), body: text, nowMs: Date.now(), secret },
      {
        sha256Hex: (input) => crypto.sha256(input, 'hex'),
        hmacSha256Hex: (key, input) => crypto.hmac('sha256', key, input, 'hex'),
      },
    )
    return noted(http.post(url, text, paramsOf(name, { ...json, ...signed })))
  }
  return {
    affiliateId: affiliate_id,
    get: (path: string, name: string): Answer =>
      noted(http.get(`${affiliate}${path}`, paramsOf(name))),
    /** A read over POST: not signed. */
    ask: (path: string, body: object, name: string): Answer =>
      noted(http.post(`${affiliate}${path}`, JSON.stringify(body), paramsOf(name, json))),
    write,
    /** A write that must not be given up: asked again when the partner says, or after half a second. */
    insist(path: string, body: object, name: string): Answer {
      let answer = write(path, body, name)
      for (let times = 1; times < insistTimesMax && mayBeRepeated(answer); times += 1) {
        sleep(Number(answer.headers['Retry-After'] ?? 0.5))
        answer = write(path, body, name)
      }
      return answer
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
