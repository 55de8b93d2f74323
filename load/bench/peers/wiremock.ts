import { mkdir, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { fetchFromMaven, run } from './fetch-peer.ts'
import { answerParts, type Peer, type PeerQuestion, type PeerRoute } from './peer.ts'
import { findFreePort, startProcess } from './start-process.ts'

const version = '3.13.2'
const jar = {
  group: 'org.wiremock',
  name: 'wiremock-standalone',
  version,
  sha256: 'd097b19bd483c5038479b13a5c71e9faf8f2f5106584f0c120a7770ab0bdb367',
}

export const wiremock: Peer = {
  name: 'WireMock',
  version,
  does: 'reads the body: yes, parsed and echoed by JSONPath in its templates; checks nothing; keeps state: no',
  readsBody: true,
  isEchoing: true,
  async fetch(tools) {
    await run('java', ['-version'])
    return fetchFromMaven(tools, jar)
  },
  async start(folder, route) {
    const port = await findFreePort()
    const root = join(folder, route.question)
    await mkdir(join(root, 'mappings'), { recursive: true })
    await writeFile(join(root, 'mappings/route.json'), JSON.stringify(mappingOf(route)))
    return startProcess(
      [
        'java',
        ...['-jar', join(folder, `${jar.name}-${version}.jar`)],
        ...['--port', String(port), '--bind-address', '127.0.0.1', '--root-dir', root],
        ...['--no-request-journal', '--disable-banner', '--use-chunked-encoding', 'never'],
      ],
      { cwd: folder, port },
    )
  },
}

const echoes: Record<PeerQuestion, string> = {
  order: `"{{jsonPath request.body '$.order_info.affiliate_order_id'}}"`,
  inventory: `{{jsonPath request.body '$.length()'}}`,
  stock: '',
}

function mappingOf(route: PeerRoute): object {
  return {
    request: { method: route.method, urlPath: route.path },
    response: {
      status: 200,
      headers: { 'content-type': 'application/json; charset=utf-8' },
      body: answerParts(route).join(echoes[route.question]),
      ...(route.question !== 'stock' && { transformers: ['response-template'] }),
    },
  }
}
