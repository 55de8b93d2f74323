import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { fetchFromNpm } from './fetch-peer.ts'
import { answerParts, type Peer, type PeerQuestion, type PeerRoute } from './peer.ts'
import { findFreePort, startProcess } from './start-process.ts'

const version = '9.9.0'

export const mockoon: Peer = {
  name: 'Mockoon',
  version,
  does: 'reads the body: yes, parsed and echoed by its templates; checks nothing; keeps state: no',
  readsBody: true,
  isEchoing: true,
  fetch: (tools) => fetchFromNpm(tools, '@mockoon/cli', version),
  async start(folder, route) {
    const port = await findFreePort()
    const data = join(folder, `environment-${route.question}.json`)
    await writeFile(data, JSON.stringify(environmentOf(port, route)))
    return startProcess(
      [
        process.execPath,
        join(folder, 'node_modules/@mockoon/cli/bin/run.js'),
        'start',
        ...['--data', data, '--hostname', '127.0.0.1', '--port', String(port), '--repair'],
        ...['--disable-log-to-file', '--disable-admin-api', '--max-transaction-logs', '1'],
      ],
      { cwd: folder, port },
    )
  },
}

const echoes: Record<PeerQuestion, string> = {
  order: `"{{body 'order_info.affiliate_order_id'}}"`,
  inventory: '{{len (bodyRaw)}}',
  stock: '',
}

/** What is left out, `--repair` puts in. */
function environmentOf(port: number, route: PeerRoute): object {
  const uuid = '00000000-0000-4000-8000-000000000001'
  return {
    uuid: '00000000-0000-4000-8000-000000000000',
    lastMigration: 33,
    name: 'bench',
    hostname: '127.0.0.1',
    port,
    rootChildren: [{ type: 'route', uuid }],
    routes: [
      {
        uuid,
        type: 'http',
        method: route.method.toLowerCase(),
        endpoint: route.path.slice(1),
        responses: [
          {
            uuid: '00000000-0000-4000-8000-000000000002',
            body: answerParts(route).join(echoes[route.question]),
            statusCode: 200,
            headers: [{ key: 'Content-Type', value: 'application/json; charset=utf-8' }],
            disableTemplating: route.question === 'stock',
            default: true,
          },
        ],
      },
    ],
  }
}
