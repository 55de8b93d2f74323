import { fail } from 'k6'
import http, { type RefinedResponse } from 'k6/http'
import type { Site } from '../lib/load-run.ts'
import { json, run, subject } from './control.ts'

type Answer = RefinedResponse<'text'>

/** The surface of a shop under test (kartify.md 11); a customer is named by a header. */
export function shopApi(site: Site) {
  const base = run.shops[site] ?? fail(`No shop listens for ${site}.`)
  const params = (name: string, customer?: string) => ({
    headers: { ...json, ...(customer === undefined ? {} : { 'x-customer': customer }) },
    tags: { name, ...subject },
    responseType: 'text' as const,
    timeout: '120s',
  })
  const call = (method: string, path: string, body: object | undefined, customer?: string) =>
    http.request(
      method,
      `${base}${path}`,
      body === undefined ? null : JSON.stringify(body),
      // A path with an id of its own would be a metric of its own.
      params(`${method} ${path.replace(/\/[^/]*\d[^/]*/g, '/{id}').replace(/\?.*/, '')}`, customer),
    ) as Answer
  return {
    get: (path: string, customer?: string) => call('GET', path, undefined, customer),
    post: (path: string, body?: object, customer?: string) => call('POST', path, body, customer),
    put: (path: string, body: object) => call('PUT', path, body),
    /** Many POSTs at once, of one customer each. */
    postAll: (
      path: string,
      bodyOf: (customer: string) => object | undefined,
      customers: string[],
    ) =>
      Object.values(
        http.batch(
          customers.map((customer) => {
            const body = bodyOf(customer)
            return [
              'POST',
              `${base}${path}`,
              body === undefined ? null : JSON.stringify(body),
              params(`POST ${path}`, customer),
            ]
          }),
        ),
      ) as Answer[],
    getAll: (paths: string[], customers?: string[]) =>
      Object.values(
        http.batch(
          paths.map((path, index) => [
            'GET',
            `${base}${path}`,
            null,
            params('GET many', customers?.[index]),
          ]),
        ),
      ) as Answer[],
  }
}

/** Quantity by SKU as the shop shows it. */
export function shownQuantities(answer: Answer): Map<string, number> {
  const { products } = answer.json() as unknown as {
    products: { options: { sku: string; quantity: number }[] }[]
  }
  return new Map(
    products.flatMap(({ options }) => options.map(({ sku, quantity }) => [sku, quantity])),
  )
}

export const address = {
  first_name: 'Asha',
  last_name: 'Example',
  email: 'asha@shop.example',
  mobile: '9000000001',
  address1: '1 Example Road',
  city: 'Bengaluru',
  state: 'Karnataka',
  country: 'India',
  pincode: '560001',
}
