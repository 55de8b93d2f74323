import { load } from 'js-yaml'
import { expect, it } from 'vitest'
import { createDocs, type DocsDocument } from './docs.ts'

const text = `
openapi: 3.1.0
info: { title: Acme, version: '1' }
security: [{ account: [] }]
paths:
  /v1/shops/{shop_id}/orders:
    parameters: [{ $ref: '#/components/parameters/shop' }]
    get:
      operationId: listOrders
      parameters: [{ name: page, in: query, schema: { type: integer } }]
      responses: { '200': { description: The orders } }
components:
  parameters:
    shop: { name: shop_id, in: path, required: true, schema: { type: string } }
  securitySchemes:
    account: { type: http, scheme: bearer, x-credentials: [shop_id, token] }
    plain: { type: http, scheme: bearer, x-credentials: [token] }
    key: { type: apiKey, in: header, name: x-key, x-credentials: [token] }
    user: { type: http, scheme: basic, x-credentials: [shop_id, token] }
    unknown: { type: apiKey, in: header, name: x-other, x-credentials: [other] }
    silent: { type: apiKey, in: header, name: x-silent }
`
const acme: DocsDocument = {
  name: 'acme',
  title: 'Acme <b>Marketplace</b>',
  text,
  serverUrl: '/acme',
  credentials: (request) =>
    request.headers.get('x-stranger') === null
      ? { shop_id: 'S-1', token: 'fake-token' }
      : undefined,
}
const app = createDocs({
  documents: [acme, { name: 'control', title: 'Control plane', text: '{}', serverUrl: '' }],
})
const get = (path: string, headers: Record<string, string> = {}) => app.request(path, { headers })
const readConsole = async (headers: Record<string, string> = {}) =>
  (await (await get('/docs/acme/console.json', headers)).json()) as {
    document: {
      servers: unknown
      paths: unknown
      components: { parameters: { shop: { example?: string } } }
    }
    authorize: unknown[]
  }

it.each(['/docs', '/docs/'])('%s lists every document, titles escaped', async (path) => {
  const answer = await get(path)
  const page = await answer.text()
  expect(answer.status).toBe(200)
  expect(answer.headers.get('content-type')).toBe('text/html; charset=utf-8')
  expect(page).toContain('href="/docs/acme"')
  expect(page).toContain('href="/_sim/openapi/control.yaml"')
  expect(page).toContain('Acme &lt;b&gt;Marketplace&lt;/b&gt;')
  expect(page).not.toContain('<b>')
})

it('gives the document as it was written', async () => {
  const answer = await get('/_sim/openapi/acme.yaml')
  expect(answer.headers.get('content-type')).toBe('application/yaml; charset=utf-8')
  expect(await answer.text()).toBe(text)
})

it('opens a console whose every file is on its own origin and is served', async () => {
  const page = await (await get('/docs/acme')).text()
  const links = [...page.matchAll(/(?:src|href|data-url)="([^"]*)"/g)].map(([, link]) => link ?? '')
  expect(links).toContain('/docs/assets/swagger-ui-bundle.js')
  expect(links).toContain('/docs/acme/console.json')
  for (const link of links) {
    expect(link).toMatch(/^\/docs/)
    expect((await get(link)).status, link).toBe(200)
  }
  expect(page).not.toMatch(/<script(?! src=)/)
})

it('allows scripts of its own origin only', async () => {
  const policy = (await get('/docs/acme')).headers.get('content-security-policy')
  expect(policy).toContain("default-src 'none'")
  expect(policy).toContain("script-src 'self';")
  expect(policy).toContain("connect-src 'self'")
})

it('sends calls to the partner on the same origin', async () => {
  expect((await readConsole()).document.servers).toEqual([{ url: '/acme' }])
  const control = (await (await get('/docs/control/console.json')).json()) as {
    document: { servers: unknown }
  }
  expect(control.document.servers).toEqual([{ url: '/' }])
})

it('fills in the credentials of the default world', async () => {
  const { document, authorize } = await readConsole()
  expect(document.components.parameters.shop.example).toBe('S-1')
  expect(authorize).toEqual([
    { scheme: 'account', value: btoa('S-1:fake-token') },
    { scheme: 'plain', value: 'fake-token' },
    { scheme: 'key', value: 'fake-token' },
    { scheme: 'user', username: 'S-1', password: 'fake-token' },
  ])
})

it('shows no credentials to a caller who may not know them', async () => {
  const { document, authorize } = await readConsole({ 'x-stranger': '1' })
  expect(document.components.parameters.shop.example).toBeUndefined()
  expect(document.paths).toEqual((load(text) as { paths: unknown }).paths)
  expect(authorize).toEqual([])
})

it.each([
  '/docs/other',
  '/docs/other/console.json',
  '/docs/assets/package.json',
  '/docs/assets/swagger-ui-bundle.js.map',
  '/docs/assets/constructor',
  '/docs/assets/..%2fpackage.json',
  '/_sim/openapi/other.yaml',
  '/_sim/openapi/..%2facme.yaml',
])('knows no %s', async (path) => {
  const answer = await get(path)
  expect(answer.status).toBe(404)
  expect(await answer.text()).not.toContain('other')
})
