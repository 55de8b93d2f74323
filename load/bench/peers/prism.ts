import { readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { load } from 'js-yaml'
import { fetchFromNpm } from './fetch-peer.ts'
import type { Peer, PeerQuestion, PeerRoute } from './peer.ts'
import { findFreePort, startProcess } from './start-process.ts'

/** Newer ones want Node 24. */
const version = '5.14.2'

export const prism: Peer = {
  name: 'Prism',
  version,
  does: "reads the body: yes, checked against the partner's OpenAPI document; echoes nothing, answers an example; keeps state: no",
  readsBody: true,
  isEchoing: false,
  fetch: (tools) => fetchFromNpm(tools, '@stoplight/prism-cli', version),
  async start(folder, route) {
    const port = await findFreePort()
    const file = join(folder, `document-${route.question}.json`)
    const partner = partners[route.question]
    const yaml = await readFile(
      new URL(`../../../simulators/${partner}/openapi.yaml`, import.meta.url),
      'utf8',
    )
    await writeFile(file, JSON.stringify(cutDocument(load(yaml) as Document, route)))
    return startProcess(
      [
        process.execPath,
        join(folder, 'node_modules/@stoplight/prism-cli/dist/index.js'),
        ...['mock', file, '--host', '127.0.0.1', '--port', String(port)],
        ...['--errors', '--verboseLevel', 'fatal', '--multiprocess', 'false'],
      ],
      { cwd: folder, port },
    )
  },
}

const partners: Record<PeerQuestion, string> = {
  stock: 'fynd',
  order: 'fynd',
  inventory: 'konnect',
}

export interface Document {
  paths: Record<string, Record<string, Operation | unknown>>
  [field: string]: unknown
}

interface Operation {
  responses: Record<string, { content?: Record<string, object> }>
}

/** The partner's document with the one operation of the route, at the path that the bench asks, and with the wanted answer as its example. */
export function cutDocument({ paths, servers: _, ...rest }: Document, route: PeerRoute): Document {
  const found = Object.entries(paths).find(([path]) => isPathOf(path, route.path))
  const operation = found?.[1][route.method.toLowerCase()] as Operation | undefined
  const answer = operation?.responses['200']
  if (!operation || !answer) throw new Error(`The document knows no ${route.method} ${route.path}`)
  const content = answer.content?.['application/json'] ?? {}
  const { examples: __, ...described } = content as { examples?: unknown }
  const responses = {
    ...operation.responses,
    '200': {
      ...answer,
      content: { 'application/json': { ...described, example: route.answer } },
    },
  }
  return {
    ...rest,
    paths: { [route.path]: { [route.method.toLowerCase()]: { ...operation, responses } } },
  }
}

/** The document's path, with its parameters, ends the path that is asked. */
const isPathOf = (template: string, path: string): boolean =>
  new RegExp(`${template.replace(/\{[^}]+\}/g, '[^/]+')}$`).test(path)
