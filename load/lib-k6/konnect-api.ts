import { fail } from 'k6'
import http, { type RefinedResponse } from 'k6/http'
import { json, run, subject } from './control.ts'
import { noted } from './refused.ts'

export interface Token {
  text: string
  untilMs: number
}

/** It lives for an hour, and is renewed well before. */
const tokenLivesMs = 50 * 60_000
/** This user's own, once the shared one is old. */
let renewed: Token | undefined

/** Konnect's API as a seller calls it (konnect.md 1.4, 2.17): one token for all users of k6, as a seller has one. */
export function konnectApi(shared: Token) {
  const token = [renewed, shared].find((each) => each !== undefined && Date.now() < each.untilMs)
  if (token === undefined) renewed = takeToken()
  const base_url = accountOf().base_url
  const headers = { 'x-access-token': (token ?? renewed)?.text ?? '', ...json }
  return {
    pushInventory: (
      records: { location_id: string; sku: string; quantity: number }[],
    ): RefinedResponse<'text'> =>
      noted(
        http.put(`${base_url}/ims/v3/inventory`, JSON.stringify(records), {
          headers,
          tags: { name: 'inventory', ...subject },
          responseType: 'text',
        }),
      ),
    /** Every listing of a location, page by page, by SKU. */
    listedQuantities(location: string): Map<string, number> {
      const listed = new Map<string, number>()
      for (let page = 1, isLast = false; !isLast; page += 1) {
        const answer = http.get(
          `${base_url}/ims/v3/listings?page_no=${page}&page_size=${listingsPage}`,
          { headers, tags: { name: 'listings', ...subject }, responseType: 'text' },
        )
        if (answer.status !== 200) return listed
        const { data } = answer.json() as unknown as {
          data: { sku: string; location_id: string; quantity: number }[]
        }
        for (const row of data) if (row.location_id === location) listed.set(row.sku, row.quantity)
        isLast = data.length < listingsPage
      }
      return listed
    },
  }
}

const listingsPage = 500

function accountOf() {
  const account = run.accounts.konnect
  if (account === undefined) throw new Error('This run has no Konnect account.')
  return account
}

export function takeToken(): Token {
  const { base_url, credentials } = accountOf()
  const { username = '', password = '' } = credentials
  const query = `username=${encodeURIComponent(username)}&password=${encodeURIComponent(password)}`
  const answer = http.get(`${base_url}/aggregator/v1/token?${query}`, {
    tags: { name: 'token', ...subject },
  })
  if (answer.status !== 200) fail(`No token: ${answer.status}`)
  return { text: String(answer.json('access_token')), untilMs: Date.now() + tokenLivesMs }
}
