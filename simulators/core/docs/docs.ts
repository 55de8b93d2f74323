import { readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { Hono } from 'hono'
import { html } from 'hono/html'
import { load } from 'js-yaml'
import { type Credentials, prepareDocument } from './prepare-document.ts'

/** One document to browse: a partner's, or the control plane's own. */
export interface DocsDocument {
  /** In kebab-case; stands in the paths. */
  name: string
  title: string
  /** The document as YAML (JSON is YAML too), served as it is. */
  text: string
  /** Where its paths begin on this origin: `/acme`; '' when they are complete. */
  serverUrl: string
  /** Filled into the console for this caller; undefined: this caller may not know them. */
  credentials?(request: Request): Credentials | undefined
}

export interface DocsOptions {
  documents: readonly DocsDocument[]
}

/**
 * The documents and a try-it console on one origin: `/docs`, `/docs/{name}` and `/_sim/openapi/{name}.yaml` (design 5). All that a
 * page loads comes from this origin, from a fixed list of files. Who may call is the mounting application's business; only
 * `/docs/{name}/console.json` can hold a secret.
 */
export function createDocs({ documents }: DocsOptions): Hono {
  const app = new Hono()
  const find = (name: string) => documents.find((document) => document.name === name)

  app.get('/docs', () => sendPage('Documents', indexPage(documents)))
  app.get('/docs/', () => sendPage('Documents', indexPage(documents)))

  app.get('/docs/assets/:file', (c) => {
    const asset = Object.hasOwn(assets, c.req.param('file')) && assets[c.req.param('file')]
    return asset ? send(200, readAsset(asset.file), asset.type, 3600) : notFound()
  })

  app.get('/docs/:name', (c) => {
    const document = find(c.req.param('name'))
    return document ? sendPage(document.title, consolePage(document)) : notFound()
  })

  app.get('/docs/:name/console.json', (c) => {
    const document = find(c.req.param('name'))
    if (!document) return notFound()
    const credentials = document.credentials?.(c.req.raw)
    const prepared = prepareDocument(load(document.text), document.serverUrl, credentials ?? {})
    return send(200, JSON.stringify(prepared), 'application/json; charset=utf-8')
  })

  app.get('/_sim/openapi/:file{.+\\.yaml}', (c) => {
    const document = find(c.req.param('file').replace(/\.yaml$/, ''))
    return document ? send(200, document.text, 'application/yaml; charset=utf-8') : notFound()
  })
  return app
}

const packages = createRequire(import.meta.url)
const fromSwagger = (name: string) => () => packages.resolve(`swagger-ui-dist/${name}`)

/** The only files that are served, by the name in the path. */
const assets: Record<string, { file: () => string | URL; type: string }> = {
  'swagger-ui.css': { file: fromSwagger('swagger-ui.css'), type: 'text/css; charset=utf-8' },
  'swagger-ui-bundle.js': {
    file: fromSwagger('swagger-ui-bundle.js'),
    type: 'text/javascript; charset=utf-8',
  },
  'favicon.png': { file: fromSwagger('favicon-32x32.png'), type: 'image/png' },
  'console.js': {
    file: () => new URL('./console.js', import.meta.url),
    type: 'text/javascript; charset=utf-8',
  },
}

const read = new Map<string, Buffer>()

function readAsset(file: () => string | URL): Buffer {
  const path = file()
  const key = path.toString()
  const bytes = read.get(key) ?? readFileSync(path)
  read.set(key, bytes)
  return bytes
}

/** Scripts only from this origin; the console writes style attributes and draws its icons from data URLs. */
const contentSecurityPolicy = [
  "default-src 'none'",
  "script-src 'self'",
  "style-src 'self' 'unsafe-inline'",
  "img-src 'self' data:",
  "font-src 'self' data:",
  "connect-src 'self'",
  "base-uri 'none'",
  "form-action 'none'",
  "frame-ancestors 'none'",
].join('; ')

function send(
  status: number,
  body: string | Buffer,
  contentType: string,
  cacheSeconds = 0,
): Response {
  return new Response(typeof body === 'string' ? body : new Uint8Array(body), {
    status,
    headers: {
      'content-type': contentType,
      'cache-control': cacheSeconds > 0 ? `max-age=${cacheSeconds}` : 'no-store',
      'content-security-policy': contentSecurityPolicy,
      'referrer-policy': 'no-referrer',
      'x-content-type-options': 'nosniff',
    },
  })
}

type Markup = ReturnType<typeof html>

async function sendPage(title: string, body: Markup): Promise<Response> {
  const whole = await html`<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>${title} · Understudy</title>
<link rel="icon" href="/docs/assets/favicon.png">
<link rel="stylesheet" href="/docs/assets/swagger-ui.css">
</head>
<body>${body}</body>
</html>
`
  return send(200, String(whole), 'text/html; charset=utf-8')
}

const notFound = (): Response =>
  send(
    404,
    '{"error":{"code":"not-found","message":"No such document. See /docs."}}',
    'application/json; charset=utf-8',
  )

function indexPage(documents: readonly DocsDocument[]): Markup {
  return html`<main class="swagger-ui"><div class="wrapper">
<h1>Understudy</h1>
<ul>${documents.map(
    ({ name, title }) => html`
<li><a href="/docs/${name}">${title}</a> (<a href="/_sim/openapi/${name}.yaml">document</a>)</li>`,
  )}
</ul></div></main>`
}

function consolePage({ name }: DocsDocument): Markup {
  return html`<p class="swagger-ui"><a href="/docs">All documents</a></p>
<div id="console" data-url="/docs/${name}/console.json"></div>
<script src="/docs/assets/swagger-ui-bundle.js"></script>
<script src="/docs/assets/console.js"></script>`
}
