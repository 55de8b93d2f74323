import { fail } from 'k6'
import http, { type RefinedResponse } from 'k6/http'
import { json, run, subject } from './control.ts'

/** Each user of k6 asks for a token once; it lives for an hour, and is renewed well before. */
const tokenLivesMs = 50 * 60_000
let token: { text: string; untilMs: number } | undefined

/** Konnect's API as a seller calls it (konnect.md 1.4, 2.17). */
export function konnectApi() {
  const account = run.accounts.konnect
  if (account === undefined) throw new Error('This run has no Konnect account.')
  const { base_url, credentials } = account
  const headers = { 'x-access-token': tokenOf(base_url, credentials), ...json }
  return {
    pushInventory: (
      records: { location_id: string; sku: string; quantity: number }[],
    ): RefinedResponse<'text'> =>
      http.put(`${base_url}/ims/v3/inventory`, JSON.stringify(records), {
        headers,
        tags: { name: 'inventory', ...subject },
        responseType: 'text',
      }),
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

function tokenOf(
  baseUrl: string,
  { username = '', password = '' }: Record<string, string>,
): string {
  if (token !== undefined && Date.now() < token.untilMs) return token.text
  const query = `username=${encodeURIComponent(username)}&password=${encodeURIComponent(password)}`
  const answer = http.get(`${baseUrl}/aggregator/v1/token?${query}`, {
    tags: { name: 'token', ...subject },
  })
  if (answer.status !== 200) fail(`No token: ${answer.status}`)
  token = { text: String(answer.json('access_token')), untilMs: Date.now() + tokenLivesMs }
  return token.text
}
