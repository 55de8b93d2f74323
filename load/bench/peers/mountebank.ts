import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { fetchFromNpm } from './fetch-peer.ts'
import { answerParts, type Peer, type PeerQuestion, type PeerRoute } from './peer.ts'
import { findFreePort, startProcess } from './start-process.ts'

const version = '2.9.1'

export const mountebank: Peer = {
  name: 'Mountebank',
  version,
  does: 'reads the body: yes, parsed and echoed by an injected function; checks nothing; keeps state: no',
  readsBody: true,
  isEchoing: true,
  fetch: (tools) => fetchFromNpm(tools, 'mountebank', version),
  async start(folder, route) {
    const port = await findFreePort()
    const config = join(folder, `imposter-${route.question}.json`)
    await writeFile(config, JSON.stringify({ imposters: [imposterOf(port, route)] }))
    return startProcess(
      [
        process.execPath,
        join(folder, 'node_modules/mountebank/bin/mb'),
        'start',
        ...['--host', '127.0.0.1', '--localOnly', '--allowInjection'],
        ...['--port', String(await findFreePort()), '--configfile', config, '--noParse'],
        ...['--nologfile', '--loglevel', 'error', '--pidfile', join(folder, 'mb.pid')],
      ],
      { cwd: folder, port },
    )
  },
}

const echoes: Record<PeerQuestion, string> = {
  order: 'JSON.parse(config.request.body).order_info.affiliate_order_id',
  inventory: 'JSON.parse(config.request.body).length',
  stock: '""',
}

// It closes each connection and sends chunks unless it is told not to.
const headers = { 'content-type': 'application/json; charset=utf-8', connection: 'keep-alive' }

function imposterOf(port: number, route: PeerRoute): object {
  const parts = answerParts(route)
  const inject = `function (config) {
    const body = ${JSON.stringify(parts)}.join(JSON.stringify(${echoes[route.question]}))
    const headers = ${JSON.stringify(headers)}
    headers['content-length'] = Buffer.byteLength(body)
    return { statusCode: 200, headers, body }
  }`
  const body = parts.join('')
  const length = { 'content-length': Buffer.byteLength(body) }
  const fixed = { is: { statusCode: 200, headers: { ...headers, ...length }, body } }
  return {
    port,
    protocol: 'http',
    host: '127.0.0.1',
    stubs: [
      {
        predicates: [{ equals: { method: route.method, path: route.path } }],
        responses: [route.question === 'stock' ? fixed : { inject }],
      },
    ],
    defaultResponse: { statusCode: 404 },
  }
}
