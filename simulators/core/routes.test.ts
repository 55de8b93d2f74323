import { expect, it } from 'vitest'
import { createRoutes } from './routes.ts'
import type { WireOperation } from './wire.ts'

const operation = (method: string, path: string) =>
  ({ id: `${method} ${path}`, method, path }) as WireOperation

const match = createRoutes([
  operation('GET', '/orders/{id}'),
  operation('POST', '/orders/{order}'),
  operation('GET', '/orders/search'),
  operation('GET', '/{kind}/{id}/bags'),
  operation('GET', '/orders/{id}/bags/{bag}'),
  operation('GET', '/'),
])

it.each([
  ['GET', '/orders/A-1', 'GET /orders/{id}', { id: 'A-1' }],
  ['HEAD', '/orders/A-1', 'GET /orders/{id}', { id: 'A-1' }],
  ['GET', '/orders/search', 'GET /orders/search', {}],
  // The literal path has no such method; the parameter's has.
  ['POST', '/orders/search', 'POST /orders/{order}', { order: 'search' }],
  // The literal way ends nowhere; the other one is tried.
  ['GET', '/orders/7/bags', 'GET /{kind}/{id}/bags', { kind: 'orders', id: '7' }],
  ['GET', '/orders/7/bags/8', 'GET /orders/{id}/bags/{bag}', { id: '7', bag: '8' }],
  ['GET', '/orders/a%20b%2Fc', 'GET /orders/{id}', { id: 'a b/c' }],
  ['GET', '/orders/%E0%A4%A', 'GET /orders/{id}', { id: '%E0%A4%A' }],
  ['GET', '/', 'GET /', {}],
])('%s %s leads to %s', (method, path, id, pathParams) => {
  expect(match(method, path)).toMatchObject({ operation: { id }, pathParams })
})

it.each(['/orders', '/orders/', '/orders/A-1/', '/orders//bags', '/constructor', '//'])(
  '%s leads nowhere',
  (path) => {
    expect(match('GET', path)).toBeUndefined()
  },
)

it('tells the methods of a path that is known with others', () => {
  expect(match('DELETE', '/orders/search')).toEqual({ allowed: ['GET', 'HEAD'] })
  expect(match('PUT', '/orders/A-1')).toEqual({ allowed: ['GET', 'HEAD', 'POST'] })
})
